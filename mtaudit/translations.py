"""What a translation model says: translations, and what it thinks of a given one, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple, Protocol

from mtaudit.intervals import Span
from mtaudit.similarity import Similarity, similarity


class Way(StrEnum):
    """A direction of translation, source language first."""

    FR_EN = "fr-en"
    EN_FR = "en-fr"

    @property
    def languages(self) -> tuple[str, str]:
        """Source and target."""
        source, _, target = self.value.partition("-")
        return source, target


class Threads(NamedTuple):
    """`each` computes one batch, and so many batches run at once. More `at_once` is faster, more `each` is sooner."""

    each: int = 1
    at_once: int = 1


ONE_THREAD: Final = Threads()


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Which model translates, and on what.

    `where` is None for the model that comes with mtaudit; else a folder, the name of a model that was pulled or
    converted, or the hub id of one that transformers has in its cache; or two of these with a comma between them, the
    first for fr-en and the second for en-fr. `device` is "cpu", "cuda", or "auto" for a GPU where one is found.
    """

    where: str | None = None
    threads: Threads = ONE_THREAD
    device: str = "auto"


#: The one that comes with mtaudit.
PACKAGED_MODEL: Final = ModelChoice()


class Hypothesis(NamedTuple):
    """One translation, in the model's typography (straight quotes, no blank before : ; ! ?), and its log-probability.

    `log_probability` is natural and summed over `pieces` pieces, the end counted; both are 0 for a text that was not
    translated. `parts` is how many parts the sentence was cut into because it was too long for the model to read as
    one: 1 for most, 0 when it holds nothing that the model can read and is given back as it is.
    """

    text: str
    log_probability: float
    pieces: int
    parts: int = 1


class ScoredPiece(NamedTuple):
    """A piece of a text under forced decoding: where it stands in the untouched text, and ln p(piece | what is before).

    Blanks before a word are not part of its span. Pieces which are one byte of a character each stand where that
    character stands.
    """

    span: Span
    log_probability: float


class Scored(NamedTuple):
    """Forced decoding of a whole text: its pieces in order, and ln p of ending after the last.

    `pieces` is empty when the pair could not be scored, and `reason` then says why.
    """

    pieces: tuple[ScoredPiece, ...]
    end: float = 0.0
    reason: str = ""

    @property
    def log_probability(self) -> float:
        """Summed over the pieces and the end; 0 when nothing was scored."""
        return sum(piece.log_probability for piece in self.pieces) + self.end

    def of(self, span: Span) -> float:
        """ln p of the pieces that touch the span, summed; 0 when none does."""
        return sum(piece.log_probability for piece in self.pieces if piece.span.overlaps(span))


class Translating(Protocol):
    """What translates and scores: a model, or a model with a memory."""

    @property
    def digest(self) -> str:
        """Of the model: what a cache or a calibration belongs to."""
        ...

    def translate(self, sentences: Sequence[str], way: Way, beam: int = 1, best: int = 1) -> list[list[Hypothesis]]:
        """For every sentence its `best` translations, the most likely first; raises EngineError."""
        ...

    def score(self, sources: Sequence[str], targets: Sequence[str], way: Way) -> list[Scored]:
        """Forced decoding of every target given its source; raises EngineError."""
        ...


class Repair(NamedTuple):
    """A change that a round trip makes to a word or two of a sentence, and what forced decoding thinks of it.

    `span` is what the sentence would lose, and `replacement` what it would get, in its own case and with straight
    apostrophes; where words are only put in or left out, both hold the words beside them. `kind` is what it mends, as
    `repairs.Kind` has it. `gain` is ln p of the sentence with the change less ln p of it as it stands, both given its
    pivot.
    """

    span: Span
    replacement: str
    kind: str
    gain: float


NOT_TRANSLATED = Hypothesis("", 0.0, 0, 0)
NOT_SCORED = Scored(())


@dataclass(frozen=True)  # without slots, which leave no room for the similarity
class RoundTrip:
    """A sentence, its translation (the pivot), and what becomes of that on the way back.

    Spans are of `sentence`, which has its article's length and words, with plain blanks and straight apostrophes.
    `given` is forced decoding of the sentence itself given its pivot, without pieces when it was too long for that;
    `kept` the share of its words that came back; `model` the digest of what translated. `reason` says why a sentence
    was left out, `failure` why the translator gave it up: all the rest is empty then.
    """

    sentence: str
    model: str
    pivot: Hypothesis = NOT_TRANSLATED
    back: Hypothesis = NOT_TRANSLATED
    given: Scored = NOT_SCORED
    kept: float = 0.0
    repairs: tuple[Repair, ...] = ()
    reason: str = ""
    failure: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the sentence went there and came back."""
        return not self.reason and not self.failure

    @cached_property
    def similarity(self) -> Similarity:
        """Of what came back to the sentence."""
        return similarity(self.back.text, self.sentence)
