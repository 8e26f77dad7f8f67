"""A stand-in for the Hugging Face hub: serves folders as models, as far as fetching one goes."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
#: Files that the hub keeps by the SHA-256 of what is in them.
LARGE = (".safetensors", ".bin", ".spm", ".model")


class Hub(http.server.ThreadingHTTPServer):
    """`models`: folder by id. `fetched`: the files that were asked for. `cut`: a file that comes damaged."""

    daemon_threads = True

    def __init__(self, models: dict[str, Path]) -> None:
        self.models = models
        self.gated: set[str] = set()
        self.fetched: list[str] = []
        self.damaged = ""
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).strip("/")
        head, _, rest = path.partition("/resolve/")
        name = head.removeprefix("api/models/").partition("/tree/")[0].partition("/revision/")[0]
        if name in self.server.gated:
            self._send(403, b"{}", {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access to it is restricted."})
        elif name not in self.server.models:
            self._send(404, b"{}", {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"})
        elif rest:
            self._send_file(self.server.models[name] / rest.partition("/")[2])
        elif "/tree/" in path:
            self._send_json([{"type": "file", "path": row["rfilename"], **row} for row in self._rows(name)])
        else:
            about = {"id": name, "sha": COMMIT, "private": False, "tags": ["marian", "license:cc-by-4.0"]}
            self._send_json({**about, "siblings": self._rows(name)})

    def _rows(self, name: str) -> list[dict[str, object]]:
        rows = []
        for file in sorted(self.server.models[name].iterdir()):
            content = file.read_bytes()
            row: dict[str, object] = {"rfilename": file.name, "size": len(content)}
            row["oid"] = row["blobId"] = hashlib.sha1(content).hexdigest()
            if file.suffix in LARGE:
                sha256 = hashlib.sha256(content).hexdigest()
                row["lfs"] = {"size": len(content), "sha256": sha256, "oid": sha256, "pointerSize": 134}
            rows.append(row)
        return rows

    def _send_file(self, file: Path) -> None:
        if not file.exists():
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        content = file.read_bytes()
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{hashlib.sha256(content).hexdigest()}"'}
        if file.name == self.server.damaged:
            content = bytes(len(content))
        if self.command == "GET":
            self.server.fetched.append(file.name)
        self._send(200, content, headers)

    def _send_json(self, content: object) -> None:
        self._send(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def running(models: dict[str, Path]) -> Iterator[Hub]:
    """A stand-in in a thread of this process."""
    hub = Hub(models)
    thread = threading.Thread(target=hub.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
        thread.join()
