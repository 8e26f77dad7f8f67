"""How much work a regex can be at the most, so that only those are watched by a clock that could need it.

To start a clock costs more than most searches do.
"""

from __future__ import annotations

from collections.abc import Sequence
from re import _constants as _op  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from mtaudit.regextree import openings

#: So many steps take no longer than a search may take (`matching.WINDOW_SECONDS`): the worst regexes that
#: `tests/test_regexwork.py` tries take 46 ns a step on a slow machine.
MOST_STEPS = 2_000_000
#: Lengths of the stretches for which the work is reckoned, in code points.
LENGTHS = (1300, 600, 400, 300, 200, 150, 75)

#: Of so many beginnings at most it is found out which fit together.
_MOST_HEADS = 400

_REPEATS = (_op.MAX_REPEAT, _op.MIN_REPEAT, _op.POSSESSIVE_REPEAT)
_SINGLE = (_op.LITERAL, _op.NOT_LITERAL, _op.ANY, _op.IN, _op.AT)


class _Work(NamedTuple):
    """In how many ways a piece can match from one place on, and the steps that all of them take."""

    ways: float
    steps: float


_NEVER_DONE = _Work(float("inf"), float("inf"))


def is_quick(tree: Any, length: int) -> bool:
    """Whether a search of a stretch of so many code points cannot take more than `MOST_STEPS`."""
    return length * _sequence(tree, length).steps <= MOST_STEPS


def _sequence(tree: Any, length: int) -> _Work:
    ways, steps = 1.0, 0.0
    for operator, argument in tree:
        piece = _piece(operator, argument, length)
        steps += ways * piece.steps
        ways *= piece.ways
    return _Work(ways, steps)


def _piece(operator: Any, argument: Any, length: int) -> _Work:
    if operator in _SINGLE:
        return _Work(1, 1)
    if operator is _op.SUBPATTERN:
        return _sequence(argument[-1], length)
    if operator is _op.BRANCH:
        branches = [_sequence(branch, length) for branch in argument[1]]
        return _Work(_together(argument[1], branches), sum(1 + branch.steps for branch in branches))
    if operator is _op.ATOMIC_GROUP:
        return _Work(1, _sequence(argument, length).steps)
    if operator in (_op.ASSERT, _op.ASSERT_NOT):
        inner = _sequence(argument[1], length).steps
        least, most = argument[1].getwidth()
        if argument[0] > 0:
            return _Work(1, inner)
        # It may begin wherever its width allows, before the stretch too.
        return _Work(1, inner * (1 + most - least)) if most <= length else _NEVER_DONE
    if operator in _REPEATS:
        work = _repeat(argument[0], min(argument[1], length), _sequence(argument[2], length))
        return work._replace(ways=1) if operator is _op.POSSESSIVE_REPEAT else work
    return _NEVER_DONE


def _together(trees: Sequence[Any], works: Sequence[_Work]) -> float:
    """In how many ways alternatives can match at one place: of those that begin differently only one group can."""
    begins = [openings(tree) for tree in trees]
    heads = [begin.whole | begin.cut for begin in begins]
    if sum(map(len, heads)) > _MOST_HEADS:
        return sum(work.ways for work in works)
    most = 0.0
    # What stands there begins with a head of each alternative that matches; all of them with those of the longest.
    for head in frozenset[str]().union(*heads):
        fitting = (
            work.ways
            for mine, work in zip(heads, works, strict=True)
            if any(head.startswith(other) or other.startswith(head) for other in mine)
        )
        most = max(most, sum(fitting))
    return most


def _repeat(least: int, most: int, body: _Work) -> _Work:
    if body.ways <= 1:
        return _Work(max(1, most - least + 1), max(1, most) * body.steps)
    if most > 64:
        return _NEVER_DONE
    # Each round multiplies the ways of the one before.
    entered = sum(body.ways**round_ for round_ in range(most))
    return _Work(sum(body.ways**round_ for round_ in range(least, most + 1)), entered * body.steps)
