"""Profiles of authors at the end of an article: short phrases, or sentences, out of one vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mtaudit.model import Span

#: A profile stands in one of the last lines of an article that are not blank.
_LAST_LINES = 3
#: Code points of a word with what follows it, as an average that no profile exceeds.
_LONGEST_WORD = 8
#: More than any vocabulary allows to a phrase, in code points.
_LONGEST_PHRASE = 160
_STOP = re.compile(r"(?<=[.!?])[\"»”]?\s+")
_TOKEN = re.compile(r"\w+")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_QUOTES = " \u00a0\u202f\"'«»“”‘’"


class Vocabulary(NamedTuple):
    """What profiles in one language are made of.

    `least` different ones of `words` must occur, none of `absent`; phrases have `most_words` on average at most.
    `firsts` are the first words of `words`.
    """

    words: re.Pattern[str]
    firsts: frozenset[str]
    absent: frozenset[str]
    least: int
    most_words: int


def vocabulary(words: Sequence[str], absent: Sequence[str], least: int, most_words: int) -> Vocabulary:
    """All in lower case; `words` may be several words each."""
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b")
    firsts = frozenset(found[0] for word in words if (found := _TOKEN.search(word)))
    return Vocabulary(pattern, firsts, frozenset(absent), least, most_words)


def profiles(text: str, lower: str, vocabularies: Sequence[Vocabulary]) -> Iterator[tuple[int, Span]]:
    """For each vocabulary the last line that is a profile, if any, with the index of the vocabulary."""
    end = len(text)
    found: set[int] = set()
    for _ in range(_LAST_LINES):
        while end and text[end - 1].isspace():
            end -= 1
        start = text.rfind("\n", 0, end) + 1
        stops = text.count(".", start, end) + text.count("!", start, end) + text.count("?", start, end)
        # Cheap first: a profile has several phrases, and short ones.
        if stops > 1 and end - start < _LONGEST_PHRASE * stops:
            line = Span(end - len(text[start:end].lstrip()), end)
            for number in _matching(lower[line.start : end], stops, vocabularies):
                if number not in found:
                    found.add(number)
                    yield number, line
        end = start


def _matching(line: str, stops: int, vocabularies: Sequence[Vocabulary]) -> Iterator[int]:
    """The vocabularies that a line is a profile of."""
    tokens = line.split()
    words: list[str] = []
    for number, mine in enumerate(vocabularies):
        # Nearly every line of news holds a word that no profile does.
        if len(line) >= _LONGEST_WORD * mine.most_words * stops or not mine.absent.isdisjoint(tokens):
            continue
        words = words or _TOKEN.findall(line)
        if sum([word in mine.firsts for word in words]) >= mine.least and _is_profile(line, mine):
            yield number


def _is_profile(line: str, mine: Vocabulary) -> bool:
    hits = {match[0] for match in mine.words.finditer(line)}
    if len(hits) < mine.least:
        return False
    phrases = [_WORD.findall(phrase) for phrase in _STOP.split(line.strip(_QUOTES))]
    words = [word for phrase in phrases for word in phrase]
    if len(phrases) < 2 or len(words) > mine.most_words * len(phrases):
        return False
    return not any(word in mine.absent or word.split("'")[0] in mine.absent for word in words)
