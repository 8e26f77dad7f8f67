"""What stands below the articles: the table over all of them, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text

from mtaudit.errors import InputError
from mtaudit.model import Report, Severity, Skipped, Verdict
from mtaudit.reports.terminal.detection import UNJUDGED, VERDICT_LABELS, VERDICT_STYLES
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
#: Over the verdicts on machine translation.
_MACHINE = "trad. auto."
_SIGN = " *"
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
    verdict: Verdict | None = None


def row(report: Report) -> Row:
    """The figures of an article."""
    severities = {severity: sum(issue.severity is severity for issue in report.issues) for severity in Severity}
    score = report.score
    verdict = report.detection.verdict if report.detection else None
    return Row(report.article.id, score.words, severities, score.per_thousand, score.interval, score.triage, verdict)


def table(rows: Sequence[Row], width: int) -> Iterator[Text]:
    """A line for each article, or two where the terminal is narrow: its name and verdict, then its figures.

    Whether a machine translated it has a column where there is room for one; without, a sign says that it is likely.
    """
    cells = [_figures(row) for row in rows]
    sizes = [max(map(len, column)) for column in zip(_HEADINGS, *cells, strict=True)]
    names = max(cell_len(row.article) for row in rows)
    figures = names + sum(sizes) + len(_GAP) * (len(sizes) + 1)
    verdicts = max(map(len, TRIAGE_LABELS.values()))
    machine = len(_GAP) + max(map(len, (_MACHINE, *VERDICT_LABELS.values()))) if any(row.verdict for row in rows) else 0
    has_column = 0 < machine <= width - figures - verdicts
    signed = [_verdict(row) + ("" if has_column or row.verdict is not Verdict.LIKELY else _SIGN) for row in rows]
    if figures + max(verdicts, *map(len, signed)) > width:
        yield from _on_two_lines(rows, cells, sizes, width)
        return
    heading = f"{_GAP}{'avis'.ljust(verdicts)}{_GAP}{_MACHINE}" if has_column else f"{_GAP}avis"
    yield Text(" " * names + _aligned(_HEADINGS, sizes) + heading, "dim")
    for row, values, triage in zip(rows, cells, signed, strict=True):
        name = harmless(row.article)
        line = (
            Text(name + " " * (names - cell_len(name))) + _coloured(_aligned(values, sizes), row, sizes) + _GAP + triage
        )
        if has_column:
            line += Text(" " * (verdicts - len(triage)) + _GAP) + _machine(row)
        line.rstrip()
        yield line
    if any(_SIGN in triage.plain for triage in signed):
        yield Text(f"{_SIGN.strip()} traduction automatique probable", "dim")


def _on_two_lines(rows: Sequence[Row], cells: Sequence[Sequence[str]], sizes: list[int], width: int) -> Iterator[Text]:
    if sum(sizes) + len(_GAP) * len(sizes) > width:
        sizes.pop()
    yield Text(_aligned(_HEADINGS, sizes), "dim")
    for row, values in zip(rows, cells, strict=True):
        label = _verdict(row)
        if row.verdict is Verdict.LIKELY:
            label = Text.assemble(label, f", {_MACHINE} ", _machine(row))
        *above, last = fold_text(f"{row.article}{_SPACE}: {label.plain}", width)
        yield from map(Text, above)
        yield Text(last) if label.plain not in last else Text(last.removesuffix(label.plain)) + label
        yield _coloured(_aligned(values, sizes), row, sizes)


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


def _machine(row: Row) -> Text:
    if row.verdict is None:
        return Text("" if row.triage == "foreign" else UNJUDGED, "dim")
    return Text(VERDICT_LABELS[row.verdict], VERDICT_STYLES[row.verdict])


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
    likely = sum(row.verdict is Verdict.LIKELY for row in rows)
    if likely:
        label = counted(likely, "traduction automatique probable", "traductions automatiques probables")
        said += f"{_SPACE}; {label}"
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
