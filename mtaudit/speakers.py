"""Who a sentence of the press says to speak, and of which gender, from titles, determiners and first names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

#: What stands before an inverted verb of speech: the end of a quotation, or a comma.
BEFORE_TAG = ',»"”?!…)–—'

FEMININE = frozenset(("mme", "mlle", "madame", "la", "une", "cette"))
MASCULINE = frozenset(("m.", "m", "monsieur", "le", "un", "ce", "cet", "du", "au"))
_CIVIL = {"mme": "f", "mlle": "f", "madame": "f", "m.": "m", "m": "m", "monsieur": "m"}
#: Adjectives that show gender before a noun that does not, as in *l'ancienne ministre*.
_ADJECTIVES = {
    **dict.fromkeys(("ancienne", "nouvelle", "première", "ex-première", "actuelle", "principale", "vieille"), "f"),
    **dict.fromkeys(("ancien", "nouveau", "premier", "ex-premier", "actuel", "principal", "vieux"), "m"),
    **dict.fromkeys(("jeune", "célèbre", "autre", "même", "vice", "seul", "seule", "haute", "haut", "grand"), ""),
}
#: Participles that follow a name, as in *Untel, âgé de 30 ans*; feminine with an e.
_PARTICIPLES = frozenset(("âgé", "né", "élu", "nommé", "interrogé", "joint", "contacté", "chargé"))
_ENDS_PHRASE = frozenset(
    (
        *("dans", "lors", "devant", "auprès", "après", "avant", "pendant", "depuis", "qui", "que", "qu'", "dont", "où"),
        *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "hier", "face", "sur", "via"),
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
    """Forms of verbs of speech, and nouns with m, f or e (either, as `ministre`).

    Before their subject, `transitive` verbs (*appeler*, *accuser*) are not read: what follows is their object.
    `names` are first names with m or f; `persons` nouns for people; `bodies` nouns and names of institutions. After a
    `neutral` noun (*la source*, *le témoin*) the pronoun may take the sex of who is meant. `impersonal` words follow
    an *il* that stands for nobody; `things` are nouns for what cannot speak.
    """

    verbs: frozenset[str]
    transitive: frozenset[str]
    names: Mapping[str, str]
    persons: Mapping[str, str]
    bodies: Mapping[str, str]
    neutral: frozenset[str]
    impersonal: frozenset[str]
    things: frozenset[str]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: code points within the sentence, m or f when it is sure (else ""), and the capitalised words.

    `kind` is `person`, `body` (an institution), `pronoun`, `tag` (the pronoun of a speech tag) or `subject`: a person
    who is only the subject of the sentence.
    """

    start: int
    end: int
    gender: str
    names: frozenset[str]
    kind: str
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
    """Those who are said to speak by the tokens of one sentence, or are its subject, in order of their verbs.

    Leave out what is quoted; `known` is what `surnames` found in the article.
    """
    free = {token.i for token in tokens}
    found: list[Speaker] = []
    for token in tokens:
        word = token.lower_
        if word in lexis.verbs or word in ("selon", "d'après"):
            found.extend(_speaking(lexis, token, free, known))
        elif token.dep_ == "ROOT":
            phrase = _subject(token, len(token.doc), free)
            heads = [noun for noun in phrase if noun.head.i == token.i]
            if any(noun.pos_ == "PROPN" or noun.lower_ in lexis.persons for noun in heads):
                subject = replace(_gendered(lexis, phrase, known), kind="subject")
                # A masculine title alone is too weak where nobody is said to speak: it is also given to women.
                weak = subject.gender == "m" and not subject.names
                found.append(replace(subject, gender="") if weak else subject)
    return found


def _speaking(lexis: Lexis, token: Token, free: set[int], known: Mapping[str, str]) -> Iterator[Speaker]:
    pronoun = _pronoun(token)
    if pronoun is not None:
        tag = pronoun.text.startswith("-") or pronoun.i > token.i
        gender = "f" if pronoun.lower_.endswith("elle") else "m"
        start, end = sorted((pronoun, token), key=lambda word: word.i)
        text = token.doc.text[start.idx : end.idx + len(end.text)]
        yield Speaker(start.idx, end.idx + len(end.text), gender, frozenset(), "tag" if tag else "pronoun", text)
        return
    phrase = _phrase(lexis, token, free)
    if not phrase:
        return
    speaker = _gendered(lexis, phrase, known)
    first = _first_of_verb(token)
    helper = token.doc[first].lower_
    if helper in ("ont", "avaient", "auraient", "sont"):
        speaker = replace(speaker, gender="")
    # "s'est dite": the participle shows the gender, too.
    before = token.doc[first - 1].lower_ if first else ""
    if speaker.kind == "person" and helper in ("est", "était") and before in ("s'", "se") and token.i > first:
        shown = "f" if token.lower_.endswith("e") else "m"
        speaker = replace(speaker, gender=shown if speaker.gender in ("", shown) else "")
    yield speaker


def _pronoun(token: Token) -> Token | None:
    """The il or elle that is the subject of a verb of speech, if any."""
    doc = token.doc
    for place in (token.i + 1, token.i + 2):
        if place < len(doc) and doc[place].lower_ in ("-il", "-elle", "-t-il", "-t-elle"):
            return doc[place]
    for place in range(token.i - 1, max(-1, token.i - 6), -1):
        word = doc[place].lower_
        if word in ("-il", "-elle", "-t-il", "-t-elle", "il", "elle"):
            return doc[place]
        if doc[place].pos_ not in ("AUX", "ADV", "PRON") and word not in ("a", "avait", "l'", "n'", "lui", "leur"):
            return None
    return None


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
    if is_person(lexis, token, gender, known):
        return True
    if not token.dep_.startswith("nsubj") or token.ent_type_ == "LOC" or token.morph.get("Number", []) == ["Plur"]:
        return False
    if token.pos_ == "NOUN" and _is_thing(lexis, token):
        return False
    own = "Masc" if gender == "m" else "Fem"
    return token.pos_ in ("NOUN", "PROPN") and token.morph.get("Gender", [own]) == [own]


def is_person(lexis: Lexis, token: Token, gender: str, known: Mapping[str, str], *, sure: bool = False) -> bool:
    """True when the token names a person who may be of the gender; with `sure`, who is."""
    default = "" if sure else gender
    if token.pos_ == "ADJ" and (token.lower_ in _ADJECTIVES or token.dep_ == "amod"):
        return False
    if token.text[:1].isupper() and (token.ent_type_ == "PER" or token.text in lexis.names):
        return (lexis.names.get(token.text) or known.get(token.text) or default) == gender
    person = "e" if token.lower_ in lexis.neutral else lexis.persons.get(token.lower_, "")
    if person in (gender, "e") and token.pos_ != "VERB" and token.morph.get("Number", []) != ["Plur"]:
        stated = _determined(token)
        return stated == gender or (not stated and (person == gender or not sure))
    return False


def _first_of_verb(token: Token) -> int:
    """The place of the first word of a verb: its auxiliary, when it has one."""
    doc, first = token.doc, token.i
    while first > 0 and (doc[first - 1].pos_ in ("AUX", "ADV") or doc[first - 1].lower_ in ("a", "avait", "ont")):
        first -= 1
    return first


def _phrase(lexis: Lexis, token: Token, free: set[int]) -> list[Token]:
    """The words that name the speaker of a verb of speech or after `selon`; empty when there are none."""
    doc = token.doc
    if token.lower_ in ("selon", "d'après"):
        return _run(lexis, doc, token.i + 1, free, titles=False)
    first = _first_of_verb(token)
    before = first - 1 if first and doc[first - 1].lower_ in ("s'", "se") else first
    inverted = token.lower_ not in lexis.transitive and (before == 0 or doc[before - 1].text in BEFORE_TAG)
    if first == token.i and token.pos_ not in ("VERB", "AUX") and not inverted:
        return []
    if doc[first - 1].lower_ == "l'" or any(doc[place].lower_ == "comme" for place in range(max(0, first - 3), first)):
        return []
    subject = _subject(token, first, free)
    if inverted and not subject:
        after = token.i + 1
        while after < len(doc) and doc[after].pos_ == "ADV":
            after += 1
        phrase = _run(lexis, doc, after, free)
        return [] if any(_is_thing(lexis, word) for word in phrase[1:2]) else phrase
    return subject


def _is_thing(lexis: Lexis, token: Token) -> bool:
    word = token.lower_
    return word in lexis.things or (word.endswith(_ABSTRACT) and word not in lexis.bodies and word not in lexis.neutral)


def _subject(verb: Token, end: int, free: set[int]) -> list[Token]:
    """The subject before a verb, cut before token `end`."""
    for child in verb.children:
        if child.dep_.startswith("nsubj") and child.i < verb.i and child.i in free and child.pos_ in ("NOUN", "PROPN"):
            start = child.i
            while start > child.left_edge.i and verb.doc[start - 1].pos_ in ("DET", "ADJ", "NOUN", "PROPN", "NUM"):
                start -= 1
            places = range(start, min(child.right_edge.i + 1, end))
            return [verb.doc[place] for place in places if place in free]
    return []


def _run(lexis: Lexis, doc: Doc, start: int, free: set[int], *, titles: bool = True) -> list[Token]:
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
            follows = doc[place + 1 : place + 4]
            named = bool(follows) and follows[0].text[:1].isupper()
            titled = titles and len(follows) > 1 and follows[0].lower_ in FEMININE | MASCULINE | {"l'"}
            titled = titled and any(word.lower_ in lexis.persons for word in follows[1:])
            bare = follows[0].lower_ if follows else ""
            titled = titled or lexis.persons.get(bare, "e") != "e" or bare.removesuffix("e") in _PARTICIPLES
            if not (named or titled) or any(word.text == "," for word in phrase):
                break
        elif token.is_punct and token.text not in "-–'":
            break
        phrase.append(token)
    return phrase if phrase and (phrase[0].pos_ in ("DET", "PROPN", "NOUN") or phrase[0].text[:1].isupper()) else []


def _gendered(lexis: Lexis, phrase: Sequence[Token], known: Mapping[str, str]) -> Speaker:
    words = [token.lower_ for token in phrase]
    title, kind = _titled(lexis, phrase)
    genders = {title}
    if kind == "person":
        genders |= _named(lexis, phrase)
        if title == "m" and phrase[0].lower_ not in _CIVIL and _maybe_woman(lexis, phrase):
            genders.discard("m")
        if not genders & {"m", "f"} or title == "weak":
            genders.add(_known(phrase, known))
    # "Sa sœur" speaks of someone else, whom the next pronoun may well stand for.
    other = words[0] in ("son", "sa", "leur") and not _named(lexis, phrase)
    if phrase[0].morph.get("Number", []) == ["Plur"] or other or _several(phrase):
        genders.clear()
    sure = genders & {"m", "f"}
    names = frozenset(token.text for token in phrase if token.text[:1].isupper() and token.pos_ != "DET")
    start, end = phrase[0].idx, phrase[-1].idx + len(phrase[-1].text)
    gender = sure.pop() if len(sure) == 1 else ""
    return Speaker(start, end, gender, names, kind, phrase[0].doc.text[start:end])


def _several(phrase: Sequence[Token]) -> bool:
    """True when `et` joins two who speak, not two portfolios of one minister."""
    for number, token in enumerate(phrase[:-1]):
        follows = phrase[number + 1]
        if token.lower_ != "et" or follows.lower_ in ("de", "d'", "du", "des", "à", "aux"):
            continue
        if follows.pos_ in ("DET", "PROPN", "PRON") or (follows.text[:1].isupper() and follows.pos_ != "ADJ"):
            return not any(word.lower_ in ("de", "d'", "du", "des") for word in phrase[1:number]) or (
                follows.pos_ == "DET"
            )
    return False


def _named(lexis: Lexis, phrase: Sequence[Token]) -> set[str]:
    """What first names, a title after a comma, and participles in apposition tell."""
    genders: set[str] = set()
    for number, token in enumerate(phrase):
        before = phrase[number - 1] if number else None
        after = phrase[number + 1] if number + 1 < len(phrase) else None
        if before is not None and before.text == ",":
            word = token.lower_
            shown = lexis.persons.get(word, "")
            if word in FEMININE and after is not None and lexis.persons.get(after.lower_) in ("e", "f"):
                shown = "f"
            elif word in _PARTICIPLES or word.removesuffix("e") in _PARTICIPLES:
                shown = "m" if word in _PARTICIPLES else "f"
            genders |= {shown} & {"m", "f"}
        if token.text not in lexis.names or after is None or not after.text[:1].isupper():
            continue
        if before is None or before.text == "," or (before.text[:1].islower() and before.pos_ in ("NOUN", "ADJ")):
            genders.add(lexis.names[token.text])
    return genders


def _maybe_woman(lexis: Lexis, phrase: Sequence[Token]) -> bool:
    """True when an unknown first name ends as many women's do: a masculine title may then be hers."""
    for number, token in enumerate(phrase[1:-1], start=1):
        follows, before = phrase[number + 1], phrase[number - 1]
        if token.text[:1].isupper() and follows.text[:1].isupper() and before.pos_ in ("NOUN", "ADJ"):
            return token.text not in lexis.names and token.text.endswith(("a", "e", "i", "ah"))
    return False


def _titled(lexis: Lexis, phrase: Sequence[Token]) -> tuple[str, str]:
    """What the head of the phrase tells, and of what kind it is.

    "weak" is a masculine title that is also given to women, or a noun whose pronoun may go by sex.
    """
    first = phrase[0].lower_
    if first in _CIVIL:
        return _CIVIL[first], "person"
    if first not in FEMININE | MASCULINE | {"l'"}:
        return lexis.bodies.get(phrase[0].text, ""), "person"
    stated = "f" if first in FEMININE else "" if first == "l'" else "m"
    place = 1
    while place < len(phrase) - 1 and phrase[place].lower_ in _ADJECTIVES:
        stated = stated or _ADJECTIVES[phrase[place].lower_]
        place += 1
    if place >= len(phrase):
        return "", "person"
    head, word = phrase[place], phrase[place].lower_.removeprefix("ex-")
    if word in lexis.neutral:
        return "weak", "person"
    if word in lexis.persons:
        own = lexis.persons[word]
        gender = stated or ("f" if own == "f" else "e")
        agree = own in ("e", gender) or gender == "f"
        return (gender if agree and gender != "e" else "weak"), "person"
    body = lexis.bodies.get(word) or lexis.bodies.get(head.text)
    if body:
        return ((stated or body) if body in ("e", stated or body) else "weak").replace("e", "weak", 1), "body"
    if head.pos_ != "NOUN" or _is_thing(lexis, head) or head.text[:1].isupper():
        return "weak", "person"
    # An unknown noun: *la riveraine*, *le pelletier*. Its gender is that of its determiner.
    return stated or "weak", "body"


def _known(phrase: Sequence[Token], known: Mapping[str, str]) -> str:
    """The gender of a surname, when a name stands alone or ends a short title."""
    for number, token in enumerate(phrase[:5]):
        if not token.text[:1].isupper() and (number == 0 or token.pos_ not in ("NOUN", "ADJ")) and token.pos_ != "DET":
            return ""
        last = number + 1 == len(phrase) or not phrase[number + 1].text[:1].isupper()
        if token.text in known and last:
            return known[token.text]
    return ""
