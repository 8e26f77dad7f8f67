"""What was translated and scored before, kept between runs: a corrected wire story costs only its changed sentences.

One SQLite file in the user's cache folder, shared by all processes: a row for each sentence, direction, model and beam,
and one for each text that was scored given another. It holds translations of copy, so nobody but its owner may read
it. The file may be lost, damaged, locked or on a full disk; what fails is told once, and the run goes on without.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
import zlib
from array import array
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

import msgspec
import platformdirs

from mtaudit.model import Span
from mtaudit.translations import Hypothesis, Scored, ScoredPiece, Translating, Way

T = TypeVar("T")

ENGINE: Final = "translation cache"
#: Raised whenever the layout of the file or of its rows changes.
FORMAT: Final = 1
#: Bytes that the rows may take; a sentence of 25 words takes some 1,500 with its scores.
LARGEST: Final = 256 * 2**20
#: Of a full cache this share stays, what was used last.
KEPT_SHARE: Final = 0.8
#: Seconds to wait for another process that writes, and seconds after which a use is noted again.
PATIENCE: Final = 5.0
TOUCH_AFTER: Final = 3600
#: Rows to a query: SQLite takes 999 parameters in the oldest versions that are about.
_MOST_ASKED: Final = 900

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_use ON kept (used);
"""
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
#: What stops the writing and not the reading.
_WRITING: Final = (
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY),
    *(sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_SHMSIZE),
)
_REASONS: Final = {
    sqlite3.SQLITE_BUSY: "is locked by another program",
    sqlite3.SQLITE_LOCKED: "is locked by another program",
    sqlite3.SQLITE_FULL: "cannot grow, the disk is full",
    sqlite3.SQLITE_READONLY: "cannot be written",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_PERM: "cannot be written",
    sqlite3.SQLITE_IOERR: "cannot be written or read",
}


def own_place() -> Path:
    """The file in the user's cache folder."""
    return Path(platformdirs.user_cache_dir("mtaudit")) / f"translations-{FORMAT}.sqlite"


class TranslationCache:
    """Bytes by key, at most so many; whatever fails is no error, and stands in `failure` until it is taken.

    For one thread at a time. `now` gives seconds.
    """

    def __init__(
        self,
        path: Path | None = None,
        largest: int = LARGEST,
        patience: float = PATIENCE,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.path = path or own_place()
        self.failure = ""
        self._largest, self._patience, self._now = largest, patience, now
        self._writes = True
        self._connection: sqlite3.Connection | None = None
        self._connection = self._opened()

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """What is kept of these; a row that does not fit its checksum is not."""
        return self._guarded(lambda connection: self._get(connection, keys)) or {}

    def put(self, values: Mapping[bytes, bytes]) -> None:
        """Keeps these, and forgets what was not used for longest when there are too many."""
        if self._writes and values:
            self._guarded(lambda connection: self._put(connection, values))

    def take_failure(self) -> str:
        """What failed since it was last asked, in one line; empty for nothing."""
        failure, self.failure = self.failure, ""
        return failure

    def close(self) -> None:
        """Without it the file is closed with the process."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _opened(self) -> sqlite3.Connection | None:
        for _ in range(2):
            try:
                return self._open()
            except sqlite3.Error as error:
                if not self._is_removed(error):
                    self._tell(error)
                    return None
            except OSError as error:
                self.failure = f"{self.path} cannot be opened ({error.strerror}): the run goes on without it"
                return None
        return None

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # SQLite gives its companions the rights of the file, so it is made before.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(self.path, timeout=self._patience, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(f"PRAGMA journal_size_limit={4 * 2**20}")
            # What no process may go beyond, should many write at once.
            connection.execute(f"PRAGMA max_page_count={2 * self._largest // _number(connection, 'PRAGMA page_size')}")
            connection.executescript(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _guarded(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What the work gives; None when the file fails, which may be the end of it."""
        if self._connection is None:
            return None
        try:
            return work(self._connection)
        except sqlite3.Error as error:
            if self._is_removed(error):
                self._connection = self._opened()
            elif {_code(error), error.sqlite_errorcode} & {*_WRITING}:
                self._writes = False
                self._tell(error)
            else:
                self.close()
                self._tell(error)
        return None

    def _is_removed(self, error: sqlite3.Error) -> bool:
        """Whether the file was damaged, and is out of the way; nobody can use it, so nobody misses it."""
        if _code(error) not in _DAMAGED or self.failure:
            return False
        self.close()
        self.failure = f"{self.path} was damaged and is begun anew"
        try:
            for end in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        except OSError:
            self.failure = f"{self.path} is damaged and cannot be removed: the run goes on without it"
            return False
        return True

    def _tell(self, error: sqlite3.Error) -> None:
        reason = _REASONS.get(_code(error), f"failed ({error})")
        self.failure = self.failure or f"{self.path} {reason}: the run goes on without it"

    def _get(self, connection: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        stale: list[bytes] = []
        now = int(self._now())
        for start in range(0, len(keys), _MOST_ASKED):
            some = keys[start : start + _MOST_ASKED]
            marks = ",".join("?" * len(some))
            for key, value, used in connection.execute(
                f"SELECT key, value, used FROM kept WHERE key IN ({marks})", some
            ):
                if zlib.crc32(value[4:]).to_bytes(4, "little") == value[:4]:
                    found[key] = value[4:]
                    if used < now - TOUCH_AFTER:
                        stale.append(key)
        if stale and self._writes:
            uses = [(now, key) for key in stale]
            self._guarded(lambda to: _in_one(to, lambda: to.executemany("UPDATE kept SET used=? WHERE key=?", uses)))
        return found

    def _put(self, connection: sqlite3.Connection, values: Mapping[bytes, bytes]) -> None:
        now = int(self._now())
        rows = [(key, zlib.crc32(value).to_bytes(4, "little") + value, now) for key, value in values.items()]
        _in_one(connection, lambda: connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows))
        if _size(connection) > self._largest:
            _in_one(connection, lambda: self._forget(connection))

    def _forget(self, connection: sqlite3.Connection) -> None:
        rows = _number(connection, "SELECT count(*) FROM kept")
        # Another process may have done it while this one waited for its turn.
        excess = rows - int(rows * KEPT_SHARE * self._largest / max(1, _size(connection)))
        if _size(connection) > self._largest:
            connection.execute("DELETE FROM kept WHERE key IN (SELECT key FROM kept ORDER BY used LIMIT ?)", [excess])


def _in_one(connection: sqlite3.Connection, work: Callable[[], object]) -> None:
    """One transaction, which waits for its turn at once: one that began as a reader could not."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        work()


def _size(connection: sqlite3.Connection) -> int:
    """Bytes in use. Pages that were given free stay in the file and are filled again."""
    pages, free, size = (
        _number(connection, f"PRAGMA {name}") for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


class Remembering:
    """A translator that asks the model only for what no run before has asked."""

    def __init__(self, translator: Translating, cache: TranslationCache) -> None:
        self._translator = translator
        self.cache = cache

    @property
    def digest(self) -> str:
        """Of the model."""
        return self._translator.digest

    def translate(self, sentences: Sequence[str], way: Way, beam: int = 1, best: int = 1) -> list[list[Hypothesis]]:
        """As the translator's; the same sentence is translated once."""
        keys = [_key(self.digest, way, f"{beam} {best}", sentence) for sentence in sentences]
        return self._recall(
            keys,
            _translations,
            lambda rows: self._translator.translate([sentences[row] for row in rows], way, beam, best),
            msgspec.msgpack.encode,
        )

    def score(self, sources: Sequence[str], targets: Sequence[str], way: Way) -> list[Scored]:
        """As the translator's; the same pair is scored once."""
        keys = [_key(self.digest, way, source, target) for source, target in zip(sources, targets, strict=True)]
        return self._recall(
            keys,
            _scores,
            lambda rows: self._translator.score([sources[row] for row in rows], [targets[row] for row in rows], way),
            _packed,
        )

    def _recall(
        self,
        keys: Sequence[bytes],
        read: Callable[[bytes], T],
        ask: Callable[[list[int]], list[T]],
        write: Callable[[T], bytes],
    ) -> list[T]:
        known: dict[bytes, T] = {}
        for key, content in self.cache.get(list(dict.fromkeys(keys))).items():
            with suppress(msgspec.DecodeError, ValueError):
                known[key] = read(content)
        first = {key: row for row, key in reversed(list(enumerate(keys))) if key not in known}
        rows = sorted(first.values())
        if rows:
            answers = dict(zip((keys[row] for row in rows), ask(rows), strict=True))
            self.cache.put({key: write(answer) for key, answer in answers.items()})
            known.update(answers)
        return [known[key] for key in keys]


def _key(*parts: str) -> bytes:
    # A lone surrogate can stand in a text that came from JSON.
    joined = "\0".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _translations(content: bytes) -> list[Hypothesis]:
    return msgspec.msgpack.decode(content, type=list[Hypothesis])


def _packed(scored: Scored) -> bytes:
    """The reason, and of the pieces starts, ends and log-probabilities, the end's last, four bytes each."""
    starts = array("I", (piece.span.start for piece in scored.pieces))
    ends = array("I", (piece.span.end for piece in scored.pieces))
    logs = array("f", (*(piece.log_probability for piece in scored.pieces), scored.end))
    return msgspec.msgpack.encode((scored.reason, starts.tobytes(), ends.tobytes(), logs.tobytes()))


def _scores(content: bytes) -> Scored:
    reason, *columns = msgspec.msgpack.decode(content, type=tuple[str, bytes, bytes, bytes])
    starts, ends, logs = (array(kind, column) for kind, column in zip("IIf", columns, strict=True))
    spans = map(Span, starts, ends)
    pieces = tuple(ScoredPiece(span, value) for span, value in zip(spans, logs[:-1], strict=True))
    return Scored(pieces, logs[-1], reason)
