"""Where the literals of a set stand in a text; the sets of many checks are looked for in one go.

Literals lie in an overlapping Aho-Corasick automaton. To run one over a text costs much the same whatever it holds, so
sets that are asked for the same text, one after the other, are better united.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain

import ahocorasick_rs

#: So many literals at most make an automaton that is twice as fast; it takes longer to build and more memory.
FEW_LITERALS = 4000

#: Texts of so many code points together are remembered, and the last one whatever its length: more than checks go
#: through one after the other (`analysis.BATCH_SIZE`).
MOST_KEPT = 250_000

#: The number of a literal, the place where it begins and the place where it ends.
Place = tuple[int, int, int]


class Literals:
    """Strings that are looked for together, in lower case; numbered in the order in which they were given.

    The automaton is made when it is first asked for: by then the set may have been united with others.
    """

    __slots__ = ("_place", "_union", "texts")

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._union: Union | None = None
        self._place = 0

    def find(self, text: str) -> tuple[int, Sequence[Place]]:
        """The number of the first of these literals, and all places, in the order of their ends."""
        if self._union is None:
            unite([self])
        assert self._union is not None
        return self._union.find(text, self._place)

    def join(self, union: Union, place: int) -> None:
        """Makes this set that member of a union."""
        self._union, self._place = union, place


class Union:
    """Sets in one automaton, and what it has found in the texts that were asked for last."""

    def __init__(self, sets: Sequence[Literals]) -> None:
        texts = list(chain.from_iterable(one.texts for one in sets))
        kind = ahocorasick_rs.Implementation.DFA if len(texts) <= FEW_LITERALS else None
        self._automaton = ahocorasick_rs.AhoCorasick(texts, store_patterns=False, implementation=kind)
        self._members = bytes(chain.from_iterable([place] * len(one.texts) for place, one in enumerate(sets)))
        self._firsts = list(accumulate((len(one.texts) for one in sets), initial=0))
        self._found: dict[str, list[list[Place]]] = {}
        self._size = 0

    def find(self, text: str, member: int) -> tuple[int, Sequence[Place]]:
        """What the set that is this member finds; see `Literals.find`."""
        return self._firsts[member], (self._found.get(text) or self.read(text))[member]

    def read(self, text: str) -> list[list[Place]]:
        """The places in a text by set, to be remembered for a while.

        To read texts one after the other is quicker than to do other work between them.
        """
        shares: list[list[Place]] = [[] for _ in self._firsts]
        members = self._members
        for place in self._automaton.find_matches_as_indexes(text, overlapping=True):
            shares[members[place[0]]].append(place)
        self._keep(text, shares)
        return shares

    def _keep(self, text: str, shares: list[list[Place]]) -> None:
        if text in self._found:
            return
        self._found[text] = shares
        self._size += len(text)
        while self._size > MOST_KEPT and len(self._found) > 1:
            oldest = next(iter(self._found))
            del self._found[oldest]
            self._size -= len(oldest)


def unite(sets: Iterable[Literals]) -> Union:
    """From now on these sets, 255 at most, are looked for in one go, and no longer with those of unions before."""
    sets = tuple(sets)
    union = Union(sets)
    for place, one in enumerate(sets):
        one.join(union, place)
    return union


def sets_in(compiled: object) -> Iterator[Literals]:
    """The sets among what a compiled check is made of, and those of its sets of patterns."""
    for part in compiled if isinstance(compiled, tuple) else ():
        found = getattr(part, "literals", part)
        if isinstance(found, Literals):
            yield found
