"""Ranges of code points; and many of them, asked about one at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """True when the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """True when the other lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


class Cover:
    """Half-open ranges, overlapping or not; each question costs the logarithm of their number."""

    __slots__ = ("_reach", "_starts")

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(ranges)
        self._starts = [start for start, _ in ordered]
        #: How far the ranges up to each one reach.
        self._reach = list(accumulate((end for _, end in ordered), max))

    def contains(self, start: int, end: int) -> bool:
        """True when one of the ranges holds the whole of this one."""
        known = bisect_right(self._starts, start)
        return known > 0 and self._reach[known - 1] >= end

    def overlaps(self, start: int, end: int) -> bool:
        """True when one of the ranges shares at least one position with this one."""
        known = bisect_left(self._starts, end)
        return known > 0 and self._reach[known - 1] > start
