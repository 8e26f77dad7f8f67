"""Gender and number of French forms by the lexicon's readings, and the other forms of a word.

Readings become a mask of four bits, masculine and feminine by singular and plural. What the lexicon leaves open sets
every bit, so that only forms of which no two readings fit have masks that share nothing.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from mtaudit.elision import elides
from mtaudit.resources import Lexicon

MASCULINE_SINGULAR, MASCULINE_PLURAL, FEMININE_SINGULAR, FEMININE_PLURAL = 1, 2, 4, 8
SINGULAR: Final = MASCULINE_SINGULAR | FEMININE_SINGULAR
PLURAL: Final = MASCULINE_PLURAL | FEMININE_PLURAL
MASCULINE: Final = MASCULINE_SINGULAR | MASCULINE_PLURAL
FEMININE: Final = FEMININE_SINGULAR | FEMININE_PLURAL
ANY: Final = MASCULINE | FEMININE

_GENDERS = {"m": MASCULINE, "f": FEMININE, "": ANY}
_NUMBERS = {"s": SINGULAR, "p": PLURAL, "": ANY}

#: Determiners before a consonant, masculine, feminine, plural.
_ARTICLES = (
    ("le", "la", "les"), ("un", "une", "des"), ("ce", "cette", "ces"), ("du", "", "des"), ("au", "", "aux"),
    ("mon", "ma", "mes"), ("ton", "ta", "tes"), ("son", "sa", "ses"), ("notre", "notre", "nos"),
    ("votre", "votre", "vos"), ("leur", "leur", "leurs"), ("quel", "quelle", ""), ("aucun", "aucune", ""),
    ("chaque", "chaque", ""), ("certain", "certaine", ""),
)  # fmt: skip
#: Numbers that are written out.
NUMBERS: Final = frozenset(
    """deux trois quatre cinq six sept huit dix onze douze quinze vingt trente quarante cinquante
    soixante""".split()  # noqa: SIM905 - a list of words reads better so
)
#: What each determiner may stand before.
DETERMINERS: Final[dict[str, int]] = {
    **{masculine: MASCULINE_SINGULAR for masculine, _, _ in _ARTICLES},
    **{feminine: FEMININE_SINGULAR for _, feminine, _ in _ARTICLES if feminine},
    **{plural: PLURAL for _, _, plural in _ARTICLES if plural},
    **dict.fromkeys(("notre", "votre", "leur", "chaque", "l'"), SINGULAR),
    **dict.fromkeys(("quels", "certains"), MASCULINE_PLURAL),
    **dict.fromkeys(("quelles", "certaines"), FEMININE_PLURAL),
    **dict.fromkeys(("plusieurs", "quelques", *NUMBERS), PLURAL),
    "cet": MASCULINE_SINGULAR,
}
_BOTH_BEFORE_VOWEL = ("mon", "ton", "son")

#: Endings of a masculine and a feminine singular.
_ENDINGS = (
    ("", "e"), ("er", "ère"), ("f", "ve"), ("x", "se"), ("eur", "euse"), ("teur", "trice"), ("en", "enne"),
    ("on", "onne"), ("el", "elle"), ("eau", "elle"), ("et", "ette"), ("et", "ète"), ("c", "que"), ("c", "che"),
    ("eil", "eille"), ("ul", "ulle"), ("s", "sse"), ("ieux", "ieille"), ("g", "gue"), ("ou", "olle"), ("x", "sse"),
    ("il", "ille"), ("an", "anne"),
)  # fmt: skip

#: Forms kept for each lexicon, before they are forgotten.
_MOST_KEPT = 100_000


class Form(NamedTuple):
    """What a form may be: masks of its readings as noun, as adjective, as participle, as finite verb (both genders).

    `other` is set for a form that may be something else, and for an unknown one.
    """

    noun: int = 0
    adjective: int = 0
    participle: int = 0
    verb: int = 0
    other: bool = False

    @property
    def nominal(self) -> int:
        """All genders and numbers that the form may have as noun, adjective or participle."""
        return self.noun | self.adjective | self.participle


UNKNOWN: Final = Form(other=True)
_kept: WeakKeyDictionary[Lexicon, dict[str, Form]] = WeakKeyDictionary()


def forms_of(lexicon: Lexicon) -> dict[str, Form]:
    """What has been read of the lexicon so far, by lower-case word; `read` fills it."""
    forms = _kept.setdefault(lexicon, {})
    if len(forms) > _MOST_KEPT:
        forms.clear()
    return forms


def read(lexicon: Lexicon, word: str) -> Form:
    """The readings of a lower-case word; a word of one or two letters, or with a hyphen, counts as unknown."""
    if len(word) < 3 or not word.isalpha():
        return UNKNOWN
    noun = adjective = participle = verb = 0
    readings = lexicon.entries(word)
    other = not readings
    for _, pos, gender, number in readings:
        mask = _GENDERS[gender] & _NUMBERS[number]
        if pos in ("NOUN", "PROPN"):
            noun |= mask
        elif pos == "ADJ":
            adjective |= mask
        elif pos == "VERB" and gender:
            participle |= mask
        elif pos == "VERB" and number:
            verb |= mask
        else:
            other = True
    return Form(noun, adjective, participle, verb, other)


def differ_in_number_only(one: int, other: int) -> bool:
    """True when two masks that share nothing have a gender in common."""
    return bool((one & MASCULINE and other & MASCULINE) or (one & FEMININE and other & FEMININE))


def inflected(lexicon: Lexicon, word: str, kinds: tuple[str, ...], wanted: int) -> str | None:
    """The form of a word that has one of the wanted genders and numbers: guessed by its ending, and confirmed.

    `kinds` are the parts of speech in which the word is taken; of verbs only participles are formed.
    """
    lemmas = {(entry.lemma, entry.pos) for entry in lexicon.entries(word) if entry.pos in kinds}
    for candidate in dict.fromkeys(_neighbours(word)):
        for lemma, pos, gender, number in lexicon.entries(candidate):
            if (lemma, pos) not in lemmas or (pos == "VERB" and not gender):
                continue
            if _GENDERS[gender] & _NUMBERS[number] & wanted:
                return candidate
    return None


def _neighbours(word: str) -> list[str]:
    """Forms that the word may have in other genders and numbers, likeliest first."""
    singulars = {word, word.removesuffix("s"), word.removesuffix("x")}
    if word.endswith("aux"):
        singulars.add(word[:-2] + "l")
    masculine = {one.removesuffix(she) + he for he, she in _ENDINGS for one in singulars if one.endswith(she)}
    stems = sorted(masculine | singulars)
    both = [*stems, *(one.removesuffix(he) + she for he, she in _ENDINGS for one in stems if one.endswith(he))]
    return both + [one + mark for one in both for mark in "sx"] + [one[:-1] + "ux" for one in both if one[-2:] == "al"]


def determiner_mask(word: str, following: str) -> int:
    """What a determiner may stand before, by the word after it (*son amie*); 0 for no determiner."""
    # Whether an h is mute is not known of every word: « son hacienda ».
    if word in _BOTH_BEFORE_VOWEL and (elides(following) or following.startswith(("h", "y"))):
        return SINGULAR
    return DETERMINERS.get(word, 0)


def fitted_determiner(word: str, mask: int, following: str) -> str | None:
    """The determiner of the same kind for a gender and number, with the blank after it; None if there is none."""
    if word == "cet":
        word = "ce"
    row = next((row for row in _ARTICLES if word in row or (word == "l'" and row[0] == "le")), None)
    if row is None:
        return None
    masculine, feminine, plural = row
    if not mask & SINGULAR:
        return plural + " " if plural else None
    vowel = elides(following)
    if vowel and masculine in ("le", "du", "au"):
        return {"le": "l'", "du": "de l'", "au": "à l'"}[masculine]
    if mask & MASCULINE:
        return "cet " if vowel and masculine == "ce" else masculine + " "
    if masculine in ("du", "au"):
        return "de la " if masculine == "du" else "à la "
    return (masculine if vowel and masculine in _BOTH_BEFORE_VOWEL else feminine) + " "
