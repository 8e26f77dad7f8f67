"""Sources to articles. A source that cannot be read costs itself and nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO, Protocol

from mtaudit.errors import InputError
from mtaudit.model import Article
from mtaudit.readers import markdown, text
from mtaudit.readers.encodings import decode
from mtaudit.readers.sources import open_sources

#: Inputs over this size are refused: 20 MB is some 3 million words, never one article.
MAX_BYTES = 20_000_000


class Reader(Protocol):
    """What a module of this package offers to the table."""

    def read(self, text: str, article_id: str, path: str | None) -> Iterator[Article]:
        """The articles of a decoded source. Offsets of regions are code points of `Article.text`.

        Raises InputError when the text is not of the reader's kind.
        """
        ...


#: By suffix. A folder is searched for these; any other file that is named outright is read as plain text.
READERS: Mapping[str, Reader] = {
    ".markdown": markdown,
    ".md": markdown,
    ".text": text,
    ".txt": text,
}


def read_paths(
    paths: Iterable[str | os.PathLike[str]],
    *,
    stdin: Callable[[], BinaryIO] = lambda: sys.stdin.buffer,
    max_bytes: int = MAX_BYTES,
    on_encoding: Callable[[str, str], None] | None = None,
) -> Iterator[Article | InputError]:
    """The articles behind files, folders, patterns and `-`, in the order given and sorted inside a folder.

    What cannot be read comes as an InputError in its place, so that the others go on. Folders are searched for the
    suffixes of READERS, hidden files apart. A file that is reached twice is read once. `max_bytes` bounds each
    source. `on_encoding` is told the id of each source and the codec it was decoded with, before its articles come.
    """
    for source in open_sources(paths, suffixes=READERS.keys(), stdin=stdin, max_bytes=max_bytes):
        if isinstance(source, InputError):
            yield source
            continue
        try:
            decoded = decode(source.data, source.id)
            if on_encoding is not None:
                on_encoding(source.id, decoded.encoding)
            yield from READERS.get(source.suffix, text).read(decoded.text, source.id, source.path)
        except InputError as error:
            yield error
