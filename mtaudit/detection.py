"""Was it a machine? A calibrated probability, from signals that an editor can look at.

    logit p = bias + phrasing + issues + disclaimer + untranslated

`phrasing` is the score of the linear model (`mtaudit.phrasing`) times a slope that depends on the length of the text:
what many sentences say together is not what each says, taken as often, for an article brings a manner of its own.
`issues` adds up families of rules, each by the issues per 1,000 words. What the development data hardly contain,
disclaimers and fragments left untranslated, weighs what the data can bear: the logarithm of a likelihood ratio whose
counts have one half added (`notebooks/detection.py`, which makes `data/detection.json`). Typography takes no part.

The probability is for as many machine articles as human ones. It was measured on news, against people who translate:
modern systems against them are hard, and most of what a machine wrote is called `unclear`. `likely` and `no sign` are
kept for what lies beyond nearly all human, and nearly all machine, pieces.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import exp, log, log1p
from pathlib import Path
from typing import Final

import msgspec

from mtaudit.analysis import FURNITURE
from mtaudit.intervals import Cover
from mtaudit.model import Analysis, Clue, Detection, Issue, Rule, Sentence, Severity, Verdict
from mtaudit.origin import source_language
from mtaudit.phraseology import LEAST_TOKENS, tokens_of
from mtaudit.phrasing import Passage, PhrasingModel, familiarity, heaviest, length, phrasing

DATA: Final = Path(__file__).parent / "data" / "detection.json"
#: Raised when the keys of the file mean something else than before.
FORMAT: Final = 1

PHRASING: Final = "phrasing"
ISSUES: Final = "issues"
#: The signals of hard evidence, by the category of the issues that are it.
HARD: Final = {"content/mt-disclaimer": "disclaimer", "accuracy/untranslated": "untranslated"}

MOST_CLUES: Final = 8

#: Where the first clause of a message ends; a quotation that it leads up to is the clue's own place.
_CLAUSE_END: Final = re.compile(r"[ \u00a0\u202f]?;|[.!?](?:\s|$)|(?<=\w)[ \u00a0\u202f]?: «")


class ByLength(msgspec.Struct, frozen=True):
    """A coefficient that depends on the length of the text: `at` for `words` words, `growth` more for each time that
    the text is e times as long; constant below `shortest` words and above `longest`, beyond which none were seen."""

    at: float
    growth: float
    words: int
    shortest: int
    longest: int

    def of(self, words: int) -> float:
        """The coefficient for a text of so many words."""
        return self.at + self.growth * log(min(max(words, self.shortest), self.longest) / self.words)


class DetectionModel(msgspec.Struct, frozen=True):
    """`data/detection.json`. `issues` are weights by family, on ln(1 + issues per 1,000 words); `evidence`, in log-odds
    by signal; `likely` and `no_sign` are probabilities; `faults` the categories whose graver issues forbid `no sign`;
    texts of fewer than `least_words`, or less familiar than `least_familiar`, are not judged.
    """

    format: int
    script: str
    data: str
    date: str
    phrasing: PhrasingModel
    bias: ByLength
    slope: ByLength
    issues: Mapping[str, float]
    evidence: Mapping[str, float]
    faults: frozenset[str]
    likely: float
    no_sign: float
    least_words: int
    least_familiar: float
    common: frozenset[str]


@lru_cache(maxsize=1)
def packaged_model() -> DetectionModel:
    """The model that comes with mtaudit."""
    return msgspec.json.decode(DATA.read_bytes(), type=DetectionModel)


def detect(
    analysis: Analysis, issues: Sequence[Issue], rules: Mapping[str, Rule], model: DetectionModel | None = None
) -> Detection:
    """Whether a machine translated the article, given all its issues, shown or not.

    It abstains on short texts, on what was not parsed, and far from the news; a disclaimer counts all the same.
    """
    model = model or packaged_model()
    origin = source_language(issues, rules, analysis.text)
    passages = list(passages_of(analysis, issues))
    words = length(passages)
    evidence = _evidence(issues)
    abstained = _abstained(analysis, passages, words, model)
    if abstained and "disclaimer" not in evidence:
        return Detection(abstained=abstained, origin=origin)
    signals: dict[str, float] = {}
    clues: list[Clue] = []
    logit = 0.0
    if not abstained:
        slope = model.slope.of(words)
        found = phrasing(passages, model.phrasing)
        signals[PHRASING] = slope * found.score
        clues += (
            Clue(PHRASING, _quoted(phrase.text), slope * phrase.weight, phrase.places)
            for phrase in heaviest(passages, found, MOST_CLUES)
        )
        families = by_family(issues, rules)
        weights = {
            family: model.issues[family] * rate(len(own), words)
            for family, own in families.items()
            if family in model.issues
        }
        signals[ISSUES] = sum(weights.values(), 0.0)
        clues += (
            Clue(ISSUES, _first_clause(issue.message), weight / len(families[family]), (issue.span,))
            for family, weight in weights.items()
            for issue in families[family]
        )
        logit = model.bias.of(words)
    for signal, own in evidence.items():
        signals[signal] = model.evidence.get(signal, 0.0)
        clues += (
            Clue(signal, _first_clause(issue.message), signals[signal] / len(own), (issue.span,)) for issue in own
        )
    probability = 1 / (1 + exp(-(logit + sum(signals.values()))))
    return Detection(
        probability=probability,
        verdict=_verdict(probability, issues, model),
        signals=signals,
        clues=tuple(sorted(clues, key=lambda clue: -abs(clue.weight))[:MOST_CLUES]),
        origin=origin,
    )


def passages_of(analysis: Analysis, issues: Iterable[Issue]) -> Iterator[Passage]:
    """The sentences whose phrasing is the story's own: no furniture, no headings, nothing left in another language."""
    aside = Cover(
        issue.span
        for issue in issues
        if issue.category.startswith("content/") or issue.category == "accuracy/untranslated"
    )
    for sentence, doc in analysis.parsed():
        if sentence.region in FURNITURE or _mostly(sentence, aside, analysis):
            continue
        tokens = tokens_of(doc)
        if len(tokens) >= LEAST_TOKENS:
            yield Passage(sentence.span.start, analysis.view[slice(*sentence.span)], tokens)


def _mostly(sentence: Sentence, aside: Cover, analysis: Analysis) -> bool:
    """Whether half of the sentence's words or more lie in one of the ranges."""
    if not aside.overlaps(*sentence.span):
        return False
    own = [word for word in analysis.words if word.sentence == sentence.index]
    return 2 * sum(aside.contains(word.start, word.end) for word in own) >= len(own)


def by_family(issues: Iterable[Issue], rules: Mapping[str, Rule]) -> dict[str, list[Issue]]:
    """The issues by the pack of their rule (`calques` of `fr/calques/take-action`), without those of weak rules.

    Weak rules were chosen for what they find in machine text and not in human text of the development data, on which
    their weight could not be measured.
    """
    families: dict[str, list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.rule in rules and not rules[issue.rule].weak:
            families[family_of(issue.rule)].append(issue)
    return families


def family_of(rule: str) -> str:
    """`calques` of `fr/calques/take-action`."""
    return rule.split("/")[1] if rule.count("/") == 2 else ""


def rate(issues: int, words: int) -> float:
    """ln(1 + issues per 1,000 words)."""
    return log1p(1000 * issues / max(words, 1))


def _quoted(phrase: str) -> str:
    text = phrase.replace("'", "’")
    return f"«\u00a0{text}\u00a0»"


def _first_clause(message: str) -> str:
    """What a message says is there, without what it says of it further on."""
    return _CLAUSE_END.split(message, maxsplit=1)[0]


def _evidence(issues: Iterable[Issue]) -> dict[str, list[Issue]]:
    evidence: dict[str, list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.category in HARD and issue.severity is Severity.CRITICAL:
            evidence[HARD[issue.category]].append(issue)
    return evidence


def _abstained(analysis: Analysis, passages: Sequence[Passage], words: int, model: DetectionModel) -> str:
    if not any(doc is not None for doc in analysis.parses):
        return "analyse grammaticale indisponible" if analysis.words else "texte vide"
    if words < model.least_words:
        return f"texte trop court ({words} {'mots' if words > 1 else 'mot'})"
    if familiarity(passages, model.common) < model.least_familiar:
        return "vocabulaire trop éloigné de celui de la presse"
    return ""


def _verdict(probability: float, issues: Iterable[Issue], model: DetectionModel) -> Verdict:
    graver = {issue.category for issue in issues if issue.severity is not Severity.MINOR}
    if probability >= model.likely or "disclaimer" in _evidence(issues):
        return Verdict.LIKELY
    if probability < model.no_sign and not graver & model.faults:
        return Verdict.NO_SIGN
    return Verdict.UNCLEAR
