"""How often a literal stands in French news, estimated, so that a regex is looked for by what is rarest in it.

A wrong estimate costs time and nothing else, so that the counts of the commonest words are enough; they were counted by
notebooks/news_words.py.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

#: A word is so much likelier beside a word of its phrase than anywhere: between the 1 of words that have nothing to do
#: with each other and the hundreds of set phrases.
COLLOCATION = 5
#: Words in a million code points of news, about.
WORDS = 170_000
#: What is taken for the occurrences, in a million code points, of a word too rare to be listed.
UNLISTED = 1.0
#: However rare a word is, beside a word that it often goes with it is no rarer than this.
LEAST = 0.02
#: So often stands a certain digit beside a word, and beside another digit.
DIGIT_BESIDE = 0.05
DIGIT_BESIDE_DIGIT = 0.3
TOKEN = re.compile(r"[^\W\d_]+|\d|[^\w\s]")


def hits_per_million(literal: str) -> float:
    """The places at which a lower-case literal is expected in a million code points; it may cut words at its ends."""
    tokens = list(TOKEN.finditer(literal))
    if not tokens:
        return float(WORDS)
    found = sorted(
        (_hits(token[0], token.start() > 0, token.end() < len(literal)), token[0], token.start()) for token in tokens
    )
    estimate = found[0][0]
    for hits, token, start in found[1:]:
        if token.isdigit():
            estimate *= DIGIT_BESIDE_DIGIT if literal[start - 1 : start].isdigit() else DIGIT_BESIDE
        else:
            estimate *= min(1.0, max(LEAST, hits / WORDS * COLLOCATION))
    return estimate


def _hits(token: str, begins: bool, ends: bool) -> float:
    """Of a token alone; `begins` and `ends` say that the literal has the word's beginning, its end."""
    words, prefixes, suffixes = _tables()
    if not token.isalpha() or (begins and ends):
        return words.get(token, UNLISTED)
    if begins:
        return prefixes.get(token, UNLISTED)
    return suffixes.get(token, UNLISTED) if ends else _inside(token)


@lru_cache(maxsize=4096)
def _inside(token: str) -> float:
    return sum(hits for word, hits in _tables()[0].items() if token in word) or UNLISTED


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Occurrences in a million code points of words, of their beginnings, and of their ends."""
    lines = (resources.files("mtaudit") / "data/news_words.tsv").read_text(encoding="utf-8").splitlines()[1:]
    words = {word: float(hits) for word, hits in (line.split("\t") for line in lines)}
    prefixes: dict[str, float] = {}
    suffixes: dict[str, float] = {}
    for word, hits in words.items():
        for length in range(1, len(word) + 1):
            prefixes[word[:length]] = prefixes.get(word[:length], 0.0) + hits
            suffixes[word[-length:]] = suffixes.get(word[-length:], 0.0) + hits
    return words, prefixes, suffixes
