"""Reports to text: the table of writers, and what all of them must do alike."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO

from mtaudit.model import Issue, Report, Sentence, Skipped, Span

#: `write(reports, stream, **options)`. Reports are taken one at a time. Every writer has the option `unreadable`, a
#: sequence of InputError that may still grow while the reports come: it is read after the last of them.
Writer = Callable[..., None]


def _terminal(reports: Iterable[Report], stream: TextIO, **options: Any) -> None:
    from mtaudit.reports.terminal import write

    write(reports, stream, **options)


def _json(reports: Iterable[Report], stream: TextIO, **options: Any) -> None:
    from mtaudit.reports.json_report import write

    write(reports, stream, **options)


def _jsonl(reports: Iterable[Report], stream: TextIO, **options: Any) -> None:
    from mtaudit.reports.json_report import write_lines

    write_lines(reports, stream, **options)


#: By the name that `--format` takes. Each imports its module when it is first called: an output costs no start-up
#: time to those who do not ask for it.
WRITERS: Mapping[str, Writer] = {"terminal": _terminal, "json": _json, "jsonl": _jsonl}


def issues_by_sentence(report: Report) -> list[tuple[Sentence, list[Issue]]]:
    """Every sentence in order, each with its issues by start.

    An issue belongs to the sentence that holds its start; between sentences, to the one before; ahead of all, to the
    first. An article without sentences counts as one, so that no issue is ever lost.
    """
    sentences = report.sentences or (Sentence(0, Span(0, len(report.article.text))),)
    starts = [sentence.span.start for sentence in sentences]
    groups: list[tuple[Sentence, list[Issue]]] = [(sentence, []) for sentence in sentences]
    for issue in sorted(report.issues, key=lambda issue: (issue.span, issue.rule)):
        groups[max(0, bisect_right(starts, issue.span.start) - 1)][1].append(issue)
    return groups


def distinct_skipped(skipped: Iterable[Skipped]) -> list[Skipped]:
    """Engines that went without, each once a reason; articles of one run mostly repeat each other."""
    return list(dict.fromkeys(skipped))
