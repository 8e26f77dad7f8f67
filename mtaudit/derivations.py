"""Whether French word formation explains a form that no dictionary has: prefixes, suffixes, learned compounds.

The base decides: *étudiabilité* stands because *étudier* is a verb, *irréfiable* falls because *réfier* is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mtaudit.resources import Lexicon

#: What is left of a word without its prefix must have this many letters, and be this common (Zipf).
_SHORTEST_BASE: Final = 4
_BASE_ZIPF: Final = 1.5
#: A base of four or five letters is often chance ("dé" + "cola"): it must be commoner.
_SHORT_BASE_ZIPF: Final = 3.5
#: A foreign word this common may be borrowed.
_LOAN_ZIPF: Final = 3.5
#: A prefix this long is hardly chance.
_LONG_PREFIX: Final = 5

_PREFIXES: Final = tuple(
    """agro allo anarcho anglo anthropo anti anté aqua arabo arch archi astro audio auto avant aéro basket bi bio
    brico calci cardio centi chrono ciné circum cis co contre cryo crypto cyber demi di dis dé déci dés
    entre ethno euro ex extra ferro fibro fluo foot franco germano giga grand gréco gynéco géo hecto hexa
    hispano homo hydro hyper hypo hélio hémi hémo hétéro immuno indo infra inter intra irano israélo italo
    judéo kilo latino luso macro magnéto maxi micro milli mini mono moto multi musico méga mélo méso méta
    nano narco neuro nippo non nécro néo octo océano oligo omni onco ostéo oto paléo pan para patho pharmaco
    philo phono photo physio phyto pluri pneumo poly post pro proto pré pseudo psycho pyro péri pétro quadri
    quasi radio re rhino romano russo ré rétro sans semi serbo sexo simili sino socio sous soviéto spatio
    stéréo sub super supra sur sylvo syro techno thermo tourist trans tri turbo turco typo télé tétra ultra
    uni urbano uro vaso vice vidéo visio vélo web xéno zoo éco écolo électro épi équi""".split()  # noqa: SIM905 - a list of words reads better so
)
#: "im", "il" and "ir" stand before these letters alone; "in" before the others.
_NEGATIONS: Final = (("im", "mbp"), ("il", "l"), ("ir", "r"), ("in", "acdefghijnoqstuvéè"))

#: What makes a word of any base: learned compounds, and the names of people from a place or of a leader's followers.
_OPEN: Final = re.compile(
    r"(?:crat(?:e|ie|ique)|cid(?:e|aire)|culteur|culture|culture?ice|fère|forme|fuge|gène|génèse|gramm?e|graph(?:e|ie|ique)"
    r"|lâtr(?:e|ie)|lingue|log(?:ie|ue|iste|ique)|lyse|man[ei]e?|mètre|métri(?:e|que)|morphe|nome|nomie|path(?:e|ie)"
    r"|phag(?:e|ie)|phil(?:e|ie)|phob(?:e|ie)|phon(?:e|ie)|pole|scop(?:e|ie)|sphère|taxi?e|techni(?:e|que)|théra(?:pie|peute)"
    r"|thèque|thermie|tomie|tope|type|vore|zone|drome|naut(?:e|ique)|mane|sauré?e?"
    r"|esque|istique|iste|isme|(?:[eéi]|c)enne|[aeiïéy]en|[aeiïéy]enne|oise?|aise|ite|ose|ine|[èe]ne|yle|ane|ique|thon|ade)s?$"
)
#: What -iser and -ifier may have put off from their base.
_ENDS_OF_BASES: Final = (
    *("", "e", "ique", "al", "el", "ie", "isme", "iste", "ité", "on", "aire", "er", "ant", "ien", "ain", "ois", "ais"),
    *("in", "ine", "us", "um", "eur", "eux", "if", "ive", "o", "a", "i", "é"),
)
_VERB_ENDINGS: Final = (
    "e|es|ent|er|ez|é|ée|és|ées|ais|ait|aient|ant|era|eras|erai|erons|eront|erais|erait|eraient|a|èrent|ons|ions|iez"
)
#: -iser and -ifier make a verb of any base, and nouns of that verb.
_ISE: Final = re.compile(
    rf"(?:is|ifi)(?:{_VERB_ENDINGS}|eurs?|ants?|antes?|ables?|abilités?)$|(?:is|ific)(?:ations?|ateurs?|atrices?)$"
)
#: Suffixes that ask for a verb: stem + er, ir, re.
_DEVERBAL: Final = re.compile(r"(?:ables?|abilités?|eurs?|euses?|ages?|oirs?)$")
#: The feminine of a noun in -teur.
_FEMININE: Final = re.compile(r"trices?$")
#: Suffixes that ask for an adjective.
_DEADJECTIVAL: Final = re.compile(r"(?:ité|itude|issime)s?$")
_ADVERB: Final = re.compile(r"(a|e)mment$|ment$")
_CONJUGATED: Final = re.compile(rf"(?:{_VERB_ENDINGS})$")


def is_well_formed(form: str, lexicon: Lexicon) -> bool:
    """True when the lower-case form is built by a living rule of French from a known base."""
    return (
        _OPEN.search(form) is not None
        or _inflected(form, lexicon)
        or _prefixed(form, lexicon)
        or _suffixed(form, lexicon)
    )


def _inflected(form: str, lexicon: Lexicon) -> bool:
    """The plural, or the feminine, of a known form."""
    singular = form[:-1] if form[-1:] in ("s", "x") else form
    bases = {singular, singular.removesuffix("e")} - {form}
    if singular.endswith("aux"):
        bases.add(singular[:-3] + "al")
    return any(lexicon.knows(base) for base in bases if len(base) >= _SHORTEST_BASE)


def _prefixed(form: str, lexicon: Lexicon) -> bool:
    return any(
        _is_base(base, prefix, lexicon) or _OPEN.search(base) or _suffixed(base, lexicon)
        for prefix, base in _unprefixed(form)
    ) or any(_has_pos(base, "ADJ", lexicon) or _suffixed(base, lexicon) for base in _without_negation(form))


def _unprefixed(form: str) -> Iterator[tuple[str, str]]:
    for prefix in _PREFIXES:
        if form.startswith(prefix) and len(form) - len(prefix) >= _SHORTEST_BASE:
            yield prefix, form[len(prefix) :]


def _without_negation(form: str) -> Iterator[str]:
    """Adjectives alone are denied so: *gérance* gives no *ingérance*."""
    for prefix, letters in _NEGATIONS:
        if form.startswith(prefix) and form[2:3] in letters and len(form) - 2 >= _SHORTEST_BASE:
            yield form[2:]


def _is_base(base: str, prefix: str, lexicon: Lexicon) -> bool:
    short = len(base) < _SHORTEST_BASE + 2
    least = _SHORT_BASE_ZIPF if short and len(prefix) < _LONG_PREFIX else _BASE_ZIPF
    return lexicon.frequency(base) >= least and (not short or lexicon.knows(base))


def _suffixed(form: str, lexicon: Lexicon) -> bool:
    if found := _ISE.search(form):
        return found.start() >= 3 and _starts_a_word(form[: found.start()], lexicon)
    if found := _DEVERBAL.search(form):
        stem = form[: found.start()]
        return _is_verb_stem(stem, lexicon) or _is_borrowed(stem, lexicon)
    if found := _FEMININE.search(form):
        return lexicon.knows(form[: found.start()] + "teur")
    if found := _DEADJECTIVAL.search(form):
        return _is_adjective_stem(form[: found.start()], lexicon)
    if found := _ADVERB.search(form):
        stem = form[: found.start()]
        if found.group(1):
            return _has_pos(stem + found.group(1) + "nt", "ADJ", lexicon)
        return _has_pos(stem, "ADJ", lexicon) or _has_pos(stem + "e", "ADJ", lexicon)
    # A borrowed word makes verbs of the first group: *spoilait*, *pitchée*.
    if found := _CONJUGATED.search(form):
        return _is_borrowed(form[: found.start()], lexicon)
    return False


def _is_borrowed(stem: str, lexicon: Lexicon) -> bool:
    """True for the stem of a common foreign word, whose last letter French may double: *instagrammeur*."""
    stems = (stem, stem[:-1]) if stem[-2:] in ("ll", "mm", "nn", "pp", "tt") else (stem,)
    loans = (s + end for s in stems for end in ("", "e", "er"))
    return len(stem) >= 3 and any(
        lexicon.foreign_frequency(loan) >= max(_LOAN_ZIPF, lexicon.frequency(loan)) for loan in loans
    )


def _is_verb_stem(stem: str, lexicon: Lexicon) -> bool:
    bases = [stem + end for end in ("er", "ir", "re", "oir")]
    if stem.endswith(("ge", "ç")):
        bases.append(stem.rstrip("e") + "er" if stem.endswith("ge") else stem[:-1] + "cer")
    if stem.endswith("iss"):
        bases.append(stem[:-3] + "ir")
    return len(stem) >= 3 and any(_has_pos(base, "VERB", lexicon) for base in bases)


def _is_adjective_stem(stem: str, lexicon: Lexicon) -> bool:
    bases = [stem, stem + "e", stem[:-1] + "x", stem[:-1] + "f"]
    bases += [stem.removesuffix(short) + long for short, long in (("al", "el"), ("abil", "able"), ("ibil", "ible"))]
    return len(stem) >= 3 and any(_has_pos(base, "ADJ", lexicon) for base in bases)


def _has_pos(form: str, pos: str, lexicon: Lexicon) -> bool:
    return any(entry.pos == pos and entry.lemma for entry in lexicon.entries(form))


def _starts_a_word(stem: str, lexicon: Lexicon) -> bool:
    return any(lexicon.knows(stem + end) for end in _ENDS_OF_BASES)
