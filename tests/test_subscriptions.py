"""What is new in a feed since the last run, and that nothing is lost between runs."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mtaudit.errors import UsageError
from mtaudit.exits import Exit
from mtaudit.readers import Reading
from mtaudit.subscriptions import MOST_KEPT, State, Subscription, news, read_state, write_state

READING = Reading(allow_private=True, timeout=5)


def rss(*entries: tuple[str, str]) -> str:
    items = "".join(f"<item><guid>{guid}</guid><title>{text}</title></item>" for guid, text in entries)
    return f"<rss version='2.0'><channel><title>Le Courrier</title>{items}</channel></rss>"


FIRST = rss(("a", "Le port rouvre"), ("b", "La piscine ferme"))
SECOND = rss(("c", "Le marché déménage"), ("a", "Le port rouvre enfin"), ("b", "La piscine ferme"))


class _Feed(http.server.BaseHTTPRequestHandler):
    text = FIRST
    version = '"1"'
    status = 200

    def do_GET(self) -> None:
        if self.headers.get("If-None-Match") == self.version and self.status == 200:
            self.send_response(304)
            self.end_headers()
            return
        data = self.text.encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", self.version)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name, value in (("text", FIRST), ("version", '"1"'), ("status", 200)):
        monkeypatch.setattr(_Feed, name, value)
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Feed)
    threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}/feed"
    running.shutdown()
    running.server_close()


def ids(feed: str, before: Subscription) -> tuple[list[str], Subscription]:
    found = news(feed, before, READING)
    assert not found.unread
    return [article.id for article in found.articles], found.after


def test_only_entries_that_were_not_seen_are_new(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, known = ids(server, Subscription())
    assert first == ["a", "b"]
    assert known.etag == '"1"'
    # The server says that nothing changed, and is believed.
    monkeypatch.setattr(_Feed, "text", SECOND)
    assert ids(server, known) == ([], known)
    monkeypatch.setattr(_Feed, "version", '"2"')
    second, known = ids(server, known)
    # "a" has another text than before.
    assert second == ["c", "a"]
    assert ids(server, known) == ([], known)


def test_a_correction_is_new_once_and_blanks_are_none(tmp_path: Path) -> None:
    path = tmp_path / "flux.xml"
    known = Subscription()

    def new(*entries: tuple[str, str]) -> list[str]:
        nonlocal known
        path.write_text(rss(*entries), encoding="utf-8")
        found, known = ids(str(path), known)
        return found

    assert new(("a", "Le port rouvre lundi"), ("b", "La piscine ferme")) == ["a", "b"]
    assert new(("a", "Le port\nrouvre  lundi"), ("b", "La piscine ferme")) == []
    assert new(("a", "Le port rouvre mardi"), ("b", "La piscine ferme")) == ["a"]
    assert new(("a", "Le port rouvre mardi"), ("b", "La piscine ferme")) == []
    # Two entries under one id are not a correction of each other, run after run.
    assert new(("a", "Le port rouvre mardi"), ("a", "Le marché déménage")) == []


def test_a_feed_that_fails_is_asked_again_and_forgets_nothing(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, known = ids(server, Subscription())
    monkeypatch.setattr(_Feed, "status", 503)
    failed = news(server, known, READING)
    assert "the server answers 503" in failed.unread[0].reason
    assert (failed.articles, failed.after) == ((), known)
    monkeypatch.setattr(_Feed, "status", 200)
    monkeypatch.setattr(_Feed, "version", '"2"')
    monkeypatch.setattr(_Feed, "text", SECOND[: SECOND.index("La piscine")])
    torn = news(server, known, READING)
    assert [article.id for article in torn.articles] == ["c", "a"]
    assert "damaged" in torn.unread[0].reason
    # A feed that was torn is not taken for unchanged next time.
    assert torn.after.etag is None


def test_a_page_is_no_feed(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Feed, "text", "<!doctype html><html><body><p>Entretien en cours.</p></body></html>")
    assert news(server, Subscription(), READING).unread[0].reason == "this is a page, not a feed"


def test_private_addresses_have_to_be_allowed(server: str) -> None:
    refused = news(server, Subscription(), replace(READING, allow_private=False))
    assert "is private" in refused.unread[0].reason


def test_entries_without_text_do_not_make_the_run_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "flux.xml"
    path.write_text(rss(("a", "Le port rouvre"), ("vide", "")), encoding="utf-8")
    found = news(str(path), Subscription(), READING)
    assert (len(found.articles), len(found.without_text), found.unread) == (1, 1, ())
    path.write_text(rss(), encoding="utf-8")
    assert news(str(path), Subscription(), READING).unread == ()
    assert news(str(tmp_path / "absent.xml"), Subscription(), READING).unread


def test_what_is_remembered_is_bounded_and_holds_the_feed_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "flux.xml"
    path.write_text(rss(("a", "Le port rouvre"), ("b", "La piscine ferme")), encoding="utf-8")
    before = Subscription(seen={f"vieux {number}": "0" for number in range(MOST_KEPT)})
    kept = news(str(path), before, READING).after.seen
    assert len(kept) == MOST_KEPT
    assert {"a", "b", f"vieux {MOST_KEPT - 1}"} <= kept.keys()
    assert "vieux 0" not in kept


def test_the_state_is_put_in_place_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "dossier" / "etat.json"
    assert read_state(path) == State()
    state = State({"https://courrier.example/flux": Subscription('"1"', None, {"a": "0", "b": "1"})})
    write_state(path, state)
    assert read_state(path) == state

    def torn(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", torn)
    with pytest.raises(UsageError, match="No space left"):
        write_state(path, State())
    monkeypatch.undo()
    assert read_state(path) == state
    assert [one.name for one in path.parent.iterdir()] == ["etat.json"]


def test_another_file_is_not_taken_for_a_state(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    for text in ("pas du json", "[]", '{"feeds": 3}', '{"version": 2}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError):
            read_state(path)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mtaudit", "feed", "flux.xml", "--state", "etat.json", "--select", "fr/locale"]
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(
        [*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_job_that_watches_a_feed(tmp_path: Path) -> None:
    bad = "La réunion aura lieu mardi, Mars 16, à la mairie."
    (tmp_path / "flux.xml").write_text(rss(("a", "Le port rouvre."), ("b", bad)), encoding="utf-8")
    first = run(tmp_path, "--fail-on", "minor", "-f", "json")
    assert first.returncode == Exit.ISSUES
    assert [article["id"] for article in json.loads(first.stdout)["articles"]] == ["a", "b"]
    again = run(tmp_path, "--fail-on", "minor", "-f", "json")
    assert again.returncode == Exit.CLEAN
    assert json.loads(again.stdout)["articles"] == []
    (tmp_path / "flux.xml").write_text(rss(("c", bad), ("b", bad)), encoding="utf-8")
    third = run(tmp_path, "--max-per-thousand", "50", "-o", "rapport.jsonl")
    assert third.returncode == Exit.ISSUES
    assert "are more than 50" in third.stderr
    assert [json.loads(line)["id"] for line in (tmp_path / "rapport.jsonl").read_text("utf-8").splitlines()] == ["c"]


def test_entries_of_a_run_that_broke_off_are_new_again(tmp_path: Path) -> None:
    (tmp_path / "flux.xml").write_text(FIRST, encoding="utf-8")
    broken = run(tmp_path, "-o", "absent/rapport.json")
    assert broken.returncode == Exit.USAGE
    assert not (tmp_path / "etat.json").exists()
    assert "2 new entries" in run(tmp_path).stderr
