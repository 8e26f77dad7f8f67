"""Quotations: pairs of quotation marks, nested, reversed or left open."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from mtaudit.model import Span

_MARK = re.compile(r"[«»“”„‹›\"]")
_NEXT = re.compile(r"\s{0,3}(\.\.|\S)")
#: Which open marks a mark may close.
_CLOSES = {"»": "«", "”": "“„”", "“": "„“", "›": "‹", "«": "»", '"': '"'}
#: What stands before a mark that opens, besides a blank.
_BEFORE_OPENING = frozenset("([{«“‹„'’—–-/")
#: What follows a mark that can only close.
_NO_START = frozenset(".,;:!?)»]”")
#: Quotations nested deeper than this are noise.
_DEPTH = 4
#: A quotation that no mark closes in its paragraph may be closed in one of the next few, within this many characters.
_REACH = 4000
_FOLLOWING = 6


class Quotations(NamedTuple):
    """`spans` with their marks, in order of their start; `opens` and `closes` hold the places of all paired marks."""

    spans: tuple[Span, ...]
    opens: frozenset[int]
    closes: frozenset[int]


class _Open(NamedTuple):
    mark: str
    start: int
    paragraph: int


class _Found(NamedTuple):
    spans: list[Span]
    opens: set[int]
    closes: set[int]


def quotations(text: str, paragraphs: Sequence[Span]) -> Quotations:
    """All quotations of a text.

    A straight mark opens or closes by its surroundings and by what is open; apostrophes never quote. A mark that is
    left open quotes up to the end of its paragraph, or up to its partner in one of the next paragraphs where no
    other quotation opens between.
    """
    found = _Found([], set(), set())
    carried: _Open | None = None
    places = [match.start() for match in _MARK.finditer(text)]
    first = last = 0
    for number, paragraph in enumerate(paragraphs if places else ()):
        first, last = last, bisect_left(places, paragraph.end, last)
        marks = places[first:last]
        if not marks:
            continue
        if carried is not None and not _reaches(text, carried, marks, number):
            found.spans.append(Span(carried.start, paragraphs[carried.paragraph].end))
            carried = None
        stack = [carried] if carried is not None else []
        _pair(text, (number, paragraph), marks, stack, found)
        carried = None
        for mark in stack:
            if carried is None and mark.mark == "«":
                carried = mark
            else:
                found.spans.append(Span(mark.start, paragraphs[mark.paragraph].end))
    if carried is not None:
        found.spans.append(Span(carried.start, paragraphs[carried.paragraph].end))
    return Quotations(tuple(sorted(set(found.spans))), frozenset(found.opens), frozenset(found.closes))


def _reaches(text: str, mark: _Open, marks: Sequence[int], number: int) -> bool:
    """True when a guillemet left open earlier is closed by the first guillemet of this paragraph."""
    first = next((at for at in marks if text[at] in "«»"), None)
    if first is None:
        return number - mark.paragraph < _FOLLOWING
    return text[first] == "»" and number - mark.paragraph <= _FOLLOWING and first - mark.start <= _REACH


def _pair(text: str, numbered: tuple[int, Span], marks: Sequence[int], stack: list[_Open], found: _Found) -> None:
    """Pairs the marks of one paragraph; what stays in `stack` is open at its end."""
    number, paragraph = numbered
    #: The last », and the number of the span that it closed, if any: a « that can only close makes it an opener.
    turned: tuple[int, int | None] | None = None
    for at in marks:
        mark = text[at]
        partner = next((k for k in range(len(stack) - 1, -1, -1) if stack[k].mark in _CLOSES.get(mark, "")), None)
        opening, closing = _sides(text, at, paragraph)
        if mark == "«" and partner is None and closing:
            if turned is not None:
                _turn(turned, at, found)
                turned = None
            continue
        if partner is not None and not (mark in '"“”' and opening and not closing):
            found.closes.add(at)
            for inner in stack[partner + 1 :]:
                found.spans.append(Span(inner.start, at))
            outer = stack[partner]
            del stack[partner:]
            turned = (at, len(found.spans)) if mark == "»" else None
            found.spans.append(Span(outer.start, at + 1))
        elif mark == "»" and not (opening and not closing):
            turned = (at, None)
        elif mark not in "›" and not (mark in '"”' and closing and not opening) and len(stack) < _DEPTH:
            found.opens.add(at)
            stack.append(_Open(mark, at, number))


def _turn(turned: tuple[int, int | None], at: int, found: _Found) -> None:
    """Reads » ... « as a quotation, and the quotation that » seemed to close as going on to the same place."""
    start, closed = turned
    found.opens.add(start)
    found.closes.discard(start)
    found.closes.add(at)
    if closed is not None:
        found.spans[closed] = Span(found.spans[closed].start, at + 1)
    found.spans.append(Span(start, at + 1))


def _sides(text: str, at: int, paragraph: Span) -> tuple[bool, bool]:
    """Whether a mark looks like an opening one and like a closing one by what stands on either side.

    A guillemet takes blanks on its inner side, so only what follows it tells: nothing, or a stop.
    """
    before = text[at - 1] if at > paragraph.start else " "
    after = text[at + 1] if at + 1 < paragraph.end else " "
    if text[at] in "«‹":
        follows = _NEXT.match(text, at + 1, paragraph.end)
        return True, follows is None or (follows.group(1) in _NO_START)
    opening = (before.isspace() or before in _BEFORE_OPENING) and not (after.isspace() or after in _NO_START)
    closing = not before.isspace() and not (after.isalnum() or after in "«“‹(")
    return opening, closing
