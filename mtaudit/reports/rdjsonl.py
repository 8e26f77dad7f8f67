"""Diagnostics for reviewdog, one line of JSON each (https://github.com/reviewdog/reviewdog/tree/master/proto/rdf).

Its lines and columns count from 1; columns are bytes of UTF-8; the end of a range is the place after it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from mtaudit.errors import InputError
from mtaudit.model import Report, Severity, Span
from mtaudit.positions import Positions
from mtaudit.reports.findings import Finding, file_of, findings, has_lines, sayable

_SEVERITIES: Mapping[Severity, str] = {
    Severity.CRITICAL: "ERROR",
    Severity.MAJOR: "WARNING",
    Severity.MINOR: "INFO",
}
_SOURCE = {"name": "mtaudit"}


def write(reports: Iterable[Report], stream: TextIO, *, unreadable: Sequence[InputError] = ()) -> None:
    """Write a line for each issue as its article comes, then one for each input that could not be read."""
    for report in reports:
        positions = Positions(report.article.text)
        for found in findings(report):
            _line(_diagnostic(report, found, positions), stream)
    for error in unreadable:
        location = {"path": sayable(error.path)}
        _line({"message": error.reason, "location": location, "severity": "ERROR", "source": _SOURCE}, stream)


def _diagnostic(report: Report, found: Finding, positions: Positions) -> dict[str, Any]:
    issue = found.issue
    location: dict[str, Any] = {"path": sayable(file_of(report.article))}
    diagnostic: dict[str, Any] = {
        "message": sayable(issue.message),
        "location": location,
        "severity": _SEVERITIES[issue.severity],
        "source": _SOURCE,
        "code": {"value": issue.rule},
    }
    # Text that was taken out of a page or a feed has no place in the file: reviewdog then comments on the file.
    if has_lines(report.article):
        location["range"] = _range(issue.span, positions)
        if issue.suggestions:
            diagnostic["suggestions"] = [
                {"range": location["range"], "text": sayable(suggestion)} for suggestion in issue.suggestions
            ]
    return diagnostic


def _range(span: Span, positions: Positions) -> dict[str, Any]:
    points = (positions.byte_place(offset) for offset in span)
    start, end = ({"line": point.line, "column": point.column} for point in points)
    return {"start": start, "end": end}


def _line(diagnostic: dict[str, Any], stream: TextIO) -> None:
    json.dump(diagnostic, stream, ensure_ascii=False)
    stream.write("\n")
