"""What engines offer to checkers: a lexicon and a language identifier, as protocols."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class LexiconEntry(NamedTuple):
    """One reading of a form: lemma, universal part of speech, gender (m, f or "") and number (s, p or "")."""

    lemma: str
    pos: str
    gender: str
    number: str


class Lexicon(Protocol):
    """A list of inflected French forms."""

    def knows(self, form: str) -> bool:
        """True when the form, or its lower-case form, is a French word."""
        ...

    def entries(self, form: str) -> tuple[LexiconEntry, ...]:
        """The readings of a form, empty when unknown."""
        ...

    def frequency(self, form: str) -> float:
        """The Zipf frequency of a form in French (3 is once in a million words), 0.0 when it has none."""
        ...

    def foreign_frequency(self, form: str) -> float:
        """The highest Zipf frequency among the languages that French borrows from, 0.0 when it has none."""
        ...

    def suggest(self, form: str, limit: int = 3) -> tuple[str, ...]:
        """Known forms close to an unknown one, likeliest first."""
        ...


class LanguageIdentifier(Protocol):
    """Tells the language of a stretch of text."""

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Languages (ISO 639-1) with probabilities that sum to 1, likeliest first."""
        ...
