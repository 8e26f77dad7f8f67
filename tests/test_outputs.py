"""Where reports go."""

from __future__ import annotations

import errno
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtaudit.errors import InputError, UsageError
from mtaudit.model import Report
from mtaudit.outputs import Output, outputs_of, write_outputs
from mtaudit.reports import WRITERS
from tests.reports.newsdesk import desk


@pytest.mark.parametrize(
    ("files", "formats", "outputs"),
    [
        ([], [], [("terminal", None)]),
        ([], ["json"], [("json", None)]),
        (["-"], ["sarif"], [("sarif", None)]),
        (["report.html", "audit.sarif"], [], [("html", "report.html"), ("sarif", "audit.sarif")]),
        (["report.html", "-"], [], [("html", "report.html"), ("terminal", None)]),
        (["audit.json"], ["sarif"], [("sarif", "audit.json")]),
        (["a.out", "b.out"], ["csv", "junit"], [("csv", "a.out"), ("junit", "b.out")]),
        (["rapport"], [], [("terminal", "rapport")]),
    ],
)
def test_the_name_says_the_format_and_the_option_overrides_it(
    files: list[str], formats: list[str], outputs: list[tuple[str, str | None]]
) -> None:
    expected = tuple(Output(name, None if file is None else Path(file)) for name, file in outputs)
    assert outputs_of([Path(file) for file in files], formats) == expected


@pytest.mark.parametrize(
    ("files", "formats", "said"),
    [
        (["audit.pdf"], [], "audit.pdf: the name says no format"),
        ([], ["json", "csv"], "given 2 times for 0 files"),
        (["a.json", "b.json", "c.json"], ["json", "csv"], "given 2 times for 3 files"),
        (["a.json", "./a.json"], [], "two reports cannot go to a.json"),
        (["-", "-"], [], "two reports cannot go to standard output"),
    ],
)
def test_what_does_not_go_together_is_refused(files: list[str], formats: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        outputs_of([Path(file) for file in files], formats)


def test_several_outputs_come_from_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = []

    def reports() -> Iterator[Report]:
        for made in desk():
            drawn.append(made)
            yield made

    files = [tmp_path / name for name in ("rapport.html", "audit.sarif", "audit.parquet")]
    write_outputs(reports(), outputs_of([*files, Path("-")], []), unreadable=[], rules={}, show_all=False)
    assert len(drawn) == 4
    assert "copie/greve-des-eboueurs.txt" in capsys.readouterr().out
    assert files[0].read_text(encoding="utf-8").startswith("<!doctype html>")
    assert len(json.loads(files[1].read_text(encoding="utf-8"))["runs"][0]["results"]) == 6
    assert files[2].read_bytes().startswith(b"PAR1")
    assert {path.name for path in tmp_path.iterdir()} == {file.name for file in files}


def test_no_file_appears_when_the_run_breaks_off(tmp_path: Path) -> None:
    def reports() -> Iterator[Report]:
        yield desk()[0]
        raise RuntimeError("our bug")

    (tmp_path / "audit.sarif").write_text("from yesterday", encoding="utf-8")
    outputs = outputs_of([tmp_path / "rapport.html", tmp_path / "audit.sarif"], [])
    with pytest.raises(RuntimeError, match="our bug"):
        write_outputs(reports(), outputs, unreadable=[], rules={})
    assert [path.name for path in tmp_path.iterdir()] == ["audit.sarif"]
    assert (tmp_path / "audit.sarif").read_text(encoding="utf-8") == "from yesterday"


def test_the_output_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    outputs = outputs_of([tmp_path / "a.json", tmp_path / "b.csv", tmp_path / "c.html"], [])
    monkeypatch.setattr("mtaudit.reports.csv_report.write", full)
    with pytest.raises(InputError, match=r"b\.csv: cannot be written \(No space left on device\)"):
        write_outputs(desk(), outputs, unreadable=[])
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="absent"):
        write_outputs(desk(), outputs_of([tmp_path / "absent" / "a.json"], []), unreadable=[])


def test_programs_get_utf_8_on_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    write_outputs(desk(), [Output("json", None)], unreadable=[])
    assert "précisé" in raw.getvalue().decode("utf-8")


def test_the_summary_of_a_step_is_added_where_github_wants_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("Earlier step.\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    write_outputs(desk(), outputs_of([], ["github"]), unreadable=[])
    assert capsys.readouterr().out.startswith("::error file=copie/greve-des-eboueurs.txt,")
    assert summary.read_text(encoding="utf-8").startswith("Earlier step.\n## mtaudit\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "absent" / "summary.md"))
    with pytest.raises(InputError, match="absent"):
        write_outputs(desk(), outputs_of([], ["github"]), unreadable=[])
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    write_outputs(desk(), outputs_of([], ["github"]), unreadable=[])


def test_the_command_knows_every_format() -> None:
    from mtaudit.options import Format

    assert [wanted.value for wanted in Format] == list(WRITERS)


def test_bytes_do_not_go_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(UsageError, match="name a file with --output"):
        outputs_of([], ["parquet"])
