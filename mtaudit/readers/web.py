"""A page or a feed by its URL: http and https alone, bounded in size, in time and in redirects, public addresses only.

Every name is resolved once, each address it has is checked, and the connection goes to an address that was checked: a
name that changes its mind between the check and the connection (DNS rebinding) finds nobody. The same holds for each
redirect. Proxies are not used, since they would resolve the name themselves.
"""

from __future__ import annotations

import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any, NamedTuple, cast
from urllib.parse import SplitResult, urljoin, urlsplit

from mtaudit import __version__
from mtaudit.errors import InputError
from mtaudit.readers.sources import HEAD, Source

#: Redirects that are followed.
MAX_REDIRECTS = 5
_CHUNK = 65_536
_MOVED = frozenset((301, 302, 303, 307, 308))
_NOT_MODIFIED = 304
_ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,*/*;q=0.5"
#: Networks whose addresses hold an IPv4 address at this place, which is what has to be public.
_EMBEDDING = ((ipaddress.ip_network("64:ff9b::/96"), 12), (ipaddress.ip_network("64:ff9b:1::/48"), 12))


class Answer(NamedTuple):
    """What a server sent. `unchanged` is its word that nothing is new since the validators; `data` is then empty."""

    url: str
    data: bytes
    content_type: str
    charset: str | None
    etag: str | None
    last_modified: str | None
    unchanged: bool = False


class _Deadline:
    """The end of the time for one URL, which also cuts a connection that drips."""

    def __init__(self, url: str, seconds: float) -> None:
        self.url = url
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        left = self.end - time.monotonic()
        if left <= 0:
            raise InputError(self.url, f"it took over {self.seconds:g} s")
        return left


def open_url(url: str, max_bytes: int, timeout: float, allow_private: bool) -> Source:
    """A source behind a URL. Raises InputError, as `fetch` does."""
    answer = fetch(url, max_bytes, timeout, allow_private)
    return source_of(url, answer)


def source_of(name: str, answer: Answer) -> Source:
    """What a server sent, as a source called `name`."""
    suffix = {"text/html": ".html", "text/markdown": ".md", "text/csv": ".csv"}.get(answer.content_type)
    if suffix is None:
        suffix = PurePosixPath(urlsplit(answer.url).path).suffix.lower()
    stream = cast(Any, io.BytesIO(answer.data))
    return Source(_shown(name), None, suffix, stream, answer.data[:HEAD], False, answer.url, answer.charset)


def fetch(
    url: str, max_bytes: int, timeout: float, allow_private: bool, validators: Mapping[str, str] | None = None
) -> Answer:
    """What is behind a URL, `max_bytes` of it unpacked at most, within `timeout` seconds in all.

    `validators` are headers of a conditional request (`If-None-Match`, `If-Modified-Since`).

    Raises:
        InputError: for what is refused, cannot be reached, or is not there; its reason says which.
    """
    deadline = _Deadline(_shown(url), timeout)
    seen: set[str] = set()
    for _ in range(MAX_REDIRECTS + 1):
        if url in seen:
            raise InputError(deadline.url, "its redirects go round in a circle")
        seen.add(url)
        parts = _parsed(url, deadline.url)
        found = _ask(parts, deadline, max_bytes, allow_private, validators or {})
        if isinstance(found, Answer):
            return found
        try:
            url = urljoin(url, found)
        except ValueError:
            raise InputError(deadline.url, "it leads to what is no URL") from None
    raise InputError(deadline.url, f"more than {MAX_REDIRECTS} redirects")


def _shown(url: str) -> str:
    """A URL in one line that a terminal can show, shortened."""
    return "".join(char if char.isprintable() and char != " " else f"%{ord(char):02X}" for char in url)[:500]


def _parsed(url: str, name: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise InputError(name, f"this is no URL: {error}") from None
    if parts.scheme not in {"http", "https"}:
        raise InputError(name, f"it leads to {parts.scheme or 'no scheme'}: only http and https are fetched")
    if not host or port == 0:
        raise InputError(name, "the URL names no host")
    if parts.username is not None or parts.password is not None:
        raise InputError(name, "URLs with a user name or a password are not fetched")
    return parts


def addresses(host: str, port: int, allow_private: bool) -> list[str]:
    """The addresses of a host, all of them checked.

    Raises:
        InputError: when it has none, or when one is not public and private ones are not allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(host, f"no such host ({getattr(error, 'strerror', None) or error})") from None
    listed = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in listed:
        if not allow_private and not is_public(address):
            raise InputError(host, f"its address {address} is private; --allow-private fetches it all the same")
    return listed


def is_public(address: str) -> bool:
    """True for an address of the open Internet, whatever it is wrapped in."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None:
            wrapped = next((at for network, at in _EMBEDDING if ip in network), None)
            inner = ipaddress.IPv4Address(ip.packed[wrapped:]) if wrapped else None
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _connect(parts: SplitResult, deadline: _Deadline, allow_private: bool) -> socket.socket:
    """A connection to one of the checked addresses, encrypted for https; no name is resolved after the check."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        listed = addresses(host, port, allow_private)
    except InputError as error:
        raise InputError(deadline.url, error.reason if host in deadline.url else str(error)) from None
    failure: OSError | None = None
    for address in listed:
        try:
            return socket.create_connection((address, port), timeout=deadline.left())
        except OSError as error:
            failure = error
    raise InputError(deadline.url, f"{host} cannot be reached ({_said(failure)})")


def _ask(
    parts: SplitResult, deadline: _Deadline, max_bytes: int, allow_private: bool, validators: Mapping[str, str]
) -> Answer | str:
    """The answer of one server, or where it sends us."""
    from http.client import HTTPException

    from urllib3.connection import HTTPConnection
    from urllib3.exceptions import HTTPError

    raw = _connect(parts, deadline, allow_private)
    # Time limits of sockets are for one read each: a server that drips a byte at a time would never reach one.
    watch = threading.Timer(deadline.left(), _cut, [raw])
    watch.daemon = True
    watch.start()
    try:
        channel: socket.socket = raw
        if parts.scheme == "https":
            channel = ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=deadline.left())
        connection.sock = channel
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", _quoted(target), headers=_headers(parts, validators), preload_content=False)
        response = connection.getresponse()
        if response.status in _MOVED and (where := response.headers.get("Location")):
            return where
        return _answer(parts.geturl(), response, deadline, max_bytes)
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        deadline.left()
        raise InputError(deadline.url, f"it cannot be fetched ({_said(error)})") from None
    finally:
        watch.cancel()
        _cut(raw)
        raw.close()


def _headers(parts: SplitResult, validators: Mapping[str, str]) -> dict[str, str]:
    host = parts.netloc.rpartition("@")[2].encode("idna").decode("ascii") if parts.netloc.isascii() is False else (
        parts.netloc
    )  # fmt: skip
    clean = {name: value for name, value in validators.items() if value.isprintable() and value.isascii()}
    return {
        "Host": host,
        "User-Agent": f"mtaudit/{__version__}",
        "Accept": _ACCEPT,
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
        **clean,
    }


def _quoted(target: str) -> str:
    from urllib.parse import quote

    return quote(target, safe="%/:=&?~#+!$,;'@()*[]")


def _answer(url: str, response: Any, deadline: _Deadline, max_bytes: int) -> Answer:
    content_type, _, parameters = response.headers.get("Content-Type", "").partition(";")
    answer = Answer(
        url=url,
        data=b"",
        content_type=content_type.strip().lower(),
        charset=_charset(parameters),
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
        unchanged=response.status == _NOT_MODIFIED,
    )
    if answer.unchanged:
        return answer
    if response.status != 200:
        raise InputError(deadline.url, f"the server answers {response.status} {response.reason or ''}".strip())
    parts: list[bytes] = []
    size = 0
    # Counted as it is unpacked, so that a bomb costs one limit and no more.
    for piece in response.stream(_CHUNK, decode_content=True):
        size += len(piece)
        if size > max_bytes:
            raise InputError(deadline.url, f"over {max_bytes / 1_000_000:g} MB; --max-bytes raises the limit")
        parts.append(piece)
    # A connection that was cut may look like one that ended.
    deadline.left()
    return answer._replace(data=b"".join(parts))


def _charset(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower()[:40] or None
    return None


def _cut(raw: socket.socket) -> None:
    """Ends a connection from outside: whoever waits for a byte of it is told."""
    with suppress(OSError):
        raw.shutdown(socket.SHUT_RDWR)


def _said(error: BaseException | None) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    text = str(getattr(error, "strerror", None) or error) or type(error).__name__
    return "".join(char if char.isprintable() else " " for char in text)[:200]
