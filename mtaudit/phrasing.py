"""The linear model of phrasing: what a text scores, and which of its phrases weigh most.

    score = bias + sum over views, over features of a view, of (1 + ln count) * weight / sqrt(n)

with n all features of that view in the text. Above 0 is the machine's side. `notebooks/detection.py` fits it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import NamedTuple

import msgspec

from mtaudit.model import Span
from mtaudit.phraseology import MARKS, VIEWS, Token, Word, features, names, phrases, words

#: Single words of these parts of speech are clues: others say what the text is about, or, being small, nothing.
_TELLING = frozenset({"ADV", "PRON"})
_TELLING_IF_LONG = frozenset({"ADP", "CCONJ", "SCONJ"})
_LONG = 4


class PhrasingModel(msgspec.Struct, frozen=True):
    """Weights by view and feature, in thousandths; a feature that a view lacks weighs nothing."""

    bias: float
    weights: Mapping[str, dict[str, int]]


class Passage(NamedTuple):
    """A sentence that counts: where it starts in the article, its text in `Analysis.view`, its parse."""

    start: int
    text: str
    tokens: Sequence[Token]


@dataclass(frozen=True, slots=True)
class Phrasing:
    """What a text scores, and what each occurrence of a feature of the view `words` adds to it."""

    score: float
    words: Mapping[str, float]


class Phrase(NamedTuple):
    """A phrase in lower case, what it adds to the score, and where the article has it."""

    text: str
    weight: float
    places: tuple[Span, ...]


def phrasing(passages: Iterable[Passage], model: PhrasingModel) -> Phrasing:
    """The score of the passages together; that of nothing is the model's bias."""
    counts: list[Counter[str]] = [Counter() for _ in VIEWS]
    for passage in passages:
        for count, found in zip(counts, features(passage.text, passage.tokens), strict=True):
            count.update(found)
    added = [_added(count, model.weights.get(view, {})) for view, count in zip(VIEWS, counts, strict=True)]
    each = {feature: weight / counts[0][feature] for feature, weight in added[0].items()}
    return Phrasing(model.bias + sum(sum(view.values()) for view in added), each)


def _added(counts: Counter[str], weights: Mapping[str, int]) -> dict[str, float]:
    scale = 1000 * sqrt(max(counts.total(), 1))
    return {
        feature: (1 + log(count)) * weights[feature] / scale for feature, count in counts.items() if feature in weights
    }


def heaviest(passages: Iterable[Passage], found: Phrasing, most: int) -> list[Phrase]:
    """The phrases that move the score most, either way, at most so many; none shares words with another.

    The marks for names, numbers and the sentence's edges are left out of a phrase, and what was counted with them is
    added to it. A phrase is two words or more, or one that belongs to no subject (« cependant », « on »).
    """
    weights: Counter[str] = Counter()
    places: dict[str, dict[Span, None]] = defaultdict(dict)
    for passage in passages:
        telling = {token.text.lower() for token in passage.tokens if _tells(token)}
        for run in phrases(words(passage.text, names(passage.tokens))):
            weight = found.words.get(" ".join(word.form for word in run))
            at = _extent(run) if weight else None
            if not weight or at is None:
                continue
            text = " ".join(passage.text[slice(*at)].lower().split())
            if " " in text or text in telling:
                weights[text] += weight  # type: ignore[assignment]  # a Counter of floats
                places[text][Span(passage.start + at.start, passage.start + at.end)] = None
    phrases_ = (Phrase(text, weights[text], tuple(spans)) for text, spans in places.items())
    return _apart(sorted(phrases_, key=lambda phrase: -abs(phrase.weight)), most)


def _tells(token: Token) -> bool:
    return token.pos in _TELLING or (token.pos in _TELLING_IF_LONG and len(token.text) >= _LONG)


def _extent(run: Sequence[Word]) -> Span | None:
    """The stretch of the sentence from the first word of the run to its last, None where a mark stands between."""
    own = [number for number, word in enumerate(run) if word.form not in MARKS]
    if not own or any(word.form in MARKS and word.form != "," for word in run[own[0] : own[-1]]):
        return None
    return Span(run[own[0]].start, run[own[-1]].end)


def _apart(found: Iterable[Phrase], most: int) -> list[Phrase]:
    chosen: list[Phrase] = []
    for phrase in found:
        if len(chosen) == most:
            break
        if not any(one.overlaps(other) for one in phrase.places for kept in chosen for other in kept.places):
            chosen.append(phrase)
    return chosen


def length(passages: Iterable[Passage]) -> int:
    """Words of the passages, figures and elided articles among them."""
    return sum(token.text[0].isalnum() for passage in passages for token in passage.tokens)


def familiarity(passages: Iterable[Passage], common: frozenset[str]) -> float:
    """The share of words that are `common` as `phraseology.words` writes them, names and numbers aside; 0 for none."""
    forms = [
        word.form
        for passage in passages
        for stretch in words(passage.text, names(passage.tokens))
        for word in stretch
        if word.form not in MARKS
    ]
    return sum(form in common for form in forms) / len(forms) if forms else 0.0
