"""The nouns that a personal pronoun can stand for, where they are all of the gender that it has not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import regex

from mtaudit.resources import Lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

#: So many sentences before the pronoun's own are searched for what it may stand for.
SENTENCES_BACK = 2

_PRONOUNS = {"il": "ms", "ils": "mp", "elle": "fs", "elles": "fp"}
#: *il y a*, *il est vrai que*, *il est 8 heures*: nobody's pronoun.
_IMPERSONAL = regex.compile(
    r"il (?:n')?(?:y |en va |(?:se |s')?(?:est|était|sera|serait|soit|fut|ait été|a été|avait été) (?:\w+ ){0,2}?"
    r"(?:que|qu'|de|d'|à|\d|vrai|clair|possible|temps|important|facile|difficile|probable|normal|rare|évident|impossible"
    r"|nécessaire|trop|tard|tôt|utile|certain|prévu|question)\b)"
)
_NAMED = frozenset(("PER", "ORG", "MISC"))


class Disagreement(NamedTuple):
    """A pronoun, the pronoun of the other gender, and the nearest subject that it can stand for."""

    pronoun: Token
    other: str
    antecedent: Token


def disagreements(
    sentences: Sequence[Doc], lexicon: Lexicon | None, forms: Mapping[str, frozenset[str]]
) -> Iterator[Disagreement]:
    """The subject pronouns of the last of some sentences whose number only nouns of the other gender have.

    One of the nouns must be a subject, for a singular in the pronoun's own sentence. Nothing is said where a name
    stands that the pronoun may take up, nor where one of the nouns is `vague`: people or bodies, for which French takes
    either gender. `impersonal` are lemmas of verbs whose *il* is nobody; `time`, nouns that no pronoun takes up.
    """
    own = sentences[-1]
    for token in own:
        kind = _PRONOUNS.get(token.lower_)
        if kind is None or not token.dep_.startswith("nsubj") or token.i > token.head.i:
            continue
        plural = kind.endswith("p")
        # Whoever *il* or *elle* is may have been named before the article's first sentence: in its headline, its photo.
        if not plural and len(sentences) < 2:
            continue
        if token.lower_ == "il" and (
            token.head.lemma_ in forms["impersonal"] or _IMPERSONAL.match(own.text.lower(), token.idx) is not None
        ):
            continue
        before = [*own[: token.i], *(word for doc in reversed(sentences[:-1]) for word in doc)]
        if any(_is_named(word, plural) for word in before):
            continue
        nouns = [
            word
            for word in before
            if word.pos_ == "NOUN" and _number(word) in ("", kind[1]) and word.lower_ not in forms["time"]
        ]
        other = "m" if kind[0] == "f" else "f"
        subject = next((word for word in nouns if word.dep_.startswith("nsubj")), None)
        # Somebody who was named long before opens sentences as *il* or *elle*; things are taken up at once.
        if subject is not None and not plural and subject.doc is not own:
            continue
        if (
            subject is not None
            and not any(word.lower_ in forms["vague"] for word in nouns)
            and {_gender(word, lexicon) for word in nouns} == {other}
        ):
            yield Disagreement(token, next(one for one, its in _PRONOUNS.items() if its == other + kind[1]), subject)


def _is_named(word: Token, plural: bool) -> bool:
    """Whether the word is a name, or one of several joined by *et*, that a pronoun of this number may take up."""
    if not plural:
        return word.pos_ == "PROPN" or word.ent_type_ in _NAMED
    if word.dep_ == "conj" and word.pos_ in ("NOUN", "PROPN"):
        return True
    return word.pos_ == "PROPN" and (_number(word) == "p" or word.lower_.endswith("s"))


def _number(word: Token) -> str:
    return {"Plur": "p", "Sing": "s"}.get("".join(word.morph.get("Number", [])), "")


def _gender(word: Token, lexicon: Lexicon | None) -> str:
    """Of a noun that has but one in the lexicon, else empty."""
    genders = {entry.gender for entry in lexicon.entries(word.lower_) if entry.pos == "NOUN"} if lexicon else set()
    return genders.pop() if len(genders) == 1 else ""
