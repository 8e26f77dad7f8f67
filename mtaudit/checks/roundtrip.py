"""What a translation to English and back says of a sentence: evidence of a translation model, by measured thresholds.

Four kinds: a *repair* of a word or two, which the round trip makes and forced decoding prefers; an *improbable* word,
which the model would hardly have written for its own translation; a *loss* of a number, a name or a negation; and a
*gloss*, which is not told here but weighs the issues of rules that have one (`mtaudit.glosses`). How similar a round
trip is says nothing of the sentence, and is no issue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from mtaudit.calibration import Calibration, calibration_of
from mtaudit.edits import Token, tokens
from mtaudit.errors import EngineError
from mtaudit.inflection import DETERMINERS
from mtaudit.losses import LOSSES
from mtaudit.model import Analysis, Issue, Need, Rule, Sentence, Span
from mtaudit.repairs import PREPOSITIONS, PRONOUNS, Kind
from mtaudit.resources import Lexicon
from mtaudit.translations import RoundTrip

Evidence = Literal["repair", "improbable", "number", "name", "negation"]

#: The share of a sentence's words that have to be French: a round trip of anything else says nothing.
FRENCH_SHARE = 0.7
#: Shorter words, and function words, are exchanged by any paraphrase: only a repair tells of them.
SHORTEST_WORD = 4


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which evidence a rule passes on; `kind` says which repairs, and goes with these only."""

    evidence: Evidence
    kind: Kind | None = None

    def __post_init__(self) -> None:
        if (self.evidence == "repair") != (self.kind is not None):
            raise ValueError("`kind` goes with `evidence: repair`, which needs it")

    @property
    def name(self) -> str:
        """As the calibration calls it."""
        return f"{self.evidence}/{self.kind}" if self.kind else self.evidence


class Found(NamedTuple):
    """A piece of evidence: its kind as the calibration calls it, where in the sentence, how strong, what to write.

    `strength` is what the threshold of the kind is for: nats of a repair's gain, or of an improbable word's excess over
    the words of its sentence; for a loss the share of the sentence's words that came back.
    """

    name: str
    span: Span
    strength: float
    suggestion: str = ""


def needs(rule: Rule) -> frozenset[Need]:  # noqa: ARG001 - the protocol's signature
    """Round trips, and the lexicon, by which edits are told apart."""
    return frozenset({Need.ROUNDTRIP, Need.LEXICON})


def compile(rules: Sequence[Rule]) -> dict[str, Rule]:
    """The rule of each kind of evidence. Raises ValueError on a bad option, and for two rules of one kind."""
    by_name: dict[str, Rule] = {}
    for rule in rules:
        try:
            name = msgspec.convert(rule.options, Options).name
        except (msgspec.ValidationError, ValueError) as error:
            raise ValueError(f"{rule.id}: {error}") from error
        if name in by_name:
            raise ValueError(f"{rule.id}: {name} is what {by_name[name].id} tells already")
        by_name[name] = rule
    return by_name


def run(analysis: Analysis, compiled: Mapping[str, Rule]) -> Iterable[Issue]:
    """What reaches its threshold. Raises EngineError, after all issues, where the translator gave up."""
    failure = ""
    for sentence, trip in zip(analysis.sentences, analysis.round_trips, strict=False):
        if trip is None:
            continue
        failure = failure or trip.failure
        if trip.is_whole:
            yield from _issues(analysis, sentence, trip, compiled)
    if failure:
        raise EngineError("translator", f"an article went without it: {failure}")


def _issues(analysis: Analysis, sentence: Sentence, trip: RoundTrip, compiled: Mapping[str, Rule]) -> Iterator[Issue]:
    calibration = calibration_of(trip.model)
    for found in evidence_of(trip, analysis.lexicon):
        rule, threshold = compiled.get(found.name), calibration.of(found.name)
        if rule is None or threshold.least is None or found.strength < threshold.least:
            continue
        span = Span(*(sentence.span.start + place for place in found.span))
        suggestion = found.suggestion.replace("'", "’") if "’" in analysis.text else found.suggestion
        yield rule.issue(
            span,
            analysis.text[slice(*span)],
            (suggestion,) if suggestion else (),
            confidence=threshold.precision,
            evidence=_evidence(trip, found, calibration),
        )


def _evidence(trip: RoundTrip, found: Found, calibration: Calibration) -> Mapping[str, Any]:
    measure = "kept" if found.name in LOSSES else "margin"
    evidence = {"pivot": trip.pivot.text, "round_trip": trip.back.text, measure: round(found.strength, 2)}
    return evidence if calibration.model == trip.model else {**evidence, "uncalibrated": True}


def evidence_of(trip: RoundTrip, lexicon: Lexicon | None) -> Iterator[Found]:
    """All that a round trip shows, however weak; nothing for a sentence that is not mostly French."""
    words = tokens(trip.sentence)
    if lexicon is None or not _is_french(words, lexicon):
        return
    for repair in trip.repairs:
        yield Found(f"repair/{repair.kind}", repair.span, repair.gain, repair.replacement)
    repaired = [repair.span for repair in trip.repairs]
    yield from (found for found in _improbable(trip, words, lexicon) if not any(map(found.span.overlaps, repaired)))
    for name, lost in LOSSES.items():
        for span in lost(trip.sentence, trip.pivot.text, trip.back.text, lexicon):
            yield Found(name, span, trip.kept)


def _is_french(words: Sequence[Token], lexicon: Lexicon) -> bool:
    plain = [word for word in words if word.text.islower() and not word.text.endswith("'")]
    return sum(lexicon.knows(word.key) for word in plain) >= FRENCH_SHARE * len(plain) > 0


def _improbable(trip: RoundTrip, words: Sequence[Token], lexicon: Lexicon) -> Iterator[Found]:
    """Words that the model finds less likely than the sentence's others, and by how much.

    Neither names nor what came back, which the model cannot have found so unlikely.
    """
    if not trip.given.pieces or not words:
        return
    doubts = [-trip.given.of(Span(word.start, word.end)) for word in words]
    mean = sum(doubts) / len(doubts)
    returned = {token.key for token in tokens(trip.back.text)}
    for word, doubt in zip(words, doubts, strict=True):
        if doubt > mean and word.key not in returned and _has_content(word, lexicon):
            yield Found("improbable", Span(word.start, word.end), doubt - mean)


def _has_content(word: Token, lexicon: Lexicon) -> bool:
    """False for a name, a number, a function word; a compound, of many pieces; and what only a lexicon can judge."""
    return (
        len(word.text) >= SHORTEST_WORD
        and word.text.islower()
        and "-" not in word.text
        and lexicon.knows(word.key)
        and not (word.key in PREPOSITIONS or word.key in PRONOUNS or word.key in DETERMINERS)
    )
