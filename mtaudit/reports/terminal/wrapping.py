"""Text for a terminal: made harmless, measured in cells, folded where French lets it be folded.

rich folds at any blank, no-break spaces included, and so would leave a « : » or a « » » alone at the head of a line.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, get_character_cell_size

#: Characters that order a terminal about, or turn the order of what follows.
_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_BLANK = "\t\n\r\v\f\x85\u2028\u2029"
#: What is never folded: all but the blanks that are not no-break ones.
_UNIT = re.compile("[^ \u2002-\u2006\u2008-\u200a\u3000]+")


def harmless(text: str) -> str:
    """The text, character for character, with blanks as spaces and control characters as signs that can be seen."""
    return _HARMFUL.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    char = match[0]
    if char in _BLANK:
        return " "
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "\ufffd"


def fold(text: str, width: int) -> list[tuple[int, int]]:
    """The half-open stretches of `text` that make lines of at most `width` cells; blanks at their ends are left out.

    A word wider than the line is cut. `text` must have gone through `harmless`.
    """
    lines: list[tuple[int, int]] = []
    start = end = used = 0
    for unit in _UNIT.finditer(text):
        first, last = unit.span()
        size = cell_len(unit[0])
        gap = cell_len(text[end:first])
        if end > start and used + gap + size > width:
            lines.append((start, end))
            start = end
        if end == start:
            start, used, gap = first, 0, 0
        while size > width:
            cut, taken = _fitting(text, start, last, width)
            if cut >= last:
                break
            lines.append((start, cut))
            start, size = cut, size - taken
        used += gap + size
        end = last
    if end > start:
        lines.append((start, end))
    return lines


def _fitting(text: str, start: int, end: int, width: int) -> tuple[int, int]:
    """How far a word goes on one line, by at least one character, and the cells that this takes."""
    used = 0
    for at in range(start, end):
        size = get_character_cell_size(text[at])
        if used + size > width and at > start:
            return at, used
        used += size
    return end, used


def fold_text(text: str, width: int) -> list[str]:
    """The lines of a text that no offset points into."""
    clean = harmless(text)
    return [clean[start:end] for start, end in fold(clean, width)]


def row_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The cells that `text[start:end]` takes up when `text` is one line: the first one, and how many, at least one."""
    return cell_len(text[:start]), max(1, cell_len(text[start:end]))
