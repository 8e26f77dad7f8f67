"""Many patterns over one text at once: literals in one automaton, regexes only where a literal of theirs occurs.

Literals are found overlapping (`mtaudit.literals`) and then held to Unicode word boundaries. (A leftmost-longest
automaton loses matches: a longer literal that fails its boundary shadows a shorter one that would not.) A regex is
prefiltered by literals of which every match must hold at least one; they lie in the same automaton, and the regex runs,
under a time limit, only over the sentence that holds one of them.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mtaudit.literals import Literals
from mtaudit.model import Sentence
from mtaudit.regexes import SHORTEST_LITERAL, Trigger, best_trigger, compile_regex, demands_of, meet, quick_length

if TYPE_CHECKING:
    import regex

#: The trigger that says "this regex has no literal; run it over the whole text".
ALWAYS = "always"

#: Seconds of one regex over one window, and per code point of a whole text. A rule that works needs microseconds, so
#: these only have to be far above that and far below what a reader would call a hang.
WINDOW_SECONDS = 0.1
SECONDS_PER_CHARACTER = 5e-6

#: Code points on each side of a trigger that a regex may see when the sentence is longer than that (a page without
#: any full stop), which bounds the work that quadratic patterns can do.
WINDOW = 600

_LONGEST_WORD = 40
#: What beside a literal leaves it whole, the beginning and the end of the text too.
_BEFORE = frozenset(("", *" '(\"«"))
_AFTER = frozenset(("", *" ,.;:')\"»"))

#: What may follow a word after a hyphen without being part of it: *fait sens-t-il*, *ce jour-là*.
_ENCLITICS = " t je tu il elle on nous vous ils elles ce moi toi le la les lui leur en y là ci même mêmes "


@dataclass(frozen=True, slots=True)
class Pattern:
    """One thing to look for.

    `text` is a literal with plain spaces and straight apostrophes, or a regex in the syntax of the `regex` module.
    Without `case` both are matched on the lower-cased text, and so must be written in lower case. `trigger` overrides
    the literals that are taken out of a regex; `(ALWAYS,)` runs it over the whole text. With `case`, a trigger that
    has a capital must stand in the text just so, and one that has none may have any.
    """

    text: str
    is_regex: bool = False
    case: bool = False
    trigger: tuple[str, ...] = ()


class Hit(NamedTuple):
    """A match: the index of its pattern, its range, and for a regex what `regex` found (in code points of the text)."""

    pattern: int
    start: int
    end: int
    match: regex.Match[str] | None = None


class _Triggered(NamedTuple):
    """The regexes that a literal triggers; `cased`, those that it triggers only where it has these capitals."""

    regexes: list[int]
    cased: list[tuple[int, str]]


@dataclass(slots=True)
class _Regex:
    """A regex that was triggered: what a stretch must hold, how long it may be without a clock; compiled if need be."""

    text: str
    demands: tuple[tuple[str, ...], ...]
    quick: int
    compiled: regex.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class PatternSet:
    """Compiled patterns. Regexes are looked into on their first trigger, since most never see one in an article.

    By the index of a string among the `literals`: `first` has the pattern that the string is, or -1; `more` the others
    that it is too; `triggered` the regexes. `reach` has, for each pattern, how far from its trigger a match may reach.
    """

    patterns: tuple[Pattern, ...]
    literals: Literals
    first: list[int]
    more: dict[int, list[int]]
    triggered: dict[int, _Triggered]
    reach: list[tuple[int, int]]
    always: tuple[int, ...]
    known: dict[int, _Regex] = field(default_factory=dict)

    def scan(self, view: str, lower: str, sentences: Sequence[Sentence]) -> tuple[list[Hit], list[int]]:
        """All matches, in no order, and the indices of the regexes that ran out of time.

        `view` and `lower` have one length (see `Analysis`). What such a regex had found before is kept. It is
        not tried again in this text, so that one bad rule costs one time limit and not one per sentence.
        """
        hits: list[Hit] = []
        wanted: dict[int, list[tuple[int, int]]] = {}
        starts: list[int] = []
        first, triggered, reach = self.first, self.triggered, self.reach
        base, found = self.literals.find(lower)
        for place, start, end in found:
            index = place - base
            # Nearly every literal stands between blanks or beside a comma; the others are looked at more closely.
            if first[index] >= 0 and (
                (lower[start - 1 : start] in _BEFORE and lower[end : end + 1] in _AFTER)
                or is_bounded(lower, start, end)
            ):
                hits += [Hit(number, start, end) for number in self._words(index, view[start:end])]
            triggers = triggered.get(index)
            if triggers is None:
                continue
            regexes, cased = triggers
            if cased:
                regexes = regexes + [number for number, text in cased if text == view[start:end]]
            if regexes:
                starts = starts or [sentence.span.start for sentence in sentences]
                low, high = _window(lower, starts, sentences, start, end)
                for number in regexes:
                    before, after = reach[number]
                    wanted.setdefault(number, []).append(
                        (
                            low if before < 0 else max(low, end - before),
                            high if after < 0 else min(high, start + after),
                        )
                    )
        for number in self.always:
            wanted[number] = [(0, len(view))]
        timed_out = []
        for number, windows in wanted.items():
            one = self.known.get(number) or self._look_into(number)
            # Whole sentences, or parts of a long stretch, are not put together again: see WINDOW.
            apart = sorted(set(windows)) if reach[number][0] < 0 else _united(windows)
            meeting = _meeting(one.demands, apart, lower)
            if meeting and not _search(one, number, view if self.patterns[number].case else lower, meeting, hits):
                timed_out.append(number)
        return hits, timed_out

    def _look_into(self, number: int) -> _Regex:
        text = self.patterns[number].text
        self.known[number] = one = _Regex(text, demands_of(text), quick_length(text))
        return one

    def _words(self, index: int, text: str) -> Iterator[int]:
        """The patterns that a string of the automaton is, where the text has it so."""
        for number in (self.first[index], *self.more.get(index, ())):
            pattern = self.patterns[number] if number < len(self.patterns) else None
            if pattern is None or not pattern.case or pattern.text == text:
                yield number


def _search(one: _Regex, number: int, text: str, windows: list[tuple[int, int]], hits: list[Hit]) -> bool:
    """Adds the matches of a regex; False when it ran out of time."""
    if one.compiled is None:
        one.compiled = compile_regex(one.text)
    seen: set[tuple[int, int]] = set()
    for start, end in windows:
        limit = None if end - start <= one.quick else WINDOW_SECONDS + (end - start) * SECONDS_PER_CHARACTER
        try:
            for match in one.compiled.finditer(text, start, end, timeout=limit):
                span = match.span()
                if span[1] > span[0] and span not in seen:
                    seen.add(span)
                    hits.append(Hit(number, *span, match))
        except TimeoutError:
            return False
    return True


def compile_patterns(patterns: Iterable[Pattern], literals: Sequence[str] = ()) -> PatternSet:
    """Compiles patterns together; raises ValueError for a regex that is wrong or that has no literal in it.

    `literals` are patterns as well, of lower-cased text; they are numbered after `patterns`. Of these there may be tens
    of thousands.
    """
    patterns = tuple(patterns)
    indices: dict[str, int] = {}
    first: list[int] = []
    more: dict[int, list[int]] = {}
    triggered: dict[int, _Triggered] = {}
    reach: list[tuple[int, int]] = []
    always = []

    def add(text: str, number: int) -> int:
        index = indices.setdefault(text, len(first))
        if index == len(first):
            first.append(number)
        elif first[index] < 0:
            first[index] = number
        elif number >= 0:
            more.setdefault(index, []).append(number)
        return index

    for number, pattern in enumerate(patterns):
        if not pattern.is_regex:
            reach.append((-1, -1))
            add(pattern.text.lower() if pattern.case else pattern.text, number)
            continue
        meet(pattern.text)
        found = trigger_of(pattern)
        reach.append((found.before, found.after))
        if not found.literals:
            always.append(number)
        for written in found.literals:
            trigger = written.lower()
            regexes, cased = triggered.setdefault(add(trigger, -1), _Triggered([], []))
            if written != trigger:
                cased.append((number, written))
            else:
                regexes.append(number)
    for number, literal in enumerate(literals, len(patterns)):
        add(literal, number)
    return PatternSet(patterns, Literals(list(indices)), first, more, triggered, reach, tuple(always))


def is_bounded(text: str, start: int, end: int) -> bool:
    """True when the range does not cut a word in two; an end that is no letter or digit itself cannot cut one."""
    if start > 0 and text[start].isalnum():
        before = text[start - 1]
        if _joins(before) or (before == "-" and start > 1 and text[start - 2].isalnum()):
            return False
    if end < len(text) and text[end - 1].isalnum():
        after = text[end]
        if _joins(after):
            return False
        if after == "-" and end + 1 < len(text) and text[end + 1].isalnum():
            stop = end + 1
            while stop < len(text) and text[stop].isalnum():
                stop += 1
            return f" {text[end + 1 : stop].lower()} " in _ENCLITICS
    return True


@lru_cache(maxsize=4096)
def trigger_of(pattern: Pattern) -> Trigger:
    """The literals by which a regex is looked for; none for `always`.

    They are the rarest of those that the author states and those that the regex shows. With `case` they have capitals
    where the match must have them. Raises ValueError when there are none.
    """
    if pattern.trigger == (ALWAYS,):
        return Trigger(())
    best = best_trigger(pattern.text, pattern.trigger)
    if not best.literals:
        raise ValueError(
            f"the regex {pattern.text!r} holds no literal of {SHORTEST_LITERAL} letters or figures: state "
            f"`trigger: [...]`, or `trigger: {ALWAYS}` to run it over every text"
        )
    if pattern.case and "(?i" not in pattern.text:
        return best
    return best._replace(literals=tuple(sorted({literal.lower() for literal in best.literals})))


def _joins(character: str) -> bool:
    return character != " " and (character.isalnum() or (character > "\x7f" and unicodedata.combining(character) > 0))


def _united(windows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, with those made one that overlap, lest a match be looked for twice."""
    windows.sort()
    united = windows[:1]
    for start, end in windows[1:]:
        low, high = united[-1]
        if start < high:
            united[-1] = low, max(high, end)
        else:
            united.append((start, end))
    return united


def _meeting(
    demands: Sequence[tuple[str, ...]], windows: Iterable[tuple[int, int]], lower: str
) -> list[tuple[int, int]]:
    """The windows that hold a literal of each demand."""
    meeting = []
    for start, end in windows:
        for demand in demands:
            for literal in demand:
                if lower.find(literal, start, end) >= 0:
                    break
            else:
                break
        else:
            meeting.append((start, end))
    return meeting


def _window(text: str, starts: list[int], sentences: Sequence[Sentence], start: int, end: int) -> tuple[int, int]:
    """The sentence of a trigger, or what lies near it where there is none or a very long one."""
    low, high = 0, len(text)
    index = bisect_right(starts, start) - 1
    if index >= 0 and sentences[index].span.end > start:
        low, high = sentences[index].span
        # "EE. UU.": one that the splitter took for the end of a sentence.
        if high < end:
            high = max(end, sentences[bisect_right(starts, end - 1) - 1].span.end)
    if high - low <= 2 * WINDOW:
        return low, high
    # Rounded, so that the many triggers of a long stretch share few windows; and cut at a blank, not inside a word.
    step = WINDOW // 2
    near = start // step * step
    low, high = max(low, near - WINDOW + step), min(high, max(end, near + WINDOW + step))
    before, after = text.rfind(" ", max(0, low - _LONGEST_WORD), low), text.find(" ", high, high + _LONGEST_WORD)
    return (low if before < 0 else before), (high if after < 0 else after)
