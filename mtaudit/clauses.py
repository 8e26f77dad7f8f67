"""What agrees with what in a parsed sentence, and what may explain that two words do not.

The parser errs most where the grammar does. What is told here is therefore meant to be safe rather than complete: a
mask of 0 says that nothing is sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mtaudit.inflection import (
    ANY,
    DETERMINERS,
    FEMININE_PLURAL,
    FEMININE_SINGULAR,
    MASCULINE_PLURAL,
    MASCULINE_SINGULAR,
    PLURAL,
    SINGULAR,
    UNKNOWN,
    Form,
    determiner_mask,
    forms_of,
    read,
)
from mtaudit.resources import Lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What may stand between a noun and its adjective, a subject and its verb, without a say in the agreement.
ADVERBS: Final = _words("""
    très plus moins aussi si trop assez bien pas déjà encore ne n' toujours jamais désormais également donc ainsi
    vraiment souvent maintenant particulièrement extrêmement entièrement notamment été
""")
_ETRE = {
    "est": "sont", "était": "étaient", "sera": "seront", "fut": "furent", "serait": "seraient", "soit": "soient",
}  # fmt: skip
_AVOIR = {"a": "ont", "avait": "avaient", "aura": "auront", "eut": "eurent", "aurait": "auraient", "ait": "aient"}
_SINGULARS = {**_ETRE, **_AVOIR}
#: Forms of *être* and *avoir*, singular to plural and back.
OTHER_NUMBER: Final = {**_SINGULARS, **{plural: singular for singular, plural in _SINGULARS.items()}}
#: The number of each.
AUXILIARIES: Final = {form: SINGULAR if form in _SINGULARS else PLURAL for form in OTHER_NUMBER}
_BE = frozenset((*_ETRE, *_ETRE.values(), "été"))
_PRONOUNS = {
    "il": MASCULINE_SINGULAR, "ils": MASCULINE_PLURAL, "elle": FEMININE_SINGULAR, "elles": FEMININE_PLURAL,
}  # fmt: skip
#: *Une des pierres*, *ceux des élus*: these and not the noun may be what follows agrees with.
_HEAD_PRONOUNS = _words("""
    un une celui celle ceux celles aucun aucune certains certaines tous toutes tout ce chacun chacune
""")
_DEMONSTRATIVES = _words("celui celle ceux celles")
_COORDINATORS = _words("et ou ni , / - et/ou")
#: A singular after these may be one of several subjects.
_JOINERS = _words("et ou ni ainsi comme avec ils elles nous plus moins autant tant")
#: Before a reflexive the participle follows rules of its own (*se sont succédé*), after *on* and *ce* usage does.
_NO_SUBJECTS = _words("se s' me m' te t' nous vous on c' ce - en y")
_BEFORE_PRONOUN = _words("et ou ni comme qu' à de d' pour entre")
_BEFORE_SUBJECT = _words("et ou ni de d' comme à /")
_TOUCHING = "-(/·•@’'["


@dataclass(frozen=True, slots=True)
class Passage:
    """A parsed sentence: its tokens, their words in lower case, their parts of speech, and what has been read."""

    tokens: Sequence[Token]
    words: Sequence[str]
    kinds: Sequence[str]
    lexicon: Lexicon
    forms: dict[str, Form]

    def form(self, place: int) -> Form:
        """The readings of a token; a name, or what is no token, is unknown."""
        if not 0 <= place < len(self.words) or (place and not self.tokens[place].is_lower):
            return UNKNOWN
        word = self.words[place]
        found = self.forms.get(word)
        if found is None:
            found = self.forms[word] = read(self.lexicon, word)
        return found

    def may_be(self, place: int, mask: int) -> bool:
        """True when a token may have one of these genders and numbers, or is unknown."""
        form = self.form(place)
        return (form.other and self.words[place] not in _PRONOUNS) or bool(form.nominal & mask)


def passage_of(doc: Doc, lexicon: Lexicon) -> Passage:
    """The passage of a parse."""
    tokens = list(doc)
    return Passage(
        tokens, [token.lower_ for token in tokens], [token.pos_ for token in tokens], lexicon, forms_of(lexicon)
    )


# --- side by side ---------------------------------------------------------------------------------------------------


def joined(passage: Passage, first: int, last: int) -> bool:
    """True when only blanks part the tokens, and no bracket, hyphen or slash touches them."""
    tokens, words = passage.tokens, passage.words
    if any(not tokens[place].whitespace_ and not words[place].endswith("'") for place in range(first, last)):
        return False
    after = last + 1 < len(words) and not tokens[last].whitespace_ and words[last + 1][:1] in _TOUCHING
    before = first > 0 and not tokens[first - 1].whitespace_ and words[first - 1][-1:] in "-/"
    return not after and not before


def is_french(passage: Passage, first: int, last: int) -> bool:
    """True when the neighbours are French words too: *la* and *des* are words of other languages."""
    around = [passage.words[place] for place in (first - 1, last + 1) if 0 <= place < len(passage.words)]
    return all(passage.lexicon.knows(word) for word in around if word.isalpha())


def is_coordinated(words: Sequence[str], first: int, last: int) -> bool:
    """True when a word beside the two may join one of them to something else."""
    return (first > 0 and words[first - 1] in _COORDINATORS) or (
        last + 1 < len(words) and words[last + 1] in _COORDINATORS
    )


def noun_mask(passage: Passage, noun: int) -> int:
    """Readings of a noun, narrowed by the determiner before it (*la ministre*); 0 when nothing is sure."""
    form = passage.form(noun)
    if form.other or not form.noun:
        return 0
    narrowed = determiner_mask(passage.words[noun - 1], passage.words[noun]) if noun else 0
    return form.nominal & (narrowed or ANY) or form.nominal


def belongs(head: Token, noun: Token) -> bool:
    """True when the parse hangs an adjective on the noun before it, or on a noun that this one completes."""
    return bool(head.i == noun.i or (head.pos_ == "NOUN" and head.i < noun.i and head.is_ancestor(noun)))


def is_explained(passage: Passage, noun: int, mask: int, is_participle: bool) -> bool:
    """True when an adjective of this mask, which does not agree with the noun before it, may belong elsewhere."""
    words, kinds = passage.words, passage.kinds
    for place in range(noun - 1, -1, -1):
        if words[place] in AUXILIARIES:
            # « Il avait la veille cédé sa place », « les règles seraient à l'avenir nécessaires »
            if (is_participle or words[place + 1] in ("à", "en")) and noun - place <= 4:
                return True
            break
        if words[place] in _HEAD_PRONOUNS and (kinds[place] == "PRON" or words[place + 1] in ("de", "des", "d'")):
            return True
        if kinds[place] in ("PRON", "SCONJ") or (kinds[place] == "VERB" and passage.form(place).verb):
            break
        if kinds[place] == "PROPN" or (kinds[place] == "NOUN" and passage.may_be(place, mask)):
            return True
        # « La cirrhose ou le cancer du foie traités »: a plural may sum up what is joined.
        if words[place] in ("et", "ou", "ni") and mask & PLURAL:
            return True
    # « Elle passe le plus clair de son temps enfermée », but not « il expose une toile attribué à Rubens ».
    if words[noun - 1] in ("un", "une", "des") and passage.tokens[noun].dep_ == "obj":
        return False
    subjects = [subject for verb in passage.tokens[noun].ancestors if (subject := subject_of(verb)) is not None]
    return any(_PRONOUNS.get(one.lower_, 0) & mask or passage.may_be(one.i, mask) for one in subjects)


# --- subject and verb -----------------------------------------------------------------------------------------------


def subject_of(verb: Token) -> Token | None:
    """The subject that stands before a verb, by the parse."""
    return next((child for child in verb.children if child.i < verb.i and child.dep_.startswith("nsubj")), None)


def auxiliary_of(passage: Passage, place: int) -> int | None:
    """The form of *être*, or of *avoir* before *été*, that a participle or adjective follows; None for none."""
    words = passage.words
    first = place - 1
    while first > 0 and words[first] in ADVERBS:
        first -= 1
    if first < 0 or words[first] not in AUXILIARIES or (words[first] not in _BE and "été" not in words[first:place]):
        return None
    return None if first and words[first - 1] in _NO_SUBJECTS else first


def subject_mask(passage: Passage, subject: Token) -> int:
    """What a verb must agree with, 0 when that is not sure."""
    words, place = passage.words, subject.i
    if words[place] in _PRONOUNS:
        return _PRONOUNS[words[place]]
    if words[place] == "qui":
        return _antecedent_mask(passage, subject)
    if any(child.dep_ in ("conj", "cc", "appos", "nummod", "case") for child in subject.children):
        return 0
    determiner = words[place - 1] if place else ""
    if subject.pos_ == "PROPN":
        return {"la": FEMININE_SINGULAR, "le": MASCULINE_SINGULAR}.get(determiner, 0)
    if subject.pos_ != "NOUN" or determiner not in DETERMINERS or determiner in ("du", "au", "aux"):
        return 0
    form = passage.form(place)
    return 0 if form.other or not form.noun else form.nominal & determiner_mask(determiner, words[place])


def _antecedent_mask(passage: Passage, pronoun: Token) -> int:
    """What a verb after *qui* must agree with, 0 when that is not sure."""
    place, clause = pronoun.i - 1, pronoun.head
    if place < 1 or clause.dep_ != "acl:relcl" or clause.head.i != place or passage.kinds[place] != "NOUN":
        return 0
    if passage.words[place - 1] not in DETERMINERS:
        return 0
    mask = noun_mask(passage, place)
    return 0 if is_explained(passage, place, ANY & ~mask, False) else mask


def is_plain_subject(passage: Passage, subject: Token, verb: int, mask: int) -> bool:
    """True when only adverbs and its own complements part the subject from its verb, none of which may have one of
    the genders and numbers of `mask`, and nothing before it may be joined to it."""
    words, kinds = passage.words, passage.kinds
    for place in range(subject.i + 1, verb):
        if words[place] in ADVERBS:
            continue
        if kinds[place] not in ("ADP", "DET", "NOUN", "ADJ") or not subject.is_ancestor(passage.tokens[place]):
            return False
        if kinds[place] == "NOUN" and passage.may_be(place, mask):
            return False
    if words[subject.i] == "qui":
        return True
    if words[subject.i] in _PRONOUNS:
        return subject.i == 0 or words[subject.i - 1] not in _BEFORE_PRONOUN
    first = subject.i - 1
    if words[first].startswith("quel") or _DEMONSTRATIVES.intersection(words[:first]):
        return False
    if words[first] == "des" and first and kinds[first - 1] not in ("PUNCT", "SCONJ", "SPACE"):
        return False
    # « Le maire et son adjoint », « l'un des adjoints »: what stands just before may be the true subject.
    return first <= 0 or (
        words[first - 1] not in _BEFORE_SUBJECT
        and kinds[first - 1] not in ("NOUN", "PROPN", "NUM", "ADP", "DET", "ADJ")
    )


def has_plural(passage: Passage, before: int) -> bool:
    """True when an earlier word of the sentence may be the plural subject that a parse overlooked."""
    for place, (word, kind) in enumerate(zip(passage.words[:before], passage.kinds[:before], strict=True)):
        if word in _JOINERS or (word == "," and place >= before - 2) or kind == "PROPN":
            return True
        if kind in ("NOUN", "PRON", "ADJ", "DET") and word not in _PRONOUNS:
            mask = DETERMINERS.get(word) or passage.form(place).nominal
            if mask and not mask & SINGULAR:
                return True
    return False


def is_compound(passage: Passage, auxiliary: int) -> bool:
    """True when a participle follows the auxiliary."""
    following = auxiliary + 1
    while following < len(passage.words) and passage.words[following] in ADVERBS - {"été"}:
        following += 1
    return passage.form(following).participle > 0 or passage.words[following : following + 1] in (["été"], ["eu"])
