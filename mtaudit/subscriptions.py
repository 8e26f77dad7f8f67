"""Feeds that are audited again and again: what was seen of each, and which entries are new since."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from mtaudit.errors import InputError, UsageError
from mtaudit.model import Article
from mtaudit.readers import Reading, read_paths, read_source
from mtaudit.readers.detection import detect
from mtaudit.readers.material import EntryError, NotArticlesError
from mtaudit.readers.sources import is_url

#: Entries that are kept of a feed. Those that are still in it always are.
MOST_KEPT = 10_000
#: What holds one article and no entries.
_SINGLE = frozenset(("html", "text", "markdown", "eml"))


class Subscription(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of one feed: the validators of its server, and the entries seen, newest last.

    `seen` has a digest of each entry's text by its id.
    """

    etag: str | None = None
    last_modified: str | None = None
    seen: dict[str, str] = {}


class State(msgspec.Struct, frozen=True):
    """What was seen of every feed, by its URL or path as given."""

    feeds: dict[str, Subscription] = {}
    version: int = 1


class News(NamedTuple):
    """What one reading of a feed gave.

    `articles` are the entries that are new; `unread`, why the feed or a part of it could not be read; `without_text`,
    entries in which there is nothing to audit; `after`, what is to be remembered once the new entries were reported.
    """

    articles: tuple[Article, ...]
    unread: tuple[InputError, ...]
    without_text: tuple[InputError, ...]
    after: Subscription


def read_state(path: Path) -> State:
    """The state of the last run; an empty one when there is no such file.

    Raises:
        UsageError: when the file is none of ours, so that it is neither overwritten nor taken for a first run.
    """
    try:
        state = msgspec.json.decode(path.read_bytes(), type=State)
    except FileNotFoundError:
        return State()
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f"{path}: this is no state of `mtaudit feed` ({error}); name another file") from None
    if state.version != 1:
        raise UsageError(f"{path}: written by a later version of mtaudit")
    return state


def write_state(path: Path, state: State) -> None:
    """Puts the state in place whole or not at all. Raises UsageError when it cannot be written."""
    data = msgspec.json.format(msgspec.json.encode(state), indent=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        finally:
            with suppress(FileNotFoundError):
                Path(temporary).unlink()
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def news(feed: str, before: Subscription, reading: Reading) -> News:
    """The entries of a feed, a URL or a file, that were not seen before, or not with this text.

    Of several entries with one id the first counts. A feed that could not be read leaves what is known
    of it as it was.
    """
    etag, last_modified = before.etag, before.last_modified
    if is_url(feed):
        from mtaudit.readers.web import fetch, source_of

        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        stated = {name: value for name, value in validators.items() if value}
        try:
            answer = fetch(feed, reading.max_bytes, reading.timeout, reading.allow_private, stated)
        except InputError as error:
            return News((), (error,), (), before)
        if answer.unchanged:
            return News((), (), (), before)
        source = source_of(feed, answer)
        etag, last_modified = answer.etag, answer.last_modified
        if reading.input_format is None and detect(source.head, source.suffix) in _SINGLE:
            return News((), (InputError(source.id, "this is a page, not a feed"),), (), before)
        found = list(read_source(source, reading))
    else:
        found = list(read_paths([feed], reading=reading))
    present: dict[str, Article] = {}
    for one in found:
        if isinstance(one, Article):
            present.setdefault(one.id, one)
    digests = {id_: _digest(article) for id_, article in present.items()}
    faults = [one for one in found if isinstance(one, InputError)]
    unread = tuple(fault for fault in faults if not isinstance(fault, (EntryError, NotArticlesError)))
    if unread:
        # Asked for again in full next time.
        etag = last_modified = None
    return News(
        articles=tuple(article for id_, article in present.items() if before.seen.get(id_) != digests[id_]),
        unread=unread,
        without_text=tuple(fault for fault in faults if fault not in unread),
        after=Subscription(etag, last_modified, _remembered(before.seen, digests)),
    )


def _digest(article: Article) -> str:
    """The same for the same words, however they are spaced."""
    words = " ".join(article.text.split())
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _remembered(seen: Mapping[str, str], digests: Mapping[str, str]) -> dict[str, str]:
    """The entries to keep: those of the feed as it is now last, so that they outlive the others."""
    present = dict(reversed([*digests.items()]))
    older = [(id_, digest) for id_, digest in seen.items() if id_ not in present]
    return dict(older[max(0, len(older) + len(present) - MOST_KEPT) :] if len(present) < MOST_KEPT else []) | present
