from __future__ import annotations

import inspect
import io
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from mtaudit.model import Issue, Report, Sentence, Severity, Skipped, Span
from mtaudit.reports import WRITERS, distinct_skipped, format_of, issues_by_sentence
from tests.reports.newsdesk import CLEAN, desk, report


def issue(start: int, end: int) -> Issue:
    return Issue("fr/words/unknown", Span(start, end), "Mot inconnu.", "linguistic/nonword", Severity.MINOR)


@pytest.mark.parametrize(
    ("start", "sentence"),
    [(0, 0), (4, 0), (8, 0), (10, 0), (12, 1), (25, 1), (39, 1)],
    ids=["ahead of all", "first letter", "inside", "between", "second", "end of second", "after all"],
)
def test_issue_goes_to_the_sentence_of_its_start_or_the_one_before(start: int, sentence: int) -> None:
    made = replace(
        report("a.txt", "x" * 40),
        sentences=(Sentence(0, Span(4, 10)), Sentence(1, Span(12, 30))),
        issues=(issue(start, 40),),
    )
    assert [len(issues) for _, issues in issues_by_sentence(made)] == [int(sentence == 0), int(sentence == 1)]


def test_issues_of_a_sentence_come_by_start() -> None:
    made = replace(report("a.txt", CLEAN), issues=(issue(20, 25), issue(3, 9), issue(12, 14)))
    groups = issues_by_sentence(made)
    assert [found.span.start for _, issues in groups for found in issues] == [3, 12, 20]


def test_no_issue_is_lost_without_sentences() -> None:
    made = replace(report("a.txt", CLEAN), sentences=(), issues=(issue(3, 9),))
    assert [(sentence.span, len(issues)) for sentence, issues in issues_by_sentence(made)] == [((0, len(CLEAN)), 1)]


def test_an_engine_is_named_once_for_each_reason() -> None:
    parser = Skipped("parser", "not installed", 3)
    other = Skipped("parser", "2 sentence(s) too long", 0)
    assert distinct_skipped([parser, other, parser]) == [parser, other]


def written(name: str, reports: list[Report], **told: Any) -> str:
    """What a format makes of reports, as text."""
    if name == "parquet":
        table = io.BytesIO()
        WRITERS[name].write(iter(reports), table, **told)
        return str(pytest.importorskip("pyarrow.parquet").read_table(io.BytesIO(table.getvalue())).to_pylist())
    stream = io.StringIO()
    WRITERS[name].write(iter(reports), stream, **told)
    return stream.getvalue()


#: Formats in which an article without issues leaves no trace.
ISSUES_ONLY = {"csv", "github", "rdjsonl"}


@pytest.mark.parametrize("name", WRITERS)
def test_every_writer_writes_every_article_and_takes_no_article_at_all(name: str) -> None:
    told: dict[str, Any] = {
        "unreadable": [],
        "rules": {},
        "fail_on": Severity.MAJOR,
        "summary": None,
        "show_all": False,
    }
    output = written(name, desk(), **told)
    for made in desk():
        assert (made.article.id in output) is (bool(made.issues) or name not in ISSUES_ONLY)
    written(name, [], **told)


@pytest.mark.parametrize("name", ["terminal", "jsonl", "csv", "rdjsonl", "junit", "sarif", "html"])
def test_articles_are_written_as_they_come(name: str) -> None:
    stream = io.StringIO()

    def reports() -> Iterator[Report]:
        first, second, *_ = desk()
        yield first
        assert first.article.id in stream.getvalue()
        yield second

    WRITERS[name].write(reports(), stream)


@pytest.mark.parametrize("name", WRITERS)
def test_a_format_takes_what_it_says_it_takes(name: str) -> None:
    writer = WRITERS[name]
    function = getattr(import_module(f"mtaudit.reports.{writer.module}"), writer.name)
    assert writer.takes <= set(inspect.signature(function).parameters)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("audit.SARIF", "sarif"),
        ("audit.sarif.json", "sarif"),
        ("audit.json", "json"),
        ("audit.jsonl", "jsonl"),
        ("audit.rdjsonl", "rdjsonl"),
        ("copie.htm", "html"),
        ("audit.pdf", None),
        ("sarif", None),
    ],
)
def test_the_end_of_a_name_says_the_format(file: str, name: str | None) -> None:
    assert format_of(file) == name
