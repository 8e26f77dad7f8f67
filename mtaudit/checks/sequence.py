"""Words in an order, or with gaps, that French hardly has: `fil acier enduit vinyle`, each word taken over in its turn.

A single unusual sequence is found in any good article. Many in few words are found in word-for-word translation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from mtaudit.model import Analysis, Issue, Need, Rule, Span
from mtaudit.sequences import packaged_sequences

#: Two issues in three overlap what an annotator marked; see notebooks/sequences.py.
CONFIDENCE = 0.65


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a rule on sequences; notebooks/sequences.py has the tables that choose them.

    below: two neighbouring words are unusual together when they score less (`SequenceModel.usualness`). fewest, words:
    nothing is reported unless the article has so many unusual neighbours, and one in so many words.
    """

    below: float
    fewest: int
    words: int

    def __post_init__(self) -> None:
        if self.fewest < 1 or self.words < 1:
            raise ValueError("`fewest` and `words` must be at least 1")


class _Ready(NamedTuple):
    rule: Rule
    options: Options


def needs(rule: Rule) -> frozenset[Need]:  # noqa: ARG001 (the protocol's signature)
    """The parts of speech."""
    return frozenset({Need.TOKENS})


def compile(rules: Sequence[Rule]) -> tuple[_Ready, ...]:
    """Each rule with its options; raises ValueError naming the rule on a bad option."""
    compiled = []
    for rule in rules:
        try:
            compiled.append(_Ready(rule, msgspec.convert(rule.options, Options)))
        except (msgspec.ValidationError, ValueError) as error:
            raise ValueError(f"{rule.id}: {error}") from error
    return tuple(compiled)


def run(analysis: Analysis, compiled: tuple[_Ready, ...]) -> Iterable[Issue]:
    """One issue for each stretch of unusual neighbours, of an article that has enough of them."""
    for rule, options in compiled:
        found = [
            (sentence.span.start, stretch)
            for sentence, doc in analysis.parsed()
            if sentence.region not in rule.skip
            for stretch in packaged_sequences().unusual(doc, options.below)
        ]
        if sum(stretch.gaps for _, stretch in found) >= max(options.fewest, len(analysis.words) / options.words):
            for start, stretch in found:
                span = Span(start + stretch.start, start + stretch.end)
                text = analysis.text[slice(*span)]
                yield rule.issue(span, text, confidence=CONFIDENCE, evidence={"score": round(stretch.score, 1)})
