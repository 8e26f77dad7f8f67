"""Issues as rows of a table: the columns that CSV and Parquet share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from mtaudit.model import Report
from mtaudit.positions import Positions
from mtaudit.reports.findings import Finding, findings, judged, sayable
from mtaudit.reports.json_report import plain


class Row(NamedTuple):
    """An issue, what it stands in, and how its article scores.

    `start` and `end` are code points of the article's text; `line` and `column` count from 1. `suggestions` are
    likeliest first. `evidence` is JSON. `probability` and `verdict` say whether a machine translated the article; both
    are None where nothing is said.
    """

    article: str
    path: str | None
    title: str | None
    outlet: str | None
    url: str | None
    published: str | None
    lang: str
    words: int
    per_thousand: float
    triage: str
    probability: float | None = None
    verdict: str | None = None
    rule: str | None = None
    category: str | None = None
    severity: str | None = None
    confidence: float | None = None
    sentence_index: int | None = None
    region: str | None = None
    start: int | None = None
    end: int | None = None
    line: int | None = None
    column: int | None = None
    text: str | None = None
    message: str | None = None
    suggestions: tuple[str, ...] | None = None
    evidence: str | None = None
    sentence: str | None = None
    fingerprint: str | None = None
    signature: str = ""


def issue_rows(report: Report) -> Iterator[Row]:
    """A row for each issue of an article, by place."""
    bare, positions = article_row(report), Positions(report.article.text)
    for found in findings(report):
        yield _issue_row(bare, found, report.article.text, positions)


def article_row(report: Report) -> Row:
    """The row of an article without an issue."""
    article, score = report.article, report.score
    probability, verdict = judged(report)
    return Row(
        article=sayable(article.id),
        path=_sayable(article.path),
        title=_sayable(article.title),
        outlet=_sayable(article.outlet),
        url=_sayable(article.url),
        published=_sayable(article.published),
        lang=sayable(article.lang),
        words=score.words,
        per_thousand=score.per_thousand,
        triage=score.triage,
        probability=probability,
        verdict=verdict,
        signature=score.signature,
    )


def _issue_row(bare: Row, found: Finding, text: str, positions: Positions) -> Row:
    issue = found.issue
    line, column = positions.place(issue.span.start)
    return bare._replace(
        rule=issue.rule,
        category=issue.category,
        severity=issue.severity.value,
        confidence=round(issue.confidence, 4),
        sentence_index=found.sentence.index,
        region=found.region.value,
        start=issue.span.start,
        end=issue.span.end,
        line=line,
        column=column,
        text=sayable(found.text),
        message=sayable(issue.message),
        suggestions=tuple(sayable(suggestion) for suggestion in issue.suggestions),
        evidence=sayable(json.dumps(dict(issue.evidence), ensure_ascii=False, default=plain)),
        sentence=sayable(text[slice(*found.sentence.span)]),
        fingerprint=found.fingerprint,
    )


def _sayable(text: str | None) -> str | None:
    return None if text is None else sayable(text)
