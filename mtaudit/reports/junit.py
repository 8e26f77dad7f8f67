"""JUnit's XML, as Ant, Jenkins and GitLab read it: a test suite an article, a test case a rule that found something.

What the readers of this format disagree on is left out: the output keeps to what both Windy Road's schema of Ant's
format and that of Jenkins's xunit plugin allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TextIO
from xml.sax.saxutils import escape

from mtaudit.errors import InputError
from mtaudit.model import Report, Rule, Severity
from mtaudit.positions import Positions
from mtaudit.reports import distinct_skipped
from mtaudit.reports.findings import Finding, findings, judged, sayable

_WHITE = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;", '"': "&quot;"}


def write(
    reports: Iterable[Report],
    stream: TextIO,
    *,
    unreadable: Sequence[InputError] = (),
    rules: Mapping[str, Rule] | None = None,
    fail_on: Severity | None = Severity.MAJOR,
) -> None:
    """Write a suite for each article as it comes, then one of the inputs that could not be read, all failed.

    A rule whose issues are all under `fail_on` is a test that passes, and they are told in the suite's `system-out`;
    with None every test of an article passes. An article without issues has one test, which passes; an engine that
    could not run is a test that was skipped. Whether a machine translated the article is a property of its suite.
    `rules` give the titles of rules, by id.
    """
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')
    number = 0
    for report in reports:
        properties = zip(("probability", "verdict"), judged(report), strict=True)
        told = {name: str(value) for name, value in properties if value is not None}
        _suite((report.article.id, told), number, now, _article(report, rules or {}, fail_on), stream)
        number += 1
    if unreadable:
        cases = [_Case(error.path, failure=("unreadable", error.reason, error.reason)) for error in unreadable]
        _suite(("inputs that could not be read", {}), number, now, cases, stream)
    stream.write("</testsuites>\n")


class _Case:
    """A test: its name, and how it failed (kind, message, text), was skipped, or what it says though it passed."""

    __slots__ = ("failure", "name", "said", "skipped")

    def __init__(
        self, name: str, failure: tuple[str, str, str] | None = None, skipped: str | None = None, said: str = ""
    ) -> None:
        self.name = name
        self.failure = failure
        self.skipped = skipped
        self.said = said


def _article(report: Report, rules: Mapping[str, Rule], fail_on: Severity | None) -> Iterator[_Case]:
    by_rule: dict[str, list[Finding]] = {}
    for found in findings(report):
        by_rule.setdefault(found.issue.rule, []).append(found)
    if report.score.triage == "foreign":
        yield _Case("not in French", skipped=f"the article is in another language ({report.article.lang})")
    elif not by_rule:
        yield _Case("no issue")
    positions = Positions(report.article.text)
    for rule, issues in by_rule.items():
        worst = max((found.issue.severity for found in issues), key=lambda severity: severity.rank)
        told = "\n".join(_told(found, positions) for found in issues)
        if fail_on is None or worst.rank < fail_on.rank:
            yield _Case(rule, said=told)
            continue
        title = rules[rule].title if rule in rules else issues[0].issue.message
        times = f" ({len(issues)} times)" if len(issues) > 1 else ""
        yield _Case(rule, failure=(f"{worst.value}: {issues[0].issue.category}", title + times, told))
    for skipped in distinct_skipped(report.skipped):
        without = f" ({skipped.rules} rules went without)" if skipped.rules else ""
        yield _Case(f"engine: {skipped.engine}", skipped=skipped.reason + without)


def _told(found: Finding, positions: Positions) -> str:
    """« 3:12 majeure… » on one line: place, severity, words, message, suggestions."""
    line, column = positions.place(found.issue.span.start)
    issue = found.issue
    instead = " → " + " | ".join(issue.suggestions) if issue.suggestions else ""
    words = " ".join(found.text.split())
    return f"{line}:{column} [{issue.severity.value}] {words} — {issue.message}{instead}"


def _suite(head: tuple[str, Mapping[str, str]], number: int, now: str, cases: Iterable[_Case], stream: TextIO) -> None:
    """Write a suite; `head` is its name and its properties."""
    name, properties = head
    kept = list(cases)
    failed = sum(case.failure is not None for case in kept)
    skipped = sum(case.skipped is not None for case in kept)
    stream.write(
        f'<testsuite name={_quoted(name)} id="{number}" package={_quoted(name)} tests="{len(kept)}"'
        f' failures="{failed}" errors="0" skipped="{skipped}" time="0" timestamp="{now}" hostname="localhost">\n'
    )
    told = "".join(f"<property name={_quoted(key)} value={_quoted(value)}/>" for key, value in properties.items())
    stream.write(f"<properties>{told}</properties>\n" if told else "<properties/>\n")
    for case in kept:
        stream.write(f'<testcase name={_quoted(case.name)} classname={_quoted(name)} time="0"')
        if case.failure is not None:
            kind, message, text = case.failure
            stream.write(
                f">\n<failure type={_quoted(kind)} message={_quoted(message)}>{_text(text)}</failure>\n</testcase>\n"
            )
        elif case.skipped is not None:
            stream.write(f">\n<skipped message={_quoted(case.skipped)}/>\n</testcase>\n")
        else:
            stream.write("/>\n")
    said = "\n".join(case.said for case in kept if case.said)
    stream.write(f"<system-out>{_text(said)}</system-out>\n<system-err/>\n</testsuite>\n")


def _text(text: str) -> str:
    return escape(sayable(text), {"\r": "&#13;"})


def _quoted(text: str) -> str:
    return f'"{escape(sayable(text), _WHITE)}"'
