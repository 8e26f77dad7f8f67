"""Speech tags (*a-t-il ajouté*, *dit-elle*) and whom their pronoun stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import regex

from mtaudit.model import Analysis, RegionKind
from mtaudit.speakers import BEFORE_TAG, Lexis, Speaker, is_person, is_rival, speakers, surnames

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_ADVERB = r"(?:\w+ment|aussi|encore|ensuite|toutefois|alors|enfin|même|cependant|ainsi|par ailleurs|en outre|également)"


@dataclass(frozen=True, slots=True)
class SpeechTag:
    """A speech tag: code points, its pronoun and where it stands, its verb, and the form of its verb.

    `continuing` verbs (*ajouter*) say that the one who speaks has spoken before; `replying` ones (*répondre*) that
    someone else has. `reflexive` is True for *s'est-il indigné*.
    """

    start: int
    end: int
    place: int
    pronoun: str
    continuing: bool
    replying: bool
    reflexive: bool

    @property
    def gender(self) -> str:
        """m or f."""
        return "m" if self.pronoun == "il" else "f"


@dataclass(frozen=True, slots=True)
class Grammar:
    """How speech tags look, and the words by which speakers are known."""

    pattern: regex.Pattern[str]
    lexis: Lexis
    continuing: frozenset[str]
    replying: frozenset[str]


@dataclass(frozen=True, slots=True)
class Passage:
    """An analysis with a test for quoted places, and the speakers found so far, by sentence."""

    analysis: Analysis
    quoted: Sequence[bool]
    known: dict[str, str] = field(default_factory=dict)
    found: dict[int, list[Speaker]] = field(default_factory=dict)

    def doc(self, index: int) -> Doc | None:
        """The parse of a sentence, if any."""
        return self.analysis.parses[index] if index < len(self.analysis.parses) else None

    def tokens(self, index: int) -> list[Token]:
        """The tokens of a sentence outside quotations; empty when it is not parsed."""
        doc = self.doc(index)
        start = self.analysis.sentences[index].span.start
        return [] if doc is None else [token for token in doc if not self.quoted[start + token.idx]]

    def closes_quote(self, offset: int) -> bool:
        """True when a quotation ends before the code point, but for a comma and blanks."""
        before = len(self.analysis.view[max(0, offset - 6) : offset].rstrip(" ,")) + max(0, offset - 6)
        return before > 0 and self.quoted[before - 1]


def passage(analysis: Analysis) -> Passage:
    """The passage of an analysis."""
    quoted = bytearray(len(analysis.view) + 1)
    for quote in analysis.quotes():
        quoted[quote.start : quote.end] = b"\x01" * (quote.end - quote.start)
    return Passage(analysis, tuple(map(bool, quoted)))


def grammar(verbs: dict[str, dict[str, tuple[str, ...]]], pronominal: Sequence[str], lexis: Lexis) -> Grammar:
    """Compiles the pattern of speech tags.

    `verbs`: participle to finite forms, for each of `speech`, `continuation` and `reply`.
    """
    participles = sorted({form for kind in verbs.values() for form in kind}, key=len, reverse=True)
    finite = sorted({form for kind in verbs.values() for forms in kind.values() for form in forms})
    of = {kind: frozenset((*forms, *(f for fs in forms.values() for f in fs))) for kind, forms in verbs.items()}
    pattern = regex.compile(
        rf"(?<![\w'-])(?:(?:a-t|avait|aurait)-(?P<p1>il|elle) (?:{_ADVERB} ){{0,2}}(?P<v1>{'|'.join(participles)})"
        rf"|(?P<v2>{'|'.join(finite)})(?:-t)?-(?P<p2>il|elle)"
        rf"|s'(?:est|était)-(?P<p3>il|elle) (?:{_ADVERB} ){{0,2}}(?P<v3>(?:{'|'.join(pronominal)})e?))(?![\w'-])"
    )
    return Grammar(pattern, lexis, of["continuation"], of["reply"])


def speech_tags(rules: Grammar, text: Passage) -> Iterator[SpeechTag]:
    """The speech tags of an article, outside its quotations, in order."""
    view = text.analysis.view
    for match in rules.pattern.finditer(text.analysis.lower):
        before = view[max(0, match.start() - 4) : match.start()].rstrip()[-1:]
        after = view[match.end() : match.end() + 4].lstrip()[:1]
        if before not in BEFORE_TAG or not before or after == "?" or text.quoted[match.start()]:
            continue
        number = next(number for number in "123" if match["p" + number])
        said = match["v" + number]
        yield SpeechTag(
            match.start(),
            match.end(),
            match.start("p" + number),
            match["p" + number],
            said in rules.continuing,
            said in rules.replying,
            number == "3",
        )


#: How many sentences back the speaker may stand, and how many are searched for others who speak.
_REACH = 4
_WINDOW = 7
#: How many sentences back another speaker makes a dialogue.
_NEAR = 4


def speaker_of(rules: Grammar, text: Passage, tag: SpeechTag) -> Speaker | None:
    """Whom the tag's pronoun stands for, when only one it can be and the gender is sure; else None.

    One who agrees with the pronoun is told as readily as one who does not.
    """
    if not text.known:
        text.known.update(surnames(rules.lexis, text.analysis.view))
    sentence = text.analysis.sentence_at(tag.start)
    index = sentence.index if sentence else 0
    nearest = True
    for place in range(index, max(-1, index - _WINDOW), -1):
        here = text.analysis.sentences[place]
        if here.region not in (RegionKind.BODY, RegionKind.QUOTE):
            return None
        # What stands right before the tag without quotation marks is what was said, not who said it.
        if place == index and not text.closes_quote(tag.start):
            continue
        limit = tag.start - here.span.start
        told = [token for token in text.tokens(place) if token.idx < limit and not token.is_punct]
        if not told:
            continue
        if index - place > _REACH:
            return None
        verdict = _verdict(rules, text, tag, (place, limit, nearest))
        if verdict is None:
            return None
        if isinstance(verdict, Speaker):
            return verdict if _alone(rules, text, tag, verdict, index) else None
        nearest = False
    return None


def _verdict(rules: Grammar, text: Passage, tag: SpeechTag, where: tuple[int, int, bool]) -> Speaker | bool | None:
    """What a sentence tells of the speaker: who it is, that it cannot be known (None), or nothing (False)."""
    place, limit, nearest = where
    told = [token for token in text.tokens(place) if token.idx < limit]
    found = [speaker for speaker in _speakers(rules, text, place) if speaker.end <= limit]
    said = [speaker for speaker in found if speaker.kind != "subject"]
    if said:
        return _chosen(rules, text, tag, told, said, nearest)
    subject = found[-1] if found and nearest and not tag.replying else None
    subject = subject if subject and subject.gender else None
    if any(is_rival(rules.lexis, token, tag.gender, subject, text.known) for token in told):
        return None
    return subject or False


def _chosen(
    rules: Grammar, text: Passage, tag: SpeechTag, told: Sequence[Token], said: Sequence[Speaker], nearest: bool
) -> Speaker | bool | None:
    """The speaker among those of one sentence."""
    last = said[-1]
    if len({speaker.gender for speaker in said}) > 1 or not last.gender:
        return None
    if last.kind == "tag" and last.gender == tag.gender and len(said) == 1:
        # The same pronoun again: the one judged before.
        return False
    if tag.replying:
        return None
    rival = _opposite(last.gender)
    near = tag.continuing and nearest
    for token in told:
        if any(speaker.start <= token.idx < speaker.end for speaker in said) or token.text in last.names:
            continue
        if _leads(token) and is_rival(rules.lexis, token, rival, last, text.known):
            return None
        # After "ajouter", one whose sex is not known is hardly meant.
        if is_person(rules.lexis, token, rival, text.known, sure=near):
            return None
    return last


def _opposite(gender: str) -> str:
    return "f" if gender == "m" else "m"


def _leads(token: Token) -> bool:
    """True for the subject of a main clause."""
    return token.dep_.startswith("nsubj") and token.head.dep_ in ("ROOT", "conj", "parataxis")


def _alone(rules: Grammar, text: Passage, tag: SpeechTag, speaker: Speaker, index: int) -> bool:
    """True when nobody else who could be meant speaks, or is told of, a little earlier."""
    rival = _opposite(speaker.gender)
    strict = speaker.kind in ("body", "subject") or (speaker.kind == "tag" and not tag.continuing)
    if tag.continuing and not strict:
        return True
    for place in range(index, max(-1, index - _NEAR), -1):
        limit = tag.start - text.analysis.sentences[place].span.start
        others = [other for other in _speakers(rules, text, place) if other.end <= limit]
        if any(other.kind != "subject" and other.gender == rival for other in others):
            return False
        if not strict:
            continue
        same = [other for other in others if other.gender == speaker.gender]
        for token in (token for token in text.tokens(place) if token.idx < limit):
            inside = any(other.start <= token.idx < other.end for other in same)
            if not inside and is_person(rules.lexis, token, rival, text.known):
                return False
    return True


def _speakers(rules: Grammar, text: Passage, index: int) -> list[Speaker]:
    """Those whom the sentence says to speak, outside quotations, in order; learns the surnames of the decided."""
    if index not in text.found:
        text.found[index] = speakers(rules.lexis, text.tokens(index), text.known)
        for speaker in text.found[index]:
            names = sorted(speaker.names, key=speaker.text.rfind)
            if speaker.kind == "person" and speaker.gender and names and speaker.text.endswith(names[-1]):
                text.known.setdefault(names[-1], speaker.gender)
    return text.found[index]
