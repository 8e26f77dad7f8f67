"""How usual a sequence of words is in French: a trigram model of classes of words, read from both sides.

The class of a function word is the word itself; of other words, the part of speech with gender, number and verb form,
so that the model knows of *de la* + feminine noun, and nothing of what a text is about. `notebooks/sequences.py` counts
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from spacy.tokens import Doc

DATA = Path(__file__).with_name("data") / "sequences.npz"

START, END = "<s>", "</s>"
#: Parts of speech whose words stand for themselves.
_FUNCTION = frozenset({"DET", "ADP", "PRON", "CCONJ", "SCONJ", "AUX", "PART", "ADV"})
_INFLECTED = frozenset({"NOUN", "ADJ", "VERB"})
_FEATURES = ("VerbForm", "Gender", "Number")


class Place(NamedTuple):
    """A token in its sentence: where it starts and ends, and whether it is a word or a number."""

    start: int
    end: int
    is_word: bool


class Stretch(NamedTuple):
    """Neighbours that hardly go together: from where to where in the sentence, and the lowest score."""

    start: int
    end: int
    score: float


class _Context(NamedTuple):
    """By context, in the order of its keys: how often it was seen, and with how many different classes."""

    keys: NDArray[np.int64]
    times: NDArray[np.int64]
    kinds: NDArray[np.int64]


class SequenceModel:
    """Counts of classes, of pairs and of triples of neighbours.

    `pairs` and `triples` are sorted keys, the numbers of the classes as the digits of a number of base `len(classes)`;
    `times` of each says how often it was seen.
    """

    def __init__(
        self,
        classes: Iterable[str],
        pairs: NDArray[np.int64],
        pair_times: NDArray[np.int64],
        triples: NDArray[np.int64],
        triple_times: NDArray[np.int64],
    ) -> None:
        import numpy as np

        self.numbers: Mapping[str, int] = {name: number for number, name in enumerate(classes)}
        self._base = base = len(self.numbers)
        self._known: dict[tuple[int, int, int], tuple[int, bool]] = {}
        self._pairs, self._pair_times = pairs, pair_times
        self._triples, self._triple_times = triples, triple_times
        self._single = (np.bincount(pairs % base, pair_times, base) + 1) / (pair_times.sum() + base)
        self._before = _context(pairs // base, pair_times)
        self._after = _context(pairs % base, pair_times)
        self._two_before = _context(triples // base, triple_times)
        self._two_after = _context(triples % base**2, triple_times)

    def read(self, doc: Doc) -> tuple[NDArray[np.int64], list[Place]]:
        """The classes of a sentence between its two edges, and the place of each token; blanks are left out."""
        import numpy as np
        from spacy.attrs import IDX, LENGTH, LOWER, MORPH, POS

        numbers = [self.numbers[START]]
        places = []
        rows: Any = doc.to_array([POS, MORPH, LOWER, IDX, LENGTH])
        for pos, morph, lower, start, length in rows.tolist():
            key = (pos, morph, lower)
            known = self._known.get(key)
            if known is None:
                strings = doc.vocab.strings
                text = strings[lower]
                known = self._known[key] = (
                    self._number(class_of(strings[pos] if pos else "", strings[morph], text)),
                    any(character.isalnum() for character in text),
                )
            number, is_word = known
            if number >= 0:
                numbers.append(number)
                places.append(Place(start, start + length, is_word))
        numbers.append(self.numbers[END])
        return np.array(numbers, dtype=np.int64), places

    def _number(self, name: str) -> int:
        """That of the class; of one too rare to have been counted, that of its part of speech; -1 for a blank."""
        if not name:
            return -1
        return self.numbers.get(name, self.numbers.get(name.partition("=")[0], self.numbers["X"]))

    def score(self, doc: Doc) -> tuple[list[float], list[Place]]:
        """The usualness of each two neighbours of a parsed sentence, and the places of its tokens."""
        numbers, places = self.read(doc)
        return (self.usualness(numbers).tolist() if len(places) > 1 else []), places

    def usualness(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """For each two neighbours within a sentence of n > 1 tokens, n - 1 in all, how well they go together.

            ln p(b | a1 a) / p(b) + ln p(a | b b1) / p(a)

        with a1 the class before a, b1 the one after b, and p interpolated as Witten and Bell do (Chen and Goodman,
        "An Empirical Study of Smoothing Techniques", 1999, 2.3). Below 0, they meet less often than by chance.
        """
        import numpy as np

        a1, a, b, b1 = numbers[:-3], numbers[1:-2], numbers[2:-1], numbers[3:]
        base = self._base
        pairs = _times(self._pairs, self._pair_times, a * base + b)
        onward = _mixed(pairs, self._before, a, self._single[b])
        back = _mixed(pairs, self._after, b, self._single[a])
        ahead = _times(self._triples, self._triple_times, (a1 * base + a) * base + b)
        behind = _times(self._triples, self._triple_times, (a * base + b) * base + b1)
        onward = _mixed(ahead, self._two_before, a1 * base + a, onward)
        back = _mixed(behind, self._two_after, b * base + b1, back)
        usual: NDArray[np.float64] = np.log(onward / self._single[b]) + np.log(back / self._single[a])
        return usual


def stretches(scores: Sequence[float], places: Sequence[Place], below: float) -> Iterator[Stretch]:
    """The stretches of a sentence in which any two neighbours are words and score less than that.

    `scores` has one for each two neighbours among `places`.
    """
    gaps = [
        score < below and left.is_word and right.is_word
        for score, (left, right) in zip(scores, pairwise(places), strict=True)
    ]
    for is_unusual, run in groupby(range(len(gaps)), key=gaps.__getitem__):
        if is_unusual:
            own = list(run)
            lowest = min(scores[own[0] : own[-1] + 1])
            yield Stretch(places[own[0]].start, places[own[-1] + 1].end, lowest)


def class_of(pos: str, morph: str, lower: str) -> str:
    """The class of a word by its part of speech, its morphology (`Gender=Fem|Number=Sing`) and its lower-case form.

    A part of speech, then what refines it after `=`; empty for a blank.
    """
    if pos == "SPACE" or not lower.strip():
        return ""
    if not any(character.isalnum() for character in lower):
        return f"PUNCT={lower[0]}"
    if pos in _FUNCTION:
        return f"{pos}={lower}"
    if pos in _INFLECTED:
        told = dict(feature.split("=", 1) for feature in morph.split("|") if "=" in feature)
        return f"{pos}={'.'.join(told.get(name, '') for name in _FEATURES)}"
    return pos or "X"


@lru_cache(maxsize=1)
def packaged_sequences() -> SequenceModel:
    """The model that comes with mtaudit."""
    import numpy as np

    with np.load(DATA) as stored:
        return SequenceModel(
            stored["classes"].tolist(),
            *(stored[name].astype(np.int64) for name in ("pairs", "pair_times", "triples", "triple_times")),
        )


def _context(keys: NDArray[np.int64], times: NDArray[np.int64]) -> _Context:
    import numpy as np

    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    kinds = np.diff(starts, append=len(keys))
    return _Context(ordered[starts], np.add.reduceat(times[order], starts), kinds)


def _times(keys: NDArray[np.int64], times: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """The count of each wanted key, 0 of one that is not there."""
    import numpy as np

    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, times[at], 0)


def _mixed(
    seen: NDArray[np.int64], context: _Context, wanted: NDArray[np.int64], lower: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The probability after a context, given how often it was seen there and its probability after a shorter one."""
    import numpy as np

    total = _times(context.keys, context.times, wanted)
    kinds = _times(context.keys, context.kinds, wanted)
    return np.where(total > 0, (seen + kinds * lower) / np.maximum(total + kinds, 1), lower)
