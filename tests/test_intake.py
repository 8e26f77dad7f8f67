"""What comes in at the command line: formats, columns, URLs, and text that would steer a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mtaudit.exits import Exit

BAD = "La réunion aura lieu mardi, Mars 16, à la mairie."
SOURCE = "The meeting takes place on Tuesday, March 16, before 813 members at the town hall."


def audit(folder: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mtaudit", "audit", *arguments]
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        command, cwd=folder, env=environment, input=stdin, capture_output=True, timeout=120, check=False
    )
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_records_with_columns_of_their_own_and_their_source(tmp_path: Path) -> None:
    row = {"corps": f"{BAD} Les 831 membres y sont conviés.", "vo": SOURCE, "cle": "d-1", "une": "Réunion"}
    (tmp_path / "archive.jsonl").write_text(json.dumps(row) + "\n" + '{"corps": 3}\n', encoding="utf-8")
    columns = ["--column", "text=corps", "--column", "source=vo", "--column", "id=cle", "--column", "title=une"]
    done = audit(tmp_path, "archive.jsonl", *columns, "--select", "fr/locale", "--select", "fr/fidelity", "-f", "json")
    assert done.returncode == Exit.INCOMPLETE
    assert "archive.jsonl, line 2: its column 'corps' holds no text" in done.stderr
    (article,) = json.loads(done.stdout)["articles"]
    assert (article["id"], article["title"], article["path"]) == ("d-1", "Réunion", "archive.jsonl")
    issues = [issue for sentence in article["sentences"] for issue in sentence["issues"]]
    assert {(issue["rule"], issue["text"]) for issue in issues} >= {("fr/fidelity/number", "831")}
    for issue in issues:
        assert row["corps"][issue["start"] : issue["end"]] == issue["text"]


def test_the_input_format_and_the_columns_are_checked_before_anything_is_read(tmp_path: Path) -> None:
    for wrong in (["--input-format", "rtf"], ["--column", "txt=corps"], ["--column", "text"]):
        done = audit(tmp_path, "absent.txt", *wrong)
        assert done.returncode == Exit.USAGE
        assert len(done.stderr.splitlines()) == 1


def test_a_url_that_leads_into_the_house_is_refused_in_one_line(tmp_path: Path) -> None:
    done = audit(tmp_path, "http://127.0.0.1:9/", "--select", "fr/locale")
    assert done.returncode == Exit.INCOMPLETE
    assert done.stderr.splitlines() == [
        "mtaudit: http://127.0.0.1:9/: its address 127.0.0.1 is private; --allow-private fetches it all the same"
    ]


@pytest.mark.parametrize("escape", ["\x1b[2J", "\x9b31m", "\u202e", "\x1b]8;;http://x\x07"])
def test_text_cannot_steer_the_terminal(escape: str, tmp_path: Path) -> None:
    row = {"text": f"Le maire{escape} parle. {BAD}", "title": f"Une{escape}", "id": f"a{escape}"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    done = audit(tmp_path, "a.jsonl", "--select", "fr/locale", "--all")
    assert done.returncode == Exit.CLEAN
    assert BAD.split(",", maxsplit=1)[0][-5:] in done.stdout
    for char in ("\x1b", "\x9b", "\u202e", "\x07"):
        assert char not in done.stdout + done.stderr


def test_plain_text_costs_neither_lxml_nor_the_network() -> None:
    code = (
        "import sys, io; from mtaudit.readers import read_paths;"
        "list(read_paths(['-'], stdin=lambda: io.BytesIO(b'Le maire')));"
        "print([name for name in ('lxml', 'trafilatura', 'urllib3', 'pyarrow') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
