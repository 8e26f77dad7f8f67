"""Pronouns and possessives that do not agree with their antecedent.

A rule's `phenomenon` says which: `speech-tag` (*a-t-il ajouté* after a woman spoke), `gloss` (*[sanctions] Ils*),
`plural-pronoun` (*Ils* opening a sentence after one whose plural nouns are all feminine things), `pronoun-gender` (*il*
where all that it can stand for is feminine, or the other way round), `possessive` (*leur* for one institution). Each is
silent unless the antecedent is the only one there can be.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import msgspec
import regex

from mtaudit.antecedents import SENTENCES_BACK, disagreements
from mtaudit.elision import elides
from mtaudit.model import Analysis, Issue, Need, Rule, Span
from mtaudit.speakers import Lexis
from mtaudit.speechtags import Grammar, grammar, passage, speaker_of, speech_tags

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_ROLES = {
    "speech-tag": {
        *("speech", "continuation", "reply", "stance", "pronominal"),
        *("name", "person", "neutral", "body", "impersonal", "thing"),
    },
    "gloss": {"ending", "aside"},
    "plural-pronoun": {"human", "measure", "several"},
    "pronoun-gender": {"vague", "impersonal", "time"},
    "possessive": {"owner", "owned", "measure", "several"},
}


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word of a rule: what it is there for, its form, and what the rule must know of it."""

    role: str
    form: str
    gender: Literal["", "m", "f", "e"] = ""
    number: Literal["", "s", "p"] = ""
    forms: str = ""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which phenomenon, and its words."""

    phenomenon: Literal["speech-tag", "gloss", "plural-pronoun", "pronoun-gender", "possessive"]
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        """Raises ValueError for a role that the phenomenon does not know."""
        for entry in self.entries:
            if entry.role not in _ROLES[self.phenomenon]:
                raise ValueError(f"{entry.form}: unknown role {entry.role!r} for {self.phenomenon}")


@dataclass(frozen=True, slots=True)
class _View:
    """An analysis, and where its quotations lie (merged, in order)."""

    analysis: Analysis
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def quoted(self, offset: int) -> bool:
        """True when the code point stands in a quotation."""
        place = bisect_right(self.starts, offset) - 1
        return place >= 0 and offset < self.ends[place]

    def doc(self, index: int) -> Doc | None:
        """The parse of a sentence, if any."""
        return self.analysis.parses[index] if index < len(self.analysis.parses) else None


_Finder = Callable[[_View], Iterator[Issue]]


def needs(rule: Rule) -> frozenset[Need]:
    """A gloss is read without a parse; the gender of what a pronoun stands for is checked in the lexicon."""
    both = {Need.TOKENS, Need.LEXICON}
    needed = {"gloss": {Need.LEXICON}, "plural-pronoun": both, "pronoun-gender": both}
    return frozenset(needed.get(str(rule.options.get("phenomenon")), {Need.TOKENS}))


def compile(rules: Sequence[Rule]) -> tuple[_Finder, ...]:
    """One finder for each rule."""
    makers: dict[str, Callable[[Rule, Options], _Finder]] = {
        "speech-tag": lambda rule, _: partial(_speech_tags, rule, speech_grammar(rule)),
        "gloss": lambda rule, options: partial(_glosses, rule, options),
        "plural-pronoun": lambda rule, options: partial(_plural_pronouns, rule, _forms(options)),
        "pronoun-gender": lambda rule, options: partial(_pronoun_genders, rule, _forms(options)),
        "possessive": lambda rule, options: partial(_possessives, rule, _forms(options)),
    }
    finders = []
    for rule in rules:
        options = msgspec.convert(dict(rule.options), Options)
        finders.append(makers[options.phenomenon](rule, options))
    return tuple(finders)


def run(analysis: Analysis, compiled: tuple[_Finder, ...]) -> Iterable[Issue]:
    """The issues of every phenomenon that a rule asks for."""
    starts: list[int] = []
    ends: list[int] = []
    for quote in sorted(analysis.quotes()):
        if ends and quote.start < ends[-1]:
            ends[-1] = max(ends[-1], quote.end)
        else:
            starts.append(quote.start)
            ends.append(quote.end)
    for finder in compiled:
        yield from finder(_View(analysis, tuple(starts), tuple(ends)))


def _forms(options: Options) -> dict[str, frozenset[str]]:
    roles = _ROLES[options.phenomenon]
    return {role: frozenset(entry.form for entry in options.entries if entry.role == role) for role in roles}


# --- speech tags -------------------------------------------------------------------------------------------------


def speech_grammar(rule: Rule) -> Grammar:
    """The words of a rule for speech tags, compiled."""
    options = msgspec.convert(dict(rule.options), Options)
    verbs: dict[str, dict[str, tuple[str, ...]]] = {"speech": {}, "continuation": {}, "reply": {}}
    known: set[str] = set()
    transitive: set[str] = set()
    for entry in options.entries:
        if entry.role in verbs or entry.role in ("stance", "pronominal"):
            known.update((entry.form, *entry.forms.split()) if " " not in entry.form else ())
        if entry.role == "stance":
            transitive.update((entry.form, *entry.forms.split()))
        if entry.role == "pronominal":
            known.add(entry.form + "e")
        if entry.role in verbs:
            verbs[entry.role][entry.form] = tuple(entry.forms.split()) if " " not in entry.form else ()

    def words(role: str) -> dict[str, str]:
        return {entry.form: entry.gender for entry in options.entries if entry.role == role}

    lexis = Lexis(
        verbs=frozenset(known),
        transitive=frozenset(transitive),
        names=words("name"),
        persons=words("person"),
        bodies=words("body"),
        neutral=frozenset(words("neutral")),
        impersonal=frozenset(words("impersonal")),
        things=frozenset(words("thing")),
    )
    return grammar(verbs, tuple(words("pronominal")), lexis)


def _speech_tags(rule: Rule, rules: Grammar, view: _View) -> Iterator[Issue]:
    analysis = view.analysis
    if not rules.pattern.search(analysis.lower):
        return
    text = passage(analysis)
    for tag in speech_tags(rules, text):
        speaker = speaker_of(rules, text, tag)
        if speaker is None or speaker.gender == tag.gender:
            continue
        other = "elle" if tag.gender == "m" else "il"
        written = analysis.text[tag.start : tag.end]
        cut = tag.place - tag.start
        fixed = written[:cut] + other + written[cut + len(tag.pronoun) :]
        if tag.reflexive:
            fixed = fixed + "e" if other == "elle" and not fixed.endswith("e") else fixed.removesuffix("e")
        confidence = (0.9 if tag.continuing else 0.8) if speaker.kind == "person" else 0.7
        evidence = {"pronoun": tag.pronoun, "speaker": speaker.text.strip(" ,")}
        yield rule.issue(Span(tag.start, tag.end), written, (fixed,), confidence, evidence)


# --- a gloss in brackets and the pronoun that repeats it -----------------------------------------------------------

_GLOSS = regex.compile(r"\[([^\[\]\n]{3,60})\] ?(ils?|elles?)\b(?! (?:y|faut|fallait|faudra|faudrait|s'agi\w+)\b)")
_WORD = regex.compile(r"\p{L}[\p{L}-]*")
_DETERMINERS = {"la": "fs", "une": "fs", "cette": "fs", "le": "ms", "un": "ms", "ce": "ms", "cet": "ms"}
_PLURALS = frozenset(("les", "des", "ces", "ses", "leurs", "nos", "vos", "certains", "certaines", "plusieurs"))
_PRONOUNS = {"ms": "il", "mp": "ils", "fs": "elle", "fp": "elles"}


def _glosses(rule: Rule, options: Options, view: _View) -> Iterator[Issue]:
    analysis = view.analysis
    if "[" not in analysis.lower:
        return
    asides = frozenset(entry.form for entry in options.entries if entry.role == "aside")
    endings = [entry for entry in options.entries if entry.role == "ending"]
    for match in _GLOSS.finditer(analysis.lower):
        words = _WORD.findall(match[1])
        kind = "" if asides.intersection(words) else _gloss_kind(words, endings, analysis)
        pronoun = match[2]
        # Only the gender is judged: a bracket of another number may stand for another word of the sentence.
        if not kind or _PRONOUNS[kind] == pronoun or pronoun.endswith("s") != (kind[1] == "p"):
            continue
        span = Span(*match.span(2))
        written = analysis.text[span.start : span.end]
        fixed = _PRONOUNS[kind].capitalize() if written[0].isupper() else _PRONOUNS[kind]
        gloss = analysis.text[match.start(1) : match.end(1)]
        yield rule.issue(span, written, (fixed,), 0.9, {"antecedent": gloss})


def _gloss_kind(words: Sequence[str], endings: Sequence[Entry], analysis: Analysis) -> str:
    """Gender and number of the noun in the bracket ("fp"), or "" when its words do not agree on one."""
    found: set[str] = set()
    for number, word in enumerate(words):
        if word in _DETERMINERS:
            return _DETERMINERS[word]
        ending = max((e for e in endings if word.endswith(e.form)), key=lambda e: len(e.form), default=None)
        if ending:
            found.add(ending.gender + ending.number)
        elif analysis.lexicon and (number == 0 or words[number - 1] in _PLURALS):
            readings = {e.gender + e.number for e in analysis.lexicon.entries(word) if e.pos == "NOUN"}
            found |= readings if len(readings) == 1 and readings <= set(_PRONOUNS) else set()
    return found.pop() if len(found) == 1 else ""


# --- a plural pronoun that opens a sentence -----------------------------------------------------------------------


def _plural_pronouns(rule: Rule, forms: dict[str, frozenset[str]], view: _View) -> Iterator[Issue]:
    analysis = view.analysis
    for sentence in analysis.sentences[1:]:
        opening = regex.match(r"\W{0,3}(ils) ", analysis.lower[sentence.span.start : sentence.span.start + 8])
        before = analysis.sentences[sentence.index - 1]
        if not opening or sentence.paragraph - before.paragraph > 1 or before.region is not sentence.region:
            continue
        span = Span(sentence.span.start + opening.start(1), sentence.span.start + opening.end(1))
        doc = view.doc(before.index)
        if doc is None or view.quoted(span.start) != view.quoted(before.span.end - 2):
            continue
        noun = _only_feminine(doc, forms, analysis)
        if noun is not None:
            yield rule.issue(span, analysis.text[span.start : span.end], ("Elles",), 0.7, {"antecedent": noun.text})


def _only_feminine(doc: Doc, forms: dict[str, frozenset[str]], analysis: Analysis) -> Token | None:
    """The subject of a sentence in which every plural is a feminine thing and nobody else is named."""
    subject = None
    for token in doc:
        word = token.lower_
        if word in forms["human"] or word in forms["several"] or token.ent_type_ in ("PER", "ORG", "MISC"):
            return None
        if token.dep_ == "conj" and token.pos_ in ("NOUN", "PROPN") and token.morph.get("Number", []) != ["Plur"]:
            return None
        if token.pos_ not in ("NOUN", "PROPN") or token.morph.get("Number", []) != ["Plur"] or word in forms["measure"]:
            continue
        if not _surely_feminine(token, analysis):
            return None
        if subject is None and token.dep_.startswith("nsubj"):
            subject = token
    return subject


def _surely_feminine(token: Token, analysis: Analysis) -> bool:
    readings = analysis.lexicon.entries(token.lower_) if analysis.lexicon else ()
    genders = {reading.gender for reading in readings if reading.pos == "NOUN"}
    return token.morph.get("Gender", []) == ["Fem"] and (not analysis.lexicon or genders == {"f"})


# --- a pronoun whose every antecedent has the other gender ---------------------------------------------------------


def _pronoun_genders(rule: Rule, forms: dict[str, frozenset[str]], view: _View) -> Iterator[Issue]:
    analysis = view.analysis
    for sentence, doc in analysis.parsed():
        earlier: list[Doc] = []
        for before in reversed(analysis.sentences[max(0, sentence.index - SENTENCES_BACK) : sentence.index]):
            parse = view.doc(before.index)
            if parse is None or before.region is not sentence.region or sentence.paragraph - before.paragraph > 2:
                break
            earlier.insert(0, parse)
        for found in disagreements([*earlier, doc], analysis.lexicon, forms):
            start = sentence.span.start + found.pronoun.idx
            # Who speaks in a quotation, and who is meant, its surroundings do not say.
            if view.quoted(start):
                continue
            written = analysis.text[start : start + len(found.pronoun)]
            fixed = found.other.capitalize() if written[0].isupper() else found.other
            evidence = {"antecedent": found.antecedent.text, "pronoun": written}
            yield rule.issue(Span(start, start + len(written)), written, (fixed,), 0.75, evidence)


# --- the possessive of several owners for one ---------------------------------------------------------------------


def _possessives(rule: Rule, forms: dict[str, frozenset[str]], view: _View) -> Iterator[Issue]:
    analysis = view.analysis
    for sentence, doc in analysis.parsed():
        for token in doc:
            if token.lower_ not in ("leur", "leurs") or token.i + 1 >= len(doc) or doc[token.i + 1].pos_ != "NOUN":
                continue
            noun = doc[token.i + 1]
            owner = _owner(noun, forms["owner"])
            if noun.lower_ not in forms["owned"] or owner is None or _has_plural(doc[: token.i], owner, forms):
                continue
            before = view.doc(sentence.index - 1) if sentence.index else None
            if before is not None and _has_plural(before[:], None, forms):
                continue
            fixed = "ses" if token.lower_ == "leurs" else _singular(noun)
            if token.text[0].isupper():
                fixed = fixed.capitalize()
            start = sentence.span.start + token.idx
            span = Span(start, start + len(token.text) + 1 + len(noun.text))
            written = analysis.text[span.start : span.end]
            evidence = {"antecedent": owner.text}
            yield rule.issue(span, written, (fixed + written[len(token.text) :],), 0.7, evidence)


def _singular(noun: Token) -> str:
    feminine = noun.morph.get("Gender", []) == ["Fem"]
    return "sa" if feminine and not elides(noun.text) else "son"


def _owner(noun: Token, owners: frozenset[str]) -> Token | None:
    """The one institution that is the subject of the clause, or that its `il` or `elle` takes up; else None."""
    for verb in noun.ancestors:
        subject = next((c for c in verb.children if c.dep_.startswith("nsubj") and c.i < noun.i), None)
        if subject is None:
            continue
        if subject.lower_ in owners and subject.morph.get("Number", []) == ["Sing"]:
            return None if any(child.dep_ == "conj" for child in subject.children) else subject
        if subject.lower_ not in ("il", "elle", "qui"):
            return None
    return None


def _has_plural(tokens: Iterable[Token], owner: Token | None, forms: dict[str, frozenset[str]]) -> bool:
    """True when the tokens name several who could be the owners."""
    for token in tokens:
        if token.lower_ in forms["several"] or (token.lower_ == "et" and token.head.pos_ == "PROPN"):
            return True
        plural = token.pos_ in ("NOUN", "PROPN") and token.morph.get("Number", []) == ["Plur"]
        named = owner is not None and token.text[0].isupper() and owner in token.ancestors and token.pos_ == "NOUN"
        if plural and not named and token.lower_ not in forms["measure"]:
            return True
    return False
