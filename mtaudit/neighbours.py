"""The neighbours of a word, as features that tell which of two look-alikes was meant.

Features of an occurrence, all in lower case, none across a sentence's end:

- `l1`, `l2`, `r1`, `r2`: the first and second word to the left and right; `|` is punctuation or the sentence's end,
  `0` a number;
- `ll`, `rr`, `lr`: two words to the left, two to the right, one on each side, joined by `_`;
- `b`, `a`: stems of the words of meaning among the four before and the four after;
- `w`: stems of the words of meaning in the window of `WINDOW` words on each side;
- `t`: with `article: true`, stems of the words of meaning around that window, `REACH` words on each side.

A stem is what light lemmatisation leaves: the first `STEM` letters, without a plural ending.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from mtaudit.determiners import without_gender
from mtaudit.model import Word

WINDOW = 10
NEAR = 4
REACH = 200
STEM = 6

EDGE = "|"
NUMBER = "0"

#: What between two words parts them, or is a number; nothing farther than this from the nearer word is looked at.
_MARK = re.compile(r"\d|[.,;:!?()\[\]…–—/]| - ")
FARTHEST_MARK = 24

_EMPTY_WORDS = frozenset(re.findall(
    r"\w+",
    "les des une aux ces ses mes tes son mon ton sur par pas que qui est sont ont pour dans avec leur leurs plus cette "
    "elle elles ils nous vous mais été être avoir fait faire tout tous toute toutes entre sans sous dont comme aussi "
    "après avant ainsi cet était étaient avait avaient sera seront serait non lui ceux celle celui celles cela ceci "
    "même mêmes très peut deux quand donc alors encore bien peu moins autre autres notre votre nos vos lors depuis "
    "selon chez vers dès car puis hors jusqu lorsqu puisqu quelqu aujourd hui qu",
))  # fmt: skip

_BEFORE_ALL = Word("", 0, 0, -1)
_AFTER_ALL = Word("", sys.maxsize, sys.maxsize, -1)


def window(lower: str, words: Sequence[Word], index: int) -> tuple[list[str], list[str]]:
    """The `WINDOW` + 1 words before it, nearest first, and after it, in its sentence; breaks and numbers marked."""
    return list(_outward(lower, words, index, -1)), list(_outward(lower, words, index, 1))


def nearest(lower: str, words: Sequence[Word], index: int) -> tuple[str, ...]:
    """The two tokens before it, nearest first, and the two after it: what each side of `window` begins with."""
    return (*_first_two(_outward(lower, words, index, -1)), *_first_two(_outward(lower, words, index, 1)))


def _first_two(tokens: Iterator[str]) -> tuple[str, str]:
    return next(tokens), next(tokens, EDGE)


def _outward(lower: str, words: Sequence[Word], index: int, step: int) -> Iterator[str]:
    """The tokens on one side of a word, and the edge."""
    _, start, end, sentence = words[index]
    beyond = _BEFORE_ALL if step < 0 else _AFTER_ALL
    for place in range(index + step, index + step * (WINDOW + 2), step):
        text, first, last, number = words[place] if 0 <= place < len(words) else beyond
        gap = (
            lower[max(last, start - FARTHEST_MARK) : start]
            if step < 0
            else lower[end : min(first, end + FARTHEST_MARK)]
        )
        if gap != " " and (mark := _mark_in(gap, min(step, 0))):
            yield mark
        if number != sentence:
            break
        yield text.lower()
        start, end = first, last
    yield EDGE


@lru_cache(maxsize=4096)
def _mark_in(gap: str, nearest: int) -> str:
    """The mark of a gap between words: a number or a break, whichever stands first (0) or last (-1) in it, or ""."""
    marks = _MARK.findall(gap)
    if not marks:
        return ""
    return NUMBER if marks[nearest].isdigit() else EDGE


def features(left: Sequence[str], right: Sequence[str], masked: bool, around: Iterable[str] = ()) -> set[str]:
    """The features of one occurrence, as `place word`; `masked` where determiners must not count for their gender."""
    # An article agrees with a wrong word as well as with the right one, so where the genders differ it tells nothing.
    if masked:
        left, right = without_gender(left), without_gender(right)
    found = set(beside(left, right))
    before, after = [stem_of(token) for token in left], [stem_of(token) for token in right]
    found.update([f"b {stem}" for stem in before[:NEAR] if stem])
    found.update([f"a {stem}" for stem in after[:NEAR] if stem])
    found.update([f"w {stem}" for stem in before + after if stem])
    found.update([f"t {stem}" for stem in around])
    return found


def beside(left: Sequence[str], right: Sequence[str]) -> tuple[str, ...]:
    """The features of the two tokens on each side."""
    l1, r1 = left[0], right[0]
    l2 = left[1] if len(left) > 1 else EDGE
    r2 = right[1] if len(right) > 1 else EDGE
    return f"l1 {l1}", f"l2 {l2}", f"r1 {r1}", f"r2 {r2}", f"ll {l2}_{l1}", f"rr {r1}_{r2}", f"lr {l1}_{r1}"


def article_stems(lower: str, words: Sequence[Word], index: int) -> frozenset[str]:
    """The stems of the words of meaning around the window of an occurrence."""
    near = range(index - WINDOW, index + WINDOW + 1)
    return frozenset(
        stem
        for position in range(max(0, index - REACH), min(len(words), index + REACH))
        if position not in near and (stem := stem_of(lower[words[position].start : words[position].end]))
    )


@lru_cache(maxsize=65_536)
def stem_of(token: str) -> str:
    """The stem of a word of meaning in lower case, or "" for an empty word, a break, a number."""
    if len(token) < 3 or token[-1] == "'" or token in _EMPTY_WORDS:
        return ""
    if len(token) > 3 and token[-1] in "sx":
        token = token[:-1]
    return token[:STEM]
