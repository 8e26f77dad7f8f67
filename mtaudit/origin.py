"""From which language an article was translated, by the votes of the rules that fired.

A vote multiplies the odds of the languages that it names by a fixed ratio; the guess is the language whose posterior
probability passes a bar, else there is none. The ratios and the prior are conventions, set by hand; what they give on
text of known source is counted by `notebooks/source_language.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mtaudit.model import Issue, Rule

#: Odds of a language against another when a rule names it.
VOTE = 6.0
#: The same for words left in that language; English stands on pages of every origin.
LEFTOVER = 20.0
LEFTOVER_ENGLISH = 2.0

#: Prior probability of English; the rest is shared out evenly.
ENGLISH = 0.35
_OTHERS = ("ar", "de", "es", "fa", "he", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru", "tr", "uk", "zh")
_PRIOR = {"en": ENGLISH} | dict.fromkeys(_OTHERS, (1 - ENGLISH) / len(_OTHERS))

#: The posterior probability from which a language is named.
SURE = 0.8


class Origin(NamedTuple):
    """The guess (ISO 639-1), or None where the votes do not settle it; its probability; the votes by language."""

    guess: str | None
    confidence: float
    votes: Mapping[str, int]


def source_language(issues: Iterable[Issue], rules: Mapping[str, Rule]) -> Origin | None:
    """The source language, or None when no rule that fired says anything of it. Each rule votes once an article."""
    odds = dict(_PRIOR)
    votes: Counter[str] = Counter()
    ballots: dict[tuple[str, ...], float] = {}
    for issue in issues:
        left = issue.evidence.get("language")
        if left in odds:
            ballots[issue.rule, left] = LEFTOVER_ENGLISH if left == "en" else LEFTOVER
        for rule in (issue.rule, *issue.evidence.get("also", ())):
            if rule in rules and rules[rule].votes:
                ballots[rule, *rules[rule].votes] = VOTE
    for (_, *languages), ratio in ballots.items():
        for language in languages:
            if language in odds:
                odds[language] *= ratio
                votes[language] += 1
    if not votes:
        return None
    best = max(odds, key=lambda language: odds[language])
    probability = odds[best] / sum(odds.values())
    return Origin(best if probability >= SURE else None, probability, dict(sorted(votes.items())))
