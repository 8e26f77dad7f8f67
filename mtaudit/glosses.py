"""What the English of a round trip says for or against a calque.

A rule may name the English that it takes its words for a copy of (`gloss`). A model that reads the words as that, and
writes it, speaks for the rule; one that reads something else speaks against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from mtaudit.calibration import calibration_of
from mtaudit.model import Analysis, Issue, Rule
from mtaudit.translations import RoundTrip

#: What an issue that was weighed has in its evidence besides its own.
GLOSS_EVIDENCE = frozenset({"gloss", "gloss_shown", "pivot", "round_trip", "uncalibrated"})


def glossed(issues: Iterable[Issue], analysis: Analysis, rules: Mapping[str, Rule]) -> Iterator[Issue]:
    """The issues; those of rules with a gloss surer or less sure by the pivot of their sentence, where it has one."""
    if not analysis.round_trips:
        yield from issues
        return
    for issue in issues:
        gloss = rules[issue.rule].gloss
        trip = _trip_of(analysis, issue) if gloss else None
        yield issue if trip is None else _weighed(issue, trip, gloss)


def _trip_of(analysis: Analysis, issue: Issue) -> RoundTrip | None:
    sentence = analysis.sentence_at(issue.span.start)
    if sentence is None or sentence.index >= len(analysis.round_trips):
        return None
    trip = analysis.round_trips[sentence.index]
    return trip if trip is not None and trip.is_whole else None


def _weighed(issue: Issue, trip: RoundTrip, gloss: tuple[str, ...]) -> Issue:
    calibration = calibration_of(trip.model)
    found = _any_of(gloss).search(trip.pivot.text.lower())
    if found:
        confidence = issue.confidence + (1 - issue.confidence) * calibration.gloss.shown
    else:
        confidence = issue.confidence * (1 - calibration.gloss.absent)
    evidence = {
        **issue.evidence,
        "gloss": found[0] if found else gloss[0],
        "gloss_shown": found is not None,
        "pivot": trip.pivot.text,
        "round_trip": trip.back.text,
    }
    if calibration.model != trip.model:
        evidence["uncalibrated"] = True
    return replace(issue, confidence=confidence, evidence=evidence)


@lru_cache(maxsize=1024)
def _any_of(gloss: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, gloss))})(?!\w)")
