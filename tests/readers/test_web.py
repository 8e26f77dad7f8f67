"""URLs: what is fetched, what is refused, and that nobody can keep us waiting."""

from __future__ import annotations

import gzip
import http.server
import io
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from mtaudit.errors import InputError
from mtaudit.model import Article
from mtaudit.readers import Reading, read_paths
from mtaudit.readers.web import addresses, fetch, is_public
from tests.readers.incoming import PAGE, RSS, STORY

HERE = Reading(allow_private=True, timeout=5, max_bytes=200_000)


class _Handler(http.server.BaseHTTPRequestHandler):
    """The servers that one meets."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append({"path": self.path, **dict(self.headers)})
        getattr(self, "_" + self.path.strip("/").partition("?")[0].partition("/")[0])()

    def _send(self, data: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _page(self) -> None:
        self._send(PAGE.encode(), Content_Type="text/html; charset=utf-8")

    def _latin(self) -> None:
        page = PAGE.replace('<meta charset="utf-8">', "").replace("\u202f", "&#8239;")
        self._send(page.encode("latin-1", "xmlcharrefreplace"), Content_Type="text/html; charset=ISO-8859-1")

    def _feed(self) -> None:
        if self.headers.get("If-None-Match") == '"v1"':
            self._send(b"", 304)
        else:
            self._send(gzip.compress(RSS.encode()), Content_Encoding="gzip", ETag='"v1"', Content_Type="text/xml")

    def _bomb(self) -> None:
        self._send(gzip.compress(b"a" * 50_000_000), Content_Encoding="gzip", Content_Type="text/plain")

    def _big(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(2000):
            self.wfile.write(b"<rss>" * 10_000)

    def _circle(self) -> None:
        self._send(b"", 302, Location="/circle")

    def _far(self) -> None:
        self._send(b"", 302, Location=f"/far/{self.path.count('/') * 7}/{self.path.strip('/')[-40:]}x")

    def _moved(self) -> None:
        self._send(b"", 301, Location="/page")

    def _file(self) -> None:
        self._send(b"", 302, Location="file:///etc/passwd")

    def _inside(self) -> None:
        self._send(b"", 302, Location="http://169.254.169.254/latest/meta-data/")

    def _gone(self) -> None:
        self._send(b"parti", 404)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b"a")
            self.wfile.flush()
            time.sleep(0.1)

    def _headers(self) -> None:
        for _ in range(200):
            self.wfile.write(b"H")
            self.wfile.flush()
            time.sleep(0.1)

    def _short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.wfile.write(PAGE.encode())
        self.close_connection = True

    def _garbage(self) -> None:
        self.wfile.write(b"\x00\xff" * 2000)
        self.close_connection = True

    def _escape(self) -> None:
        self._send(b"", 302, Location="http://exemple\x1b[2J.invalid/")

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def refused(url: str, reading: Reading = HERE) -> str:
    (found,) = read_paths([url], reading=reading)
    assert isinstance(found, InputError)
    assert str(found).isprintable()
    return found.reason


def test_a_page_is_read_in_the_encoding_that_its_server_states(site: str) -> None:
    for page in ("page", "latin", "moved"):
        (article,) = read_paths([f"{site}/{page}"], reading=HERE)
        assert isinstance(article, Article)
        assert article.text == STORY
        assert article.path is None
        assert article.id == f"{site}/{page}"


def test_a_feed_is_unpacked_and_asked_for_again_only_when_it_changed(site: str) -> None:
    answer = fetch(f"{site}/feed", 200_000, 5, True)
    assert answer.data == RSS.encode()
    assert answer.etag == '"v1"'
    again = fetch(f"{site}/feed", 200_000, 5, True, {"If-None-Match": '"v1"'})
    assert again.unchanged
    assert again.data == b""


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("bomb", "over 0.2 MB"),
        ("big", "over 0.2 MB"),
        ("circle", "redirects go round in a circle"),
        ("far", "more than 5 redirects"),
        ("file", "only http and https"),
        ("gone", "the server answers 404"),
        ("short", "cannot be fetched"),
        ("garbage", "cannot be fetched"),
        ("escape", "it leads to what is no URL"),
    ],
)
def test_what_a_server_may_not_do(site: str, page: str, said: str) -> None:
    assert said in refused(f"{site}/{page}")


@pytest.mark.parametrize("page", ["drip", "headers"])
def test_a_server_that_drips_is_left_when_the_time_is_over(site: str, page: str) -> None:
    start = time.monotonic()
    assert "it took over 1 s" in refused(f"{site}/{page}", Reading(allow_private=True, timeout=1))
    assert time.monotonic() - start < 4


def test_private_addresses_are_refused_without_a_connection(site: str) -> None:
    before = len(_Handler.asked)
    usual = Reading(timeout=5)
    assert "is private" in refused(f"{site}/page", usual)
    port = site.rpartition(":")[2]
    for host in ("localhost", "127.1", "0x7f000001", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"):
        assert refused(f"http://{host}:{port}/page", usual)
    assert len(_Handler.asked) == before


def test_a_redirect_into_the_house_is_refused(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtaudit.readers.web.is_public", lambda address: address == "127.0.0.1")
    assert "169.254.169.254 is private" in refused(f"{site}/inside", Reading(timeout=5))


def test_a_name_that_changes_its_address_after_the_check_finds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.215.14", "127.0.0.1"])
    asked: list[str] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    connected: list[Any] = []

    def connect(address: Any, **_: Any) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert "cannot be reached" in refused("http://double.example/", Reading(timeout=5))
    assert asked == ["double.example"]
    assert connected == [("93.184.215.14", 80)]


def test_one_private_address_among_several_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.215.14", "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(InputError, match=r"10\.0\.0\.7 is private"):
        addresses("double.example", 80, False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "fec0::1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "pas une adresse",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://", "names no host"),
        ("http://[::1", "no URL"),
        ("https://user:secret@courrier.example/", "password"),
        ("http://courrier.example:99999/", "no URL"),
        ("http://" + "a" * 300 + ".invalid/", "no such host"),
    ],
)
def test_urls_that_are_none(url: str, said: str) -> None:
    reason = refused(url, Reading(timeout=5))
    assert said in reason
    assert "secret" not in reason


def test_nothing_else_is_taken_for_a_url() -> None:
    for name in ("file:///etc/passwd", "ftp://courrier.example/", "gopher://courrier.example/"):
        (found,) = read_paths([name], stdin=io.BytesIO)
        assert isinstance(found, InputError)
        assert "no such file" in found.reason
