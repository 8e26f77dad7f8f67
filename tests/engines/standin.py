"""A stand-in for LanguageTool's server, which speaks its protocol and finds the word `faux`.

Run as a program it takes the arguments that Java gets, and listens where they say.
"""

from __future__ import annotations

import http.server
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

Reply = tuple[int, bytes]


def matches(text: str) -> bytes:
    """The answer on a text, with offsets in UTF-16 units as LanguageTool gives them."""
    found = [
        {
            "offset": len(text[: match.start()].encode("utf-16-le")) // 2,
            "length": 4,
            "message": "Une faute.",
            "replacements": [{"value": "faute"}],
            "rule": {"id": "FAUX", "category": {"id": "TYPOS"}},
        }
        for match in re.finditer("faux", text)
    ]
    return json.dumps({"software": {"version": "9.9"}, "matches": found}).encode()


class StandIn(http.server.ThreadingHTTPServer):
    """The server; `reply` decides what it says to a text, and may take its time or drip."""

    daemon_threads = True

    def __init__(self, port: int = 0, reply: Callable[[str], Reply] | None = None) -> None:
        self.reply = reply or (lambda text: (200, matches(text)))
        self.requests = 0
        self.connections = 0
        #: Bytes of the next answer to a text after which the connection breaks; None for none.
        self.break_off_after: int | None = None
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    def setup(self) -> None:
        self.server.connections += 1
        super().setup()

    def do_GET(self) -> None:
        self._send(200, b'{"software": {"version": "9.9"}}')

    def do_POST(self) -> None:
        self.server.requests += 1
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
        self._send(*self.server.reply(form["text"][0]))

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "POST" and self.server.break_off_after is not None:
            body = body[: self.server.break_off_after]
            self.server.break_off_after = None
            self.close_connection = True
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def running(reply: Callable[[str], Reply] | None = None) -> Iterator[StandIn]:
    """A stand-in in a thread of this process."""
    server = StandIn(0, reply)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def _slow(text: str) -> Reply:
    time.sleep(0.005)
    return 200, matches(text)


if __name__ == "__main__":
    StandIn(int(sys.argv[sys.argv.index("--port") + 1]), _slow).serve_forever()
