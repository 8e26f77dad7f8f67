"""Wrong look-alikes, judged in context: *cession* where every neighbour speaks of a *session*.

A rule names two words and says what decides between them: a table of weights, in natural-log odds, learnt by
`training/confusion.py` from the neighbours that each word has in human text. The weights of the features found around
an occurrence are added up; the sum has to pass the rule's margin in favour of the other word before anything is said.

The features are those of `mtaudit.neighbours`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from operator import attrgetter, itemgetter
from typing import Literal, NamedTuple

import msgspec

from mtaudit.determiners import COMMON, PLURAL, fit_determiner, without_gender
from mtaudit.elision import elides
from mtaudit.literals import Literals
from mtaudit.model import Analysis, Issue, Need, Rule, Span
from mtaudit.neighbours import EDGE, REACH, STEM, WINDOW, article_stems, features, nearest, stem_of, window

#: How much of the weights of `t` counts: words far away say what the article is about, not what the sentence says.
ARTICLE_CAP = 3.0

#: Weight of a seed word in the window and, with `article: true`, around it: see training/confusion.py.
SEED_NEAR = 1.6
SEED_FAR = 0.5

_BEGINNING = itemgetter(slice(STEM))

#: Far more than the sum of some fifty weights can be off by, far less than a weight.
ROUNDING = 1e-9

Place = Literal["l1", "l2", "r1", "r2", "ll", "rr", "lr", "b", "a", "w", "t", "bias"]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words at one place that speak for one member, as `word:weight`, separated by spaces."""

    place: Place
    favours: str
    words: str


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One pair of words.

    `forms` aligns the inflected forms of the two; `margins` gives, for a word as written, the log odds that the other
    must reach (a word that is absent is never called wrong); `seeds` are words that belong to the sense of one member,
    for senses too rare in the counts; `genders` is given where they differ. `learn: false` asks the training script for
    no table: seeds decide alone.
    """

    pair: tuple[str, str]
    forms: tuple[tuple[str, str], ...]
    margins: dict[str, float]
    entries: tuple[Entry, ...] = ()
    seeds: dict[str, tuple[str, ...]] = {}
    genders: tuple[Literal["m", "f"], Literal["m", "f"]] | None = None
    article: bool = False
    learn: bool = True

    def __post_init__(self) -> None:
        for option, names in (("margins", self.margins), ("seeds", self.seeds)):
            if unknown := sorted(set(names) - set(self.pair)):
                raise ValueError(f"{option}: {', '.join(unknown)} is no member of the pair")
        if unknown := sorted({entry.favours for entry in self.entries} - set(self.pair)):
            raise ValueError(f"entries: {', '.join(unknown)} is no member of the pair")
        for left, right in self.forms:
            if left == right:
                raise ValueError(f"forms: {left} cannot be told from itself")
        for member, margin in self.margins.items():
            if margin <= 0:
                raise ValueError(f"margins: {member} needs a margin above 0")


@dataclass(frozen=True)
class Pair:
    """A compiled rule: `weights` by feature, positive for the second member."""

    rule: Rule
    weights: Mapping[str, float]
    genders: tuple[str, str] | None
    article: bool

    @cached_property
    def gains(self) -> tuple[dict[str, float], dict[str, float]]:
        """For a word of either side, the most that one near it can say for the other, by the `STEM` first letters."""
        gains: tuple[dict[str, float], dict[str, float]] = {}, {}
        for feature, weight in self.weights.items():
            place, _, stem = feature.partition(" ")
            if place in ("b", "a", "w"):
                gained = gains[weight < 0]
                gained[stem] = gained.get(stem, 0.0) + abs(weight)
        # To cut letters off is faster than to look up the stem, which they are, but for a short plural's ending.
        for gained in gains:
            for stem, gain in list(gained.items()):
                for plural in (stem + "s", stem + "x") if len(stem) < STEM else ():
                    gained[plural] = max(gain, gained.get(plural, 0.0))
            # Words that show a gender count as the form that stands for both.
            for written, common in COMMON.items() if self.genders is not None else ():
                if common[:STEM] in gained:
                    gained[written[:STEM]] = max(gained[common[:STEM]], gained.get(written[:STEM], 0.0))
        return gains

    @cached_property
    def _of_one(self) -> tuple[dict[str, float], ...]:
        """The weights of the tokens beside the word, by place."""
        return tuple(dict(self._at(place)) for place in ("l1", "l2", "r1", "r2"))

    @cached_property
    def _of_two(self) -> tuple[dict[tuple[str, str], float], ...]:
        """The weights of two tokens."""
        return tuple(
            {(first, second): weight for name, weight in self._at(place) for first, _, second in [name.partition("_")]}
            for place in ("ll", "rr", "lr")
        )

    def _at(self, place: str) -> Iterator[tuple[str, float]]:
        return ((name[3:], weight) for name, weight in self.weights.items() if name.startswith(f"{place} "))

    def beside(self, l1: str, l2: str, r1: str, r2: str) -> float:
        """The sum of the weights of the two tokens on each side, which `neighbours.beside` names."""
        one, two, three, four = self._of_one
        left, right, both = self._of_two
        return (
            one.get(l1, 0.0)
            + two.get(l2, 0.0)
            + three.get(r1, 0.0)
            + four.get(r2, 0.0)
            + left.get((l2, l1), 0.0)
            + right.get((r1, r2), 0.0)
            + both.get((l1, r1), 0.0)
        )


class Trigger(NamedTuple):
    """A form that calls for a decision: the side (0, 1) of the pair that it belongs to, and its counterparts.

    A form with one spelling for both numbers (*voix*) has two, the singular first.
    """

    pair: Pair
    side: int
    margin: float
    others: tuple[str, ...]


class Compiled(NamedTuple):
    """All rules of the kind: what each form, in lower case or with a capital, calls for."""

    triggers: Mapping[str, tuple[Trigger, ...]]
    forms: Literals


def needs(rule: Rule) -> frozenset[Need]:
    """Nothing: words and sentences suffice."""
    del rule
    return frozenset()


def compile(rules: Sequence[Rule]) -> Compiled:
    """The look-up of forms over all rules; raises ValueError naming the rule on a bad option."""
    triggers: dict[str, list[Trigger]] = {}
    for rule in rules:
        try:
            options = msgspec.convert(dict(rule.options), Options)
            pair = Pair(rule, weights_of(options), options.genders, options.article)
        except ValueError as error:
            raise ValueError(f"{rule.id}: {error}") from error
        for side, member in enumerate(options.pair):
            if (margin := options.margins.get(member)) is None:
                continue
            others: dict[str, list[str]] = {}
            for forms in options.forms:
                others.setdefault(forms[side], []).append(forms[1 - side])
            for form, found in others.items():
                triggers.setdefault(form, []).append(Trigger(pair, side, margin, tuple(found)))
                capitals = tuple(_capital(other) for other in found)
                triggers.setdefault(_capital(form), []).append(Trigger(pair, side, margin, capitals))
    known = Literals(sorted({form.lower() for form in triggers}))
    return Compiled({form: tuple(calls) for form, calls in triggers.items()}, known)


def weights_of(options: Options) -> dict[str, float]:
    """Weight by feature, positive for the second member: the table's, or the seeds' where these weigh more."""
    weights: dict[str, float] = {}
    for entry in options.entries:
        sign = 1.0 if entry.favours == options.pair[1] else -1.0
        for item in entry.words.split():
            word, _, weight = item.rpartition(":")
            weights[f"{entry.place} {word}"] = sign * float(weight)
    for member, words in options.seeds.items():
        sign = 1.0 if member == options.pair[1] else -1.0
        for stem in {stem_of(word) for word in words}:
            for place, seed in (("w", SEED_NEAR), ("t", SEED_FAR if options.article else 0.0)):
                key = f"{place} {stem}"
                if seed and weights.get(key, 0.0) * sign < seed:
                    weights[key] = sign * seed
    return weights


def run(analysis: Analysis, compiled: Compiled) -> Iterator[Issue]:
    """The words whose context calls for their look-alike."""
    triggers = compiled.triggers
    words, lowered = analysis.words, analysis.lowered
    for index in _places(analysis, compiled):
        text, _, _, sentence = words[index]
        if index and text[0].isupper() and words[index - 1].sentence == sentence:
            continue
        beside = nearest(analysis.lower, words, index)
        near = list(map(_BEGINNING, lowered[max(0, index - 1 - WINDOW) : index + 2 + WINDOW]))
        for trigger in triggers[text]:
            # Fewer than one in a hundred get past this; to weigh all features of each would take twice as long.
            if _bound(trigger, beside, near) >= trigger.margin - ROUNDING:
                yield from _judge(analysis, index, trigger)


def _places(analysis: Analysis, compiled: Compiled) -> list[int]:
    """The indices of the words with these forms, in order; faster than a walk over all words, since few have one."""
    lower, words = analysis.lower, analysis.words
    places: list[int] = []
    for _, start, end in compiled.forms.find(lower)[1]:
        if lower[start - 1 : start].isalpha() or lower[end : end + 1].isalpha():
            continue
        index = bisect_left(words, start, key=attrgetter("start"))
        if index < len(words) and words[index].start == start and words[index].text in compiled.triggers:
            places.append(index)
    places.sort()
    return places


def _judge(analysis: Analysis, index: int, trigger: Trigger) -> Iterator[Issue]:
    pair, margin = trigger.pair, trigger.margin
    left, right = window(analysis.lower, analysis.words, index)
    around = article_stems(analysis.lower, analysis.words, index) if pair.article else frozenset()
    sign = 1.0 if trigger.side == 0 else -1.0
    names = features(left, right, pair.genders is not None, around)
    found = {name: sign * pair.weights[name] for name in names if name in pair.weights}
    score = total(found)
    if score >= margin:
        span, suggestion = _fit(analysis, index, trigger)
        yield pair.rule.issue(
            span,
            analysis.text[span.start : span.end],
            (suggestion,),
            confidence=round(1 - 0.5 * margin / score, 3),
            evidence={"context": _reasons(analysis, index, found), "score": round(score, 2), "margin": margin},
        )


def _bound(trigger: Trigger, beside: tuple[str, ...], near: list[str]) -> float:
    """What the score cannot exceed, given the two tokens at least on each side and how the words near it begin.

    The weights of the tokens beside the word are exact; of the words near it only those count that speak for the other
    word, wherever they stand, and the article has its whole share.
    """
    pair = trigger.pair
    gains = pair.gains[trigger.side]
    exact = pair.beside(*(beside if pair.genders is None else without_gender(beside)))
    # A word that comes twice counts twice: rare, and no less than its weight.
    most = sum(filter(None, map(gains.get, near)))
    return most + (exact if trigger.side == 0 else -exact) + (ARTICLE_CAP if pair.article else 0.0)


def total(found: Mapping[str, float]) -> float:
    """The sum of the weights, in which the article's share is capped."""
    # `fsum`, since a set gave the order: the sum must not depend on it.
    far = fsum([weight for name, weight in found.items() if name[0] == "t"])
    near = fsum([weight for name, weight in found.items() if name[0] != "t"])
    return near + max(-ARTICLE_CAP, min(ARTICLE_CAP, far))


def _reasons(analysis: Analysis, index: int, found: Mapping[str, float]) -> str:
    """The three features that weigh most, as the article spells them, nearest first among equals."""
    words = analysis.words
    reach = sorted(range(max(0, index - REACH), min(len(words), index + REACH)), key=lambda place: -abs(place - index))
    spelling = {stem_of(form): form for form in (words[place].text.lower() for place in reach if place != index)}
    names: list[str] = []
    for _, feature in sorted((-weight, feature) for feature, weight in found.items() if weight > 0):
        place, _, name = feature.partition(" ")
        shown = spelling.get(name, name) if place in ("b", "a", "w", "t") else name
        names.append(shown.replace("_", " ").replace(EDGE, "").replace("' ", "'").strip())
    return ", ".join(f"«\u00a0{name}\u00a0»" for name in list(dict.fromkeys(filter(None, names)))[:3])


def _capital(form: str) -> str:
    return form[0].upper() + form[1:]


def _fit(analysis: Analysis, index: int, trigger: Trigger) -> tuple[Span, str]:
    """The span to correct and what to write there: the other word, with the determiner before it where that changes."""
    word = analysis.words[index]
    plural = index > 0 and analysis.lower[analysis.words[index - 1].start : word.start].strip() in PLURAL
    other = trigger.others[-1 if plural else 0]
    plain = Span(word.start, word.end), other
    genders = trigger.pair.genders
    gender = genders[1 - trigger.side] if genders else ""
    vowel = elides(other)
    if index == 0:
        return plain
    before = analysis.words[index - 1]
    gap = analysis.view[before.end : word.start]
    if gap not in ("", " "):
        return plain
    start, written = before.start, analysis.lower[before.start : before.end]
    if index > 1 and written in ("la", "l'") and analysis.view[analysis.words[index - 2].end : start] == " ":
        earlier = analysis.words[index - 2]
        if (contracted := analysis.lower[earlier.start : earlier.end]) in ("de", "à"):
            start, written = earlier.start, f"{contracted} {written}"
    fitted = fit_determiner(written, gender, vowel)
    if fitted and " " in written and fitted.startswith(contraction := written.partition(" ")[0] + " "):
        start, fitted = before.start, fitted.removeprefix(contraction)
    if fitted is None or fitted == analysis.lower[start : word.start]:
        return plain
    if analysis.view[start].isupper():
        fitted = _capital(fitted)
    elided = analysis.text[word.start - 1]
    fitted = fitted.replace("'", elided if elided in "'’" else "’")
    return Span(start, word.end), fitted + other
