"""LanguageTool on the command line: used when it is there, told when it is not, nothing left running."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import jsonschema
import psutil
import pytest

from mtaudit.engines.languagetool.places import Place
from mtaudit.exits import Exit
from tests.engines import standin
from tests.test_cli import mtaudit

TEXT = "Le conseil a voté trois mesure pour les écoles. Le projet de le maire a été rejeté.\n"
ONLY = ("--select", "fr/languagetool", "-f", "json")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text("🙂 " + TEXT, encoding="utf-8")
    return tmp_path


def test_without_it_the_run_says_so_once_and_goes_on(copy: Path) -> None:
    done = mtaudit("audit", "a.txt", "b.txt", *ONLY, cwd=copy)
    assert done.returncode == Exit.CLEAN
    report = json.loads(done.stdout)
    (skipped,) = report["skipped"]
    assert skipped["engine"] == "languagetool"
    assert "mtaudit languagetool install" in skipped["reason"]
    assert skipped["rules"] > 0
    assert "|lt:none|" in report["signature"]
    assert mtaudit("audit", "a.txt", *ONLY, "--engine", "languagetool", cwd=copy).returncode == Exit.INCOMPLETE


def test_a_dead_server_is_told(copy: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        done = mtaudit("audit", "a.txt", *ONLY, "--languagetool", url, cwd=copy)
    assert done.returncode == Exit.CLEAN
    assert "no connection" in json.loads(done.stdout)["skipped"][0]["reason"]


def test_a_running_server_is_asked_and_named_in_the_signature(copy: Path) -> None:
    with standin.running() as server:
        done = mtaudit("audit", "a.txt", "b.txt", *ONLY, "--languagetool", server.url, "--french", "fr-CA", cwd=copy)
        assert server.requests == 2
    report = json.loads(done.stdout)
    assert report["skipped"] == []
    assert "|lt:fr-CA-9.9|" in report["signature"]


def test_an_article_that_goes_without_is_told_and_counts_as_incomplete(copy: Path) -> None:
    with standin.running(lambda text: (200, b"mad" if "🙂" in text else standin.matches(text))) as server:
        done = mtaudit(
            "audit", "a.txt", "b.txt", *ONLY, "--languagetool", server.url, "--engine", "languagetool", cwd=copy
        )
    assert done.returncode == Exit.INCOMPLETE
    (skipped,) = json.loads(done.stdout)["skipped"]
    assert "not LanguageTool's" in skipped["reason"]


def test_another_french_is_a_usage_error(copy: Path) -> None:
    done = mtaudit("audit", "a.txt", "--french", "fr-XX", cwd=copy)
    assert done.returncode == Exit.USAGE
    assert "fr-CA" in done.stderr


def test_status_without_it() -> None:
    done = mtaudit("languagetool", "status")
    assert done.returncode == Exit.INCOMPLETE
    assert "mtaudit languagetool install" in done.stderr


@pytest.mark.languagetool
def test_a_server_of_our_own_is_started_asked_and_ended(copy: Path, languagetool_place: Place) -> None:
    folder = str(languagetool_place.folder)
    done = mtaudit("audit", "a.txt", "b.txt", *ONLY, "--languagetool", folder, cwd=copy, seconds=500)
    assert done.stderr == ""
    report = json.loads(done.stdout)
    schema = json.loads((Path(__file__).parent.parent / "mtaudit/reports/report.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(report)
    assert report["skipped"] == []
    for article in report["articles"]:
        issues = [issue for sentence in article["sentences"] for issue in sentence["issues"]]
        assert [issue["text"] for issue in issues] == ["trois mesure", "de le"]
        assert all("LanguageTool" in issue["message"] for issue in issues)
    left = [process for process in psutil.process_iter(["cmdline"]) if _is_ours(process.info["cmdline"], folder)]
    session = {child.pid for child in psutil.Process().children(recursive=True)}
    assert {process.pid for process in left} <= session


def _is_ours(command: list[str] | None, folder: str) -> bool:
    return command is not None and any(folder in part for part in command) and "java" in command[0]
