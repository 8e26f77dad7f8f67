"""Annotations for GitHub Actions: workflow commands on standard output, and a summary in Markdown.

GitHub shows ten annotations of each kind a step and drops the rest without a word: the gravest go first, ten of a kind,
and the rest is counted. https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TextIO

from mtaudit.errors import InputError
from mtaudit.model import Report, Severity, Skipped, Verdict
from mtaudit.positions import Place, Positions
from mtaudit.reports import distinct_skipped
from mtaudit.reports.findings import GRAVEST, Finding, file_of, findings, has_lines, sayable
from mtaudit.reports.terminal.detection import verdict_label
from mtaudit.reports.terminal.labels import CATEGORY_LABELS, SEVERITY_LABELS, TRIAGE_LABELS, counted, decimal, whole

#: Annotations of one kind that a step may have.
MOST = 10
#: Bytes that GitHub takes as a summary; a longer one is refused whole.
SUMMARY_BYTES = 1_000_000

_COMMANDS: Mapping[Severity, str] = {
    Severity.CRITICAL: "error",
    Severity.MAJOR: "warning",
    Severity.MINOR: "notice",
}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = _DATA | {":": "%3A", ",": "%2C"}
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>()#+\-.!|~&$:@^=\"']")


class _Annotation(NamedTuple):
    """What is kept of an issue until all are known. `points` are None where the file has no such lines."""

    severity: Severity
    file: str
    points: tuple[Place, Place] | None
    title: str
    message: str


class _Row(NamedTuple):
    """What the summary keeps of an article."""

    name: str
    counts: Counter[Severity]
    per_thousand: float
    words: int
    triage: str
    verdict: Verdict | None
    machine: str


class _Run(NamedTuple):
    """What the summary says of a run."""

    rows: list[_Row]
    categories: Counter[str]
    skipped: list[Skipped]
    unreadable: Sequence[InputError]


def write(
    reports: Iterable[Report],
    stream: TextIO,
    *,
    unreadable: Sequence[InputError] = (),
    summary: TextIO | None = None,
) -> None:
    """Write the annotations once all reports are known, and the summary of the run to `summary`."""
    run = _Run([], Counter(), [], unreadable)
    kept: dict[Severity, list[_Annotation]] = {severity: [] for severity in GRAVEST}
    for report in reports:
        run.rows.append(_row(report))
        run.skipped.extend(report.skipped)
        run.categories.update(issue.category for issue in report.issues)
        for found in _first(report, kept):
            kept[found.severity].append(found)
    # Inputs that could not be read are errors too, and there may be many: they come after the issues that are.
    for error in unreadable[: MOST - len(kept[Severity.CRITICAL])]:
        file = sayable(error.path)
        kept[Severity.CRITICAL].append(_Annotation(Severity.CRITICAL, file, None, "mtaudit", error.reason))
    for severity in GRAVEST:
        for annotation in kept[severity]:
            stream.write(_command(annotation))
    shown = sum(map(len, kept.values()))
    total = sum(row.counts.total() for row in run.rows) + len(unreadable)
    if total > shown:
        stream.write(f"mtaudit: {shown} of {total} findings are annotated, {MOST} of a kind at most, gravest first.\n")
    if summary is not None:
        _write_summary(run, summary)


def _first(report: Report, kept: Mapping[Severity, Sequence[_Annotation]]) -> Iterator[_Annotation]:
    """The issues of an article that there may still be room for."""
    room = {severity: MOST - len(kept[severity]) for severity in kept}
    if not any(room[issue.severity] > 0 for issue in report.issues):
        return
    positions = Positions(report.article.text) if has_lines(report.article) else None
    for found in findings(report):
        if room[found.issue.severity] > 0:
            room[found.issue.severity] -= 1
            yield _annotation(report, found, positions)


def _annotation(report: Report, found: Finding, positions: Positions | None) -> _Annotation:
    issue = found.issue
    points = None
    if positions is not None:
        # The last column is that of the last character, which has to stand on the line of the one before the end.
        start, end = positions.place(issue.span.start), positions.place(max(issue.span.start, issue.span.end - 1))
        points = (start, end)
    instead = f"\n→ {' | '.join(issue.suggestions)}" if issue.suggestions else ""
    title = f"{CATEGORY_LABELS.get(issue.category, issue.category)} ({issue.rule})"
    return _Annotation(issue.severity, file_of(report.article), points, title, issue.message + instead)


def _command(annotation: _Annotation) -> str:
    properties = {"file": annotation.file}
    if annotation.points is not None:
        start, end = annotation.points
        properties |= {"line": str(start.line), "endLine": str(end.line)}
        # Columns are allowed on one line only.
        if start.line == end.line:
            properties |= {"col": str(start.column), "endColumn": str(end.column)}
    properties["title"] = annotation.title
    told = ",".join(f"{name}={_escaped(value, _PROPERTY)}" for name, value in properties.items())
    return f"::{_COMMANDS[annotation.severity]} {told}::{_escaped(annotation.message, _DATA)}\n"


def _escaped(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(char, char) for char in sayable(text))


def _row(report: Report) -> _Row:
    counts = Counter(issue.severity for issue in report.issues)
    score = report.score
    verdict = report.detection.verdict if report.detection else None
    machine = verdict_label(report.detection) if report.detection else ""
    return _Row(report.article.id, counts, score.per_thousand, score.words, score.triage, verdict, machine)


def _write_summary(run: _Run, stream: TextIO) -> None:
    """The run in Markdown: how many articles of which lane, a table of the worst, the categories, what was left out.

    It stays under the megabyte that GitHub takes: articles that do not fit are counted.
    """
    lanes = Counter(row.triage for row in run.rows)
    said = " · ".join(f"{label}\u00a0: {whole(lanes[lane])}" for lane, label in TRIAGE_LABELS.items() if lanes[lane])
    likely = sum(row.verdict is Verdict.LIKELY for row in run.rows)
    if likely:
        said += f" · {counted(likely, 'traduction automatique probable', 'traductions automatiques probables')}"
    stream.write(f"## mtaudit\n\n{counted(len(run.rows), 'article')}{' — ' + said if said else ''}\n")
    if run.rows:
        headings = [SEVERITY_LABELS[severity] + "s" for severity in GRAVEST]
        is_judged = any(row.verdict for row in run.rows)
        machine, rule = (" traduction automatique |", "---|") if is_judged else ("", "")
        stream.write(f"\n| article | avis | {' | '.join(headings)} | score |{machine}\n")
        stream.write(f"|---|---|--:|--:|--:|--:|{rule}\n")
        _write_articles(sorted(run.rows, key=lambda row: -row.per_thousand), stream, is_judged)
    if run.categories:
        stream.write("\n| catégorie | signalements |\n|---|--:|\n")
        for category, count in sorted(run.categories.items(), key=lambda item: (-item[1], item[0])):
            stream.write(f"| {_markdown(CATEGORY_LABELS.get(category, category))} | {whole(count)} |\n")
    _write_list(
        "Moteurs qui n’ont pas pu servir",
        [(skip.engine, skip.reason) for skip in distinct_skipped(run.skipped)],
        stream,
    )
    _write_list("Entrées illisibles", [(error.path, error.reason) for error in run.unreadable], stream)


def _write_articles(rows: Sequence[_Row], stream: TextIO, is_judged: bool) -> None:
    spent = 0
    for number, row in enumerate(rows):
        counts = " | ".join(whole(row.counts[severity]) for severity in GRAVEST)
        lane = TRIAGE_LABELS.get(row.triage, row.triage)
        machine = f" {row.machine} |" if is_judged else ""
        line = f"| {_markdown(row.name)} | {lane} | {counts} | {decimal(row.per_thousand)} |{machine}\n"
        spent += len(line.encode())
        if spent > SUMMARY_BYTES * 3 // 4:
            stream.write(f"\n… et {counted(len(rows) - number, 'autre article', 'autres articles')}\n")
            return
        stream.write(line)


def _write_list(title: str, items: Sequence[tuple[str, str]], stream: TextIO) -> None:
    if items:
        stream.write(f"\n**{title}**\n\n")
        stream.writelines(f"- {_markdown(name)}\u00a0: {_markdown(reason)}\n" for name, reason in items[:100])
        if len(items) > 100:
            stream.write(f"- … {whole(len(items) - 100)}\n")


def _markdown(text: str) -> str:
    """Text that Markdown and HTML leave alone, on one line."""
    return _MARKDOWN.sub(lambda char: f"&#{ord(char[0])};", " ".join(sayable(text).split()))
