"""The command line as a user meets it: output, exit codes, one line for each thing that goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from mtaudit.exits import Exit

MACHINE = (
    "Le ministère a répondu mardi, Mars 16, à la presse. Trois sources qui ont refusé d’être nommées l’ont confirmé.\n"
    "Les négociateurs cherchent un accord autour le budget depuis lundi.\n"
)
HUMAN = "Le maire a inauguré samedi la nouvelle médiathèque, en présence d’une centaine d’habitants du quartier.\n"

BROKEN_RULE = "check: phrase\ntitle: t\nmessag: m\n"
HOSTILE_RULE = """\
check: phrase
title: Hostile pattern
message: "« {match} »"
why: "Épreuve."
category: style/awkward
severity: minor
options:
  regex: ["(a+)+b"]
  trigger: always
examples:
  bad: ["[[aab]]", "[[ab]]"]
  good: ["rien", "toujours rien"]
"""


def mtaudit(
    *arguments: str, stdin: bytes | None = None, cwd: Path | None = None, seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "mtaudit", *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=environment,
        timeout=seconds,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    (tmp_path / "machine.txt").write_text(MACHINE, encoding="utf-8")
    (tmp_path / "human.txt").write_text(HUMAN, encoding="utf-8")
    return tmp_path


def test_the_version_is_told_at_once() -> None:
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        done = mtaudit("--version")
        spent.append(time.perf_counter() - start)
    assert done.stdout.startswith("mtaudit ")
    assert min(spent) < 0.3


@pytest.mark.parser
def test_json_output_keeps_the_published_schema_and_the_exit_code_tells_of_issues(copy: Path) -> None:
    done = mtaudit("audit", "machine.txt", "human.txt", "-f", "json", cwd=copy)
    assert done.returncode == Exit.ISSUES
    assert done.stderr == ""
    report = json.loads(done.stdout)
    schema = json.loads((Path(__file__).parent.parent / "mtaudit/reports/report.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(report)
    machine, human = report["articles"]
    rules = {issue["rule"] for sentence in machine["sentences"] for issue in sentence["issues"]}
    assert len(rules) >= 3
    assert not any(sentence["issues"] for sentence in human["sentences"])
    for sentence in machine["sentences"]:
        for issue in sentence["issues"]:
            assert MACHINE[issue["start"] : issue["end"]] == issue["text"]


@pytest.mark.parser
def test_fail_on_decides_what_fails(copy: Path) -> None:
    assert mtaudit("audit", "machine.txt", "--fail-on", "never", cwd=copy).returncode == Exit.CLEAN
    assert mtaudit("audit", "human.txt", "--fail-on", "minor", cwd=copy).returncode == Exit.CLEAN
    assert mtaudit("audit", "machine.txt", "--fail-on", "critical", cwd=copy).returncode == Exit.CLEAN


@pytest.mark.parser
def test_standard_input_and_a_file_for_output(copy: Path) -> None:
    done = mtaudit("audit", "-", "-f", "jsonl", "-o", "out.jsonl", stdin=MACHINE.encode("utf-16"), cwd=copy)
    assert done.returncode == Exit.ISSUES
    assert done.stdout == ""
    (line,) = (copy / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["schema"] == "mtaudit.report/1"


@pytest.mark.parser
def test_several_reports_come_from_one_run(copy: Path) -> None:
    files = ("report.html", "audit.sarif", "audit.xml", "audit.csv")
    asked = [part for file in files for part in ("-o", file)]
    done = mtaudit("audit", "machine.txt", "human.txt", *asked, "-o", "-", cwd=copy)
    assert done.returncode == Exit.ISSUES
    assert "human.txt" in done.stdout
    assert {path.name for path in copy.iterdir()} == {"machine.txt", "human.txt", *files}
    (run,) = json.loads((copy / "audit.sarif").read_text(encoding="utf-8"))["runs"]
    found = {result["ruleId"] for result in run["results"]}
    assert len(found) >= 3
    for name in ("report.html", "audit.xml", "audit.csv"):
        text = (copy / name).read_text(encoding="utf-8")
        assert all(rule in text for rule in found), name
    assert found == {rule["id"] for rule in run["tool"]["driver"]["rules"]}


def test_a_file_whose_name_says_no_format_is_a_usage_error(copy: Path) -> None:
    done = mtaudit("audit", "human.txt", "-o", "audit.pdf", cwd=copy)
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert done.stderr.startswith("mtaudit: audit.pdf: the name says no format")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parser
def test_bad_inputs_cost_only_themselves_and_are_named(copy: Path) -> None:
    (copy / "empty.txt").write_bytes(b"")
    (copy / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (copy / "huge.txt").write_bytes(b"Un long article. " * 3_000_000)
    done = mtaudit(
        "audit",
        "absent.txt",
        "empty.txt",
        "binary.txt",
        "huge.txt",
        "human.txt",
        "-f",
        "json",
        "--fail-on",
        "never",
        cwd=copy,
    )
    assert done.returncode == Exit.INCOMPLETE
    lines = done.stderr.splitlines()
    assert len(lines) == 4
    for name in ("absent.txt", "empty.txt", "binary.txt", "huge.txt"):
        assert sum(name in line for line in lines) == 1
    assert all(line.startswith("mtaudit: ") for line in lines)
    assert [article["id"] for article in json.loads(done.stdout)["articles"]] == ["human.txt"]


def test_a_folder_with_nothing_to_read(tmp_path: Path) -> None:
    done = mtaudit("audit", str(tmp_path), "--select", "fr/spacing")
    assert done.returncode == Exit.INCOMPLETE
    assert len(done.stderr.splitlines()) == 1


def test_a_broken_rule_stops_the_run_before_any_article(copy: Path) -> None:
    path = copy / "own/fr/calques/broken.yml"
    path.parent.mkdir(parents=True)
    path.write_text(BROKEN_RULE, encoding="utf-8")
    done = mtaudit("audit", "machine.txt", "--rules", "own", cwd=copy)
    assert done.returncode == Exit.USAGE
    assert done.stdout == ""
    assert "own/fr/calques/broken.yml:3: unknown key 'messag'; did you mean 'message'?" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_prefix_is_a_usage_error(copy: Path) -> None:
    done = mtaudit("audit", "machine.txt", "--select", "fr/calqes", cwd=copy)
    assert done.returncode == Exit.USAGE
    assert done.stderr == "mtaudit: no rule has the prefix 'fr/calqes'; did you mean 'fr/calques'?\n"


def test_an_output_that_cannot_be_written_is_a_usage_error(copy: Path) -> None:
    done = mtaudit("audit", "human.txt", "--select", "fr/spacing", "-o", "absent/out.json", cwd=copy)
    assert done.returncode == Exit.USAGE
    assert len(done.stderr.splitlines()) == 1


def test_a_hostile_pattern_cannot_hang_the_run(copy: Path) -> None:
    path = copy / "own/fr/hostile/pattern.yml"
    path.parent.mkdir(parents=True)
    path.write_text(HOSTILE_RULE, encoding="utf-8")
    (copy / "long.txt").write_text("a" * 20_000 + " fin.", encoding="utf-8")
    start = time.perf_counter()
    done = mtaudit("audit", "long.txt", "--rules", "own", "--select", "fr/hostile", "-f", "json", cwd=copy)
    assert time.perf_counter() - start < 30
    assert done.returncode == Exit.CLEAN
    (skipped,) = json.loads(done.stdout)["skipped"]
    assert "fr/hostile/pattern" in skipped["reason"]


@pytest.mark.parser
def test_an_engine_that_is_required_but_off_makes_the_run_incomplete(copy: Path) -> None:
    arguments = ("audit", "human.txt", "-f", "json", "--no-engine", "parser", "--fail-on", "never")
    off = mtaudit(*arguments, cwd=copy)
    assert off.returncode == Exit.CLEAN
    assert [skipped["engine"] for skipped in json.loads(off.stdout)["skipped"]] == ["languagetool", "parser"]
    assert mtaudit(*arguments, "--engine", "parser", cwd=copy).returncode == Exit.INCOMPLETE


def test_rules_are_listed_shown_and_explained() -> None:
    listed = mtaudit("rules", "list")
    identifier = listed.stdout.splitlines()[0].split("\t")[0]
    assert identifier.startswith("fr/")
    assert "check:" in mtaudit("rules", "show", identifier).stdout
    explained = mtaudit("explain", identifier)
    assert explained.stdout.startswith(identifier)
    assert "Signalé :" in explained.stdout
    assert "faute que l’on fait aussi sans machine" in mtaudit("explain", "fr/locale/dollar-first").stdout
    assert "indice faible" in mtaudit("explain", "fr/padding/mainly").stdout
    missing = mtaudit("explain", identifier + "x")
    assert (missing.returncode, len(missing.stderr.splitlines())) == (Exit.USAGE, 1)


@pytest.mark.parser
def test_rules_test_fails_when_an_example_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "own/fr/own/one.yml"
    path.parent.mkdir(parents=True)
    path.write_text(HOSTILE_RULE.replace("[[ab]]", "[[ba]]"), encoding="utf-8")
    done = mtaudit("rules", "test", "fr/own", "--rules", str(tmp_path / "own"))
    assert done.returncode == Exit.ISSUES
    assert "found ['ab'] where ['ba'] is marked" in done.stdout or "found [] where ['ba'] is marked" in done.stdout


@pytest.mark.parser
def test_eval_reports_the_seeds(seeds: Path) -> None:
    done = mtaudit("eval", str(seeds / "gold.jsonl"), "--json")
    assert done.returncode == Exit.CLEAN
    figures = json.loads(done.stdout)
    assert figures["levels"]["must"]["marked"] == 38
    assert set(figures["categories"]) >= {"accuracy", "linguistic", "style"}


@pytest.mark.parser
def test_the_output_cannot_be_one_of_the_articles(copy: Path) -> None:
    done = mtaudit("audit", "human.txt", "--select", "fr/spacing", "-o", "human.txt", cwd=copy)
    assert done.returncode == Exit.USAGE
    assert len(done.stderr.splitlines()) == 1
    assert (copy / "human.txt").read_text(encoding="utf-8") == HUMAN
    assert sorted(path.name for path in copy.iterdir()) == ["human.txt", "machine.txt"]


def test_no_rule_left_to_run_is_a_usage_error(copy: Path) -> None:
    done = mtaudit("audit", "machine.txt", "--ignore", "fr", cwd=copy)
    assert (done.returncode, len(done.stderr.splitlines())) == (Exit.USAGE, 1)


def test_hidden_issues_still_decide_the_exit_code(copy: Path) -> None:
    arguments = ("audit", "machine.txt", "--select", "fr/locale", "-f", "json", "--fail-on", "minor")
    done = mtaudit(*arguments, "--min-severity", "critical", cwd=copy)
    assert done.returncode == Exit.ISSUES
    (article,) = json.loads(done.stdout)["articles"]
    assert not any(sentence["issues"] for sentence in article["sentences"])
    assert article["score"]["penalty"] > 0


def test_a_path_that_is_not_there_is_told_without_starting_an_engine(tmp_path: Path) -> None:
    done = mtaudit("audit", "absent.txt", cwd=tmp_path)
    assert done.returncode == Exit.INCOMPLETE
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told_in_one_line(copy: Path) -> None:
    done = mtaudit("audit", "human.txt", "--select", "fr/spacing", "-o", "/dev/full", cwd=copy)
    assert done.returncode == Exit.USAGE
    assert done.stderr.splitlines() == ["mtaudit: /dev/full: cannot be written (No space left on device)"]


def test_a_legacy_encoding_and_a_line_of_a_megabyte_are_read(copy: Path) -> None:
    text = "Le préfet a réuni les élus : « Ça suffit », dit-il.Selon lui, rien."
    (copy / "legacy.txt").write_bytes(text.encode("cp1252"))
    (copy / "line.txt").write_text("Le préfet a réuni les élus de la commune. " * 24_000, encoding="utf-8")
    done = mtaudit("audit", "legacy.txt", "line.txt", "--select", "fr/spacing", "-f", "json", cwd=copy)
    assert done.stderr == ""
    legacy, line = json.loads(done.stdout)["articles"]
    assert any(issue["text"].endswith("il.Selon") for sentence in legacy["sentences"] for issue in sentence["issues"])
    assert len(line["sentences"]) == 24_000
