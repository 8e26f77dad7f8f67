"""Regexes of rules: compiled, and what can be said of their matches before they run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from re import _constants as _op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import regex

_MOST_LITERALS = 64
_LARGEST_CLASS = 8
#: A demand of more literals is not worth its look-ups, and one of shorter literals is met everywhere.
_MOST_DEMANDED = 12
_SHORTEST = 3
#: By so many code points at most are the beginnings of matches told apart, and there may be so many of them.
_LONGEST_OPENING = 12
_MOST_OPENINGS = 512
_REPEATS = (_op.MAX_REPEAT, _op.MIN_REPEAT, _op.POSSESSIVE_REPEAT)
_PROPERTY = re.compile(r"\\[pP]\{[^}]*\}")
_NAMED_GROUP = re.compile(r"\(\?<(?![=!])")


def compile_regex(text: str) -> regex.Pattern[str]:
    """A regex of the `regex` module; raises ValueError when it is wrong."""
    import regex

    try:
        return regex.compile(text, regex.VERSION0)
    except regex.error as error:
        raise ValueError(f"bad regex {text!r}: {error}") from error


class Facts(NamedTuple):
    """What was found out about regexes, by their text: the results of the three functions below."""

    required: dict[str, tuple[str, ...] | None]
    demands: dict[str, tuple[tuple[str, ...], ...]]
    openings: dict[str, tuple[str, ...]]


_KNOWN = Facts({}, {}, {})


#: The regexes that were compiled into sets of patterns.
_MET: set[str] = set()


def meet(text: str) -> None:
    """Notes a regex of which all demands will have to be known."""
    _MET.add(text)


def known_facts() -> Facts:
    """All that is known of the regexes met so far, to be kept from run to run: finding it out takes two seconds."""
    for text in _MET:
        demands_of(text)
    return _KNOWN


def learn(facts: Facts) -> None:
    """Takes over what an earlier run found out."""
    _KNOWN.required.update(facts.required)
    _KNOWN.demands.update(facts.demands)
    _KNOWN.openings.update(facts.openings)


def required_literals(text: str) -> frozenset[str] | None:
    """The best literals of which each match of a regex holds one, or None when it need hold none.

    Raises ValueError when the regex is wrong, or its syntax hides its literals.
    """
    if text not in _KNOWN.required:
        try:
            tree = _tree(text)
        except re.error as error:
            compile_regex(text)
            raise ValueError(f"state `trigger:` for the regex {text!r}: its syntax hides it ({error})") from error
        best = _required(tree).best
        _KNOWN.required[text] = None if best is None else tuple(best)
    found = _KNOWN.required[text]
    return None if found is None else frozenset(found)


def demands_of(text: str) -> tuple[tuple[str, ...], ...]:
    """Sets of literals, in lower case, of each of which every match of a regex holds one; empty where none is known.

    A stretch of text that lacks one of the sets need not be searched.
    """
    if text not in _KNOWN.demands:
        _KNOWN.demands[text] = _all_demands(text)
    return _KNOWN.demands[text]


def _all_demands(text: str) -> tuple[tuple[str, ...], ...]:
    try:
        tree = _tree(text)
    except re.error:
        return ()
    found = {frozenset(literal.lower() for literal in demand) for demand in _demands(tree)}
    useful = [demand for demand in found if len(demand) <= _MOST_DEMANDED and min(map(letters, demand)) >= _SHORTEST]
    # What a text seldom has comes first: few literals, and long ones.
    return tuple(tuple(sorted(demand)) for demand in sorted(useful, key=lambda one: (len(one), -min(map(len, one)))))


def _demands(tree: Any) -> Iterator[frozenset[str]]:
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
                yield from _demands(argument[-1])
            elif operator in _REPEATS and argument[0] > 0:
                yield from _demands(argument[2])
            elif piece.best:
                yield piece.best
    yield run


def openings_of(text: str) -> frozenset[str]:
    """Strings, in lower case, with one of which every match of a regex begins; with "" among them where none is known.

    Looks behind and ahead are left out of account, and digits are taken to be those from 0 to 9. Raises ValueError when
    the regex is wrong.
    """
    if text not in _KNOWN.openings:
        try:
            tree = _tree(text)
        except re.error:
            compile_regex(text)
            return frozenset({""})
        found = _openings(tree)
        _KNOWN.openings[text] = tuple(one.lower() for one in found.whole | found.cut)
    return frozenset(_KNOWN.openings[text])


class _Openings(NamedTuple):
    """Of a piece of regex: all that it can be, as far as this is known whole, and beginnings of which more follows."""

    whole: frozenset[str]
    cut: frozenset[str]


_EMPTY = frozenset({""})
_NONE: frozenset[str] = frozenset()
_DIGIT = [(_op.CATEGORY, _op.CATEGORY_DIGIT)]
_DIGITS = frozenset("0123456789")


def _openings(tree: Any) -> _Openings:
    whole, cut = _EMPTY, _NONE
    for operator, argument in tree:
        piece = _opening(operator, argument)
        if len(whole) * (len(piece.whole) + len(piece.cut)) + len(cut) > _MOST_OPENINGS:
            return _Openings(_NONE, cut | whole)
        cut |= {one + two for one in whole for two in piece.cut}
        whole = frozenset(one + two for one in whole for two in piece.whole)
        long = {one for one in whole if len(one) >= _LONGEST_OPENING}
        whole, cut = whole - long, cut | long
        if not whole:
            break
    return _Openings(whole, cut)


def _opening(operator: Any, argument: Any) -> _Openings:
    if operator in (_op.AT, _op.ASSERT, _op.ASSERT_NOT):
        return _Openings(_EMPTY, _NONE)
    if operator is _op.SUBPATTERN:
        return _openings(argument[-1])
    if operator is _op.ATOMIC_GROUP:
        return _openings(argument)
    if operator is _op.BRANCH:
        branches = [_openings(branch) for branch in argument[1]]
        return _Openings(_NONE.union(*(one.whole for one in branches)), _NONE.union(*(one.cut for one in branches)))
    if operator in _REPEATS:
        least, most, body = argument
        inner = _openings(body)
        if most > 1:
            inner = _Openings(_NONE, inner.whole | inner.cut)
        return inner if least > 0 else _Openings(inner.whole | {""}, inner.cut)
    if operator is _op.IN and argument == _DIGIT:
        return _Openings(_DIGITS, _NONE)
    exact = _piece(operator, argument).exact
    return _Openings(exact, _NONE) if exact is not None else _Openings(_NONE, _EMPTY)


def groups_of(text: str) -> frozenset[str]:
    """The numbers and names of the groups of a regex; raises ValueError when it is wrong."""
    try:
        state = _tree(text).state
    except re.error:
        compiled = compile_regex(text)
        return frozenset({*map(str, range(compiled.groups + 1)), *compiled.groupindex})
    return frozenset({*map(str, range(state.groups)), *state.groupdict})


@lru_cache(maxsize=4096)
def _tree(text: str) -> Any:
    """The parse of a regex. What `re` does not know of the syntax of `regex` is rewritten to match no less."""
    return _parser.parse(_NAMED_GROUP.sub("(?P<", _PROPERTY.sub(r"\\w", text)))


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
        if least == 1 and most == 1:
            return inner
        if least == 0 and most == 1 and inner.exact is not None:
            return _Required(inner.exact | {""}, None)
        return _Required(None, inner.best if least > 0 else None)
    return _ANYTHING


def _characters(items: Any) -> _Required:
    letters = []
    for operator, argument in items:
        if operator is _op.LITERAL:
            letters.append(chr(argument))
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


def _join(left: frozenset[str], right: frozenset[str] | None) -> frozenset[str] | None:
    if right is None or len(left) * len(right) > _MOST_LITERALS:
        return None
    return frozenset(one + two for one in left for two in right)


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
