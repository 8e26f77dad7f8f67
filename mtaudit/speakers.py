"""Who a sentence of the press says to speak, and whether it is a man or a woman, from titles and first names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

#: What stands before an inverted verb of speech: the end of a quotation, or a comma.
BEFORE_TAG = ",»\"”?!…)–—"

FEMININE = frozenset(("mme", "mlle", "la", "une", "cette"))
MASCULINE = frozenset(("le", "un", "ce", "cet", "du", "au"))

_ENDS_PHRASE = frozenset(
    (
        *("dans", "lors", "devant", "auprès", "après", "avant", "pendant", "depuis", "qui", "que", "qu'", "dont", "où"),
        *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    )
)
_LONGEST_PHRASE = 25
_NAMED = re.compile(
    r"(?<![\w-])(?P<first>Mme|Mlle|M\.|[A-ZÉ][\w-]+) "
    r"(?=(?P<last>(?:(?:de|du|von|van|der|den|el|al|ben|Le|La|De|Van) ){0,2}[A-ZÉ][\w'-]+))"
)
#: Endings of nouns for what cannot speak.
_ABSTRACT = ("tion", "sion", "isme", "ité", "ance", "ence", "ure", "age")


@dataclass(frozen=True, slots=True)
class Lexis:
    """Forms of verbs of speech; first names with m or f; nouns for persons with m, f or e (either, as `ministre`).

    `impersonal` words follow an *il* that stands for nobody; `things` are nouns for what cannot speak.
    """

    verbs: frozenset[str]
    names: Mapping[str, str]
    persons: Mapping[str, str]
    impersonal: frozenset[str]
    things: frozenset[str]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: code points within the sentence, m or f when it is sure (else ""), and the capitalised words.

    `spoke` is False for a person who is only the subject of the sentence.
    """

    start: int
    end: int
    gender: str
    names: frozenset[str]
    spoke: bool
    text: str


def surnames(lexis: Lexis, view: str) -> dict[str, str]:
    """Surnames of an article with the gender of their bearer, "" when a man and a woman bear one."""
    found: dict[str, str] = {}
    for match in _NAMED.finditer(view):
        first = match["first"]
        gender = "f" if first in ("Mme", "Mlle") else "m" if first == "M." else lexis.names.get(first, "")
        before = (view[max(0, match.start() - 30) : match.start()].split() or [""])[-1]
        # After another capital, a first name may be the second of two: Jean Marie, Anna Paul.
        single = not before[:1].isupper() or not before[-1].isalpha() or before.lower() in lexis.persons
        if gender and single:
            surname = match["last"].split()[-1]
            found[surname] = gender if found.get(surname, gender) == gender else ""
    return found


def speakers(lexis: Lexis, tokens: Sequence[Token], known: Mapping[str, str]) -> list[Speaker]:
    """Those who are said to speak by the tokens of one sentence, or are its subject, in order.

    Leave out what is quoted; `known` is what `surnames` found in the article.
    """
    free = {token.i for token in tokens}
    found = []
    for token in tokens:
        spoke = token.lower_ in lexis.verbs or token.lower_ == "selon"
        phrase = _phrase(token, free) if spoke else _person(lexis, token, free)
        if phrase:
            found.append(_gendered(lexis, phrase, known, spoke))
    return found


def _determined(token: Token) -> str:
    """The gender that a determiner before the token states (m, f or "")."""
    for left in range(token.i - 1, max(-1, token.i - 4), -1):
        word = token.doc[left].lower_
        if word in FEMININE:
            return "f"
        if word in MASCULINE:
            return "m"
        if token.doc[left].pos_ not in ("ADJ", "NOUN"):
            return ""
    return ""


def is_rival(lexis: Lexis, token: Token, gender: str, speaker: Speaker | None, known: Mapping[str, str]) -> bool:
    """True when the token names someone or something else that the pronoun could stand for."""
    if speaker and (speaker.start <= token.idx < speaker.end or token.text in speaker.names):
        return False
    word = token.lower_
    if word == ("il" if gender == "m" else "elle"):
        return not (gender == "m" and token.i + 1 < len(token.doc) and token.nbor(1).lower_ in lexis.impersonal)
    if token.text[:1].isupper() and (token.ent_type_ == "PER" or token.text in lexis.names):
        return (lexis.names.get(token.text) or known.get(token.text) or gender) == gender
    person = lexis.persons.get(word, "")
    if person in (gender, "e") and token.pos_ != "VERB":
        return _determined(token) in ("", gender)
    if not token.dep_.startswith("nsubj") or token.ent_type_ == "LOC" or token.morph.get("Number", []) == ["Plur"]:
        return False
    if token.pos_ == "NOUN" and (word in lexis.things or word.endswith(_ABSTRACT)):
        return False
    own = "Masc" if gender == "m" else "Fem"
    return token.pos_ in ("NOUN", "PROPN") and token.morph.get("Gender", [own]) == [own]


def _phrase(token: Token, free: set[int]) -> list[Token]:
    """The words that name the speaker of a verb of speech or after `selon`; empty when there are none."""
    doc = token.doc
    if token.lower_ == "selon":
        return _run(doc, token.i + 1, free)
    tag = token.i + 1 < len(doc) and doc[token.i + 1].text.startswith("-")
    if tag or (token.i and doc[token.i - 1].text.startswith("-")):
        return []
    first = token.i
    while first > 0 and (doc[first - 1].pos_ in ("AUX", "ADV") or doc[first - 1].lower_ in ("a", "avait", "ont")):
        first -= 1
    inverted = first == 0 or doc[first - 1].text in BEFORE_TAG
    if first == token.i and token.pos_ not in ("VERB", "AUX") and not inverted:
        return []
    if doc[first - 1].lower_ == "l'" or any(doc[place].lower_ == "comme" for place in range(max(0, first - 3), first)):
        return []
    subject = _subject(token, first, free)
    if inverted and not subject:
        after = token.i + 1
        while after < len(doc) and doc[after].pos_ == "ADV":
            after += 1
        return _run(doc, after, free)
    return subject


def _person(lexis: Lexis, token: Token, free: set[int]) -> list[Token]:
    """The words that name a person who is the subject of the sentence; empty when there is none."""
    phrase = _subject(token, len(token.doc), free) if token.dep_ == "ROOT" else []
    heads = [word for word in phrase if word.head is token]
    return phrase if any(word.pos_ == "PROPN" or word.lower_ in lexis.persons for word in heads) else []


def _subject(verb: Token, end: int, free: set[int]) -> list[Token]:
    """The subject before a verb, cut before token `end`."""
    for child in verb.children:
        if child.dep_.startswith("nsubj") and child.i < verb.i and child.i in free and child.pos_ in ("NOUN", "PROPN"):
            places = range(child.left_edge.i, min(child.right_edge.i + 1, end))
            return [verb.doc[place] for place in places if place in free]
    return []


def _run(doc: Doc, start: int, free: set[int]) -> list[Token]:
    """The noun phrase from `start`: up to a verb, a stop word, or a stop other than the comma before a name."""
    phrase: list[Token] = []
    for place in range(start, min(len(doc), start + _LONGEST_PHRASE)):
        token = doc[place]
        if place not in free or token.lower_ in _ENDS_PHRASE or token.pos_ in ("AUX", "PRON"):
            break
        if token.pos_ == "VERB" and not token.text[:1].isupper() and token.morph.get("VerbForm", []) == ["Fin"]:
            break
        if token.lower_ in ("à", "avec") and doc[place - 1].text[:1].isupper():
            break
        if token.text == ",":
            follows = doc[place + 1] if place + 1 < len(doc) else token
            if not follows.text[:1].isupper() or any(word.text == "," for word in phrase):
                break
        elif token.is_punct and token.text not in "-–'":
            break
        phrase.append(token)
    return phrase if phrase and (phrase[0].pos_ in ("DET", "PROPN", "NOUN") or phrase[0].text[:1].isupper()) else []


def _gendered(lexis: Lexis, phrase: Sequence[Token], known: Mapping[str, str], spoke: bool) -> Speaker:
    words = [token.lower_ for token in phrase]
    genders = {_titled(lexis, words)}
    for number, token in enumerate(phrase):
        before = phrase[number - 1] if number else None
        after = phrase[number + 1] if number + 1 < len(phrase) else None
        if before is not None and before.text == "," and lexis.persons.get(words[number]) == "f":
            genders.add("f")
        if token.text not in lexis.names or after is None or not after.text[:1].isupper():
            continue
        if before is None or before.text == "," or (before.text[:1].islower() and before.pos_ in ("NOUN", "ADJ")):
            genders.add(lexis.names[token.text])
    if not genders & {"m", "f"}:
        genders.add(_known(phrase, known))
    # "Sa sœur" speaks of someone else, whom the next pronoun may well stand for.
    if phrase[0].morph.get("Number", []) == ["Plur"] or "et" in words or words[0] in ("son", "sa", "leur"):
        genders.clear()
    # A masculine title alone does not tell: it is also given to women.
    sure = genders - {""}
    gender = "f" if sure == {"f"} else "m" if "m" in sure and "f" not in sure else ""
    names = frozenset(token.text for token in phrase if token.text[:1].isupper())
    start, end = phrase[0].idx, phrase[-1].idx + len(phrase[-1].text)
    return Speaker(start, end, gender, names, spoke, phrase[0].doc.text[start:end])


def _titled(lexis: Lexis, words: Sequence[str]) -> str:
    """What the title at the head of the phrase tells: m, f, "weak" for a masculine title, or ""."""
    if words[0] in ("mme", "mlle"):
        return "f"
    if words[0] in ("m.", "m"):
        return "m"
    if words[0] not in FEMININE | MASCULINE | {"l'"}:
        return ""
    title = next((lexis.persons[word] for word in words[1:4] if word in lexis.persons), "")
    if title == "f" or (title == "e" and words[0] in FEMININE):
        return "f"
    return "weak" if title else ""


def _known(phrase: Sequence[Token], known: Mapping[str, str]) -> str:
    """The gender of a surname, when a name stands alone or ends a short title."""
    for number, token in enumerate(phrase[:5]):
        if not token.text[:1].isupper() and (number == 0 or token.pos_ not in ("NOUN", "ADJ")) and token.pos_ != "DET":
            return ""
        last = number + 1 == len(phrase) or not phrase[number + 1].text[:1].isupper()
        if token.text in known and last:
            return known[token.text]
    return ""
