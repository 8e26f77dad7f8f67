"""Words in an order, or with gaps, that French hardly has: `fil acier enduit vinyle`, each word taken over in its turn.

Some unusual sequences stand in any good article; where they are the rule, it was translated word for word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from statistics import fmean
from typing import NamedTuple

import msgspec

from mtaudit.model import Analysis, Issue, Need, Rule, Span
from mtaudit.sequences import packaged_sequences, stretches

#: Of ten issues seven overlap what an annotator marked; see notebooks/sequences.py.
CONFIDENCE = 0.7


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a rule on sequences; notebooks/sequences.py has the tables that choose them.

    mean, margin: an article is reported on when the mean score of its neighbours (`SequenceModel.usualness`), with
    `margin` / sqrt(neighbours) added for what is due to chance, is less than `mean`. below: two neighbouring words of
    it are unusual together when they score less.
    """

    mean: float
    margin: float
    below: float = 0.0

    def __post_init__(self) -> None:
        if self.margin < 0:
            raise ValueError("`margin` must be at least 0")


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
    """One issue for each stretch of unusual neighbours, of an article whose sequences are unusual on the whole."""
    for rule, options in compiled:
        read = [
            (sentence.span.start, *packaged_sequences().score(doc))
            for sentence, doc in analysis.parsed()
            if sentence.region not in rule.skip
        ]
        if not is_unusual([score for _, scores, _ in read for score in scores], options):
            continue
        for start, scores, places in read:
            for found in stretches(scores, places, options.below):
                span = Span(start + found.start, start + found.end)
                text = analysis.text[slice(*span)]
                yield rule.issue(span, text, confidence=CONFIDENCE, evidence={"score": round(found.score, 1)})


def is_unusual(scores: Sequence[float], options: Options) -> bool:
    """Whether the neighbours of a text, given their scores, are unusual on the whole."""
    return bool(scores) and fmean(scores) + options.margin / sqrt(len(scores)) < options.mean
