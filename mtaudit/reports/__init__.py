"""Reports to text or bytes: the table of writers, and what all of them must do alike."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import IO, Any, NamedTuple

from mtaudit.model import Issue, Report, Sentence, Skipped, Span


class Writer(NamedTuple):
    """A format: the function that writes it, by module and name, and what files of it are called.

    `takes` names what the function wants to be told of the run: `unreadable` (a sequence of InputError that may still
    grow while the reports come: it is read after the last of them), `rules` (those of the run, by id), `fail_on` (the
    severity from which the run fails, or None), `baseline` (what is left of an earlier log), `summary` (a stream for
    the step summary), `show_all`.
    """

    module: str
    name: str = "write"
    suffixes: tuple[str, ...] = ()
    takes: frozenset[str] = frozenset({"unreadable"})
    binary: bool = False

    def write(self, reports: Iterable[Report], stream: IO[Any], **told: Any) -> None:
        """Writes the reports, which are taken one at a time; what the format does not take is left out.

        The module is imported here: an output costs no start-up time to those who do not ask for it.
        """
        function: Callable[..., None] = getattr(import_module(f"mtaudit.reports.{self.module}"), self.name)
        function(reports, stream, **{name: value for name, value in told.items() if name in self.takes})


_RULED = frozenset({"unreadable", "rules"})

#: By the name that `--format` takes.
WRITERS: Mapping[str, Writer] = {
    # On a terminal, standard error names what could not be read.
    "terminal": Writer("terminal", suffixes=(".txt",), takes=frozenset({"show_all", "width", "colour"})),
    "html": Writer("html_report", suffixes=(".html", ".htm"), takes=_RULED),
    "json": Writer("json_report", suffixes=(".json",)),
    "jsonl": Writer("json_report", "write_lines", suffixes=(".jsonl", ".ndjson")),
    "csv": Writer("csv_report", suffixes=(".csv",)),
    "parquet": Writer("parquet_report", suffixes=(".parquet",), binary=True),
    "sarif": Writer("sarif", suffixes=(".sarif", ".sarif.json"), takes=_RULED | {"baseline"}),
    "junit": Writer("junit", suffixes=(".xml",), takes=_RULED | {"fail_on"}),
    "github": Writer("github", takes=frozenset({"unreadable", "summary"})),
    "rdjsonl": Writer("rdjsonl", suffixes=(".rdjsonl",)),
}


def format_of(name: str) -> str | None:
    """The format that a file's name asks for by its end, None when it asks for none."""
    ends = ((suffix, key) for key, writer in WRITERS.items() for suffix in writer.suffixes)
    fitting = [(len(suffix), key) for suffix, key in ends if name.lower().endswith(suffix)]
    return max(fitting)[1] if fitting else None


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


def round_trip_of(issue: Issue) -> tuple[str, str] | None:
    """The English and the French that a translation model made of the issue's sentence, where the issue carries them.

    A round trip that only confirms what another check found stands in the evidence of that.
    """
    for evidence in (issue.evidence, issue.evidence.get("roundtrip")):
        if isinstance(evidence, Mapping) and "pivot" in evidence and "round_trip" in evidence:
            return str(evidence["pivot"]), str(evidence["round_trip"])
    return None
