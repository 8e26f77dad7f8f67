"""Many patterns over one text at once: literals in one automaton, regexes only where a literal of theirs occurs.

Literals lie in one overlapping Aho-Corasick automaton and are then held to Unicode word boundaries. (A leftmost-longest
automaton loses matches: a longer literal that fails its boundary shadows a shorter one that would not.) A regex is
prefiltered by literals of which every match must hold at least one; they lie in the same automaton, and the regex runs,
under a time limit, only over the sentence that holds one of them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from re import _constants as _op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, NamedTuple

import ahocorasick_rs

from mtaudit.model import Sentence, Span

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

#: So many literals at most make an automaton that is twice as fast; it takes longer to build and more memory.
FEW_LITERALS = 2000

#: A literal shorter than this occurs in nearly every sentence, and so filters nothing.
SHORTEST_TRIGGER = 3

_MOST_LITERALS = 64
_LONGEST_WORD = 40
_LARGEST_CLASS = 8
_PROPERTY = re.compile(r"\\[pP]\{[^}]*\}")
_NAMED_GROUP = re.compile(r"\(\?<(?![=!])")

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


class _Literal(NamedTuple):
    """A string of the automaton: the literal patterns that it is, and the regexes that it triggers.

    `cased`: those that it triggers only where the text has it with these capitals.
    """

    words: list[int]
    regexes: list[int]
    cased: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class PatternSet:
    """Compiled patterns. Regexes are compiled on their first trigger, since most never see one in an article."""

    patterns: tuple[Pattern, ...]
    automaton: ahocorasick_rs.AhoCorasick | None
    literals: tuple[_Literal, ...]
    always: tuple[int, ...]
    compiled: dict[int, regex.Pattern[str]] = field(default_factory=dict)

    def scan(self, view: str, lower: str, sentences: Sequence[Sentence]) -> tuple[list[Hit], list[int]]:
        """All matches, in no order, and the indices of the regexes that ran out of time.

        `view` and `lower` have one length (see `Analysis`). What such a regex had found before is kept. It is
        not tried again in this text, so that one bad rule costs one time limit and not one per sentence.
        """
        hits: list[Hit] = []
        if self.automaton is None:
            found: Sequence[tuple[int, int, int]] = ()
        else:
            found = self.automaton.find_matches_as_indexes(lower, overlapping=True)
        wanted: dict[int, set[tuple[int, int]]] = {}
        starts: list[int] = []
        for index, start, end in found:
            words, regexes, cased = self.literals[index]
            if words and is_bounded(lower, start, end):
                for word in words:
                    if not self.patterns[word].case or view[start:end] == self.patterns[word].text:
                        hits.append(Hit(word, start, end))
            if cased:
                regexes = regexes + [number for number, text in cased if text == view[start:end]]
            if regexes:
                starts = starts or [sentence.span.start for sentence in sentences]
                window = _window(lower, starts, sentences, Span(start, end))
                for number in regexes:
                    wanted.setdefault(number, set()).add(window)
        timed_out = []
        whole = {(0, len(view))}
        for number in (*wanted, *self.always):
            text = view if self.patterns[number].case else lower
            if not self._search(number, text, wanted.get(number, whole), hits):
                timed_out.append(number)
        return hits, timed_out

    def _search(self, number: int, text: str, windows: set[tuple[int, int]], hits: list[Hit]) -> bool:
        """False when the regex ran out of time."""
        pattern = self.compiled.get(number)
        if pattern is None:
            pattern = self.compiled[number] = compile_regex(self.patterns[number].text)
        seen: set[tuple[int, int]] = set()
        for start, end in sorted(windows):
            limit = WINDOW_SECONDS + (end - start) * SECONDS_PER_CHARACTER
            try:
                for match in pattern.finditer(text, start, end, timeout=limit):
                    span = match.span()
                    if span[1] > span[0] and span not in seen:
                        seen.add(span)
                        hits.append(Hit(number, *span, match))
            except TimeoutError:
                return False
        return True


def compile_patterns(patterns: Iterable[Pattern]) -> PatternSet:
    """Compiles patterns together; raises ValueError for a regex that is wrong or that has no literal in it."""
    patterns = tuple(patterns)
    literals: dict[str, _Literal] = {}
    always = []

    def literal(text: str) -> _Literal:
        return literals.setdefault(text, _Literal([], [], []))

    for number, pattern in enumerate(patterns):
        if not pattern.is_regex:
            literal(pattern.text.lower() if pattern.case else pattern.text).words.append(number)
            continue
        triggers = triggers_of(pattern)
        if not triggers:
            always.append(number)
        for trigger, written in zip(triggers, pattern.trigger or triggers, strict=False):
            if pattern.case and written != trigger:
                literal(trigger).cased.append((number, written))
            else:
                literal(trigger).regexes.append(number)
    return PatternSet(patterns, _automaton(list(literals)), tuple(literals.values()), tuple(always))


def _automaton(literals: list[str]) -> ahocorasick_rs.AhoCorasick | None:
    if not literals:
        return None
    kind = ahocorasick_rs.Implementation.DFA if len(literals) <= FEW_LITERALS else None
    return ahocorasick_rs.AhoCorasick(literals, store_patterns=False, implementation=kind)


def compile_regex(text: str) -> regex.Pattern[str]:
    """A regex of the `regex` module; raises ValueError when it is wrong."""
    import regex

    try:
        return regex.compile(text, regex.VERSION0)
    except regex.error as error:
        raise ValueError(f"bad regex {text!r}: {error}") from error


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
def triggers_of(pattern: Pattern) -> tuple[str, ...]:
    """The literals of which each match of a regex holds one, in lower case; empty for `always`.

    They are the author's, or else taken out of the regex itself. Raises ValueError when it has none.
    """
    if pattern.trigger == (ALWAYS,):
        return ()
    if pattern.trigger:
        return tuple(literal.lower() for literal in pattern.trigger)
    try:
        tree = _tree(pattern.text)
    except re.error as error:
        compile_regex(pattern.text)
        raise ValueError(f"state `trigger:` for the regex {pattern.text!r}: its syntax hides it ({error})") from error
    found = _required(tree).best
    if not found or min(map(_letters, found)) < SHORTEST_TRIGGER:
        raise ValueError(
            f"the regex {pattern.text!r} holds no literal of {SHORTEST_TRIGGER} letters: state `trigger: [...]`, "
            f"or `trigger: {ALWAYS}` to run it over every text"
        )
    return tuple(sorted({literal.lower() for literal in found}))


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
    if operator in (_op.MAX_REPEAT, _op.MIN_REPEAT, _op.POSSESSIVE_REPEAT):
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
        return (min(map(_letters, strings)), -len(strings), min(map(len, strings)))

    better = max(one, two, key=value)
    return better if value(better)[0] > 0 else None


def _letters(literal: str) -> int:
    return len(literal.replace(" ", ""))


def _joins(character: str) -> bool:
    return character != " " and (character.isalnum() or (character > "\x7f" and unicodedata.combining(character) > 0))


def _window(text: str, starts: list[int], sentences: Sequence[Sentence], trigger: Span) -> tuple[int, int]:
    """The sentence of a trigger, or what lies near it where there is none or a very long one."""
    low, high = 0, len(text)
    index = bisect_right(starts, trigger.start) - 1
    if index >= 0 and sentences[index].span.end > trigger.start:
        low, high = sentences[index].span
        high = max(high, trigger.end)
    if high - low <= 2 * WINDOW:
        return low, high
    # Rounded, so that the many triggers of a long stretch share few windows; and cut at a blank, not inside a word.
    step = WINDOW // 2
    near = trigger.start // step * step
    low, high = max(low, near - WINDOW + step), min(high, max(trigger.end, near + WINDOW + step))
    before, after = text.rfind(" ", max(0, low - _LONGEST_WORD), low), text.find(" ", high, high + _LONGEST_WORD)
    return (low if before < 0 else before), (high if after < 0 else after)
