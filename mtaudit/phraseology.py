"""How a text is phrased: its words, lemmas, constructions and dependencies, typography and house style removed.

After Volansky et al. 2015 (function words and part-of-speech n-grams tell translations) and Vanmassenhove et al. 2021
(what machines make poorer), kept to what an editor can be shown.

What outlets and the makers of data sets differ in must not tell people from machines: quotation marks, dashes and other
signs, figures and how their thousands are parted, « % » or « pour cent », « Etat » or « État », capitals of offices.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from spacy.tokens import Doc

#: Words in lower case; lemmas; function words as they are among the parts of speech of the others; dependencies.
VIEWS: Final = ("words", "lemmas", "constructions", "dependencies")

#: Sentences of fewer tokens are headings, names and keywords; nothing is said of their phrasing.
LEAST_TOKENS: Final = 4

START: Final = "<s>"
END: Final = "</s>"
NAME: Final = "<nom>"
NUMBER: Final = "<num>"
PERCENT: Final = "<pct>"
#: The signs that are phrasing rather than typography.
STOPS: Final = frozenset({",", "."})

#: What stands in a run beside words.
MARKS: Final = frozenset({START, END, NAME, NUMBER, PERCENT, *STOPS})

_LONGEST_WORDS: Final = 3
_LONGEST_CONSTRUCTION: Final = 4

_QUOTES: Final = frozenset("\"'«»“”„‟‘’‹›`")
#: Where one of these stands the words on both sides are not neighbours; quotation marks are looked through.
_BREAK: Final = ""
_CURRENCIES: Final = {"€": ("euros", "euro"), "$": ("dollars", "dollar"), "£": ("livres", "livre")}
#: Offices and institutions, which houses capitalise or not.
_CAPITALISED_BY_HOUSE: Final = frozenset(
    [
        "assemblée",
        "bourse",
        "chambre",
        "chancelier",
        "chancelière",
        "congrès",
        "constitution",
        "commission",
        "conseil",
        "cour",
        "directeur",
        "empereur",
        "état",
        "états",
        "etat",
        "etats",
        "gouvernement",
        "gouverneur",
        "internet",
        "maire",
        "ministère",
        "ministre",
        "parlement",
        "pape",
        "premier",
        "première",
        "président",
        "présidente",
        "prince",
        "princesse",
        "professeur",
        "reine",
        "république",
        "roi",
        "sénat",
        "sénateur",
        "trésor",
        "union",
        "université",
        "web",
        "église",
        "eglise",
    ]
)
#: In letters or in figures: house style.
_NUMBER_WORDS: Final = frozenset(
    [
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "onze",
        "douze",
        "treize",
        "quatorze",
        "quinze",
        "seize",
        "vingt",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
        "soixante-dix",
        "quatre-vingts",
        "quatre-vingt-dix",
        "cent",
        "cents",
        "mille",
    ]
)
_PLAIN: Final = dict(zip("àâäéèêëîïôöùûüç", "aaaeeeeiioouuuc", strict=True))

_WORD: Final = re.compile(
    r"%|\bpour[ -]?cents?\b|\bp\. ?(?:100|cent|c)\b"
    r"|\d+(?:[.,:/ ]\d+)*[^\W\d_]*"
    r"|\bMM?\.|[^\W\d_]+(?:[-‑][^\W\d_]+)*['’]?"
    r"|[^\w\s]|_",
    re.IGNORECASE,
)


class Token(NamedTuple):
    """A word as the parser sees it: part of speech, morphology and dependency in Universal Dependencies' terms.

    `head` is the place of the head among the sentence's tokens, its own for the root.
    """

    text: str
    lemma: str
    pos: str
    morph: str
    dep: str
    head: int


class Word(NamedTuple):
    """A word as `features` counts it, and where it stands in the sentence; markers of the edges have no extent."""

    form: str
    start: int
    end: int


def tokens_of(doc: Doc) -> list[Token]:
    """The tokens of a parsed sentence, blanks left out."""
    kept = [token for token in doc if not token.is_space]
    place = {token.i: number for number, token in enumerate(kept)}
    return [
        Token(
            token.text,
            token.lemma_,
            token.pos_,
            str(token.morph),
            token.dep_,
            place.get(token.head.i, place[token.i]),
        )
        for token in kept
    ]


def features(sentence: str, tokens: Sequence[Token]) -> tuple[list[str], ...]:
    """What a sentence is counted as, a list for each of `VIEWS`: runs of its parts, joined by blanks, and dependencies.

    `sentence` is its text in `Analysis.view`, `tokens` its parse. A dependency is `head>relation>dependent`.
    """
    readings = list(_readings(tokens))
    lemmas = [reading.lemma for reading in readings if reading is not None]
    constructions = [reading.construction for reading in readings if reading is not None]
    return (
        [form for run in phrases(words(sentence, names(tokens))) for form in (" ".join(word.form for word in run),)],
        _runs(_segments(lemmas), _LONGEST_WORDS),
        _runs(_segments(constructions), _LONGEST_CONSTRUCTION),
        list(_dependencies(tokens, readings)),
    )


def names(tokens: Iterable[Token]) -> frozenset[str]:
    """The words that the parser takes for names, which a capital at the head of the sentence does not show."""
    return frozenset(token.text for token in tokens if token.pos == "PROPN")


def words(sentence: str, named: frozenset[str] = frozenset()) -> list[list[Word]]:
    """The words of a sentence in stretches that no sign interrupts, names and numbers under one mark each."""
    stretches = [[Word(START, 0, 0)]]
    fresh = True
    for found in _WORD.finditer(sentence):
        text, start, end = found[0], *found.span()
        first = text[0]
        if first.isalpha() and not _is_percent(text):
            capital = first.isupper() and (not fresh or text in named) and text.lower() not in _CAPITALISED_BY_HOUSE
            form = NAME if capital else "à" if fresh and text == "A" else _plain(text)
            form = NUMBER if form in _NUMBER_WORDS else form
            fresh = False
        elif first.isdigit():
            form, fresh = NUMBER, False
        elif first in STOPS:
            form = first
        elif first in _QUOTES:
            fresh = True
            continue
        elif first in _CURRENCIES:
            form = _CURRENCIES[first][0]
        elif _is_percent(text):
            form = PERCENT
        else:
            fresh = first == ":"
            if stretches[-1]:
                stretches.append([])
            continue
        stretch = stretches[-1]
        if form in (NAME, NUMBER) and stretch and stretch[-1].form == form:
            stretch[-1] = Word(form, stretch[-1].start, end)
        else:
            stretch.append(Word(form, start, end))
    stretches[-1].append(Word(END, len(sentence), len(sentence)))
    return stretches


def phrases(stretches: Iterable[Sequence[Word]]) -> Iterator[Sequence[Word]]:
    """The runs of one to three words that the view `words` counts."""
    for stretch in stretches:
        for length in range(1, _LONGEST_WORDS + 1):
            for start in range(len(stretch) - length + 1):
                yield stretch[start : start + length]


class _Reading(NamedTuple):
    """How a token counts: among the lemmas, among the constructions, as a part of speech; `linked` in dependencies."""

    lemma: str
    construction: str
    pos: str
    linked: bool


_SIGN: Final = _Reading(_BREAK, _BREAK, "", linked=False)
_NUMBER: Final = _Reading(NUMBER, "NUM", "NUM", linked=False)
_NAME: Final = _Reading(NAME, "PROPN", "PROPN", linked=True)
_PERCENT: Final = _Reading(PERCENT, PERCENT, "NOUN", linked=False)


def _readings(tokens: Sequence[Token]) -> Iterator[_Reading | None]:
    """One for each token; None for what is looked through."""
    fresh, skipped = True, 0
    for place, token in enumerate(tokens):
        if skipped:
            skipped -= 1
            yield None
            continue
        first = token.text[0]
        reading: _Reading | None
        if width := _percent_width(tokens, place):
            reading, skipped = _PERCENT, width - 1
        elif first.isdigit():
            reading, fresh = _NUMBER, False
        elif token.text in STOPS:
            reading = _Reading(token.text, token.text, "PUNCT", linked=False)
        elif first in _CURRENCIES:
            reading = _Reading(_CURRENCIES[first][1], "NOUN", "NOUN", linked=False)
        elif first.isalpha():
            reading = _of_word(token, fresh, tokens[place + 1].text if place + 1 < len(tokens) else "")
            fresh = False
        elif first == "-" and token.text[1:2].isalpha():
            reading = _of_word(token, fresh, "")
        elif all(sign in _QUOTES for sign in token.text):
            reading, fresh = None, True
        else:
            reading, fresh = _SIGN, token.text == ":"
        yield reading


def _of_word(token: Token, fresh: bool, following: str) -> _Reading:
    lower = token.text.lower()
    if fresh and token.text == "A" and not following.startswith("-t"):
        return _Reading("à", "à", "ADP", linked=True)
    house = lower in _CAPITALISED_BY_HOUSE
    if not house and (token.pos == "PROPN" or (token.text[0].isupper() and not fresh)):
        return _NAME
    pos = "NOUN" if token.pos == "PROPN" else token.pos
    lemma = _plain(token.lemma or token.text)
    if pos == "NUM":
        return _NUMBER
    return _Reading(lemma, _construction(_plain(token.text), lemma, pos, token.morph), pos, linked=True)


_FUNCTION: Final = frozenset(["ADP", "DET", "PRON", "CCONJ", "SCONJ", "AUX", "PART", "ADV"])


def _construction(form: str, lemma: str, pos: str, morph: str) -> str:
    verb = _verb_form(morph) if pos in ("VERB", "AUX") else ""
    if pos == "AUX" and verb.startswith("Fin"):
        return lemma + verb[3:]
    if pos in _FUNCTION:
        return form
    return "V" + verb if pos == "VERB" else pos


@lru_cache(maxsize=4096)
def _verb_form(morph: str) -> str:
    """`Mood=Sub|Tense=Pres|VerbForm=Fin` as `FinPresSub`; the indicative goes without saying."""
    has = dict(part.split("=", 1) for part in morph.split("|") if "=" in part)
    mood = has.get("Mood", "")
    return has.get("VerbForm", "")[:3] + has.get("Tense", "")[:4] + (mood[:3] if mood != "Ind" else "")


def _dependencies(tokens: Sequence[Token], readings: Sequence[_Reading | None]) -> Iterator[str]:
    for place, (token, own) in enumerate(zip(tokens, readings, strict=True)):
        head = readings[token.head]
        if own is None or head is None or not own.linked or not head.linked or token.dep in ("punct", "ROOT"):
            continue
        side = "L" if place < token.head else "R"
        yield f"{head.lemma}>{token.dep}>{own.lemma}"
        yield f"{head.pos}>{token.dep}>{own.pos}{side}"
        yield f"{head.pos}>{token.dep}>{own.lemma}{side}"


def _segments(parts: Iterable[str]) -> Iterator[list[str]]:
    """The sentence between its markers, cut at signs; what is one number or one name is one part."""
    segment = [START]
    for part in parts:
        if part == _BREAK:
            if segment:
                yield segment
            segment = []
        elif not (segment and part == segment[-1] and part in (NAME, NUMBER, "NUM", "PROPN")):
            segment.append(part)
    yield [*segment, END]


def _runs(segments: Iterable[list[str]], longest: int) -> list[str]:
    runs: list[str] = []
    for segment in segments:
        runs += segment
        for length in range(2, longest + 1):
            runs += map(" ".join, zip(*(segment[start:] for start in range(length)), strict=False))
    return runs


def _is_percent(text: str) -> bool:
    return text == "%" or (text[0] in "pP" and text.lower().startswith(("pour cent", "pour-cent", "pourcent", "p.")))


def _percent_width(tokens: Sequence[Token], place: int) -> int:
    """How many tokens from `place` on write the percent sign, 0 for none."""
    text = tokens[place].text
    if text[0] not in "%pP":
        return 0
    for width in (1, 2, 3):
        spelt = "".join(token.text for token in tokens[place : place + width]).lower().replace("-", "")
        if spelt in _PERCENT_SPELLINGS:
            return width
    return 0


_PERCENT_SPELLINGS: Final = frozenset({"%", "pourcent", "pourcents", "p.100", "p.cent", "p.c"})


@lru_cache(maxsize=1 << 16)
def _plain(word: str) -> str:
    """In lower case, ligatures undone, the first letter without its accent, which capitals lack in some houses.

    No two French words differ in that accent alone but « a » and « à ».
    """
    lower = word.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'").replace("‑", "-")
    if len(lower) > 1 and lower[0] in _PLAIN:
        return _PLAIN[lower[0]] + lower[1:]
    return lower
