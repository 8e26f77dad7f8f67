"""Words side by side that do not agree: determiner, adjective and noun, subject, verb and participle.

An option `detector` says which two are compared. Only words of which no reading in the lexicon fits the other are
looked at: an ambiguous or unknown form agrees with anything. The parse must then confirm that the two belong together,
and nothing near by may explain the form otherwise (a coordination, an earlier noun, a compound, a set phrase).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import msgspec

from mtaudit.clauses import (
    ADVERBS,
    AUXILIARIES,
    OTHER_NUMBER,
    Passage,
    auxiliary_of,
    belongs,
    has_plural,
    is_compound,
    is_coordinated,
    is_explained,
    is_french,
    is_plain_subject,
    joined,
    noun_mask,
    passage_of,
    subject_mask,
    subject_of,
)
from mtaudit.inflection import (
    ANY,
    DETERMINERS,
    NUMBERS,
    PLURAL,
    SINGULAR,
    Form,
    determiner_mask,
    differ_in_number_only,
    fitted_determiner,
    inflected,
)
from mtaudit.model import Analysis, Issue, Need, Rule, Span


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: These are pronouns too: *il la porte*.
_CLITICS = _words("le la l' les leur certains certaines deux trois")
#: *Le numéro deux mondial*, *tous deux partie prenante*.
_BEFORE_NUMBER = _words("numéro n° no page ligne tous toutes nous vous eux elles")
#: *Vingt et un*, *cent un*, *l'un porte*.
_TENS = _words("et cent cents mille l'")
_SUBJECTS = _words("ils elles")
#: A participle that may be a noun is a participle before these.
_BEFORE_COMPLEMENT = _words("par de d' à pour dans en sur depuis")


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word of a rule: `silent` words (or two words side by side) are never judged, `before` are the lemmas of the
    adjectives that precede their noun, `after` of those that follow one though they may be nouns, and `collective`
    nouns take a verb of either number."""

    role: Literal["silent", "before", "after", "collective"]
    form: str


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which two words are compared, whether only what differs in gender (or in number alone) counts, and what the rule
    must know of single words."""

    detector: Literal["determiner-noun", "adjective-noun", "noun-adjective", "subject-participle", "subject-verb"]
    differs: Literal["gender", "number", ""] = ""
    entries: tuple[Entry, ...] = ()


class _Finding(NamedTuple):
    """First and last token, suggestions, and whether the two differ in number alone."""

    first: int
    last: int
    suggestions: Sequence[str]
    number_only: bool


@dataclass(frozen=True, slots=True)
class _Lists:
    """The words of a rule by their role, and the differences that it judges."""

    silent: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    collective: frozenset[str]
    differs: str = ""


_Detector = Callable[[Passage, _Lists], Iterator[_Finding]]


def needs(rule: Rule) -> frozenset[Need]:  # noqa: ARG001 (the same for every rule of the kind)
    """The parser and the lexicon."""
    return frozenset({Need.TOKENS, Need.LEXICON})


def compile(rules: Sequence[Rule]) -> tuple[tuple[Rule, _Detector, _Lists], ...]:
    """Each rule with its detector and its words."""
    compiled = []
    for rule in rules:
        options = msgspec.convert(dict(rule.options), Options)
        roles = {
            role: frozenset(entry.form for entry in options.entries if entry.role == role)
            for role in ("silent", "before", "after", "collective")
        }
        compiled.append((rule, _DETECTORS[options.detector], _Lists(**roles, differs=options.differs)))
    return tuple(compiled)


def run(analysis: Analysis, compiled: Sequence[tuple[Rule, _Detector, _Lists]]) -> Iterable[Issue]:
    """The issues of the parsed sentences."""
    if analysis.lexicon is None:
        return
    for sentence, doc in analysis.parsed():
        passage = passage_of(doc, analysis.lexicon)
        for rule, detector, lists in compiled:
            for finding in detector(passage, lists):
                if lists.differs == ("gender" if finding.number_only else "number"):
                    continue
                first, last = passage.tokens[finding.first], passage.tokens[finding.last]
                start = sentence.span.start
                span = Span(start + first.idx, start + last.idx + len(last.text))
                text = analysis.text[span.start : span.end]
                swaps = finding.suggestions
                if text[:1].isupper():
                    swaps = [swap[:1].upper() + swap[1:] for swap in swaps]
                yield rule.issue(span, text, swaps, 0.9)


# --- determiner and noun --------------------------------------------------------------------------------------------


def _determiner_noun(passage: Passage, lists: _Lists) -> Iterator[_Finding]:
    words, kinds = passage.words, passage.kinds
    for place, word in enumerate(words[:-1]):
        if word not in DETERMINERS:
            continue
        mask = determiner_mask(word, words[place + 1])
        noun = place + 1
        if kinds[noun] in ("ADJ", "NUM") and kinds[noun + 1 : noun + 2] == ["NOUN"]:
            # « les 1,5 million », « une deux chevaux »: a number between them may have the last word.
            if not words[noun].isalpha() or (kinds[noun] == "NUM" and mask & SINGULAR):
                continue
            noun += 1
        form = passage.form(noun)
        if form.nominal & mask or form.other or not form.noun or words[noun] in lists.silent:
            continue
        # « il la porte », « le réceptionniste note »
        fits_next = noun == place + 1 or passage.form(place + 1).nominal & mask
        if form.verb and word in _CLITICS and fits_next and not _is_article(passage, place):
            continue
        if _is_its_determiner(passage, place, noun) and not _counts_otherwise(passage, place, noun):
            number_only = differ_in_number_only(mask, form.nominal)
            yield _Finding(place, noun, _determiner_swaps(passage, place, noun), number_only)


def _is_article(passage: Passage, place: int) -> bool:
    """True when what stands before *le* or *la* shows that it is no pronoun of a finite verb."""
    return place == 0 or passage.kinds[place - 1] in ("ADP", "VERB")


def _is_its_determiner(passage: Passage, place: int, noun: int) -> bool:
    """True when the parse takes the two for determiner and noun."""
    kinds, head = passage.kinds, passage.tokens[place].head.i
    if kinds[noun] != "NOUN" or kinds[place] not in ("DET", "ADP", "NUM") or head not in (noun, noun - 1):
        return False
    if noun - place == 2 and passage.tokens[place + 1].head.i != noun:
        return False
    return joined(passage, place, noun) and is_french(passage, place, noun)


def _counts_otherwise(passage: Passage, place: int, noun: int) -> bool:
    """True where usage sets another number: *vingt et un jours*, *tous deux partie*, *vos nom et prénom*."""
    words = passage.words
    before = words[max(place - 3, 0) : place]
    if words[place] in ("un", "une") and _TENS.intersection(before[-1:]):
        return True
    if words[place] in NUMBERS and _BEFORE_NUMBER.intersection(before[-1:]):
        return True
    # « de la première et de la deuxième générations »
    if noun - place == 2 and ("et" in before or "ou" in before):
        return True
    # « vos nom et prénom », but not « les nom et les prénoms »
    after = words[noun + 1 : noun + 3]
    joins = after[:1] in (["et"], ["ou"], [","]) and not DETERMINERS.keys() & set(after[1:])
    return joins and DETERMINERS[words[place]] & SINGULAR == 0


def _determiner_swaps(passage: Passage, place: int, noun: int) -> list[str]:
    """The phrase with another determiner and with another form of the noun, the likelier first."""
    words, lexicon = passage.words, passage.lexicon
    mask, form = determiner_mask(words[place], words[place + 1]), passage.form(noun)
    middle = words[place + 1] if noun - place == 2 else ""

    def phrase(wanted: int, determiner: str | None, last: str | None) -> str | None:
        adjective: str | None = middle
        if middle and not passage.form(place + 1).nominal & wanted:
            adjective = inflected(lexicon, middle, ("ADJ",), wanted)
        if determiner is None or last is None or adjective is None:
            return None
        return determiner + (adjective + " " if adjective else "") + last

    written = words[place] if words[place].endswith("'") else words[place] + " "
    by_determiner = phrase(form.noun, fitted_determiner(words[place], form.noun, words[place + 1]), words[noun])
    by_noun = phrase(mask, written, inflected(lexicon, words[noun], ("NOUN",), mask))
    ordered = (by_noun, by_determiner) if differ_in_number_only(mask, form.noun) else (by_determiner, by_noun)
    return [swap for swap in ordered if swap]


# --- adjective and noun ---------------------------------------------------------------------------------------------


def _adjective_noun(passage: Passage, lists: _Lists) -> Iterator[_Finding]:
    words, kinds, lexicon = passage.words, passage.kinds, passage.lexicon
    for place, kind in enumerate(kinds[:-1]):
        noun = place + 1
        if kind != "ADJ" or kinds[noun] != "NOUN":
            continue
        form, head = passage.form(place), passage.form(noun)
        if form.nominal & head.nominal or head.other or not head.noun or not form.adjective:
            continue
        lemmas = {entry.lemma for entry in lexicon.entries(words[place]) if entry.pos == "ADJ"}
        if lemmas.isdisjoint(lists.before) or passage.tokens[place].head.i != noun:
            continue
        if {words[noun], f"{words[place]} {words[noun]}"} & lists.silent or not joined(passage, place, noun):
            continue
        if is_coordinated(words, place, noun) or not is_french(passage, place, noun):
            continue
        # « de la première et de la deuxième générations »
        number_only = differ_in_number_only(form.nominal, head.nominal)
        if number_only and {"et", "ou"}.intersection(words[max(place - 4, 0) : place]):
            continue
        # « le petit maison » is for the rule of the determiner.
        determiner = determiner_mask(words[place - 1], words[place]) if place else 0
        if determiner & form.nominal and not determiner & head.nominal:
            continue
        fixed = inflected(lexicon, words[place], ("ADJ",), noun_mask(passage, noun))
        yield _Finding(place, noun, [f"{fixed} {words[noun]}"] if fixed else [], number_only)


def _noun_adjective(passage: Passage, lists: _Lists) -> Iterator[_Finding]:
    words, tokens, kinds = passage.words, passage.tokens, passage.kinds
    for place, kind in enumerate(kinds):
        if kind not in ("ADJ", "VERB") or place == 0 or tokens[place].dep_ not in ("amod", "acl"):
            continue
        form = passage.form(place)
        if not _is_adjective(passage, place, form, lists):
            continue
        noun = place - 1
        while noun > 0 and (words[noun] in ADVERBS or (kinds[noun] == "ADJ" and not passage.form(noun).other)):
            noun -= 1
        head = tokens[place].head
        mask = noun_mask(passage, noun)
        if kinds[noun] != "NOUN" or not mask or mask & form.nominal or not belongs(head, tokens[noun]):
            continue
        if words[noun] in lists.silent or head.lower_ in lists.silent:
            continue
        if any(words[one] not in ADVERBS and not passage.form(one).adjective & mask for one in range(noun + 1, place)):
            continue
        if not joined(passage, noun, place) or not is_french(passage, noun, place):
            continue
        number_only = differ_in_number_only(mask, form.nominal)
        if number_only and is_coordinated(words, place, place):
            continue
        if is_explained(passage, noun, form.nominal, bool(form.participle)):
            continue
        masks = dict.fromkeys((noun_mask(passage, head.i) or mask, mask))
        fixes = [inflected(passage.lexicon, words[place], ("ADJ", "VERB"), one) for one in masks]
        swaps = [" ".join([*words[noun:place], fixed]) for fixed in dict.fromkeys(fixes) if fixed]
        yield _Finding(noun, place, swaps, number_only)


def _is_adjective(passage: Passage, place: int, form: Form, lists: _Lists) -> bool:
    """True for what can be nothing but an adjective or a participle here."""
    if form.other or form.verb or not (form.adjective or form.participle) or passage.words[place] in lists.silent:
        return False
    # « Poulet frites »: what may be a noun is a participle only where a complement follows.
    following = passage.words[place + 1 : place + 2]
    if not form.noun or (form.participle and _BEFORE_COMPLEMENT.intersection(following)):
        return True
    readings = passage.lexicon.entries(passage.words[place])
    return passage.kinds[place] == "ADJ" and any(one.pos == "ADJ" and one.lemma in lists.after for one in readings)


# --- subject and verb -----------------------------------------------------------------------------------------------


def _subject_participle(passage: Passage, lists: _Lists) -> Iterator[_Finding]:
    words, kinds, tokens = passage.words, passage.kinds, passage.tokens
    for place, kind in enumerate(kinds):
        if kind not in ("VERB", "ADJ"):
            continue
        first = auxiliary_of(passage, place)
        if first is None:
            continue
        form = passage.form(place)
        if form.other or not (form.adjective or form.participle) or words[place] in lists.silent:
            continue
        # « elles sont membre », « elles sont autre chose », « ils sont fin prêts »
        following = kinds[place + 1 : place + 2]
        if following in (["ADJ"], ["VERB"]) or (not form.participle and (form.noun or following == ["NOUN"])):
            continue
        mask = _predicate_mask(passage, place, first, lists)
        if not mask or mask & form.nominal or not joined(passage, first, place):
            continue
        number_only = differ_in_number_only(mask, form.nominal)
        if number_only and is_coordinated(words, place, place):
            continue
        if is_french(passage, first, place):
            subject = subject_of(tokens[place])
            narrowed = subject_mask(passage, subject) & mask if subject is not None else 0
            fixed = inflected(passage.lexicon, words[place], ("ADJ", "VERB"), narrowed or mask)
            yield _Finding(first, place, [" ".join([*words[first:place], fixed])] if fixed else [], number_only)


def _predicate_mask(passage: Passage, place: int, verb: int, lists: _Lists) -> int:
    """What a participle or adjective after *être* must agree with: the subject, or the plural of its verb; or 0."""
    number = AUXILIARIES[passage.words[verb]]
    subject = subject_of(passage.tokens[place])
    if subject is not None and passage.words[subject.i] not in lists.collective:
        mask = subject_mask(passage, subject)
        # « La loi sont adoptée » is for the rule of the verb.
        if mask & passage.form(place).nominal and not mask & number:
            return 0
        mask &= number
        if mask and is_plain_subject(passage, subject, verb, passage.form(place).nominal):
            return mask
    # A singular verb may stand for a majesty, a plural one only for several.
    return number & PLURAL


def _subject_verb(passage: Passage, lists: _Lists) -> Iterator[_Finding]:
    words, tokens = passage.words, passage.tokens
    for place, kind in enumerate(passage.kinds):
        if kind not in ("VERB", "AUX") or place == 0:
            continue
        number = _verb_number(passage, place, kind)
        subject = subject_of(tokens[place]) if number else None
        if subject is None and number and kind == "AUX":
            subject = subject_of(tokens[place].head)
        if subject is None or subject.i >= place:
            continue
        mask = subject_mask(passage, subject)
        if not mask or mask & number or {words[subject.i], words[place]} & (lists.collective | lists.silent):
            continue
        # A singular head may leave the number to its complement; a plural one never does.
        if not is_plain_subject(passage, subject, place, ANY if mask & SINGULAR else 0):
            continue
        if (mask & SINGULAR and has_plural(passage, subject.i)) or not joined(passage, place, place):
            continue
        # « relatives a la santé »: an accent is missing, not an agreement.
        if (words[place] == "a" and not is_compound(passage, place)) or not is_french(passage, subject.i, place):
            continue
        fixed = OTHER_NUMBER.get(words[place])
        simple = fixed and not {"ne", "n'", "qui"}.intersection(words[subject.i : place])
        swaps = [" ".join([*words[subject.i : place], str(fixed)])] if simple else []
        yield _Finding(subject.i, place, swaps, True)


def _verb_number(passage: Passage, place: int, kind: str) -> int:
    """The number of what can be nothing but a finite verb, 0 when that is not sure."""
    words = passage.words
    if not passage.tokens[place].is_lower or words[place] in AUXILIARIES:
        return AUXILIARIES.get(words[place], 0)
    form = passage.form(place)
    # « Les experts estime que », « ils demande »: a noun cannot stand there.
    if form.nominal and not (
        kind == "VERB"
        and not form.participle
        and (words[place - 1] in _SUBJECTS or words[place + 1 : place + 2] == ["que"])
    ):
        return 0
    return 0 if form.other or form.verb == ANY else form.verb


_DETECTORS: dict[str, _Detector] = {
    "determiner-noun": _determiner_noun,
    "adjective-noun": _adjective_noun,
    "noun-adjective": _noun_adjective,
    "subject-participle": _subject_participle,
    "subject-verb": _subject_verb,
}
