"""Sources to articles. A source that cannot be read costs itself and nothing else, an entry of it only the entry."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import BinaryIO

from mtaudit.errors import InputError, UsageError
from mtaudit.model import Article
from mtaudit.readers.detection import SUFFIXES, detect
from mtaudit.readers.material import Material, NotArticlesError
from mtaudit.readers.sources import Source, open_sources

#: Inputs over this size are refused, and records over it where a format is read record by record: 20 MB is some
#: 3 million words, never one article.
MAX_BYTES = 20_000_000

#: A reader yields the articles of a source and the faults of entries that gave none, and raises InputError for the
#: source itself. Offsets of regions are code points of `Article.text`.
Reader = Callable[[Material], Iterator[Article | InputError]]


def _reader(module: str, function: str = "read") -> Reader:
    """A reader whose module is imported when it is first used: plain text must not pay for lxml."""

    def read(material: Material) -> Iterator[Article | InputError]:
        reader: Reader = getattr(import_module(f"mtaudit.readers.{module}"), function)
        return reader(material)

    return read


#: By the name that `--input-format` takes.
READERS: Mapping[str, Reader] = {
    "text": _reader("text"),
    "markdown": _reader("markdown"),
    "html": _reader("webpage"),
    "rss": _reader("feeds", "read_xml"),
    "atom": _reader("feeds", "read_xml"),
    "json-feed": _reader("feeds", "read_json"),
    "newsml": _reader("newsml"),
    "nitf": _reader("newsml"),
    "ninjs": _reader("ninjs"),
    "json": _reader("tables", "read_list"),
    "jsonl": _reader("tables", "read_lines"),
    "csv": _reader("tables", "read_csv"),
    "tsv": _reader("tables", "read_tsv"),
    "parquet": _reader("parquet"),
    "eml": _reader("mail"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read.

    `input_format` is one of READERS, None to tell it from the content. `columns` maps fields of an article to columns
    (`columns.mapping`). `allow_private` lets URLs lead to private addresses; `timeout` is in seconds for one URL.
    """

    input_format: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    allow_private: bool = False
    timeout: float = 30.0
    max_bytes: int = MAX_BYTES

    def __post_init__(self) -> None:
        if self.input_format is not None and self.input_format not in READERS:
            raise UsageError(f"no input format {self.input_format!r}; formats are {', '.join(READERS)}")


#: The format told from the content, columns by their usual names, no private address.
USUAL = Reading()


def read_paths(
    paths: Iterable[str | os.PathLike[str]],
    *,
    stdin: Callable[[], BinaryIO] = lambda: sys.stdin.buffer,
    reading: Reading = USUAL,
    on_encoding: Callable[[str, str], None] | None = None,
) -> Iterator[Article | InputError]:
    """The articles behind files, folders, patterns, URLs and `-`, in the order given and sorted inside a folder.

    What cannot be read comes as an InputError in its place, so that the others go on. Folders are searched for the
    suffixes of SUFFIXES, hidden files apart; what is sound there and holds no article, such as a table without text,
    is passed over unless nothing else is found. A file that is reached twice is read once. `on_encoding` is told the id
    of each source and the codec it was decoded with, before its articles come.
    """

    def remote(url: str) -> Source:
        from mtaudit.readers.web import open_url

        return open_url(url, reading.max_bytes, reading.timeout, reading.allow_private)

    passed: list[InputError] = []
    silent = True
    for source in open_sources(paths, suffixes=SUFFIXES.keys(), stdin=stdin, remote=remote):
        if isinstance(source, InputError):
            found: Iterable[Article | InputError] = (source,)
        else:
            found = read_source(source, reading, on_encoding)
        for one in found:
            if isinstance(one, NotArticlesError) and isinstance(source, Source) and source.walked:
                passed.append(one)
                continue
            silent = False
            yield one
    if silent:
        yield from passed


def read_source(
    source: Source, reading: Reading = USUAL, on_encoding: Callable[[str, str], None] | None = None
) -> Iterator[Article | InputError]:
    """The articles of one open source, and its faults; it raises none."""
    name = reading.input_format or detect(source.head, source.suffix)
    if name not in READERS:
        yield NotArticlesError(source.id, "this XML is none of RSS, Atom, NewsML-G2, NITF and XHTML")
        return
    material = Material(
        id=source.id,
        path=source.path,
        stream=source.stream,
        limit=reading.max_bytes,
        url=source.url,
        charset=source.charset,
        columns=reading.columns,
        told=on_encoding,
    )
    empty = True
    try:
        for found in READERS[name](material):
            empty = False
            yield found
    except InputError as error:
        yield error
    else:
        if empty:
            yield NotArticlesError(source.id, "there is no article in it")
