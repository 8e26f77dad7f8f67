from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from mtaudit.errors import InputError
from mtaudit.model import Report, Severity
from mtaudit.reports import github
from tests.reports.newsdesk import STRIKE, Find, N, abroad, desk, judged_desk, report

COMMAND = re.compile(r"::(?P<kind>error|warning|notice) (?P<properties>[^:\r\n]*)::(?P<message>[^\r\n]*)")


def written(reports: list[Report], unreadable: list[InputError] | None = None) -> tuple[list[str], str]:
    stream, summary = io.StringIO(), io.StringIO()
    github.write(iter(reports), stream, unreadable=unreadable or [], summary=summary)
    return stream.getvalue().splitlines(), summary.getvalue()


def parsed(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner reads it."""
    found = COMMAND.fullmatch(line)
    assert found is not None, line

    def plain(text: str) -> str:
        for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            text = text.replace(code, char)
        return text

    pairs = (pair.partition("=") for pair in found["properties"].split(","))
    return found["kind"], {name: plain(value) for name, _, value in pairs}, plain(found["message"])


def test_each_issue_is_annotated_where_it_stands_gravest_first() -> None:
    lines, _ = written(desk())
    commands = [parsed(line) for line in lines]
    assert [kind for kind, _, _ in commands] == ["error", "warning", "warning", "notice", "notice", "notice"]
    for _, properties, _ in commands[:5]:
        assert properties["file"] == "copie/greve-des-eboueurs.txt"
        line = STRIKE.split("\n")[int(properties["line"]) - 1]
        words = line[int(properties["col"]) - 1 : int(properties["endColumn"])]
        assert words in {"3.5 billion", "cessions de pourparlers", "precisé", "fait sens"}
    _, properties, message = commands[3]
    assert properties["title"] == "calque (fr/calques/make-sense)"
    assert message.startswith(f"«{N}fait sens{N}»{N}: calque de l’anglais")
    assert message.endswith("\n→ a un sens | est logique")


def test_an_issue_over_two_lines_has_no_columns() -> None:
    find = Find("mal\nnommée", "fr/a/b", "style/calque", Severity.MAJOR, "Calque.")
    ((line,), _) = written([report("a.txt", "La loi mal\nnommée passe.", (find,))])
    _, properties, _ = parsed(line)
    assert (properties["line"], properties["endLine"]) == ("1", "2")
    assert "col" not in properties


def test_ten_of_a_kind_and_the_rest_is_counted() -> None:
    lines, summary = written(desk() * 8)
    *commands, last = lines
    kinds = [parsed(line)[0] for line in commands]
    assert {kind: kinds.count(kind) for kind in kinds} == {"error": 8, "warning": 10, "notice": 10}
    assert last.startswith("mtaudit: 28 of 48 findings are annotated")
    assert f"32{N}articles" in summary


def test_text_of_an_article_can_give_no_command_and_no_markup() -> None:
    hostile = "100 %\r\n::error::non, <script>alert(1)</script> | `x` **gras** [a](javascript:b)"
    find = Find(hostile, "fr/a/b", "style/calque", Severity.MAJOR, hostile, (hostile,))
    made = report("a", f"Vu : {hostile}.", (find,))
    made = replace(made, article=replace(made.article, id=hostile, path=hostile))
    error = InputError(hostile, hostile)
    lines, summary = written([made], [error])
    (_, first, message), (_, second, reason) = map(parsed, sorted(lines, reverse=True))
    assert (first["file"], second["file"], reason) == (hostile, error.path, error.reason)
    assert message == f"{hostile}\n→ {hostile}"
    assert not re.search(r"<script|\*\*gras|\[a\]|`x`|\n::|javascript:b", summary)
    table = [line for line in summary.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in table} == {7, 3}


def test_inputs_that_could_not_be_read_do_not_crowd_out_issues() -> None:
    lines, summary = written(desk(), [InputError(f"copie/{n}.txt", "the file is empty") for n in range(30)])
    commands = [parsed(line) for line in lines[:-1]]
    errors = [properties["title"] for kind, properties, _ in commands if kind == "error"]
    assert errors[0] == "nombre à l’anglaise (fr/locale/billion)"
    assert len(errors) == github.MOST
    assert lines[-1] == "mtaudit: 15 of 36 findings are annotated, 10 of a kind at most, gravest first."
    assert summary.count("the file is empty") == 30


def test_the_summary_says_how_the_articles_stand() -> None:
    _, summary = written(desk())
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in summary.splitlines() if "| à re" in line]
    assert rows == [["copie/greve&#45;des&#45;eboueurs&#46;txt", "à retraduire", "1", "2", "2", "90,3"]]
    assert f"à retraduire{N}: 1" in summary
    assert "| calque | 2 |" in summary
    assert "fr&#95;core&#95;news&#95;md is not installed" in summary


def test_the_summary_says_what_a_machine_translated() -> None:
    lines, summary = written([*judged_desk(), abroad()])
    assert lines == written(desk())[0], "a probability is no issue"
    assert f"· 2{N}traductions automatiques probables" in summary
    rows = [line for line in summary.splitlines() if line.startswith("|") and "copie" in line]
    assert [row.split("|")[7].strip() for row in rows] == [
        *(f"incertaine (41{N}%)", f"probable (94{N}%)", f"probable (87{N}%)", "non jugée", "")
    ]
    assert "automatique" not in written(desk())[1]


def test_the_summary_of_an_archive_stays_under_what_github_takes() -> None:
    made = desk()[1]
    many = [replace(made, article=replace(made.article, id=f"archive/{'x' * 200}/{n}.txt")) for n in range(4_000)]
    _, summary = written(many)
    assert len(summary.encode()) < github.SUMMARY_BYTES
    left = re.search(r"… et ([\d\u202f]+)\u00a0autres articles", summary)
    assert left is not None
    shown = sum(line.startswith("| archive") for line in summary.splitlines())
    assert shown + int(left[1].replace("\u202f", "")) == 4_000


@pytest.mark.parametrize("reports", [[], desk()[1:2]])
def test_nothing_to_annotate(reports: list[Report]) -> None:
    lines, summary = written(reports)
    assert lines == []
    assert summary.startswith("## mtaudit\n")
