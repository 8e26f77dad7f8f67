"""LanguageTool's HTTP interface: one request, under a deadline; one answer, in code points."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from bisect import bisect_left
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import msgspec

from mtaudit.errors import EngineError
from mtaudit.positions import Positions
from mtaudit.witnesses import Match

#: Bytes of the longest answer that is read; an article that is wrong in every word gives a few hundred kilobytes.
LONGEST_ANSWER = 64 * 2**20
#: Seconds in which a server takes a connection, however busy it is.
CONNECT = 5.0
#: Suggestions that are kept of a match.
MOST_SUGGESTIONS = 5

_SURROGATE = re.compile("[\ud800-\udfff]")
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class ServerFault(Exception):  # noqa: N818 - which fault it is, its subclasses say
    """A request without a usable answer; the message says why."""


class Lost(ServerFault):
    """The connection was refused or broke: the server may be gone."""


class Late(ServerFault):
    """No whole answer within the limit."""


class Refused(ServerFault):
    """An answer other than 200. `passing` when the same request may do better later."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"the server answered {status}{f' ({said})' if said else ''}")
        self.passing = status == 429 or status >= 500


class Garbled(ServerFault):
    """An answer that is not LanguageTool's."""


class Address(NamedTuple):
    """Where a server listens; `path` ends before `/check`."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str) -> Address:
        """The address of a URL, with or without `/v2` or `/v2/check`.

        Raises:
            EngineError: for what is no http or https URL.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host = port = None
        if not host or parts.scheme not in {"http", "https"}:
            raise EngineError("languagetool", f"{url!r} is no http or https URL of a server")
        path = parts.path.rstrip("/").removesuffix("/check")
        path = path if path.endswith("/v2") else f"{path}/v2"
        return cls(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    def connection(self) -> http.client.HTTPConnection:
        """A connection, not yet open."""
        kind = http.client.HTTPSConnection if self.scheme == "https" else http.client.HTTPConnection
        return kind(self.host, self.port, timeout=CONNECT)


class _Named(msgspec.Struct):
    id: str


class _Rule(msgspec.Struct):
    id: str
    category: _Named
    subId: str = ""  # noqa: N815 - LanguageTool's spelling


class _Value(msgspec.Struct):
    value: str = ""


class _Found(msgspec.Struct):
    offset: int
    length: int
    message: str
    rule: _Rule
    replacements: list[_Value] = []


class _Software(msgspec.Struct):
    version: str = ""


class _Warnings(msgspec.Struct):
    incompleteResults: bool = False  # noqa: N815 - LanguageTool's spelling


class _Checked(msgspec.Struct):
    matches: list[_Found]
    software: _Software = msgspec.field(default_factory=_Software)
    warnings: _Warnings = msgspec.field(default_factory=_Warnings)


class _Info(msgspec.Struct):
    software: _Software


_CHECKED = msgspec.json.Decoder(_Checked)
_INFO = msgspec.json.Decoder(_Info)


def ask(connection: http.client.HTTPConnection, path: str, body: bytes | None, limit: float) -> bytes:
    """The body of the answer to one request on a connection, which is opened when it is not.

    `limit` is in seconds, for everything from the first byte sent to the last one read: a server that drips its answer
    is cut off like one that is silent.

    Raises:
        Lost, Late, Refused, Garbled: and the connection is closed.
    """
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(limit, cut)
    timer.daemon = True
    try:
        if connection.sock is None:
            connection.connect()
        connection.sock.settimeout(limit)
        timer.start()
        connection.request("GET" if body is None else "POST", path, body, {} if body is None else _FORM)
        response = connection.getresponse()
        content = response.read(LONGEST_ANSWER + 1)
        # A read of so many bytes takes an end before its time for the end of the answer.
        if response.length and len(content) <= LONGEST_ANSWER:
            raise http.client.IncompleteRead(content, response.length)
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        if late.is_set() or isinstance(error, TimeoutError):
            raise Late("no answer within the time limit") from error
        if isinstance(error, http.client.HTTPException) and not isinstance(
            error, (http.client.RemoteDisconnected, http.client.IncompleteRead)
        ):
            raise Garbled(f"the answer is not HTTP ({type(error).__name__})") from error
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise Lost(f"no connection ({reason})") from error
    finally:
        timer.cancel()
    if late.is_set():
        connection.close()
        raise Late("no answer within the time limit")
    if len(content) > LONGEST_ANSWER:
        connection.close()
        raise Garbled(f"the answer has over {LONGEST_ANSWER} bytes")
    if response.status != 200:
        connection.close()
        said = " ".join(content[:200].decode("utf-8", "replace").split())
        raise Refused(response.status, said)
    return content


def version(content: bytes) -> str:
    """The version in an answer to `/info`. Raises Garbled."""
    try:
        return _INFO.decode(content).software.version
    except msgspec.DecodeError as error:
        raise Garbled("the answer is not LanguageTool's") from error


class Sent(NamedTuple):
    """A text as it is sent, and the way back.

    A line end is sent twice: LanguageTool ends a sentence only at an empty line, and would read a headline and what
    follows it as one.
    """

    text: str
    doubled: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Sent:
        """Lone surrogates, which no request can carry, are sent as U+FFFD, which has their length."""
        places = [place for place, character in enumerate(text) if character == "\n"]
        doubled = tuple(place + n + 1 for n, place in enumerate(places))
        return cls(_SURROGATE.sub("\ufffd", text).replace("\n", "\n\n"), doubled)

    def body(self, variety: str) -> bytes:
        """The form that asks for a check."""
        return urlencode({"language": variety, "text": self.text}).encode("ascii")

    def matches(self, content: bytes) -> tuple[Match, ...]:
        """What the answer says, at its places in the untouched text.

        Raises:
            Garbled: for an answer that is not LanguageTool's, or that points outside the text.
            Refused: for one that LanguageTool itself calls incomplete.
        """
        try:
            checked = _CHECKED.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Garbled("the answer is not LanguageTool's") from error
        if checked.warnings.incompleteResults:
            raise Garbled("LanguageTool gave up before the end of the article")
        positions = Positions(self.text)
        units = positions.utf16(len(self.text))
        found = [self._match(match, positions, units) for match in checked.matches]
        return tuple(sorted(match for match in found if match is not None and match.start < match.end))

    def _match(self, found: _Found, positions: Positions, units: int) -> Match | None:
        if found.offset < 0 or found.length < 0 or found.offset + found.length > units:
            raise Garbled("a match lies outside the text")
        try:
            start = self._original(positions.from_utf16(found.offset))
            end = self._original(positions.from_utf16(found.offset + found.length))
        except ValueError:  # inside a surrogate pair: half a character cannot be marked
            return None
        return Match(
            rule=found.rule.id,
            sub=found.rule.subId,
            category=found.rule.category.id,
            start=start,
            end=end,
            message=found.message,
            suggestions=tuple(replacement.value for replacement in found.replacements[:MOST_SUGGESTIONS]),
        )

    def _original(self, offset: int) -> int:
        return offset - bisect_left(self.doubled, offset)
