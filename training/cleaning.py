"""Which sentence pairs are worth training on. Text in, verdict out; no files, no numpy."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from training.normalisation import tidy_english, tidy_french

_KEY = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
_MARKUP = re.compile(
    r"https?://\S+\s+https?://|</?[a-z]+[^>]*>|\{\{|\}\}|%\(|&[a-z]+;|\\[a-z]{2,}|__\w+__", re.IGNORECASE
)
_MARKUP_CHARACTERS = "<{}%&\\_:"

FRENCH = frozenset(
    """
    le la les de des du un une et est dans pour que qui sur au aux par ne pas plus ce cette ces son sa ses il elle ils
    nous vous je avec ou sont été être a ont leur leurs mais si tout comme en l d qu c n s j où y se sans sous entre
    """.split()  # noqa: SIM905
)
ENGLISH = frozenset(
    """
    the of and to in is for that on with as are by this be or an it from which not was at have has its were you i he
    she they we will would can should their his her but if all there been may any these those do does what
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of `verdict`. Words are runs of letters; ratios are longer over shorter, in characters."""

    max_words: int = 110
    max_characters: int = 800
    max_ratio: float = 2.2
    slack_characters: int = 15
    min_letters: float = 0.6


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of sentences, with the `key` of each: every filter needs them, so they are made once."""

    french: str
    english: str
    french_key: str
    english_key: str

    @classmethod
    def of(cls, french: str, english: str) -> Pair:
        return cls(french, english, key(french), key(english))


def tidy(french: str, english: str) -> Pair:
    """Both sides in the one typographic convention (see `training.normalisation`)."""
    return Pair.of(tidy_french(french), tidy_english(english))


def verdict(pair: Pair, limits: Limits) -> str | None:
    """Why the pair must go (empty, long, ratio, letters, markup, identical, language, numbers), or None."""
    french, english = pair.french, pair.english
    if not french or not english:
        return "empty"
    if pair.french_key == pair.english_key:
        return "identical"
    longest, shortest = max(len(french), len(english)), min(len(french), len(english))
    if longest > limits.max_characters:
        return "long"
    if longest > limits.max_ratio * shortest + limits.slack_characters:
        return "ratio"
    if any(char in text and _MARKUP.search(text) for text in (french, english) for char in _MARKUP_CHARACTERS):
        return "markup"
    french_words, english_words = pair.french_key.split(), pair.english_key.split()
    if max(len(french_words), len(english_words)) > limits.max_words:
        return "long"
    for text, words in ((french, french_words), (english, english_words)):
        if _letters(words) < limits.min_letters * (len(text) - text.count(" ")):
            return "letters"
    if wrong_language(french_words, FRENCH, ENGLISH) or wrong_language(english_words, ENGLISH, FRENCH):
        return "language"
    return None if numbers_agree(french, english) else "numbers"


def _letters(words: list[str]) -> int:
    joined = "".join(words)
    return len(joined) if joined.isalpha() else sum(map(str.isalpha, joined))


def wrong_language(words: list[str], expected: frozenset[str], other: frozenset[str]) -> bool:
    """True when the other language's function words outnumber the expected one's. Words lower-cased."""
    foreign = sum(word in other for word in words)
    return foreign >= 2 and foreign > sum(word in expected for word in words)


def undecided(words: list[str], expected: frozenset[str]) -> bool:
    """True for a sentence of six words or more with at most one function word of its language: ask a language model."""
    return len(words) >= 6 and sum(word in expected for word in words) <= 1


def numbers_agree(french: str, english: str) -> bool:
    """False when both sides hold two numbers or more and share none: such a pair is misaligned."""
    left, right = set(_NUMBER.findall(french)), set(_NUMBER.findall(english))
    return len(left) < 2 or len(right) < 2 or bool(left & right)


def key(text: str) -> str:
    """What two sentences share when they are the same but for case, punctuation and spacing."""
    return " ".join(_KEY.findall(text.casefold()))


def template(identity: str) -> str:
    """A `key` with every number alike: statutes and security notices repeat one sentence with other figures."""
    return _NUMBER.sub("0", identity)


class Duplicates:
    """Remembers what has passed. A pair goes when seen, or when its template came `cap` times on either side."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._pairs: set[int] = set()
        self._french: Counter[int] = Counter()
        self._english: Counter[int] = Counter()

    def seen(self, pair: Pair) -> bool:
        """Whether the pair repeats earlier ones; counts it when it does not."""
        french, english = hash(template(pair.french_key)), hash(template(pair.english_key))
        both = hash((pair.french_key, pair.english_key))
        if both in self._pairs or self._french[french] >= self._cap or self._english[english] >= self._cap:
            return True
        self._pairs.add(both)
        self._french[french] += 1
        self._english[english] += 1
        return False
