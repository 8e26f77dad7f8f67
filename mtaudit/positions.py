"""Offsets, lines and columns, UTF-16 units, UTF-8 bytes: the sole owner of all conversions between them.

Inside mtaudit a position is an offset in Unicode code points. Editors and other programs count otherwise: lines and
columns from 1, UTF-16 units (Language Server Protocol, JavaScript), bytes of UTF-8. A text with lone surrogates, which
no valid file gives, is counted as if each were encoded on its own (1 unit, 3 bytes).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\r|\n")
#: Code points between two entries of the table of bytes and units.
_STEP = 256


class Place(NamedTuple):
    """A line and a column, both counted from 1; the column counts code points."""

    line: int
    column: int


class Positions:
    """The conversions over one text; tables are made once, in linear time.

    Every method takes a position between the start and the end of the text, the end itself included, and raises
    ValueError for any other, for one inside a surrogate pair, and for one inside the bytes of a character.
    Lines end with `\\n`, `\\r\\n` or a lone `\\r`; the place of a line end is a column of the line that it ends.
    """

    __slots__ = ("_bytes", "_lines", "_text", "_units")

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(match.end() for match in _LINE_END.finditer(text))]
        ascii_only = text.isascii()
        self._units: list[int] | None = None
        self._bytes: list[int] | None = None
        if not ascii_only:
            self._units, self._bytes = _tables(text)

    @property
    def lines(self) -> int:
        """How many lines the text has; an empty text has one, and so has what follows the last line end."""
        return len(self._lines)

    def place(self, offset: int) -> Place:
        """The line and column of an offset."""
        self._check(offset, len(self._text), "offset")
        line = bisect_right(self._lines, offset)
        return Place(line, offset - self._lines[line - 1] + 1)

    def byte_place(self, offset: int) -> Place:
        """The line and column of an offset; the column counts bytes of UTF-8."""
        line, column = self.place(offset)
        return Place(line, self.utf8(offset) - self.utf8(offset - column + 1) + 1)

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and a column; a column may stand just after the last character of the text."""
        if not 1 <= line <= len(self._lines):
            raise ValueError(f"line {line} is not between 1 and {len(self._lines)}")
        start = self._lines[line - 1]
        # The column after a line end is the first of the next line, so that each offset has one place.
        width = self._lines[line] - start if line < len(self._lines) else len(self._text) - start + 1
        if not 1 <= column <= width:
            raise ValueError(f"column {column} of line {line} is not between 1 and {width}")
        return start + column - 1

    def utf16(self, offset: int) -> int:
        """How many UTF-16 units stand before an offset."""
        self._check(offset, len(self._text), "offset")
        if self._units is None:
            return offset
        entry = offset // _STEP
        return self._units[entry] + _units(self._text[entry * _STEP : offset])

    def utf8(self, offset: int) -> int:
        """How many bytes of UTF-8 stand before an offset."""
        self._check(offset, len(self._text), "offset")
        if self._bytes is None:
            return offset
        entry = offset // _STEP
        return self._bytes[entry] + _bytes(self._text[entry * _STEP : offset])

    def from_utf16(self, units: int) -> int:
        """The offset of a position in UTF-16 units."""
        if self._units is None:
            self._check(units, len(self._text), "UTF-16 position")
            return units
        self._check(units, self._units[-1], "UTF-16 position")
        entry = min(bisect_right(self._units, units) - 1, len(self._text) // _STEP)
        offset, at = entry * _STEP, self._units[entry]
        while at < units:
            at += 2 if self._text[offset] > "\uffff" else 1
            offset += 1
        if at != units:
            raise ValueError(f"UTF-16 position {units} is inside a surrogate pair")
        return offset

    def from_utf8(self, position: int) -> int:
        """The offset of a position in bytes of UTF-8."""
        if self._bytes is None:
            self._check(position, len(self._text), "UTF-8 position")
            return position
        self._check(position, self._bytes[-1], "UTF-8 position")
        entry = min(bisect_right(self._bytes, position) - 1, len(self._text) // _STEP)
        offset, at = entry * _STEP, self._bytes[entry]
        while at < position:
            at += _width(self._text[offset])
            offset += 1
        if at != position:
            raise ValueError(f"UTF-8 position {position} is inside the bytes of a character")
        return offset

    @staticmethod
    def _check(position: int, length: int, name: str) -> None:
        if not 0 <= position <= length:
            raise ValueError(f"{name} {position} is not between 0 and {length}")


def _tables(text: str) -> tuple[list[int], list[int]]:
    """UTF-16 units and UTF-8 bytes before every `_STEP`-th code point, and at last before the end of the text."""
    units, octets = [0], [0]
    for start in range(0, len(text), _STEP):
        part = text[start : start + _STEP]
        units.append(units[-1] + _units(part))
        octets.append(octets[-1] + _bytes(part))
    return units, octets


def _units(part: str) -> int:
    return len(part.encode("utf-16-le", "surrogatepass")) // 2


def _bytes(part: str) -> int:
    return len(part.encode("utf-8", "surrogatepass"))


def _width(char: str) -> int:
    code = ord(char)
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
