"""Foreign words left in French copy: from one word to a whole sentence, with the language that they are in.

`mtaudit.foreign` finds the stretches. Here names, titles, quotations left in the original, glosses and accepted loans
are told from leftovers by their surroundings, and each leftover goes to the first rule that looks for its like.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec
import regex

from mtaudit.foreign import FUNCTION, LANGUAGES, LETTERS, Found, Memory, Reader, find_stretches
from mtaudit.model import Analysis, Issue, Need, Rule, Span

Find = Literal["sentence", "words", "word", "letters", "function-word", "script"]

_NAME_GAP = regex.compile(r"[ ]|[ ]?&[ ]?")

#: Function words that neither French nor a French surname has: alone between French words they are leftovers.
_LONE = {
    word: language
    for language, words in {
        "en": "and the with from which their this that these were will would has have been about",
        "de": "und oder nicht für über wird auch",
        "es": "los las pero según también desde hasta más",
        "pt": "não são pelo pela uma",
        "it": "della delle degli nella anche sono gli",
        "nl": "het voor een niet",
        "id": "yang dengan untuk",
    }.items()
    for word in words.split()
}

#: Function words of German and Dutch that stand in family names.
_NAME_PARTICLES = frozenset(["von", "der", "den", "dem", "zu", "zum", "zur", "van", "und", "am", "im", "vom"])

#: Words after which the original is named on purpose.
_NAMING = frozenset(
    [
        "dit", "dite", "dits", "dites", "appelé", "appelée", "appelés", "appelées", "surnommé", "surnommée", "intitulé",
        "intitulée", "intitulés", "intitulées", "titre", "titré", "titrée", "baptisé", "baptisée", "nommé", "nommée",
        "expression", "mot", "mots", "slogan", "terme", "hashtag", "formule", "concept", "anglais", "anglaise",
        "espagnol", "allemand", "italien", "portugais", "latin", "chanson", "album", "film", "série", "roman", "label",
        "marque", "refrain", "devise", "maxime", "single", "tube", "morceau", "émission", "jeu",
    ]
)  # fmt: skip

#: What is no Latin letter: `regex` skips to it six times as fast as to one of the class after it, or as `re` does.
_BEYOND_LATIN = regex.compile("[\u0370-\U0010ffff]")
_OTHER_SCRIPT = re.compile("[\u0370-\u1dff\u2e80-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufefc\U00020000-\U0003ffff]")
_SCRIPT = regex.compile(
    r"(?:[\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Devanagari}\p{Thai}\p{Greek}]"
    r"[\p{M}]*){2,}(?:[ ,'\-]{1,2}[\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}"
    r"\p{Devanagari}\p{Thai}\p{Greek}\p{M}]+)*"
)
_SCRIPT_NAMES = {
    "CYRILLIC": "cyrillique", "ARABIC": "arabe", "HEBREW": "hébreu", "CJK": "chinois", "HIRAGANA": "japonais",
    "KATAKANA": "japonais", "HANGUL": "coréen", "DEVANAGARI": "hindi", "THAI": "thaï", "GREEK": "grec",
}  # fmt: skip


#: Words of a quotation that may be left in the original: slogans and titles are no longer, statements are.
LONGEST_QUOTED = 7


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A loan that French copy may hold: a word or a phrase, in lower case."""

    accepted: str


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule of this kind looks for.

    `find` is the phenomenon. `min_odds` is the sum of natural log odds against French that a span must reach;
    `share` the part of a sentence's words that makes it a foreign sentence. `accepted` and `entries` are loans.
    """

    find: Find
    languages: list[str] = []
    min_words: int = 2
    min_odds: float = 7.0
    share: float = 0.75
    accepted: list[str] = []
    entries: list[Entry] = []

    def __post_init__(self) -> None:
        unknown = sorted(set(self.languages) - set(LANGUAGES))
        if unknown:
            raise ValueError(f"unknown languages: {', '.join(unknown)}")
        if self.min_words < 1 or not 0 < self.share <= 1:
            raise ValueError("min_words counts from 1, and share lies between 0 and 1")


class _Item(NamedTuple):
    rule: Rule
    options: Options
    accepted: frozenset[str]
    #: The accepted loans by their first word.
    loans: Mapping[str, tuple[str, ...]]


class _Compiled(NamedTuple):
    """The rules by what they look for; `others` includes those on sentences."""

    scripts: tuple[_Item, ...]
    others: tuple[_Item, ...]
    sentences: tuple[_Item, ...]
    memory: Memory


def needs(rule: Rule) -> frozenset[Need]:
    """Scripts are told by their letters; everything else asks for the lexicon and the language identifier."""
    if rule.options.get("find") == "script":
        return frozenset()
    return frozenset({Need.LEXICON, Need.LANGID})


def compile(rules: Sequence[Rule]) -> _Compiled:
    """The rules with their options and accepted loans, and an empty memory of forms."""
    items = []
    for rule in rules:
        options = msgspec.convert(rule.options, Options)
        listed = (*options.accepted, *(entry.accepted for entry in options.entries))
        accepted = frozenset(re.sub(r"[^\w-]", " ", loan) for loan in listed)
        loans: dict[str, tuple[str, ...]] = {}
        for loan in accepted:
            first = loan.partition(" ")[0]
            loans[first] = (*loans.get(first, ()), loan)
        items.append(_Item(rule, options, accepted, loans))
    return _Compiled(
        tuple(item for item in items if item.options.find == "script"),
        tuple(item for item in items if item.options.find != "script"),
        tuple(item for item in items if item.options.find == "sentence"),
        Memory(),
    )


def run(analysis: Analysis, compiled: _Compiled) -> Iterable[Issue]:
    """The foreign stretches of one article, each under the first rule that fits it."""
    others = compiled.others
    for item in compiled.scripts:
        yield from _scripts(analysis, item)
    if not others or analysis.langid is None:
        return
    compiled.memory.trim()
    reader = Reader(analysis, analysis.langid, compiled.memory)
    stretches = list(find_stretches(reader))
    if not stretches:
        return
    whole: set[int] = set()
    for index, language, covered in _foreign_sentences(reader, stretches):
        for item in compiled.sentences:
            if covered >= item.options.share and _wanted(item, language):
                whole.add(index)
                yield _issue(analysis, item.rule, _trimmed(analysis, analysis.sentences[index].span), language)
                break
    for found in stretches:
        if analysis.words[found.first].sentence in whole or _is_intended(reader, found):
            continue
        for item in others:
            if _fits(reader, item, found):
                yield _issue(analysis, item.rule, _span(analysis, found), found.language)
                break


def _wanted(item: _Item, language: str) -> bool:
    return not item.options.languages or language in item.options.languages


def _issue(analysis: Analysis, rule: Rule, span: Span, language: str) -> Issue:
    evidence = {"language": language, "language_name": LANGUAGES[language]}
    return rule.issue(span, analysis.text[span.start : span.end], evidence=evidence)


def _span(analysis: Analysis, found: Found) -> Span:
    return Span(analysis.words[found.first].start, analysis.words[found.last - 1].end)


def _trimmed(analysis: Analysis, span: Span) -> Span:
    """The span without the blanks, dashes and opening marks around it."""
    text = analysis.view[span.start : span.end]
    left = len(text) - len(text.lstrip(' «“"-–—•'))
    right = len(text.rstrip(' »”"'))
    return Span(span.start + left, span.start + max(right, left + 1))


def _foreign_sentences(reader: Reader, stretches: Sequence[Found]) -> Iterator[tuple[int, str, float]]:
    """Sentences with a foreign stretch of three words, its language, and the share of the words that is foreign.

    Names are of no language: a capitalised word counts only inside a stretch or at the start of the sentence.
    """
    words = reader.analysis.words
    by_sentence: dict[int, list[Found]] = {}
    for found in stretches:
        by_sentence.setdefault(words[found.first].sentence, []).append(found)
    for index, parts in by_sentence.items():
        longest = max(parts, key=lambda found: found.last - found.first)
        if longest.last - longest.first < 3:
            continue
        first = bisect_left(words, index, key=lambda word: word.sentence)
        last = bisect_left(words, index + 1, key=lambda word: word.sentence)
        covered = {at for part in parts for at in range(part.first, part.last)}
        counted = [at for at in range(first, last) if at == first or at in covered or words[at].text[0].islower()]
        if len(counted) >= 4:
            yield index, longest.language, len(covered) / len(counted)


def _fits(reader: Reader, item: _Item, found: Found) -> bool:
    """True when the stretch is what the rule looks for."""
    options, words = item.options, reader.analysis.words
    if not _wanted(item, found.language):
        return False
    size = found.last - found.first
    if (size > 1) != (options.find == "words"):
        return False
    text = words[found.first].text.lower()
    # What costs most is asked last: whether the stretch is an accepted loan.
    if size > 1:
        fits = size >= options.min_words and found.odds >= options.min_odds
    elif "-" in text:
        fits = False
    elif options.find == "function-word":
        fits = _LONE.get(text) == found.language and _between_french(reader, found.first)
    elif options.find == "letters":
        fits = found.odds >= options.min_odds and bool(LETTERS.search(text))
    elif options.find == "word":
        fits = found.odds >= options.min_odds and text not in _LONE and not LETTERS.search(text)
    else:
        fits = False
    return fits and (size > 1 or not reader.knows(text)) and not _is_accepted(reader.analysis, item, found)


def _is_accepted(analysis: Analysis, item: _Item, found: Found) -> bool:
    """True when accepted loans, which may reach beyond the stretch, leave nothing of it but function words."""
    span = _span(analysis, found)
    start, end = max(0, span.start - 30), span.end + 30
    window = re.sub(r"[^\w-]", " ", f" {analysis.lower[start:end]} ")
    covered = [False] * len(window)
    at = 0
    for token in window[1:].split(" "):
        for loan in item.loans.get(token, ()):
            if window.startswith(f" {loan} ", at):
                covered[at : at + len(loan) + 2] = [True] * (len(loan) + 2)
        at += len(token) + 1
    function = FUNCTION.get(found.language, frozenset())
    return all(
        covered[word.start - start + 1] or (word.text.lower() in function and True in covered)
        for word in analysis.words[found.first : found.last]
    )


def _between_french(reader: Reader, index: int) -> bool:
    """True when both neighbours stand close by and at least one is a French word in lower case."""
    words, view = reader.analysis.words, reader.analysis.view
    if index == 0 or index + 1 == len(words):
        return False
    left, here, right = words[index - 1 : index + 2]
    close = not view[left.end : here.start].strip() and not view[here.end : right.start].strip()
    if not close or left.sentence != right.sentence:
        return False
    return all(word.text[0].islower() and reader.knows(word.text) for word in (left, right)) or (
        left.text[0].isupper() and right.text[-1] == "'"
    )


def _is_intended(reader: Reader, found: Found) -> bool:
    """True when the original stands there on purpose: a name, a title, a quotation, a gloss, markup."""
    return (
        _is_name(reader, found)
        or _is_quoted_whole(reader.analysis, found)
        or _is_named(reader.analysis, found)
        or _is_glossed(reader.analysis, found)
    )


def _is_name(reader: Reader, found: Found) -> bool:
    """True when the stretch has no content word in lower case, or is the tail of a capitalised name."""
    words = reader.analysis.words[found.first : found.last]
    function = FUNCTION.get(found.language, frozenset())
    starts = _opens(reader.analysis, found.first)
    lower = [word.text for word in words if word.text[0].islower()]
    content = [text for text in lower if text not in function]
    capitals = len(words) - len(lower) - (1 if starts and words[0].text[0].isupper() else 0)
    if not starts and words[0].text[0].isupper() and 1 < len(words) <= 6 and found.language != "de":
        return True
    if len(words) > 1 and not content:
        if _touches_name(reader.analysis, found):
            return True
        if found.language == "de" and len(lower) > 1:
            particles = all(text in _NAME_PARTICLES for text in lower)
            return words[-1].text[0].isupper() and (words[0].text[0].isupper() or particles)
        return capitals > 0 or len(lower) < 2
    if content and capitals >= len(content) and found.language != "de":
        return True
    return _touches_name(reader.analysis, found) and len(lower) <= 2


def _opens(analysis: Analysis, index: int) -> bool:
    """True for the first word of a sentence, or of a bracket in it."""
    words = analysis.words
    if index == 0 or words[index - 1].sentence != words[index].sentence:
        return True
    return analysis.view[words[index].start - 1] == "["


def _touches_name(analysis: Analysis, found: Found) -> bool:
    """True when a capitalised word stands directly before (not as the sentence's first word) or after.

    Before it, one small word of the language may lie between: *Sangre de mayo*.
    """
    words, view = analysis.words, analysis.view
    first = found.first
    if first > 1 and words[first - 1].text in FUNCTION.get(found.language, ()) and found.last - first == 1:
        first -= 1
    for here in {first, found.first} - {0, 1}:
        before = words[here - 1]
        if (
            before.text[0].isupper()
            and words[here - 2].sentence == before.sentence
            and _NAME_GAP.fullmatch(view, before.end, words[here].start)
        ):
            return True
    if found.last < len(words):
        after, last = words[found.last], words[found.last - 1]
        return after.text[0].isupper() and bool(_NAME_GAP.fullmatch(view, last.end, after.start))
    return False


def _is_quoted_whole(analysis: Analysis, found: Found) -> bool:
    """True when quotation marks, parentheses or emphasis close in just this stretch."""
    span = _span(analysis, found)
    before = analysis.view[max(0, span.start - 3) : span.start].rstrip(" ")
    after = analysis.view[span.end : span.end + 4].lstrip(" ")
    left = before[-1:] in set("«\"“„'(*_‹>`") if before else False
    right = after.lstrip(".,!?…")[:1] in set("»\"”“')*_›<`") if after else False
    size = found.last - found.first
    if left and right and size <= LONGEST_QUOTED:
        return True
    inside = next((quote for quote in analysis.quotes() if quote.contains(span)), None)
    if inside is None or size > LONGEST_QUOTED:
        return False
    return (size <= 2 and inside.end - inside.start <= 30) or span.end - span.start >= 0.6 * (inside.end - inside.start)


def _is_named(analysis: Analysis, found: Found) -> bool:
    """True after a word that announces an expression, a title or a language."""
    words = analysis.words
    first = max(0, found.first - 3)
    sentence = words[found.first].sentence
    return any(word.text.lower() in _NAMING and word.sentence == sentence for word in words[first : found.first])


def _is_glossed(analysis: Analysis, found: Found) -> bool:
    """True when a parenthesis follows at once, which explains the foreign words, and they are few."""
    span = _span(analysis, found)
    return found.last - found.first <= 4 and analysis.view[span.end : span.end + 3].lstrip(' »"”*_').startswith("(")


def _scripts(analysis: Analysis, item: _Item) -> Iterator[Issue]:
    """Runs of another script, but for a name in parentheses after its French form."""
    beyond = _BEYOND_LATIN.search(analysis.view)
    if beyond is None or not _OTHER_SCRIPT.search(analysis.view, beyond.start()):
        return
    for match in _SCRIPT.finditer(analysis.view):
        start, end = match.span()
        before = analysis.view[max(0, start - 2) : start].rstrip(" ")
        after = analysis.view[end : end + 2].lstrip(" ")
        if before.endswith("(") or after.startswith(")") or match[0] in item.accepted:
            continue
        script = unicodedata.name(match[0][0], "?").split(" ")[0].split("-")[0]
        evidence = {"script": script.lower(), "script_name": _SCRIPT_NAMES.get(script, "étranger")}
        yield item.rule.issue(Span(start, end), analysis.text[start:end], evidence=evidence)
