"""What a sentence says and its round trip does not: numbers, names, negations.

Both the translation and what came back of it must lack it: what the model read and then lost on the way back says
nothing of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from mtaudit.edits import tokens
from mtaudit.model import Span
from mtaudit.quantities import days, numbers, spelled
from mtaudit.resources import Lexicon
from mtaudit.spelling import plain

#: Numbers below this are written out, rounded and rephrased (as in `checks.fidelity`).
LEAST_NUMBER: Final = 13
#: The fewest letters of a name, and how many of its first letters a name keeps in another language (*Londres*, London).
SHORTEST_NAME: Final = 4
SHARED_LETTERS: Final = 3
#: Tokens that may part *ne* from its second half.
_REACH: Final = 6

_SECOND_HALVES = frozenset(
    "pas jamais rien personne aucun aucune nul nulle guère plus point nulle ni".split(" ")  # noqa: SIM905 - one line
)
#: *Ne … plus* is « no longer », or « not more than » with a number or *que*; only without them is it a negation.
_NOT_AFTER_PLUS = re.compile(r" (?:de |d'|que |qu'|\d)")
#: Whatever may carry a negation over, so that a change of construction is no loss: *ne pas réussir* is « to fail ».
_ENGLISH = re.compile(
    r"\b(?:not|no|never|nothing|none|nobody|nowhere|neither|nor|without|cannot|hardly|barely|scarcely|longer|unless|"
    r"un(?:able|likely|known|clear|willing|aware)|fail\w*|lack\w*|refus\w+|declin\w+|den(?:y|ies|ied)|refrain\w*|"
    r"ignor\w+|stop\w*|avoid\w*|prevent\w*|impossible|in(?:capable|sufficient|complete)|little|few|only|but|absen\w+|miss\w*)"
    r"\b|n't\b"
)
_FRENCH = re.compile(
    r"\b(?:ne|pas|jamais|rien|aucune?|sans|personne|guère|plus|non|ni|nulle?|refus\w+|incapable|impossible|échou\w+|"
    r"manqu\w+|faute|défaut|ignor\w+|peu)\b|\bn'"
)


def lost_numbers(sentence: str, pivot: str, back: str, lexicon: Lexicon | None) -> Iterator[Span]:  # noqa: ARG001
    """Numbers and days of a month that neither text has."""
    kept = {value for text in (pivot, back) for one in numbers(text) for value in one.readings}
    kept |= spelled(pivot) | spelled(back)
    for number in numbers(sentence):
        if max(number.readings) >= LEAST_NUMBER and not number.readings & kept:
            yield number.span
    known = {(day.day, day.month) for text in (pivot, back) for day in days(text)}
    yield from (day.span for day in days(sentence) if (day.day, day.month) not in known)


def lost_names(sentence: str, pivot: str, back: str, lexicon: Lexicon | None) -> Iterator[Span]:
    """Names, which have a capital within the sentence and are no word of French, that neither text has."""
    if lexicon is None:
        return
    others = {plain(token.key) for text in (pivot, back) for token in tokens(text)}
    beginnings = {other[:SHARED_LETTERS] for other in others}
    for place, token in enumerate(tokens(sentence)):
        if not place or len(token.text) < SHORTEST_NAME or not token.text[0].isupper() or token.text.isupper():
            continue
        # A common noun with a capital, *l'Assemblée*, is translated like any other.
        if not _is_name(token.key, lexicon):
            continue
        if plain(token.key)[:SHARED_LETTERS] not in beginnings:
            yield Span(token.start, token.end)


def _is_name(word: str, lexicon: Lexicon) -> bool:
    readings = {entry.pos for part in word.split("-") for entry in lexicon.entries(part)}
    return readings <= {"PROPN"}


def lost_negations(sentence: str, pivot: str, back: str, lexicon: Lexicon | None) -> Iterator[Span]:  # noqa: ARG001
    """*ne … pas* and the like, from the first word to the second, where neither text has any sign of a negation."""
    if _ENGLISH.search(pivot.lower()) or _FRENCH.search(back.lower()):
        return
    words = tokens(sentence)
    for place, word in enumerate(words):
        if word.key not in ("ne", "n'"):
            continue
        for second in words[place + 1 : place + 1 + _REACH]:
            if second.key in _SECOND_HALVES:
                if second.key != "plus" or not _NOT_AFTER_PLUS.match(sentence.lower(), second.end):
                    yield Span(word.start, second.end)
                break


Loss = Callable[[str, str, str, Lexicon | None], Iterator[Span]]
#: By the kind of evidence: sentence, pivot, what came back, lexicon -> spans of the sentence.
LOSSES: Mapping[str, Loss] = {"number": lost_numbers, "name": lost_names, "negation": lost_negations}
