"""What round trips meet in real copy, made from clean pairs: capitals, odd quotes, lost accents, French spacing.

Two kinds of noise are not made here because they cost nothing as token ids: pairs without their final stop and pairs of
sentences joined are drawn by `training.dataset` while training.

Noise goes on the side that is read (the source); the target stays clean, but for capitals, which a translation keeps.
So a noisy pair trains one direction, and `Noisy.directions` says which.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass

from training.cleaning import Pair

FRENCH_TO_ENGLISH, ENGLISH_TO_FRENCH = 1, 2
BOTH = FRENCH_TO_ENGLISH | ENGLISH_TO_FRENCH


@dataclass(frozen=True, slots=True)
class Noisy:
    pair: Pair
    kind: str
    directions: int


def capitals(pair: Pair) -> Noisy:
    """A headline in capitals, on both sides. Half of the press drops the accents of capitals; see `bare_capitals`."""
    return Noisy(Pair.of(pair.french.upper(), pair.english.upper()), "capitals", BOTH)


def bare_capitals(pair: Pair) -> Noisy:
    bare = Pair.of(without_accents(pair.french.upper()), pair.english.upper())
    return Noisy(bare, "bare-capitals", FRENCH_TO_ENGLISH)


def lost_accents(pair: Pair) -> Noisy:
    return Noisy(Pair.of(without_accents(pair.french), pair.english), "lost-accents", FRENCH_TO_ENGLISH)


def odd_quotes(pair: Pair, chance: random.Random) -> Noisy | None:
    """Doubled apostrophes or chevrons for quotes, a blank inside them; None when the French side quotes nothing."""
    if pair.french.count('"') < 2:
        return None
    opening, closing = chance.choice((("''", "''"), ("<<", ">>"), ("<< ", " >>"), ('" ', ' "'), (",,", "''")))
    parts = pair.french.split('"')
    marks = [opening if index % 2 == 0 else closing for index in range(len(parts) - 1)]
    french = parts[0] + "".join(mark + part for mark, part in zip(marks, parts[1:], strict=True))
    return Noisy(Pair.of(" ".join(french.split()), pair.english), "odd-quotes", FRENCH_TO_ENGLISH)


def one_letter_lost(pair: Pair, chance: random.Random) -> Noisy | None:
    """A typing error in one word of five letters or more: two letters swapped, or one lost."""
    words = pair.french.split(" ")
    long = [index for index, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not long:
        return None
    index = chance.choice(long)
    word, at = words[index], chance.randrange(1, len(words[index]) - 2)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    words[index] = swapped if chance.random() < 0.5 else word[:at] + word[at + 1 :]
    return Noisy(Pair.of(" ".join(words), pair.english), "typing-error", FRENCH_TO_ENGLISH)


def without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


def variants(pair: Pair, shares: dict[str, float], chance: random.Random) -> list[Noisy]:
    """The noisy copies of one pair; each kind of `shares` is drawn with its own probability."""
    made: list[Noisy | None] = []
    if chance.random() < shares.get("capitals", 0.0):
        made.append(capitals(pair) if chance.random() < 0.5 else bare_capitals(pair))
    if chance.random() < shares.get("lost-accents", 0.0):
        made.append(lost_accents(pair))
    if chance.random() < shares.get("odd-quotes", 0.0):
        made.append(odd_quotes(pair, chance))
    if chance.random() < shares.get("typing-error", 0.0):
        made.append(one_letter_lost(pair, chance))
    return [noisy for noisy in made if noisy is not None]
