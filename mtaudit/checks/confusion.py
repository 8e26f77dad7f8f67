"""Wrong look-alikes, judged in context: *cession* where every neighbour speaks of a *session*.

A rule names two words and says what decides between them: a table of weights, in natural-log odds, learnt by
`training/confusion.py` from the neighbours that each word has in human text. The weights of the features found around
an occurrence are added up; the sum has to pass the rule's margin in favour of the other word before anything is said.

Features of an occurrence, all in lower case, none across a sentence's end:

- `l1`, `l2`, `r1`, `r2`: the first and second word to the left and right; `|` is punctuation or the sentence's end,
  `0` a number;
- `ll`, `rr`, `lr`: two words to the left, two to the right, one on each side, joined by `_`;
- `b`, `a`: stems of the words of meaning among the four before and the four after;
- `w`: stems of the words of meaning in the window of `WINDOW` words on each side;
- `t`: with `article: true`, stems of the words of meaning around that window, `REACH` words on each side.

A stem is what light lemmatisation leaves: the first `STEM` letters, without a plural ending.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import fsum
from typing import Literal, NamedTuple

import msgspec

from mtaudit.elision import elides
from mtaudit.model import Analysis, Issue, Need, Rule, Span, Word

WINDOW = 10
NEAR = 4
REACH = 200
STEM = 6

#: How much of the weights of `t` counts: words far away say what the article is about, not what the sentence says.
ARTICLE_CAP = 3.0

#: Weight of a seed word in the window and, with `article: true`, around it: see training/confusion.py.
SEED_NEAR = 1.6
SEED_FAR = 0.5

EDGE = "|"
NUMBER = "0"

#: What between two words parts them, or is a number; nothing farther than this from the nearer word is looked at.
_MARK = re.compile(r"\d|[.,;:!?()\[\]…–—/]| - ")
FARTHEST_MARK = 24

_EMPTY_WORDS = frozenset(re.findall(
    r"\w+",
    "les des une aux ces ses mes tes son mon ton sur par pas que qui est sont ont pour dans avec leur leurs plus cette "
    "elle elles ils nous vous mais été être avoir fait faire tout tous toute toutes entre sans sous dont comme aussi "
    "après avant ainsi cet était étaient avait avaient sera seront serait non lui ceux celle celui celles cela ceci "
    "même mêmes très peut deux quand donc alors encore bien peu moins autre autres notre votre nos vos lors depuis "
    "selon chez vers dès car puis hors jusqu lorsqu puisqu quelqu aujourd hui qu",
))  # fmt: skip

#: An article agrees with a wrong word as well as with the right one, so where the genders differ it tells nothing.
_MASK = {
    "une": "un", "la": "le", "l'": "le", "cette": "ce", "cet": "ce", "d'": "de", "du": "de", "au": "à", "ma": "mon",
    "ta": "ton", "sa": "son", "qu'": "que", "aucune": "aucun", "certaine": "certain", "quelle": "quel", "toute": "tout",
    "chacune": "chacun", "nouvelle": "nouveau", "nouvel": "nouveau", "première": "premier", "dernière": "dernier",
}  # fmt: skip

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


class Pair(NamedTuple):
    """A compiled rule: `weights` by feature, positive for the second member."""

    rule: Rule
    members: tuple[str, str]
    weights: Mapping[str, float]
    margins: tuple[float | None, float | None]
    genders: tuple[str, str] | None
    article: bool


class Trigger(NamedTuple):
    """A form that calls for a decision: the side (0, 1) of the pair that it belongs to, and its counterparts.

    A form with one spelling for both numbers (*voix*) has two, the singular first.
    """

    pair: Pair
    side: int
    others: tuple[str, ...]


class Compiled(NamedTuple):
    """All rules of the kind: what each form, in lower case or with a capital, calls for."""

    triggers: Mapping[str, tuple[Trigger, ...]]


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
            pair = compile_pair(rule, options)
        except ValueError as error:
            raise ValueError(f"{rule.id}: {error}") from error
        for side in (0, 1):
            others: dict[str, list[str]] = {}
            for forms in options.forms if pair.margins[side] is not None else ():
                others.setdefault(forms[side], []).append(forms[1 - side])
            for form, found in others.items():
                triggers.setdefault(form, []).append(Trigger(pair, side, tuple(found)))
                capitals = tuple(_capital(other) for other in found)
                triggers.setdefault(_capital(form), []).append(Trigger(pair, side, capitals))
    return Compiled({form: tuple(calls) for form, calls in triggers.items()})


def compile_pair(rule: Rule, options: Options) -> Pair:
    """The rule as the look-up needs it; raises ValueError on a malformed entry."""
    first, second = options.pair
    return Pair(
        rule=rule,
        members=options.pair,
        weights=weights_of(options),
        margins=(options.margins.get(first), options.margins.get(second)),
        genders=options.genders,
        article=options.article,
    )


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
    present = triggers.keys() & analysis.forms
    if present:
        for index in [index for index, text in enumerate(analysis.texts) if text in present]:
            yield from _judge(analysis, index, triggers[analysis.texts[index]])


def _judge(analysis: Analysis, index: int, triggers: Iterable[Trigger]) -> Iterator[Issue]:
    words = analysis.words
    word = words[index]
    if word.text[0].isupper() and index and words[index - 1].sentence == word.sentence:
        return
    left, right = window(analysis.lower, words, index)
    seen: dict[tuple[bool, bool], set[str]] = {}
    for trigger in triggers:
        pair = trigger.pair
        kind = pair.genders is not None, pair.article
        if kind not in seen:
            around = article_stems(analysis.lower, words, index) if pair.article else frozenset()
            seen[kind] = features(left, right, kind[0], around)
        weights = pair.weights
        sign = 1.0 if trigger.side == 0 else -1.0
        found = {name: sign * weights[name] for name in seen[kind] if name in weights}
        score, margin = total(found), pair.margins[trigger.side]
        if margin is not None and score >= margin:
            span, suggestion = _fit(analysis, index, trigger)
            yield pair.rule.issue(
                span,
                analysis.text[span.start : span.end],
                (suggestion,),
                confidence=round(1 - 0.5 * margin / score, 3),
                evidence={"context": _reasons(analysis, index, found), "score": round(score, 2), "margin": margin},
            )


def total(found: Mapping[str, float]) -> float:
    """The sum of the weights, in which the article's share is capped."""
    # `fsum`, since a set gave the order: the sum must not depend on it.
    far = fsum([weight for name, weight in found.items() if name[0] == "t"])
    near = fsum([weight for name, weight in found.items() if name[0] != "t"])
    return near + max(-ARTICLE_CAP, min(ARTICLE_CAP, far))


_BEFORE_ALL = Word("", 0, 0, -1)
_AFTER_ALL = Word("", sys.maxsize, sys.maxsize, -1)


def window(lower: str, words: Sequence[Word], index: int) -> tuple[list[str], list[str]]:
    """The words before an occurrence, nearest first, and after it, within its sentence; breaks and numbers marked."""
    _, start, end, sentence = words[index]
    left: list[str] = []
    before = words[max(0, index - 1 - WINDOW) : index][::-1]
    for text, first, last, number in before if index > WINDOW else (*before, _BEFORE_ALL):
        if start - last != 1 or lower[last] != " ":
            _mark(left, lower[max(last, start - FARTHEST_MARK) : start], -1)
        if number != sentence:
            break
        left.append(text.lower())
        start = first
    right: list[str] = []
    after = words[index + 1 : index + 2 + WINDOW]
    for text, first, last, number in after if len(after) > WINDOW else (*after, _AFTER_ALL):
        if first - end != 1 or lower[end] != " ":
            _mark(right, lower[end : min(first, end + FARTHEST_MARK)], 0)
        if number != sentence:
            break
        right.append(text.lower())
        end = last
    left.append(EDGE)
    right.append(EDGE)
    return left, right


def _mark(tokens: list[str], gap: str, nearest: int) -> None:
    """Adds the mark of a gap between words: a number or a break, whichever stands first (0) or last (-1) in it."""
    marks = _MARK.findall(gap)
    if marks:
        tokens.append(NUMBER if marks[nearest].isdigit() else EDGE)


def features(left: Sequence[str], right: Sequence[str], masked: bool, around: Iterable[str] = ()) -> set[str]:
    """The features of one occurrence, as `place word`; `masked` where determiners must not count for their gender."""
    if masked:
        left, right = [_MASK.get(token, token) for token in left], [_MASK.get(token, token) for token in right]
    l1, r1 = left[0], right[0]
    l2 = left[1] if len(left) > 1 else EDGE
    r2 = right[1] if len(right) > 1 else EDGE
    found = {f"l1 {l1}", f"l2 {l2}", f"r1 {r1}", f"r2 {r2}", f"ll {l2}_{l1}", f"rr {r1}_{r2}", f"lr {l1}_{r1}"}
    before, after = [stem_of(token) for token in left], [stem_of(token) for token in right]
    found.update([f"b {stem}" for stem in before[:NEAR] if stem])
    found.update([f"a {stem}" for stem in after[:NEAR] if stem])
    found.update([f"w {stem}" for stem in before + after if stem])
    found.update([f"t {stem}" for stem in around])
    return found


def article_stems(lower: str, words: Sequence[Word], index: int) -> frozenset[str]:
    """The stems of the words of meaning around the window of an occurrence."""
    near = range(index - WINDOW, index + WINDOW + 1)
    return frozenset(
        stem
        for position in range(max(0, index - REACH), min(len(words), index + REACH))
        if position not in near and (stem := stem_of(lower[words[position].start : words[position].end]))
    )


@lru_cache(maxsize=65_536)
def stem_of(token: str) -> str:
    """The stem of a word of meaning in lower case, or "" for an empty word, a break, a number."""
    if len(token) < 3 or token[-1] == "'" or token in _EMPTY_WORDS:
        return ""
    if len(token) > 3 and token[-1] in "sx":
        token = token[:-1]
    return token[:STEM]


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
    plural = index > 0 and analysis.lower[analysis.words[index - 1].start : word.start].strip() in _PLURAL
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


def fit_determiner(written: str, gender: str, vowel: bool) -> str | None:
    """The determiner in lower case, with the space or apostrophe after it, as the new word needs it; None if unknown.

    `gender` is m, f, or "" where the two words share theirs.
    """
    if not gender:
        gender = "f" if written in _FEMININE else "m"
    for family in _FAMILIES:
        if written in family:
            masculine, feminine, elided_masculine, elided_feminine = family[:4]
            if vowel:
                return elided_feminine if gender == "f" else elided_masculine
            return feminine if gender == "f" else masculine
    base = written[:-1] + "e" if written.endswith("'") else written
    if base in _ELIDED:
        return base[:-1] + "'" if vowel else base + " "
    return None


_PLURAL = frozenset(("les", "des", "ces", "ses", "mes", "tes", "nos", "vos", "leurs", "aux", "deux", "plusieurs"))
_FEMININE = frozenset(("une", "la", "cette", "de la", "à la", "ma", "ta", "sa", "aucune", "quelle"))
_ELIDED = frozenset(("de", "que", "se", "ne", "je", "me", "te", "jusque", "lorsque", "puisque"))

#: As written before a masculine and a feminine consonant, a masculine and a feminine vowel; then bare.
_FAMILIES: tuple[tuple[str, ...], ...] = (
    ("un ", "une ", "un ", "une ", "un", "une"),
    ("du ", "de la ", "de l'", "de l'", "du", "de la", "de l'"),
    ("au ", "à la ", "à l'", "à l'", "au", "à la", "à l'"),
    ("le ", "la ", "l'", "l'", "le", "la"),
    ("ce ", "cette ", "cet ", "cette ", "ce", "cette", "cet"),
    ("mon ", "ma ", "mon ", "mon ", "mon", "ma"),
    ("ton ", "ta ", "ton ", "ton ", "ton", "ta"),
    ("son ", "sa ", "son ", "son ", "son", "sa"),
    ("aucun ", "aucune ", "aucun ", "aucune ", "aucun", "aucune"),
    ("quel ", "quelle ", "quel ", "quelle ", "quel", "quelle"),
)
