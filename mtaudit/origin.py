"""From which language an article was translated, by the votes of the rules that fired.

A vote multiplies the odds of the languages that it names by a fixed ratio; the guess is the language whose posterior
probability passes a bar, else there is none. The ratios and the prior are conventions, set by hand; what they give on
text of known source is counted by `notebooks/source_language.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from mtaudit.model import Issue, Origin, Rule

#: Odds of a language against another when a rule names it. What English leaves behind is left by every engine that
#: was trained on English, or goes by way of it.
VOTE = 6.0
VOTE_ENGLISH = 2.0
#: The same for words left in that language; English stands on pages of every origin.
LEFTOVER = 20.0
LEFTOVER_ENGLISH = 2.0

#: The same where a disclaimer says so itself.
STATED = 1e6
_STATEMENT = re.compile(
    r"\b(?:translated|traduite?s?|traducid[oa]|traduzid[oa]|übersetzt|tradotto|diterjemahkan)(?: \w+){0,3}?"
    r" (?:from(?: the)?|de l['’]|du|depuis l(?:e |['’])|del|do|aus dem|dari|dal(?:l['’])?) ?"
    r"(?:original |bahasa )?(?P<from>\w+)"
    r"|\b(?P<main>\w+) as (?:our|the|its) (?:main|original|source|primary) language"
    r"|\b(?:main|original|source|primary) language is (?P<is>\w+)",
    re.IGNORECASE,
)
_NAMES = {
    name: code
    for code, names in {
        "ar": "arabic arabe árabe arab",
        "de": "german allemand alemán alemão deutschen tedesco jerman",
        "en": "english anglais inglés inglês englischen inglese inggris",
        "es": "spanish espagnol español espanhol spagnolo spanyol",
        "fa": "persian farsi persan",
        "he": "hebrew hébreu",
        "hi": "hindi",
        "id": "indonesian indonésien indonesio indonésio indonesia",
        "it": "italian italien italiano",
        "ja": "japanese japonais",
        "ko": "korean coréen",
        "nl": "dutch néerlandais",
        "pl": "polish polonais",
        "pt": "portuguese portugais portugués português portugis",
        "ro": "romanian roumain",
        "ru": "russian russe ruso russo rusia",
        "tr": "turkish turc",
        "uk": "ukrainian ukrainien",
        "zh": "chinese chinois chino chinês",
    }.items()
    for name in names.split()
}

#: Prior probability of English; the rest is shared out evenly.
ENGLISH = 0.35
_OTHERS = ("ar", "de", "es", "fa", "he", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru", "tr", "uk", "zh")
_PRIOR = {"en": ENGLISH} | dict.fromkeys(_OTHERS, (1 - ENGLISH) / len(_OTHERS))

#: The posterior probability from which a language is named.
SURE = 0.8


def source_language(issues: Iterable[Issue], rules: Mapping[str, Rule], text: str = "") -> Origin | None:
    """The source language, or None when no rule that fired says anything of it. Each rule votes once an article.

    `text` is the article's, in which a disclaimer may name the language.
    """
    odds = dict(_PRIOR)
    votes: Counter[str] = Counter()
    ballots: dict[tuple[str, ...], float] = {}
    for issue in issues:
        if issue.category == "content/mt-disclaimer":
            ballots |= {(issue.rule, stated): STATED for stated in _stated(text[slice(*issue.span)])}
        left = issue.evidence.get("language")
        if left in odds:
            ballots[issue.rule, left] = LEFTOVER_ENGLISH if left == "en" else LEFTOVER
        for rule in (issue.rule, *issue.evidence.get("also", ())):
            if rule in rules and rules[rule].votes:
                ballots[rule, *rules[rule].votes] = VOTE_ENGLISH if rules[rule].votes == ("en",) else VOTE
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


def _stated(disclaimer: str) -> set[str]:
    """The languages that a disclaimer gives as the original's."""
    named = (name.lower() for found in _STATEMENT.finditer(disclaimer) for name in found.groups() if name)
    return {_NAMES[name] for name in named if name in _NAMES}
