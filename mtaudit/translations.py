"""What a translation model says: translations, and what it thinks of a given one, piece by piece."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from mtaudit.model import Span


class Way(StrEnum):
    """A direction of translation, source language first."""

    FR_EN = "fr-en"
    EN_FR = "en-fr"

    @property
    def languages(self) -> tuple[str, str]:
        """Source and target."""
        source, _, target = self.value.partition("-")
        return source, target


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
