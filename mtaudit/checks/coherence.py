"""Predicates that say the opposite of what is told around them.

A rule's `phenomenon` says how: `direction` (relations that *se réchauffent* because an ambassador was recalled),
`figures` (prices that *baissent, passant de 10 à 12 euros*), `collocation` (an ambassador *renvoyé pour
consultations*, who can only be *rappelé*).

Patterns are those of `mtaudit.wordpatterns`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
import regex

from mtaudit.literals import Literals
from mtaudit.model import Analysis, Issue, Need, RegionKind, Rule, Sentence, Span
from mtaudit.wordpatterns import BLANK, regex_of, stem_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_ROLES = {
    "direction": {"subject", "predicate", "cue"},
    "figures": {"verb"},
    "collocation": {"collocation"},
}


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a rule. `instead` is the stem to write in place of the first stem (`x*`) of the pattern."""

    role: str
    pattern: str
    direction: Literal["", "+", "-"] = ""
    weight: Literal["1", "2", "3"] = "1"
    noun: str = ""
    complement: str = ""
    instead: str = ""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`threshold`: the weight of contrary cues from which a predicate contradicts its context."""

    phenomenon: Literal["direction", "figures", "collocation"]
    entries: tuple[Entry, ...]
    threshold: int = 3

    def __post_init__(self) -> None:
        """Raises ValueError for a role that the phenomenon does not know, or an entry without its direction."""
        for entry in self.entries:
            if entry.role not in _ROLES[self.phenomenon]:
                raise ValueError(f"{entry.pattern}: unknown role {entry.role!r} for {self.phenomenon}")
            if entry.role in ("predicate", "cue", "verb") and not entry.direction:
                raise ValueError(f"{entry.pattern}: a {entry.role} needs a direction, + or -")


_Finder = Callable[[Analysis], Iterator[Issue]]


class Compiled(NamedTuple):
    """A finder for each rule; those `of_nouns` find nothing in an article that has none of the nouns."""

    finders: tuple[_Finder, ...]
    of_nouns: tuple[_Finder, ...]
    nouns: Literals


def needs(rule: Rule) -> frozenset[Need]:
    """Only the subject of a predicate asks for a parse."""
    return frozenset({Need.TOKENS} if rule.options.get("phenomenon") == "direction" else ())


def compile(rules: Sequence[Rule]) -> Compiled:
    """One finder for each rule."""
    makers: dict[str, Callable[[Rule, Options], _Finder]] = {
        "direction": lambda rule, options: partial(_directions, _topic(rule, options)),
        "figures": lambda rule, options: partial(_figures, rule, _motion(options)),
        "collocation": lambda rule, options: partial(_collocations, rule, _wrong(options)),
    }
    finders: list[_Finder] = []
    of_nouns: list[_Finder] = []
    nouns: set[str] = set()
    for rule in rules:
        options = msgspec.convert(dict(rule.options), Options)
        finder = makers[options.phenomenon](rule, options)
        (of_nouns if options.phenomenon == "collocation" else finders).append(finder)
        nouns.update(choice.rstrip("*") for entry in options.entries for choice in entry.noun.split("|") if choice)
    return Compiled(tuple(finders), tuple(of_nouns), Literals(sorted(nouns)))


def run(analysis: Analysis, compiled: Compiled) -> Iterable[Issue]:
    """The issues of every rule."""
    for finder in compiled.finders:
        yield from finder(analysis)
    if compiled.of_nouns and compiled.nouns.find(analysis.lower)[1]:
        for finder in compiled.of_nouns:
            yield from finder(analysis)


# --- a predicate against the events around it ------------------------------------------------------------------

#: Words which say that the writer knows of the contrast, hopes, denies or asks.
_HEDGES = regex.compile(
    r"\b(?:malgré|pourtant|mais|cependant|toutefois|quoique|néanmoins|paradoxa\w+|contrairement|alors que|alors même"
    r"|tandis|bien qu\w*|en dépit|même si|quand bien|au lieu|à l'inverse|contre toute attente|sauf|hormis|si|s'ils?"
    r"|avant|autrefois|désormais|jadis|naguère|(?:pourr|devr|saur|voudr)\w+|espér\w*|espèr\w+|souhait\w*|afin"
    r"|pour qu\w*|veut|veulent|peut|peuvent|promet\w*|en vue|comme si|semblai\w+|prédi\w+|préten\w+|démen\w+|dément"
    r"|accus\w+ de|(?:mois|ans|semaines|années|jours|décennies) après"
    r"|après (?:une|des|plusieurs|quelques|deux|trois|\d+) (?:\w+ )?"
    r"(?:mois|ans|semaines|années|jours|décennies|période)"
    r")\b|\?"
)
#: What puts the event of a neighbouring sentence in another time.
_ELSEWHEN = regex.compile(
    r"\b(?:avait|avaient|en (?:19|20)\d\d|il y a|autrefois|jusqu\w*|plus tôt|auparavant|naguère|an dernier"
    r"|année dernière|précéden\w+|depuis \d+|à l'époque|alors|historiqu\w+|longtemps|passé)\b"
)
_CAUSES = regex.compile(
    r"\b(?:en raison|à cause|parce qu\w*|puisqu\w*|du fait|suite|faute|sous l'effet|au lendemain|dans la foulée|car)\b"
)
_AFTER = regex.compile(r"\b(?:après qu\w*|depuis qu\w*|dès lors qu\w*)\b|\bdepuis l[ae']")
_DENIED = regex.compile(
    r"\b(?:ne|n'\w*|pas|sans|aucune?|ni|évit\w*|empêch\w*|préven\w+|fin|arrêt\w*|lev[éeà]\w*|risqu\w+|moins|non)\b[^.;:]{0,25}$"
)
_NEGATIONS = frozenset(("ne", "n'", "pas", "plus", "jamais", "guère", "ni", "aucun", "aucune", "peu"))
_INSIDE_PHRASE = frozenset(("ADP", "DET", "NOUN", "PROPN", "ADJ", "CCONJ", "NUM"))
_FARTHEST = 160
_UNREAL = regex.compile(r"(?:rait|raient|ra|ront|rez|rons)$")


#: Compiled at first use, since few articles need more than a handful of the hundreds.
_compiled = cache(regex.compile)


@cache
def _form(pattern: str) -> regex.Pattern[str]:
    return regex.compile(regex_of(pattern))


class _Predicate(NamedTuple):
    form: str
    rising: bool
    stem: str
    instead: str


class _Cue(NamedTuple):
    form: str
    rising: bool
    weight: int


class _Topic(NamedTuple):
    rule: Rule
    threshold: int
    subject: regex.Pattern[str]
    predicates: tuple[_Predicate, ...]
    cues: tuple[_Cue, ...]


def _topic(rule: Rule, options: Options) -> _Topic:
    subjects = "|".join(regex_of(entry.pattern) for entry in options.entries if entry.role == "subject")
    predicates, cues = [], []
    for entry in options.entries:
        form, rising = entry.pattern, entry.direction == "+"
        if entry.role == "predicate":
            predicates.append(_Predicate(form, rising, stem_of(entry.pattern), entry.instead))
        elif entry.role == "cue":
            cues.append(_Cue(form, rising, int(entry.weight)))
    return _Topic(rule, options.threshold, regex.compile(subjects), tuple(predicates), tuple(cues))


def _directions(topic: _Topic, analysis: Analysis) -> Iterator[Issue]:
    for hit in topic.subject.finditer(analysis.lower):
        sentence = analysis.sentence_at(hit.start())
        doc = analysis.parses[sentence.index] if sentence and sentence.index < len(analysis.parses) else None
        if sentence is None or doc is None:
            continue
        claim = _claim(topic, sentence, doc, analysis.lower, hit.start())
        if claim is None:
            continue
        span, predicate = claim
        weight, told = _contrary(topic, predicate, analysis, sentence, span)
        if weight < topic.threshold:
            continue
        text = analysis.text[span.start : span.end]
        place = text.lower().find(predicate.stem)
        fixed = text[:place] + predicate.instead + text[place + len(predicate.stem) :]
        cues = ", ".join(f"«\u00a0{cue}\u00a0»" for cue in told)
        suggestions = (fixed,) if predicate.instead and place >= 0 else ()
        yield topic.rule.issue(span, text, suggestions, min(0.95, 0.5 + 0.1 * weight), {"cues": cues})


def _claim(topic: _Topic, sentence: Sentence, doc: Doc, lower: str, offset: int) -> tuple[Span, _Predicate] | None:
    """The predicate of which the topic's noun is the subject, when it is said plainly to be so."""
    start = sentence.span.start
    noun = next((token for token in doc if token.idx == offset - start), None)
    if noun is None or _HEDGES.search(lower, start, sentence.span.end):
        return None
    for predicate in topic.predicates:
        match = _form(predicate.form).search(lower, offset + len(noun), min(sentence.span.end, offset + _FARTHEST))
        head = _head(noun, match.start() - start, match.end() - start) if match else None
        if match is None or head is None:
            continue
        verbs = (head, *(child for child in head.children if child.dep_.startswith(("aux", "cop"))))
        denied = any(token.lower_ in _NEGATIONS for token in doc[noun.i + 1 : head.i + 3])
        return None if denied or any(map(_unreal, verbs)) else (Span(*match.span()), predicate)
    return None


def _head(noun: Token, start: int, end: int) -> Token | None:
    """The predicate's last word, when the noun is its subject: by the parse, or since nothing else stands between.

    The parser takes many a finite verb for an adjective or a noun, hence the second way.
    """
    words = [token for token in noun.doc[noun.i + 1 :] if start <= token.idx < end]
    if not words:
        return None
    if noun.dep_.startswith("nsubj") and noun.head in words:
        return noun.head
    first = noun.i
    while first > 0 and noun.doc[first - 1].pos_ in ("DET", "ADJ", "NUM"):
        first -= 1
    begins = first == 0 or noun.doc[first - 1].pos_ in ("PUNCT", "CCONJ", "SCONJ", "ADV")
    between = noun.doc[noun.i + 1 : words[0].i]
    return words[-1] if begins and all(token.pos_ in _INSIDE_PHRASE for token in between) else None


def _unreal(token: Token) -> bool:
    return bool(_UNREAL.search(token.lower_)) or bool({"Cnd", "Sub"}.intersection(token.morph.get("Mood", [])))


def _contrary(
    topic: _Topic, predicate: _Predicate, analysis: Analysis, sentence: Sentence, span: Span
) -> tuple[int, list[str]]:
    """How much the events told in the sentence, the one before and the two after weigh against the predicate.

    An event that goes the predicate's own way settles it: weight 0.
    """
    weight, told = 0, []
    for place in range(max(0, sentence.index - 1), min(len(analysis.sentences), sentence.index + 3)):
        near = analysis.sentences[place]
        if near.region not in (RegionKind.BODY, RegionKind.QUOTE, sentence.region):
            continue
        same = place == sentence.index
        lower = analysis.lower[near.span.start : near.span.end]
        elsewhere = not same and (_ELSEWHEN.search(lower) or _HEDGES.search(lower))
        taken = [(span.start - near.span.start, span.end - near.span.start)] if same else []
        for cue in sorted(topic.cues, key=lambda cue: cue.rising is not predicate.rising):
            match = _form(cue.form).search(lower)
            if match is None or any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if cue.rising is predicate.rising:
                return 0, []
            if elsewhere or _DENIED.search(lower, 0, match.start()):
                continue
            taken.append(match.span())
            told.append(analysis.text[near.span.start + match.start() : near.span.start + match.end()])
            weight += cue.weight * (_linked(lower, span.end - near.span.start, match.start()) if same else 1)
    return weight, told


def _linked(lower: str, predicate_end: int, cue_start: int) -> int:
    """3 when the event is told as the cause of the predicate, 2 when as what came before it, else 1."""
    between = lower[predicate_end:cue_start]
    return 3 if _CAUSES.search(between) else 2 if _AFTER.search(between) else 1


# --- figures -----------------------------------------------------------------------------------------------------

_SCALES = {"mille": 1e3, "millier": 1e3, "million": 1e6, "milliard": 1e9}
_QUANTITY = (
    r"(?P<{0}>(?:[-−]|moins )?\d{{1,3}}(?:[ .]\d{{3}})+(?:,\d+)?|(?:[-−]|moins )?\d+(?:,\d+)?)(?![\w.]|,\d)"
    r"(?: (?P<{0}s>mill(?:e|iers?|ions?|iards?))(?: d['e] ?(?P<{0}u>[^\W\d]+))?"
    r"| ?(?P<{0}u>%|€|\$)| (?!(?:une?|en|il|les?|la|l|au|aux|à|d|de|du|des|sur|dans|contre|par|pour|et|ou|soit|selon"
    r"|lors|après|avant|cette|ce|hier|avec|puis|entre)\b)(?P<{0}u>[^\W\d]+))?"
)
_GAP = r"(?:[^\w.;:!?]{1,3}[\w%-]+){0,8}?"
_TIME = (
    r"[^.;:]{0,25}\b(?:ans?|année|mois|trimestre|semestre|veille|auparavant|précédent\w*|tôt|semaine|(?:19|20)\d\d)\b"
)
_ANCHOR = regex.compile(r"\b(?:passant|contre (?=[-−\d]))")
_CONTRA = re.compile(r"contre [-−\d]")  # a literal first: `re` skips to it, as `regex` does not in an alternation
_BEFORE_ANCHOR, _AFTER_ANCHOR = 160, 100
_NOT_A_VERB = regex.compile(r"\b(?:ne|n'|pas|la|une|cette|sa) ?$")
#: Words that speak of the speed of a change, or of a second change: the figures are then its pace.
_PACE = regex.compile(r"\b(?:accélér|ralenti|aggrav|accentu|creus|amplifi|atténu|rythme|ne |n'|pas )")


class _Motion(NamedTuple):
    sentence: str
    words: tuple[tuple[regex.Pattern[str], bool], ...]


def _motion(options: Options) -> _Motion:
    words = tuple((_form(entry.pattern), entry.direction == "+") for entry in options.entries)
    verb = "|".join(regex_of(entry.pattern) for entry in options.entries)
    first, second, fourth, third, change = (_QUANTITY.format(name) for name in "abcde")
    sentence = (
        rf"(?P<verb>{verb})(?:(?P<gap>{_GAP}),? (?:en )?passant (?:\w+ ){{0,2}}?de {first} à {second}"
        rf"|(?:,? de {change}(?: en un an| sur un an)?)?,? à {fourth}[^.;:\d]{{0,20}}?,? contre {third}{_TIME})"
    )
    return _Motion(sentence, words)


def _figures(rule: Rule, motion: _Motion, analysis: Analysis) -> Iterator[Issue]:
    lower, seen = analysis.lower, -1
    if "passant" not in lower and not _CONTRA.search(lower):
        return
    for anchor in _ANCHOR.finditer(lower):
        window = max(seen, anchor.start() - _BEFORE_ANCHOR, 0), anchor.end() + _AFTER_ANCHOR
        for match in _compiled(motion.sentence).finditer(lower, *window):
            seen = match.end()
            rising = next(rises for form, rises in motion.words if form.fullmatch(match["verb"]))
            gap = match["gap"] or ""
            if _PACE.search(gap) or any(form.search(gap) for form, _ in motion.words):
                continue
            if _NOT_A_VERB.search(lower, max(0, match.start() - 12), match.start()):
                continue
            start, end = ("a", "b") if match["a"] else ("d", "c")
            values = _values(match, start, end)
            if values is None or values[0] == values[1] or (values[1] > values[0]) is rising:
                continue
            span = Span(*match.span("verb"))
            figures = analysis.text[match.start(min(start, "c")) : match.end("b" if start == "a" else "d")]
            yield rule.issue(span, analysis.text[span.start : span.end], (), 0.85, {"figures": figures})


def _values(match: regex.Match[str], start: str, end: str) -> tuple[float, float] | None:
    """The quantity before and after, when they are of one unit and comparable."""
    units = [(match[name + "u"] or "").rstrip("s") for name in (start, end)]
    if all(units) and units[0] != units[1]:
        return None
    numbers = []
    for name in (start, end):
        text = match[name]
        if regex.fullmatch(r"\D*\d{1,3}\.\d{3}", text):  # 1.250 may be a thousand or, in copied English, one
            return None
        plain = regex.sub(r"[ .]", "", regex.sub(r"^moins |−", "-", text)).replace(",", ".")
        # "de 3 à 5 millions": the scale of the second holds for a short first.
        shared = name == start and not match[start + "u"] and float(plain) < 1000
        scale = match[name + "s"] or (match[end + "s"] if shared else "")
        numbers.append(float(plain) * _SCALES[(scale or "").rstrip("s")] if scale else float(plain))
    low, high = sorted(map(abs, numbers))
    return None if high > 10 * max(low, 0.1) else (numbers[0], numbers[1])


# --- collocations ------------------------------------------------------------------------------------------------

_BEING = r"(?:est|sont|était|étaient|sera|seront|serait|seraient|soit|soient|été|être|fut|furent)"


class _Wrong(NamedTuple):
    sentence: str
    nouns: tuple[str, ...]
    stem: str
    instead: str


def _wrong(options: Options) -> tuple[_Wrong, ...]:
    found = []
    for entry in options.entries:
        noun, wrong = regex_of(entry.noun), regex_of(entry.pattern)
        close, far = rf"(?:{BLANK}\w[\w-]*){{0,3}}?{BLANK}", rf"(?:[^\w.;:!?]{{1,3}}\w[\w-]*){{0,8}}?{BLANK}"
        after = rf"{close}{regex_of(entry.complement)}" if entry.complement else ""
        later = rf"{far}{regex_of(entry.complement)}" if entry.complement else ""
        passive = rf"{noun}{far}{_BEING}(?: \w+)? (?P<passive>{wrong}){after}"
        active = rf"(?P<active>{wrong}){close}{noun}{later}"
        nouns = tuple(choice.rstrip("*") for choice in entry.noun.split("|"))
        found.append(_Wrong(f"{passive}|{active}", nouns, stem_of(entry.pattern), entry.instead))
    return tuple(found)


def _collocations(rule: Rule, wrong: tuple[_Wrong, ...], analysis: Analysis) -> Iterator[Issue]:
    for entry in wrong:
        if entry.stem not in analysis.lower or not any(noun in analysis.lower for noun in entry.nouns):
            continue
        for match in _compiled(entry.sentence).finditer(analysis.lower):
            span = Span(*match.span("passive" if match["passive"] else "active"))
            text = analysis.text[span.start : span.end]
            ending = text[len(entry.stem) :]
            # The stems of the pair agree only before these endings (renvoyé, rappelé; but renvoie, rappelle).
            fixed = (entry.instead + ending,) if ending[:1] in tuple("éèa") or ending in ("er", "ez", "ons") else ()
            yield rule.issue(span, text, fixed, 0.85, {"expected": entry.instead + "er"})
