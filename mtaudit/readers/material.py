"""What a reader is given, and how it names what it could not read."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from mtaudit.errors import InputError
from mtaudit.readers.encodings import decode

#: Faults of one source that are named one by one; the others are counted.
MOST_NAMED = 20

#: What a stream raises that ends before its end.
BROKEN = (OSError, EOFError, ValueError, zlib.error)


class EntryError(InputError):
    """An entry of a source gave no article; the source itself was read."""


class NotArticlesError(InputError):
    """The source is sound and holds no article: a table without text, a picture's record. In a folder it is passed."""


@dataclass(frozen=True, slots=True)
class Material:
    """One source, as a reader gets it.

    `stream` stands at its start. `limit` bounds, in bytes, what is held in memory: the whole source, or one record of
    a format that is read record by record. `columns` maps fields of an article to the columns that the user named.
    `charset` is what a server said of the encoding. `told` is called with the id and the codec found.
    """

    id: str
    path: str | None
    stream: BinaryIO
    limit: int
    url: str | None = None
    charset: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    told: Callable[[str, str], None] | None = None

    def whole(self) -> bytes:
        """All bytes. Raises InputError when there are more than `limit`, or when they cannot be read."""
        data = self.read(self.limit + 1)
        if len(data) > self.limit:
            raise too_big(self.id, self.limit)
        return data

    def read(self, size: int) -> bytes:
        """Up to `size` bytes. Raises InputError for what the disk or the decompression refuses."""
        try:
            return self.stream.read(size)
        except BROKEN as error:
            raise unreadable(self.id, error) from error

    def text(self) -> str:
        """The whole, decoded. Raises InputError, as `encodings.decode` does."""
        decoded = decode(self.whole(), self.id)
        if self.told is not None:
            self.told(self.id, decoded.encoding)
        return decoded.text


class Joined(io.RawIOBase):
    """Bytes that were read already, and the rest of their stream. It cannot be sought."""

    def __init__(self, head: bytes, rest: Any) -> None:
        super().__init__()
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills `buffer` as far as it goes."""
        piece, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        piece = piece or self._rest.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def too_big(name: str, limit: int) -> InputError:
    """The error of a source, or of a record of it, that is over `limit` bytes."""
    return InputError(name, f"over {limit / 1_000_000:g} MB; split it into articles, or raise --max-bytes")


def unreadable(name: str, error: Exception) -> InputError:
    """The error of a stream that gives out while it is read."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__
    return InputError(name, f"it cannot be read to its end: {reason}")


class Faults:
    """Entries of one source that gave no article: the first are named, the others counted."""

    def __init__(self, source: str, of_what: str) -> None:
        self._source = source
        self._of_what = of_what
        self._named: list[InputError] = []
        self._others = 0

    def add(self, place: str, reason: str) -> None:
        """`place` is where the entry stands, `line 12`."""
        if len(self._named) < MOST_NAMED:
            self._named.append(EntryError(f"{self._source}, {place}", reason))
        else:
            self._others += 1

    def told(self) -> Iterator[InputError]:
        """Every fault so far, once."""
        yield from self._named
        if self._others:
            yield EntryError(self._source, f"{self._others} more {self._of_what} could not be read")
        self._named, self._others = [], 0
