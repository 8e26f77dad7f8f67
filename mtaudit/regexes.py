"""Regexes of rules: compiled, and what can be said of their matches before they run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from mtaudit import facts
from mtaudit.rarity import hits_per_million
from mtaudit.regextree import MOST_TRIGGERS, demands, farthest_ahead, letters, openings, runs, tree_of
from mtaudit.regexwork import LENGTHS, is_quick

if TYPE_CHECKING:
    import regex

#: A literal of a trigger costs as much as so many looks at places in a million code points.
_LITERAL_COST = 0.1
#: A match that may be longer than this is looked for in the whole sentence.
_WIDEST = 250
#: A shorter literal occurs in nearly every sentence, and so filters nothing.
SHORTEST_LITERAL = 3
#: Marks that few sentences have.
_RARE = frozenset("%‰€$£°@[]#")
#: A demand of more literals is not worth its look-ups.
_MOST_DEMANDED = 12


def compile_regex(text: str) -> regex.Pattern[str]:
    """A regex of the `regex` module; raises ValueError when it is wrong."""
    import regex

    try:
        return regex.compile(text, regex.VERSION0)
    except regex.error as error:
        raise ValueError(f"bad regex {text!r}: {error}") from error


class Trigger(NamedTuple):
    """Literals by which a regex is looked for, and how far from one of them a match may reach.

    `before` are the code points before the end of the literal within which the match begins, `after` those after its
    beginning that tell the whole of it; -1 where there is no telling.
    """

    literals: tuple[str, ...]
    before: int = -1
    after: int = -1


#: The regexes that were compiled into sets of patterns.
_MET: set[str] = set()


def meet(text: str) -> None:
    """Notes a regex of which all demands will have to be known."""
    _MET.add(text)


def meet_demands() -> None:
    """Finds out what all regexes met so far demand and how long they may take, which else waits until one is tried."""
    for text in _MET:
        demands_of(text)
        quick_length(text)


def best_trigger(text: str, stated: tuple[str, ...] = ()) -> Trigger:
    """The literals of which each match of a regex holds one and which stand in news most seldom.

    `stated` are some of which each match, with what lies around it, is known to hold one; they are taken when the
    regex itself shows none that are rarer. Literals have the capitals that a match has; there are none when all that
    the regex shows is too short. Raises ValueError when the regex is wrong.
    """
    key = "\0".join((text, *stated))
    known = facts.known().triggers
    if key not in known:
        try:
            tree = tree_of(text)
        except re.error:
            compile_regex(text)
            return Trigger(stated)
        known[key] = _best_trigger(tree, stated)
    return Trigger(*known[key])


def _best_trigger(tree: Any, stated: tuple[str, ...]) -> Trigger:
    inside, ahead = set(runs(tree)), set(runs(tree, ahead=True))
    candidates = [
        tuple(sorted(one))
        for one in inside | ahead
        if len(one) <= MOST_TRIGGERS and min(map(letters, one)) >= SHORTEST_LITERAL
    ]
    best = min([*([stated] if stated else []), *sorted(candidates)], key=_cost, default=())
    width = tree.getwidth()[1]
    # One more tells whether a word ends there.
    ahead_of_it = 1 + farthest_ahead(tree)
    if frozenset(best) in inside and width <= _WIDEST:
        return Trigger(best, width, width + ahead_of_it if ahead_of_it <= _WIDEST else -1)
    if frozenset(best) in ahead and width + ahead_of_it <= _WIDEST:
        return Trigger(best, width + ahead_of_it, width + ahead_of_it)
    return Trigger(best)


def _cost(literals: tuple[str, ...]) -> tuple[float, int]:
    """What a trigger costs: looks at the places where it stands, and room in the automaton; of equals, long ones."""
    places = sum(map(hits_per_million, map(str.lower, literals)))
    return places + len(literals) * _LITERAL_COST, -min(map(len, literals))


def demands_of(text: str) -> tuple[tuple[str, ...], ...]:
    """Sets of literals, in lower case, of each of which every match of a regex holds one; empty where none is known.

    A stretch of text that lacks one of the sets need not be searched.
    """
    known = facts.known().demands
    if text not in known:
        known[text] = _all_demands(text)
    return known[text]


def _all_demands(text: str) -> tuple[tuple[str, ...], ...]:
    try:
        tree = tree_of(text)
    except re.error:
        return ()
    found = {frozenset(literal.lower() for literal in demand) for demand in demands(tree)}
    few = [demand for demand in found if len(demand) <= _MOST_DEMANDED]
    useful = [demand for demand in few if all(map(_is_seldom, demand))]
    # What a text seldom has comes first: few literals, and long ones.
    return tuple(tuple(sorted(demand)) for demand in sorted(useful, key=lambda one: (len(one), -min(map(len, one)))))


def _is_seldom(literal: str) -> bool:
    return letters(literal) >= SHORTEST_LITERAL or not _RARE.isdisjoint(literal)


def quick_length(text: str) -> int:
    """Code points of the longest stretch that no clock is needed to search for a regex; 0 where it always is."""
    known = facts.known().lengths
    if text not in known:
        try:
            tree = tree_of(text)
        except re.error:
            known[text] = 0
        else:
            known[text] = next((length for length in LENGTHS if is_quick(tree, length)), 0)
    return known[text]


def openings_of(text: str) -> frozenset[str]:
    """Strings, in lower case, with one of which every match of a regex begins; with "" among them where none is known.

    Looks behind and ahead are left out of account, and digits are taken to be those from 0 to 9. Raises ValueError when
    the regex is wrong.
    """
    known = facts.known().openings
    if text not in known:
        try:
            tree = tree_of(text)
        except re.error:
            compile_regex(text)
            return frozenset({""})
        found = openings(tree)
        known[text] = tuple(one.lower() for one in found.whole | found.cut)
    return frozenset(known[text])


def groups_of(text: str) -> frozenset[str]:
    """The numbers and names of the groups of a regex; raises ValueError when it is wrong."""
    try:
        state = tree_of(text).state
    except re.error:
        compiled = compile_regex(text)
        return frozenset({*map(str, range(compiled.groups + 1)), *compiled.groupindex})
    return frozenset({*map(str, range(state.groups)), *state.groupdict})
