"""What a translation says otherwise than the text that it was made from, where the record carries that text.

Editors cut, explain and convert, and none of that is an error. So nothing is reported for being absent or for being
there alone: a number, a date or a name is reported only when the source has another one in its place that the
translation lacks. Measured by notebooks/fidelity.py on human translations and on texts with planted errors.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec

from mtaudit.model import Analysis, Issue, Need, Rule, Span
from mtaudit.quantities import Day, Quantity, days, numbers, spelled

Compared = Literal["numbers", "dates", "names", "quotations", "length", "untranslated"]

#: How far apart, as a share of their texts, two things may stand that are taken for each other.
REACH = 0.12
#: And in characters: within a sentence, order means nothing.
NEARBY = 60
#: Numbers below this are written out, rounded and rephrased in every other sentence.
LEAST_NUMBER = 13
#: Two numbers no further apart than this, one of them rounder, are one number rounded.
NEAR = 0.1
#: The fewest letters of a name, and the rarest that a word of French may be and still count as one (Zipf).
SHORTEST_NAME = 5
KNOWN_FREQUENCY = 2.0
#: Words in a row that stand in both texts, and how many of them must be no French.
SHARED_WORDS = 5
FEWEST_FOREIGN = 3
#: Words of a quotation that counts, and how many of these a source must have for none to be left.
QUOTED_WORDS = 8
FEWEST_QUOTATIONS = 3
#: The fewest characters of a source whose length is compared, and the least share of it that a translation has.
LEAST_SOURCE = 600
LEAST_SHARE = 0.45
#: French takes about as many characters as these languages do, and several times those of the others.
_ALPHABETIC = re.compile(r"[A-Za-zÀ-ɏ]")

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_QUOTED = re.compile(r"«[^«»]{1,2000}»|“[^“”]{1,2000}”|„[^„“”]{1,2000}[“”]|\"[^\"\n]{1,2000}\"|「[^「」]{1,2000}」")
#: What is said by someone, rather than called something.
_SPOKEN = re.compile(r"\b(?:je|j'|nous|notre|nos|mon|ma|mes|on)\b|[.!?…]\s*[»”\"]\Z", re.IGNORECASE)
_MARKS = re.compile(r"[«»“”„\"「」『』‹›`]|^\s*[-–—]\s|(?<!\w)['‘’](?=\w)", re.MULTILINE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule compares: one of Compared."""

    compare: Compared


class _Texts(NamedTuple):
    """Both texts, blanks and apostrophes of the translation folded as in `Analysis.view`."""

    analysis: Analysis
    translation: str
    source: str

    def apart(self, here: int, there: int) -> float:
        """How far two places lie from each other, as a share of their texts."""
        return abs(here / max(1, len(self.translation)) - there / max(1, len(self.source)))


class _Finding(NamedTuple):
    span: Span
    source: str
    suggestion: str = ""


def needs(rule: Rule) -> frozenset[Need]:
    """The source, and the lexicon where words are judged."""
    wanted = {Need.SOURCE}
    if rule.options["compare"] in {"names", "untranslated"}:
        wanted.add(Need.LEXICON)
    return frozenset(wanted)


def compile(rules: Sequence[Rule]) -> list[tuple[Rule, Compared]]:
    """What each rule compares."""
    return [(rule, msgspec.convert(rule.options, Options).compare) for rule in rules]


def run(analysis: Analysis, compiled: list[tuple[Rule, Compared]]) -> Iterable[Issue]:
    """Nothing for an article without its source."""
    source = analysis.article.source
    if not source or not source.strip() or source.strip() == analysis.text.strip():
        return
    texts = _Texts(analysis, analysis.view, source.replace("’", "'"))
    for rule, compared in compiled:
        for finding in _COMPARISONS[compared](texts):
            yield rule.issue(
                finding.span,
                analysis.text[slice(*finding.span)],
                (finding.suggestion,) if finding.suggestion else (),
                evidence={"source": finding.source},
            )


def _numbers(texts: _Texts) -> Iterator[_Finding]:
    ours, theirs = numbers(texts.translation), numbers(texts.source)
    known = {value for quantity in theirs for value in quantity.readings} | spelled(texts.source)
    kept = {value for quantity in ours for value in quantity.readings} | spelled(texts.translation)
    extra = [one for one in ours if not one.readings & known and max(one.readings) >= LEAST_NUMBER]
    missing = [one for one in theirs if not one.readings & kept and max(one.readings) >= LEAST_NUMBER]
    for one in extra:
        facing = [other for other in missing if one.percent == other.percent and _faces(texts, one.span, other.span)]
        rivals = [other for other in extra if other.percent == one.percent and facing
                  and _faces(texts, other.span, facing[0].span)]  # fmt: skip
        if len(facing) == 1 and rivals == [one] and _comparable(one, facing[0]):
            yield _Finding(one.span, texts.source[slice(*facing[0].span)].strip())


def _comparable(one: Quantity, other: Quantity) -> bool:
    """False for a rounded number, and for a year that faces an amount."""
    for here in one.readings:
        for there in other.readings:
            if abs(here - there) <= NEAR * max(here, there) and _digits(here) != _digits(there):
                return False
    # Thousands and millions that one of the two leaves to the words around it.
    if any(here == there * factor or there == here * factor for here in one.readings for there in other.readings
           for factor in (1e3, 1e6, 1e9)):  # fmt: skip
        return False
    years = [any(1900 <= value <= 2100 for value in quantity.readings) for quantity in (one, other)]
    return years[0] == years[1]


def _digits(value: float) -> int:
    """How many digits of a number say something: one of 1,300 and of 0.5 is rounder than 1,287."""
    return len(f"{value:.6f}".rstrip("0").replace(".", "").strip("0"))


def _faces(texts: _Texts, here: Span, there: Span) -> bool:
    shortest = min(len(texts.translation), len(texts.source))
    return texts.apart(here.start, there.start) <= max(REACH, NEARBY / max(1, shortest))


def _dates(texts: _Texts) -> Iterator[_Finding]:
    ours, theirs = days(texts.translation), days(texts.source)
    extra = [one for one in ours if not any(_same_day(one, other) for other in theirs)]
    missing = [one for one in theirs if not any(_same_day(one, other) for other in ours)]
    for one in extra:
        facing = [other for other in missing if _faces(texts, one.span, other.span)
                  and (one.day == other.day or one.month == other.month)]  # fmt: skip
        if len(facing) == 1:
            yield _Finding(one.span, texts.source[slice(*facing[0].span)])


def _same_day(one: Day, other: Day) -> bool:
    return (one.day, one.month) == (other.day, other.month)


def _names(texts: _Texts) -> Iterator[_Finding]:
    """Names one or two letters away from a name of the source that the translation does not have."""
    lexicon = texts.analysis.lexicon
    if lexicon is None:
        return
    source = [match[0] for match in _WORD.finditer(texts.source)]
    theirs = {_folded(word): word for word in source if word[0].isupper() and len(word) >= SHORTEST_NAME}
    known = {_folded(word) for word in source}
    ours = {_folded(word) for word in texts.analysis.texts}
    missing = {folded: word for folded, word in theirs.items() if folded not in ours and _skeleton(folded)}
    skeletons = {_skeleton(folded) for folded in known}
    for word in texts.analysis.words:
        form, folded = word.text, _folded(word.text)
        if (
            len(form) < SHORTEST_NAME
            or not form[0].isupper()
            or form.isupper()
            or folded in known
            or _skeleton(folded) in skeletons
            or any(lexicon.knows(part) for part in form.split("-"))
            or max(lexicon.frequency(form), lexicon.frequency(folded)) >= KNOWN_FREQUENCY
        ):
            continue
        near = [name for key, name in missing.items() if _is_slip(folded, key) and not lexicon.knows(name.lower())]
        if len(near) == 1:
            yield _Finding(Span(word.start, word.end), near[0], near[0])


def _folded(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.lower().removesuffix("'s").removesuffix("’s"))
    return "".join(char for char in letters if char != "-" and not unicodedata.combining(char)).replace("’", "'")


_SPELLINGS = (
    ("ian", "ien"), ("tch", "c"), ("sch", "c"), ("sh", "c"), ("ch", "c"), ("kh", "h"), ("ou", "u"), ("oo", "u"),
    ("ph", "f"),
    ("dj", "j"), ("ks", "x"), ("qu", "k"), ("ck", "k"), ("q", "k"), ("c", "k"), ("y", "i"), ("j", "i"), ("w", "v"),
    ("z", "s"), ("gu", "g"), ("gh", "g"), ("th", "t"), ("h", ""), ("ie", "e"), ("ei", "e"), ("e", ""), ("i", ""),
)  # fmt: skip


def _skeleton(folded: str) -> str:
    """What is left of a name when the ways of writing foreign sounds are made one: two that share it are the same."""
    for written, sound in _SPELLINGS:
        folded = folded.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", folded).rstrip("ns")


def _is_slip(one: str, other: str) -> bool:
    """True for a letter put in, left out or mistaken, or two exchanged, within words that begin and end alike."""
    if one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        wrong = [at for at in range(len(one)) if one[at] != other[at]]
        if len(wrong) == 2:
            first, second = wrong
            return second == first + 1 and one[first] == other[second] and one[second] == other[first]
        return len(wrong) == 1 and wrong[0] < len(one) - 1
    short, long = sorted((one, other), key=len)
    return short[-1] == long[-1] and any(long[:at] + long[at + 1 :] == short for at in range(1, len(long) - 1))


def _quotations(texts: _Texts) -> Iterator[_Finding]:
    """A quotation where the source quotes nobody, or no quotation where the source quotes at length."""
    ours = [match for match in _QUOTED.finditer(texts.translation) if len(_WORD.findall(match[0])) >= QUOTED_WORDS]
    theirs = [match for match in _QUOTED.finditer(texts.source) if len(_WORD.findall(match[0])) >= QUOTED_WORDS]
    spoken = [match for match in ours if _SPOKEN.search(match[0])]
    if spoken and not _MARKS.search(texts.source) and len(texts.source) >= LEAST_SOURCE / 4:
        yield _Finding(Span(*spoken[0].span()), "")
    elif len(theirs) >= FEWEST_QUOTATIONS and not _MARKS.search(texts.translation.replace("l'", "").replace("d'", "")):
        first = texts.analysis.sentences[0].span if texts.analysis.sentences else Span(0, len(texts.translation))
        yield _Finding(first, theirs[0][0])


def _length(texts: _Texts) -> Iterator[_Finding]:
    """A translation that has less than half of the source's text, placed where it ends."""
    source, translation = texts.source.strip(), texts.translation.strip()
    letters = len(_ALPHABETIC.findall(source))
    if len(source) < LEAST_SOURCE or letters < len(source) / 2 or len(translation) >= LEAST_SHARE * len(source):
        return
    last = texts.analysis.sentences[-1].span if texts.analysis.sentences else Span(0, len(texts.translation))
    yield _Finding(last, f"{100 * len(translation) / len(source):.0f}\u00a0%")


def _untranslated(texts: _Texts) -> Iterator[_Finding]:
    """Runs of words that stand in the source as they do here, and are not French."""
    lexicon, article = texts.analysis.lexicon, texts.analysis.article
    if lexicon is None or article.source_lang == "fr":
        return
    # Addresses are the same in all languages.
    source, translation = (_ADDRESS.sub(_blank, text) for text in (texts.source, texts.translation))
    theirs = [match[0].lower() for match in _WORD.finditer(source)]
    starts = {tuple(theirs[at : at + SHARED_WORDS]) for at in range(len(theirs) - SHARED_WORDS + 1)}
    ours = list(_WORD.finditer(translation))
    lowered = [match[0].lower() for match in ours]
    at = 0
    while at <= len(ours) - SHARED_WORDS:
        end = at
        while end <= len(ours) - SHARED_WORDS and tuple(lowered[end : end + SHARED_WORDS]) in starts:
            end += 1
        if end == at:
            at += 1
            continue
        last = end + SHARED_WORDS - 1
        words = [match[0] for match in ours[at:last]]
        foreign = [word for word in words if word[0].islower() and not lexicon.knows(word.rpartition("'")[2])]
        # Titles of works and mottos are left as they are, between quotation marks.
        inner = [match.start() for match in ours[at:last] if match[0] in foreign]
        quoted = bool(inner) and texts.analysis.in_quote(Span(inner[0], inner[-1] + 1))
        if len(foreign) >= FEWEST_FOREIGN and not (quoted and len(words) < 3 * SHARED_WORDS):
            span = Span(ours[at].start(), ours[last - 1].end())
            yield _Finding(span, texts.translation[slice(*span)])
        at = last


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


_COMPARISONS = {
    "numbers": _numbers,
    "dates": _dates,
    "names": _names,
    "quotations": _quotations,
    "length": _length,
    "untranslated": _untranslated,
}
