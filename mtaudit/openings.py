"""Regexes that count only where a line begins: told apart by the first letters of the line, before any of them runs.

An article has few lines and many words, and most lines begin like no line of web furniture. So the first letters of all
its sentences are looked at in one go; a regex runs, under a time limit, from the first word of a line on and nowhere
else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick_rs

from mtaudit.matching import SECONDS_PER_CHARACTER, WINDOW_SECONDS, Hit, Pattern
from mtaudit.model import Span
from mtaudit.regexes import compile_regex, openings_of, quick_length

if TYPE_CHECKING:
    import regex

#: What may stand before the first word of a line: blanks, quotation marks, bullets, brackets.
MARKS = " \u00a0\u202f\"'«»“”‘’\t\r\ufeff-–—•*·►▶➤→»>[(#|:"
_MARKS = frozenset(MARKS)
#: An opening is looked up by its first code points, so many of which it must have: two begin too many lines. Only a
#: digit, with which few lines begin, is enough by itself.
_KEY = 3
#: So many tell beforehand whether a line can begin with an opening.
_HEAD = 10
_BREAK = "\n"
_DIGITS = frozenset("0123456789")
#: So far back at most a line may begin before its first word.
_FARTHEST = 300
#: Marks before the first word that may belong to a match.
_MOST_MARKS = 3


class _Bucket(NamedTuple):
    """The openings that share their first code points, and what each asks for."""

    openings: tuple[str, ...]
    numbers: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class LinePatterns:
    """Compiled regexes, by what their matches begin with.

    `automaton` finds the heads of all openings, and the marks, after a line break. `early` are the regexes that may
    begin with a mark.
    """

    patterns: tuple[Pattern, ...]
    automaton: ahocorasick_rs.AhoCorasick | None
    buckets: dict[str, _Bucket]
    early: frozenset[int]
    compiled: dict[int, regex.Pattern[str]] = field(default_factory=dict)

    def scan(self, text: str, view: str, lower: str, spans: Sequence[Span]) -> tuple[list[Hit], list[int]]:
        """The matches at the beginnings of lines, and the indices of the regexes that ran out of time.

        `spans` are those of the sentences: a line begins with one, and a match ends with it at the latest.
        """
        hits: list[Hit] = []
        late: set[int] = set()
        buckets = self.buckets
        for place in self._candidates(lower, spans):
            start, end = spans[place]
            word = _first_word(lower, start)
            bucket = buckets.get(lower[word : word + (1 if lower[word : word + 1] in _DIGITS else _KEY)])
            if bucket is None or not lower.startswith(bucket.openings, word) or not begins_line(text, word):
                continue
            numbers = {
                number for opening, those in bucket.numbers if lower.startswith(opening, word) for number in those
            }
            for number in sorted(numbers - late):
                read = view if self.patterns[number].case else lower
                first = max(start, word - _MOST_MARKS) if number in self.early else word
                try:
                    hits += self._matched(number, read, range(first, word + 1), end)
                except TimeoutError:
                    late.add(number)
        return hits, sorted(late)

    def _candidates(self, lower: str, spans: Sequence[Span]) -> list[int]:
        """The indices of the sentences that begin like an opening or with a mark."""
        if self.automaton is None:
            return []
        # All at once, for it has to cost next to nothing: the beginnings of the sentences as lines of one text.
        heads = _BREAK + _BREAK.join([lower[start : start + _HEAD] for start, _ in spans])
        return [heads.count(_BREAK, 0, place) for _, place, _ in self.automaton.find_matches_as_indexes(heads)]

    def _matched(self, number: int, text: str, places: range, end: int) -> list[Hit]:
        pattern = self.compiled.get(number)
        if pattern is None:
            pattern = self.compiled[number] = compile_regex(self.patterns[number].text)
        length = end - places.start
        quick = length <= quick_length(self.patterns[number].text)
        limit = None if quick else WINDOW_SECONDS + length * SECONDS_PER_CHARACTER
        for place in places:
            match = pattern.match(text, place, end, timeout=limit)
            if match is not None and match.end() > place:
                return [Hit(number, *match.span(), match)]
        return []


def begins_line(text: str, place: int) -> bool:
    """True when nothing but marks stands between the beginning of the line and a place."""
    # Bounded, lest a text without line breaks be read again for each of its places.
    first = max(0, place - _FARTHEST)
    return not text[text.rfind("\n", first, place) + 1 or first : place].strip(MARKS)


def opens_lines(pattern: Pattern) -> bool:
    """True when the beginning of a line tells whether it is worth to run a regex; raises ValueError for a wrong one."""
    return all(len(one) >= _KEY or one[:1] in _DIGITS for one in _openings(pattern))


def compile_openings(patterns: Sequence[Pattern]) -> LinePatterns:
    """Of regexes for each of which `opens_lines`."""
    numbers: dict[str, list[int]] = {}
    early = set()
    for number, pattern in enumerate(patterns):
        if any(one[:1] in _MARKS for one in openings_of(pattern.text)):
            early.add(number)
        for opening in _openings(pattern):
            numbers.setdefault(opening, []).append(number)
    by_key: dict[str, list[str]] = {}
    for opening in sorted(numbers):
        by_key.setdefault(opening[: 1 if opening[0] in _DIGITS else _KEY], []).append(opening)
    buckets = {
        key: _Bucket(tuple(openings), tuple((one, tuple(numbers[one])) for one in openings))
        for key, openings in by_key.items()
    }
    heads = sorted({_BREAK + head for head in (*MARKS, *(opening[:_HEAD] for opening in numbers))})
    automaton = ahocorasick_rs.AhoCorasick(heads, store_patterns=False) if numbers else None
    return LinePatterns(tuple(patterns), automaton, buckets, frozenset(early))


def _openings(pattern: Pattern) -> set[str]:
    return {one.lstrip(MARKS) for one in openings_of(pattern.text)}


def _first_word(lower: str, start: int) -> int:
    while start < len(lower) and lower[start] in _MARKS:
        start += 1
    return start
