"""The report that an editor reads: what to correct, sentence by sentence, then how each article stands.

Its words are French. Text of an article never reaches the terminal unchecked: control characters are shown as signs.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from rich.console import Console
from rich.style import Style
from rich.text import Text

from mtaudit.errors import InputError
from mtaudit.model import Issue, Report, Sentence, Skipped, Span
from mtaudit.positions import Positions
from mtaudit.reports import distinct_skipped, issues_by_sentence, round_trip_of
from mtaudit.reports.terminal import summary
from mtaudit.reports.terminal.detection import deserves_a_line, detection_lines, statement, translated_from
from mtaudit.reports.terminal.labels import (
    CATEGORY_LABELS,
    ROUND_TRIP_LABELS,
    SEVERITY_LABELS,
    SEVERITY_STYLES,
    TRIAGE_LABELS,
    TRIAGE_STYLES,
    counted,
    decimal,
    in_language,
    interval,
    on_lines,
)
from mtaudit.reports.terminal.sentences import Mark, draw
from mtaudit.reports.terminal.wrapping import fold_text

#: Columns when the output is no terminal and COLUMNS is not set; and the fewest that the report is made for.
DEFAULT_WIDTH = 100
MIN_WIDTH = 40

_MOST_SUGGESTIONS = 3
_MOST_LINES = 6
_SPACE = "\u00a0"
#: Between the items of a line; it ends a line and never begins one.
_DOT = "\u00a0· "


class _Page(NamedTuple):
    """How the report is drawn: cells to a line, whether in colour, whether with the sentences that have no issue."""

    width: int
    coloured: bool
    show_all: bool


def write(
    reports: Iterable[Report],
    stream: TextIO,
    *,
    unreadable: Sequence[InputError] = (),
    show_all: bool = False,
    width: int | None = None,
    colour: bool | None = None,
) -> None:
    """Write each article as it comes, then the table.

    `show_all` prints the sentences without issues too. `width` is in columns (the terminal's when None). `colour`
    None means: when `stream` is a terminal and NO_COLOR is not set; without it the output has no escape sequence.
    """
    page = _Page(
        max(MIN_WIDTH, shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns if width is None else width),
        _has_colour(stream) if colour is None else colour,
        show_all,
    )
    emit = _printer(stream, page.coloured)
    rows: list[summary.Row] = []
    skipped: list[Skipped] = []
    was_clean = True
    for report in reports:
        is_clean = not report.issues and not show_all
        if rows and not (is_clean and was_clean):
            emit([Text()])
        emit(_clean_article(report, page) if is_clean else _article(report, page))
        rows.append(summary.row(report))
        skipped += report.skipped
        was_clean = is_clean
    if len(rows) > 1:
        emit([Text(), *summary.table(rows, page.width), Text(), *summary.total(rows, page.width)])
    emit(summary.left_out(distinct_skipped(skipped), unreadable, page.width))


def _has_colour(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _printer(stream: TextIO, coloured: bool) -> Callable[[Iterable[Text]], None]:
    """A function that prints lines as they are: nothing in them is markup, emoji codes or folded again."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    console = Console(file=io.StringIO(), force_terminal=True, no_color=False, legacy_windows=False)

    def emit(lines: Iterable[Text]) -> None:
        if coloured:
            with console.capture() as captured:
                for line in lines:
                    console.print(line, soft_wrap=True, highlight=False, markup=False, emoji=False)
            page = captured.get()
        else:
            page = "".join(f"{line.plain}\n" for line in lines)
        # A terminal that cannot show French still gets the rest of the report.
        stream.write(page.encode(encoding, "replace").decode(encoding))
        stream.flush()

    return emit


def _clean_article(report: Report, page: _Page) -> Iterator[Text]:
    if report.score.triage == "foreign":
        said = f"{report.article.id}{_SPACE}: laissé de côté, {in_language(report.article.lang)}"
        for line in fold_text(said, page.width):
            yield Text(line, TRIAGE_STYLES["foreign"])
        return
    verdict = TRIAGE_LABELS.get(report.score.triage, report.score.triage)
    words = counted(report.score.words, "mot")
    is_silent = not deserves_a_line(report.detection)
    said = "rien à signaler" if is_silent else "aucune faute relevée"
    for line in fold_text(f"{report.article.id}{_SPACE}: {said} ({words}, {verdict})", page.width):
        yield Text(line, "green")
    if not is_silent:
        yield from detection_lines(report.detection, Positions(report.article.text), page.width, everything=False)


class _Sheet(NamedTuple):
    """An article being drawn. `repeats` maps what makes issues alike to all of them, in order."""

    report: Report
    lines: Positions
    repeats: dict[tuple[object, ...], list[Issue]]
    gutter: int

    def alike(self, issue: Issue) -> list[Issue]:
        return self.repeats[_likeness(issue, self.report)]


def _article(report: Report, page: _Page) -> Iterator[Text]:
    """A heading, the sentences that have issues with what is said of them, the verdict."""
    groups = issues_by_sentence(report)
    lines = Positions(report.article.text)
    last_line = lines.place(groups[-1][0].span.start).line
    repeats: dict[tuple[object, ...], list[Issue]] = {}
    for _, issues in groups:
        for issue in issues:
            repeats.setdefault(_likeness(issue, report), []).append(issue)
    sheet = _Sheet(report, lines, repeats, max(4, len(str(last_line)) + 1))
    yield from _heading(report, page)
    for sentence, issues in groups:
        listed = [issue for issue in issues if sheet.alike(issue)[0] is issue]
        if listed or page.show_all:
            yield Text()
            yield from _sentence(sheet, sentence, issues, page)
            for number, issue in enumerate(listed, start=1):
                yield from _entry(sheet, issue, number if len(issues) > 1 else None, page)
    yield Text()
    yield from _verdict(report, page)
    yield from detection_lines(report.detection, lines, page.width, everything=page.show_all)


def _likeness(issue: Issue, report: Report) -> tuple[object, ...]:
    """What is said once an article: the same rule saying the same of the same words."""
    text = report.article.text[issue.span.start : issue.span.end]
    return issue.rule, text.casefold(), issue.message.casefold(), issue.suggestions


def _heading(report: Report, page: _Page) -> Iterator[Text]:
    article = report.article
    style = Style(bold=True)
    if page.coloured and article.path is not None:
        style += Style(link=Path(article.path).absolute().as_uri())
    title = f" — {article.title}" if article.title else ""
    for line in fold_text(article.id + title, page.width):
        yield Text(line, style)


def _sentence(sheet: _Sheet, sentence: Sentence, issues: Sequence[Issue], page: _Page) -> Iterator[Text]:
    """The sentence beside the number of its line, every issue in it marked."""
    text = sheet.report.article.text
    # An issue may begin between this sentence and the next: what lies there is shown with it.
    end = max([sentence.span.end, *(min(issue.span.end, issue.span.start + 80) for issue in issues)])
    start = min([sentence.span.start, *(issue.span.start for issue in issues)])
    listed = [issue for issue in issues if sheet.alike(issue)[0] is issue]
    numbers = {id(issue): number for number, issue in enumerate(listed, start=1)} if len(issues) > 1 else {}
    marks = [
        Mark(
            Span(issue.span.start - start, min(issue.span.end, end) - start),
            issue.severity,
            numbers.get(id(issue)),
        )
        for issue in issues
    ]
    label = str(sheet.lines.place(sentence.span.start).line)
    width = page.width - sheet.gutter - 3
    for line in draw(text[start:end], marks, width, coloured=page.coloured):
        row = Text.assemble((f"{label:>{sheet.gutter}} │ ", "dim"), line)
        row.rstrip()
        yield row
        label = ""


def _entry(sheet: _Sheet, issue: Issue, number: int | None, page: _Page) -> Iterator[Text]:
    """What is said of an issue: how grave, of what kind, by which rule; the message; what to write."""
    indent = " " * (sheet.gutter + 3)
    label = "" if number is None else f"[{number}] "
    grave = SEVERITY_LABELS[issue.severity]
    kind = CATEGORY_LABELS.get(issue.category, issue.category)
    head = f"{label}{grave}{_DOT}{kind} ({issue.category}){_DOT}{issue.rule}"
    width = page.width - len(indent + label)
    for index, part in enumerate(fold_text(head, width)):
        line = Text(indent + (" " * len(label) if index else "") + part, "dim")
        if index == 0:
            line.stylize(f"not dim {SEVERITY_STYLES[issue.severity]}", len(indent), len(indent + label + grave))
            line.stylize("not dim", len(indent + label + grave), len(f"{indent}{label}{grave}{_DOT}{kind}"))
        yield line
    indent += " " * len(label)
    width = page.width - len(indent)
    yield from (Text(indent + part) for part in fold_text(issue.message + _times(sheet, issue), width))
    for suggestion in issue.suggestions[:_MOST_SUGGESTIONS]:
        first, *rest = fold_text(f"→{_SPACE}{suggestion}", width) or ["→"]
        yield Text(indent + first, "green")
        yield from (Text(f"{indent}  {part}", "green") for part in rest)
    for label, text in zip(ROUND_TRIP_LABELS, round_trip_of(issue) or (), strict=False):
        first, *rest = fold_text(f"{label}{_SPACE}: {text}", width)
        yield Text(indent + first, "dim")
        yield from (Text(f"{indent}  {part}", "dim") for part in rest)


def _times(sheet: _Sheet, issue: Issue) -> str:
    """« (3 fois : lignes 2, 5 et 9) » for an issue that is found again further on."""
    alike = sheet.alike(issue)
    if len(alike) == 1:
        return ""
    numbers = (sheet.lines.place(other.span.start).line for other in alike)
    return f" ({len(alike)}{_SPACE}fois{_SPACE}: {on_lines(numbers, _MOST_LINES)})"


def _verdict(report: Report, page: _Page) -> Iterator[Text]:
    score = report.score
    origin = translated_from(report.detection.origin) if report.detection and not statement(report.detection) else ""
    triage = TRIAGE_LABELS.get(score.triage, score.triage)
    said = (
        f"{triage}{_DOT}{decimal(score.per_thousand)}{_SPACE}points pour 1{_SPACE}000{_SPACE}mots "
        f"(intervalle à 95{_SPACE}%{_SPACE}: {interval(*score.interval)}){_DOT}{counted(score.words, 'mot')}{_DOT}"
        f"{summary.severities(summary.row(report).severities)}{_DOT + origin if origin else ''}"
    )
    for index, part in enumerate(fold_text(said, page.width - 2)):
        line = Text(f"  {part}")
        if index == 0:
            line.stylize(f"bold {TRIAGE_STYLES.get(score.triage, '')}".strip(), 2, 2 + len(triage))
        yield line
