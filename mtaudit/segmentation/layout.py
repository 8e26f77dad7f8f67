"""Lines and paragraphs: which line ends are the writer's, and which only the width of a column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from mtaudit.model import Span
from mtaudit.segmentation.conventions import Conventions

#: One class of characters first, since `re` leaps to such; a line feed after a carriage return belongs to it.
_LINE_END = re.compile(r"[\n\r\v\f\x85\u2028\u2029](?:(?<=\r)\n)?")
_MARKER = re.compile(r"(?:[*•◦▪■►▶●✓➤→·]|[-–—+](?=\s)|\d{1,3}[.)](?=\s)|[a-zA-Z]\)(?=\s)|#{1,6}\s|>\s|\|)")
_FIRST = re.compile(r"\S{1,40}")
_DASH = re.compile(r"[-–—]\s+[^\W\d_]")
_LEAD = re.compile(r"[«“\"‹(\[„‘\s]{0,6}(.)")
_FINAL = re.compile(r"[.!?…][»”\"›’')\]\s]{0,6}\Z")
#: What that pattern matches at most.
_LONGEST_FINAL = 7

#: Widths between which a block of lines may have been wrapped (columns).
_NARROW, _WIDE = 60, 130
#: A block of two lines wider than this is a heading and its paragraph rather than a wrapped one.
_USUAL = 90


class _Line(NamedTuple):
    start: int
    end: int


def paragraphs(text: str, conventions: Conventions) -> list[Span]:
    """The paragraphs of a text, without the blanks around them, in order.

    A paragraph is what stands between line ends that the writer meant: several lines when they were wrapped at
    the width of a column, else one.
    """
    found: list[Span] = []
    for block in _blocks(text):
        width = _width(text, block)
        start, end = block[0]
        for number, line in enumerate(block[1:], 1):
            shape = (width, len(block), number == 1)
            if not _continues(text, block[number - 1], line, shape, conventions):
                found.append(Span(start, end))
                start = line.start
            end = line.end
        found.append(Span(start, end))
    return found


def _width(text: str, block: list[_Line]) -> int:
    """The width at which a block was wrapped, or 0 when each of its lines is a paragraph of its own.

    A wrapped block has at least one line that stops in mid-sentence only because its next word had no room.
    """
    widest = max(line.end - line.start for line in block)
    if widest < _NARROW:
        return widest
    if widest > _WIDE:
        return 0
    for before, after in pairwise(block):
        room = widest - (before.end - before.start)
        word = _FIRST.match(text, after.start)
        if word is not None and len(word.group()) + 1 > room and not _is_finished(text, before):
            return widest
    return 0


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Runs of lines that no blank line parts."""
    block: list[_Line] = []
    for start, end in _lines(text):
        line = text[start:end]
        kept = line.lstrip()
        if kept:
            first = end - len(kept)
            block.append(_Line(first, first + len(kept.rstrip())))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _LINE_END.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _continues(text: str, before: _Line, after: _Line, shape: tuple[int, int, bool], conventions: Conventions) -> bool:
    """True when the second line goes on with the first; `shape`: the block's width, its lines, "at its top"."""
    widest, lines, top = shape
    head = text[after.start : min(after.end, after.start + 48)]
    length = before.end - before.start
    last = text[max(before.start, before.end - 48) : before.end].rsplit(None, 1)[-1]
    word = head.split(None, 1)[0]
    filled = _NARROW <= widest <= _WIDE and length + 1 + len(word) > widest
    finished = _is_finished(text, before)
    unfinished = last.lower() in conventions.unfinished or last.endswith(("'", "’"))
    if finished and not filled and not unfinished:
        # Whatever else is asked below: so end most lines of the press, and asking costs more than all the rest.
        return False
    lead = _LEAD.match(head)
    small = lead is not None and lead.group(1).islower()
    if _MARKER.match(head) and not (filled and _DASH.match(head) and not finished):
        return False
    if text.startswith("#", before.start) or _stands_alone(text, before, conventions):
        return False
    if _stands_alone(text, after, conventions):
        return False
    if unfinished:
        return True
    if finished:
        return filled
    if last.endswith((";", ":")):
        return filled
    if last.endswith("-") and small and len(last) > 2:
        return True
    if last.endswith(",") and small:
        return True
    if filled:
        if small:
            return True
        opener = word.rstrip("’'") in conventions.openers or word.partition("’")[0] in conventions.openers
        return not (top and opener) and (lines > 2 or widest <= _USUAL)
    if small:
        short = after.end - after.start < 25 and not _is_finished(text, after)
        return (length >= 40 and not short) or (30 <= widest < _NARROW and length + 1 + len(word) > widest)
    return False


def _is_finished(text: str, line: _Line) -> bool:
    """True for a line that ends in a stop, marks that close after it apart."""
    return _FINAL.search(text, max(line.start, line.end - _LONGEST_FINAL), line.end) is not None


def _stands_alone(text: str, line: _Line, conventions: Conventions) -> bool:
    """True for a line that is metadata or page furniture by its shape."""
    if line.end - line.start > 160:
        return False
    content = text[line.start : line.end]
    return bool(
        conventions.metadata.fullmatch(content)
        or conventions.boilerplate.match(content)
        or conventions.tags.match(content)
    )
