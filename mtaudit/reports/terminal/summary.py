"""What stands below the articles: the table over all of them, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text

from mtaudit.errors import InputError
from mtaudit.model import Report, Severity, Skipped
from mtaudit.reports.terminal.labels import (
    SEVERITY_LABELS,
    SEVERITY_STYLES,
    TRIAGE_LABELS,
    TRIAGE_STYLES,
    counted,
    decimal,
    interval,
    triage_count,
    whole,
)
from mtaudit.reports.terminal.wrapping import fold_text, harmless

_HEADINGS = ("mots", "crit.", "maj.", "min.", "score", "intervalle")
_COUNTED = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR)
_GAP = "  "
_SPACE = "\u00a0"


class Row(NamedTuple):
    """An article in the table; kept in place of its report, which may be large."""

    article: str
    words: int
    severities: dict[Severity, int]
    per_thousand: float
    interval: tuple[float, float]
    triage: str


def row(report: Report) -> Row:
    """The figures of an article."""
    severities = {severity: sum(issue.severity is severity for issue in report.issues) for severity in Severity}
    score = report.score
    return Row(report.article.id, score.words, severities, score.per_thousand, score.interval, score.triage)


def table(rows: Sequence[Row], width: int) -> Iterator[Text]:
    """A line for each article, or two where the terminal is narrow: its name and verdict, then its figures."""
    cells = [_figures(row) for row in rows]
    sizes = [max(map(len, column)) for column in zip(_HEADINGS, *cells, strict=True)]
    names = max(cell_len(row.article) for row in rows)
    verdicts = max(map(len, TRIAGE_LABELS.values()))
    two_lines = names + sum(sizes) + len(_GAP) * (len(sizes) + 1) + verdicts > width
    if two_lines:
        if sum(sizes) + len(_GAP) * len(sizes) > width:
            sizes.pop()
        yield Text(_aligned(_HEADINGS, sizes), "dim")
        for row, values in zip(rows, cells, strict=True):
            label = _verdict(row)
            *above, last = fold_text(f"{row.article}{_SPACE}: {label}", width)
            yield from map(Text, above)
            yield Text(last) if label.plain not in last else Text(last.removesuffix(label.plain)) + label
            yield _coloured(_aligned(values, sizes), row, sizes)
        return
    yield Text(" " * names + _aligned(_HEADINGS, sizes) + f"{_GAP}avis", "dim")
    for row, values in zip(rows, cells, strict=True):
        name = harmless(row.article)
        padded = Text(name + " " * (names - cell_len(name)))
        yield padded + _coloured(_aligned(values, sizes), row, sizes) + Text(_GAP) + _verdict(row)


def _figures(row: Row) -> tuple[str, ...]:
    return (
        whole(row.words),
        *(whole(row.severities[severity]) for severity in _COUNTED),
        decimal(row.per_thousand),
        interval(*row.interval),
    )


def _aligned(values: Sequence[str], sizes: Sequence[int]) -> str:
    return "".join(_GAP + value.rjust(size) for value, size in zip(values, sizes, strict=False))


def _verdict(row: Row) -> Text:
    return Text(TRIAGE_LABELS.get(row.triage, row.triage), TRIAGE_STYLES.get(row.triage, ""))


def _coloured(figures: str, row: Row, sizes: Sequence[int]) -> Text:
    """The figures of an article, the counts that are not nought in the colour of their severity."""
    line = Text(figures)
    at = len(_GAP) + sizes[0]
    for severity, size in zip(_COUNTED, sizes[1:], strict=False):
        at += len(_GAP)
        if row.severities[severity]:
            line.stylize(SEVERITY_STYLES[severity], at, at + size)
        at += size
    return line


def total(rows: Sequence[Row], width: int) -> Iterator[Text]:
    """All articles in a sentence."""
    verdicts = [(triage, sum(row.triage == triage for row in rows)) for triage in TRIAGE_LABELS]
    said = ", ".join(triage_count(triage, number) for triage, number in verdicts if number)
    words = counted(sum(row.words for row in rows), "mot")
    issues = severities({severity: sum(row.severities[severity] for row in rows) for severity in Severity})
    line = f"{counted(len(rows), 'article')}, {words}{_SPACE}: {issues}{_SPACE}; {said}."
    yield from map(Text, fold_text(line, width))


def severities(counts: dict[Severity, int]) -> str:
    """« 2 critiques, 1 majeure », « rien à signaler »."""
    return (
        ", ".join(counted(counts[severity], SEVERITY_LABELS[severity]) for severity in _COUNTED if counts[severity])
        or "rien à signaler"
    )


def left_out(skipped: Iterable[Skipped], unreadable: Sequence[InputError], width: int) -> Iterator[Text]:
    """Engines that could not run and inputs that could not be read; their reasons are in English, as on stderr."""
    lines = []
    for skip in skipped:
        without = f" ({counted(skip.rules, 'règle')} sans lui)" if skip.rules else ""
        lines.append(f"{skip.engine}{_SPACE}: {skip.reason}{without}")
    yield from _listed("Moteurs qui n’ont pas pu servir", lines, width)
    yield from _listed("Entrées illisibles", [f"{error.path}{_SPACE}: {error.reason}" for error in unreadable], width)


def _listed(title: str, lines: Sequence[str], width: int) -> Iterator[Text]:
    if not lines:
        return
    yield Text()
    yield Text(f"{title}{_SPACE}:", "bold")
    for line in lines:
        first, *rest = fold_text(line, width - 2)
        yield Text(f"- {first}")
        yield from (Text(f"  {part}") for part in rest)
