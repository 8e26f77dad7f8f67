"""What strings the pieces of a regex can be, read off its syntax tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from re import _constants as _op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

#: So many strings at most are told apart: as pieces of a regex, as literals that trigger it, as beginnings of matches.
_MOST_LITERALS = 64
MOST_TRIGGERS = 200
_MOST_OPENINGS = 512
_LARGEST_CLASS = 12
_LONGEST_REPEAT = 4
#: By so many code points at most are the beginnings of matches told apart.
_LONGEST_OPENING = 12
#: Farther than any regex is followed.
FAR = 10_000
_REPEATS = (_op.MAX_REPEAT, _op.MIN_REPEAT, _op.POSSESSIVE_REPEAT)
_PLAIN = (_op.LITERAL, _op.NOT_LITERAL, _op.ANY, _op.IN, _op.AT, _op.RANGE)
_PROPERTY = re.compile(r"\\[pP]\{[^}]*\}")
_NAMED_GROUP = re.compile(r"\(\?<(?![=!])")
_EMPTY = frozenset({""})
_NONE: frozenset[str] = frozenset()
_DIGITS = frozenset("0123456789")


@lru_cache(maxsize=4096)
def tree_of(text: str) -> Any:
    """The parse of a regex. What `re` does not know of the syntax of `regex` is rewritten to match no less.

    Raises re.error when it cannot be parsed all the same.
    """
    return _parser.parse(_NAMED_GROUP.sub("(?P<", _PROPERTY.sub(r"\\w", text)))


def farthest_ahead(tree: Any) -> int:
    """How far ahead of itself, at the most, a regex looks."""
    farthest = 0
    for operator, argument in tree:
        if operator in (_op.ASSERT, _op.ASSERT_NOT):
            if argument[0] > 0:
                farthest = max(farthest, argument[1].getwidth()[1] + farthest_ahead(argument[1]))
        elif operator in _REPEATS or operator is _op.SUBPATTERN:
            farthest = max(farthest, farthest_ahead(argument[-1]))
        elif operator is _op.ATOMIC_GROUP:
            farthest = max(farthest, farthest_ahead(argument))
        elif operator is _op.BRANCH:
            farthest = max(farthest, *map(farthest_ahead, argument[1]))
        elif operator not in _PLAIN:
            return FAR
    return farthest


def runs(tree: Any, ahead: bool = False) -> Iterator[frozenset[str]]:
    """Sets of literals of each of which every match holds one: from each piece on as many as stay few strings.

    `ahead`: rather those of which what it looks ahead for holds one.
    """
    pieces: list[tuple[frozenset[str] | None, frozenset[str], frozenset[str]]] = []
    for operator, argument in tree:
        if operator is _op.ASSERT:
            # What stands before may lie outside the stretch that is searched.
            if ahead and argument[0] > 0:
                yield from runs(argument[1])
            continue
        piece = _piece(operator, argument)
        if piece.exact is not None:
            pieces.append((piece.exact, piece.exact, piece.exact))
            continue
        opening, ending = _opening(operator, argument), _opening(operator, argument, backwards=True)
        pieces.append((None, opening.whole | opening.cut, ending.whole | ending.cut))
        if operator is _op.SUBPATTERN:
            yield from runs(argument[-1], ahead)
        elif operator in _REPEATS and argument[0] > 0:
            yield from runs(argument[2], ahead)
        elif piece.best and ahead:
            # The alternatives may have it from what they look at.
            yield piece.best
    if ahead:
        return
    for begin, (_, _, tails) in enumerate(pieces):
        run: frozenset[str] | None = tails
        for exact, heads, _ in pieces[begin + 1 :]:
            if run is None:
                break
            yield run
            longer = _join(run, heads, MOST_TRIGGERS)
            if exact is None and longer is not None:
                yield longer
            run = _join(run, exact, MOST_TRIGGERS)
        if run is not None:
            yield run


def demands(tree: Any) -> Iterator[frozenset[str]]:
    """Sets of literals, each from a stretch of its own, of each of which every match holds one."""
    run: frozenset[str] = frozenset({""})
    for operator, argument in tree:
        if operator is _op.ASSERT:
            # What stands behind may lie outside the stretch that is searched.
            continue
        piece = _piece(operator, argument)
        joined = _join(run, piece.exact)
        if joined is not None:
            run = joined
            continue
        yield run
        run = piece.exact or frozenset({""})
        if piece.exact is None:
            if operator is _op.SUBPATTERN:
                yield from demands(argument[-1])
            elif operator in _REPEATS and argument[0] > 0:
                yield from demands(argument[2])
            elif piece.best:
                yield piece.best
    yield run


class Openings(NamedTuple):
    """Of a piece of regex: all that it can be, as far as this is known whole, and beginnings of which more follows."""

    whole: frozenset[str]
    cut: frozenset[str]


def openings(tree: Any, backwards: bool = False) -> Openings:
    """What a piece begins with; `backwards`, what it ends with."""
    whole, cut = _EMPTY, _NONE
    for operator, argument in reversed(list(tree)) if backwards else tree:
        piece = _opening(operator, argument, backwards)
        if len(whole) * (len(piece.whole) + len(piece.cut)) + len(cut) > _MOST_OPENINGS:
            return Openings(_NONE, cut | whole)
        more, done = (_joined(two, whole) if backwards else _joined(whole, two) for two in piece)
        cut |= done
        long = {one for one in more if len(one) >= _LONGEST_OPENING}
        whole, cut = more - long, cut | long
        if not whole:
            break
    return Openings(whole, cut)


def _joined(left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    return frozenset(one + two for one in left for two in right)


def _opening(operator: Any, argument: Any, backwards: bool = False) -> Openings:
    if operator in (_op.AT, _op.ASSERT, _op.ASSERT_NOT):
        return Openings(_EMPTY, _NONE)
    if operator is _op.SUBPATTERN:
        return openings(argument[-1], backwards)
    if operator is _op.ATOMIC_GROUP:
        return openings(argument, backwards)
    if operator is _op.BRANCH:
        branches = [openings(branch, backwards) for branch in argument[1]]
        return Openings(_NONE.union(*(one.whole for one in branches)), _NONE.union(*(one.cut for one in branches)))
    if operator in _REPEATS:
        least, most, body = argument
        inner = openings(body, backwards)
        if most > 1:
            inner = Openings(_NONE, inner.whole | inner.cut)
        return inner if least > 0 else Openings(inner.whole | {""}, inner.cut)
    exact = _piece(operator, argument).exact
    return Openings(exact, _NONE) if exact is not None else Openings(_NONE, _EMPTY)


class _Required(NamedTuple):
    """Of a piece of regex: all strings it can match, if few; and the best literals of which it must match one."""

    exact: frozenset[str] | None
    best: frozenset[str] | None


_NOTHING = _Required(frozenset({""}), None)
_ANYTHING = _Required(None, None)


def _required(tree: Any) -> _Required:
    """Literals of a sequence: neighbours are joined as long as their strings stay few."""
    exact: frozenset[str] | None = frozenset({""})
    run: frozenset[str] = frozenset({""})
    best: frozenset[str] | None = None
    for operator, argument in tree:
        piece = _piece(operator, argument)
        joined = _join(run, piece.exact)
        best = _better(best, piece.best)
        if joined is None:
            best = _better(best, run)
            run, exact = piece.exact or frozenset({""}), None
        else:
            run = joined
            exact = run if exact is not None else None
    return _Required(exact, _better(best, run))


def _piece(operator: Any, argument: Any) -> _Required:
    if operator is _op.LITERAL:
        return _exactly([chr(argument)])
    if operator is _op.IN:
        return _characters(argument)
    if operator in (_op.AT, _op.ASSERT_NOT):
        return _NOTHING
    if operator is _op.ASSERT:
        return _Required(frozenset({""}), _required(argument[1]).best)
    if operator is _op.SUBPATTERN:
        return _required(argument[-1])
    if operator is _op.ATOMIC_GROUP:
        return _required(argument)
    if operator is _op.BRANCH:
        return _branches([_required(branch) for branch in argument[1]])
    if operator in _REPEATS:
        least, most, body = argument
        inner = _required(body)
        best = inner.best if least > 0 else None
        exact = _EMPTY if inner.exact is not None and most <= _LONGEST_REPEAT else None
        for place in range(min(most, _LONGEST_REPEAT), 0, -1):
            exact = None if exact is None else _join(inner.exact, exact)  # type: ignore[arg-type]
            if exact is not None and place > least:
                exact |= _EMPTY
        return _Required(exact if exact is None or len(exact) <= _MOST_LITERALS else None, best)
    return _ANYTHING


def _characters(items: Any) -> _Required:
    letters = []
    for operator, argument in items:
        if operator is _op.LITERAL:
            letters.append(chr(argument))
        elif operator is _op.CATEGORY and argument is _op.CATEGORY_DIGIT:
            letters.extend(_DIGITS)
        elif operator is _op.RANGE and argument[1] - argument[0] < _LARGEST_CLASS:
            letters.extend(map(chr, range(argument[0], argument[1] + 1)))
        else:
            return _ANYTHING
    return _exactly(letters) if len(letters) <= _LARGEST_CLASS else _ANYTHING


def _exactly(strings: Iterable[str]) -> _Required:
    found = frozenset(strings)
    return _Required(found, found)


def _branches(branches: Sequence[_Required]) -> _Required:
    exact: frozenset[str] | None = frozenset()
    best: frozenset[str] | None = frozenset()
    for branch in branches:
        exact = None if exact is None or branch.exact is None else exact | branch.exact
        best = None if best is None or branch.best is None else best | branch.best
    if exact is not None and len(exact) > _MOST_LITERALS:
        exact = None
    return _Required(exact, best if best and len(best) <= _MOST_LITERALS else None)


def _join(left: frozenset[str], right: frozenset[str] | None, most: int = _MOST_LITERALS) -> frozenset[str] | None:
    if right is None or len(left) * len(right) > most:
        return None
    return _joined(left, right)


def _better(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    """The set whose shortest string is longer; of equals, the one with fewer strings."""

    def value(strings: frozenset[str] | None) -> tuple[int, int, int]:
        if not strings:
            return (0, 0, 0)
        return (min(map(letters, strings)), -len(strings), min(map(len, strings)))

    better = max(one, two, key=value)
    return better if value(better)[0] > 0 else None


def letters(literal: str) -> int:
    """Code points that are no blanks."""
    return len(literal.replace(" ", ""))
