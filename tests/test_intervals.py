"""Ranges, against the plain definition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mtaudit.intervals import Cover

RANGE = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(RANGE), RANGE)
def test_answers_are_those_of_trying_each_range(ranges: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    start, end = asked
    cover = Cover(ranges)
    assert cover.contains(start, end) == any(low <= start and end <= high for low, high in ranges)
    assert cover.overlaps(start, end) == any(low < end and start < high for low, high in ranges)
