"""One sentence on the terminal, its issues marked in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from rich.text import Text

from mtaudit.model import Severity, Span
from mtaudit.reports.terminal.labels import SEVERITY_STYLES
from mtaudit.reports.terminal.wrapping import fold, harmless, row_of

#: A sentence of more code points is shown around its issues only, with this much on either side.
LONGEST_SHOWN = 1_000
_AROUND = 200
_ELISION = " […] "


class Mark(NamedTuple):
    """A stretch of the sentence to be marked; `number` is None when it has no entry of its own in the list below."""

    span: Span
    severity: Severity
    number: int | None


def draw(text: str, marks: Sequence[Mark], width: int, *, coloured: bool) -> Iterator[Text]:
    """The sentence folded to `width` cells.

    In colour an issue is underlined in its place and its number follows it. Otherwise a row of tildes stands below
    each line that holds one, with the number at its head; overlapping issues get a row each. Offsets of `marks` are
    code points of `text`.
    """
    shown, placed = _around(harmless(text), sorted(marks, key=lambda mark: mark.span))
    if coloured:
        shown, placed = _numbered(shown, placed)
    waiting = deque(placed)
    begun: list[Mark] = []
    for start, end in fold(shown, width):
        while waiting and waiting[0].span.start < end:
            begun.append(waiting.popleft())
        begun = [mark for mark in begun if mark.span.end > start]
        line = Text(shown[start:end])
        here = [_within(mark, start, end) for mark in begun]
        if coloured:
            for mark in here:
                line.stylize(f"underline {SEVERITY_STYLES[mark.severity]}", *mark.span)
        yield line
        if not coloured:
            yield from (Text(row) for row in _rows(line.plain, here))


def _around(text: str, marks: list[Mark]) -> tuple[str, list[Mark]]:
    """The whole sentence, or the parts of a long one that lie around its marks."""
    if len(text) <= LONGEST_SHOWN:
        return text, marks
    parts: list[tuple[int, int]] = []
    for span in [mark.span for mark in marks] or [Span(0, 0)]:
        start, end = _part(text, span)
        if parts and start <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(parts[-1][1], end))
        else:
            parts.append((start, end))
    pieces: list[str] = []
    moved: list[Mark] = []
    waiting = deque(marks)
    size = 0
    for start, end in parts:
        pieces.append(_ELISION if pieces else _ELISION.lstrip() if start else "")
        size += len(pieces[-1])
        while waiting and waiting[0].span.start < end:
            mark = waiting.popleft()
            span = Span(mark.span.start - start + size, min(mark.span.end, end) - start + size)
            moved.append(mark._replace(span=span))
        pieces.append(text[start:end])
        size += end - start
    pieces.append(_ELISION.rstrip() if parts[-1][1] < len(text) else "")
    return "".join(pieces), moved


def _part(text: str, span: Span) -> tuple[int, int]:
    """What is shown around a mark: it, or its first part if it is long, to the blanks nearest on either side."""
    mark_end = min(span.end, span.start + LONGEST_SHOWN)
    start, end = max(0, span.start - _AROUND), min(len(text), mark_end + _AROUND)
    if start:
        start = text.find(" ", start, span.start) + 1 or start
    if end < len(text):
        blank = text.rfind(" ", mark_end, end)
        end = end if blank < 0 else blank
    return start, end


def _numbered(text: str, marks: list[Mark]) -> tuple[str, list[Mark]]:
    """The text with the number of each mark set after it."""
    labels = sorted((mark.span.end, f"[{mark.number}]") for mark in marks if mark.number is not None)
    places = [at for at, _ in labels]
    shifts = [0, *accumulate(len(label) for _, label in labels)]
    pieces: list[str] = []
    last = 0
    for at, label in labels:
        pieces += [text[last:at], label]
        last = at
    # A mark that starts where another ends comes after that one's number; a mark never takes in its own.
    moved = [
        mark._replace(
            span=Span(
                mark.span.start + shifts[bisect_right(places, mark.span.start)],
                mark.span.end + shifts[bisect_left(places, mark.span.end)],
            )
        )
        for mark in marks
    ]
    return "".join([*pieces, text[last:]]), moved


def _within(mark: Mark, start: int, end: int) -> Mark:
    """The part of a mark on one line, from that line's start; its number stays with its head."""
    number = mark.number if mark.span.start >= start else None
    return Mark(Span(max(mark.span.start, start) - start, min(mark.span.end, end) - start), mark.severity, number)


def _rows(line: str, marks: Sequence[Mark]) -> list[str]:
    """The rows of tildes below a line."""
    rows: list[str] = []
    for mark in marks:
        column, size = row_of(line, *mark.span)
        label = "" if mark.number is None else str(mark.number)
        drawn = label + "~" * (size - len(label))
        for index, row in enumerate(rows):
            if len(row) < column or (not row and not column):
                rows[index] = row.ljust(column) + drawn
                break
        else:
            rows.append(" " * column + drawn)
    return rows
