"""What LanguageTool finds, as issues of ours: which of its rules count, as what, and where they are not believed.

A rule here lists rules of LanguageTool. One that is on no list says nothing, so a new version of LanguageTool brings no
alarm that was not measured (`notebooks/languagetool_rules.py`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from mtaudit.errors import EngineError
from mtaudit.model import Analysis, Issue, Need, Rule, Sentence, Span
from mtaudit.resources import Lexicon
from mtaudit.spelling import distance, plain
from mtaudit.witnesses import Match

#: Words on either side of a match that have to be French: what LanguageTool cannot read, it reads as something else.
WINDOW = 2
#: The share of a sentence's words that have to be French.
FRENCH_SHARE = 0.7
#: Any rule of LanguageTool's, in `categories`.
ANY = "*"

#: LanguageTool's dictionary, whose matches are one word each.
SPELLER = "FR_SPELLING_RULE"
#: The fewest letters of a misspelt word: shorter ones are units, abbreviations and particles.
SHORTEST_WORD = 4
#: How far a misspelt word may lie from a suggestion; LanguageTool offers some for everything.
MAX_GAP = 1.0

_FRENCH_LETTERS = re.compile(r"[a-zàâæçéèêëîïôœùûüÿ]+")
#: Beside these a word is part of an address, a compound, code or an elision.
_BEFORE = frozenset("-/&.@_{[<#'")
_AFTER = frozenset("-/&@_{=;<>'")
_MARK = re.compile(r" ?([;!?])|(?<=\S) ?(:)(?= |$)")
#: What a message leaves where LanguageTool could not fill in a word.
_EMPTY = re.compile(r"«\s*»")
_QUOTED = re.compile(r"[\"“]([^\"“”]+)[\"”]|« ?([^«»]+?) ?»")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of LanguageTool's rules a rule of ours stands for.

    rules: their ids; one with a number, `ON_ONT[2]`, is that part of the rule alone.
    entries: the same as a list beside the rule; its column `rule` counts.
    categories: the ids of whole categories, of which each rule counts that is on no list; `*` is any category.
    names: whether a match may hold a name, which LanguageTool may take for a common noun.
    """

    rules: tuple[str, ...] = ()
    entries: tuple[Mapping[str, str], ...] = ()
    categories: tuple[str, ...] = ()
    names: bool = False

    def __post_init__(self) -> None:
        if not (self.rules or self.entries or self.categories):
            raise ValueError("one of `rules`, `entries` and `categories` must name something")
        if any("rule" not in entry for entry in self.entries):
            raise ValueError("every entry names a `rule`")


class _Ours(NamedTuple):
    rule: Rule
    names: bool


class _Compiled(NamedTuple):
    """Our rule by id of LanguageTool's, and by its category."""

    by_rule: Mapping[str, _Ours]
    by_category: Mapping[str, _Ours]

    def of(self, match: Match) -> _Ours | None:
        """The most particular of our rules that a match belongs to."""
        return (
            self.by_rule.get(_name(match))
            or self.by_rule.get(match.rule)
            or self.by_category.get(match.category)
            or self.by_category.get(ANY)
        )


def needs(rule: Rule) -> frozenset[Need]:  # noqa: ARG001 - the protocol's signature
    """LanguageTool, and the lexicon to tell where it was asked about another language."""
    return frozenset({Need.LANGUAGETOOL, Need.LEXICON})


def compile(rules: Sequence[Rule]) -> _Compiled:
    """Raises ValueError naming the rule on a bad option, and for what two rules list."""
    by_rule: dict[str, _Ours] = {}
    by_category: dict[str, _Ours] = {}
    for rule in rules:
        try:
            options = msgspec.convert(rule.options, Options)
        except (msgspec.ValidationError, ValueError) as error:
            raise ValueError(f"{rule.id}: {error}") from error
        listed = (*options.rules, *(entry["rule"] for entry in options.entries))
        for table, names in ((by_rule, listed), (by_category, options.categories)):
            for name in names:
                if name in table:
                    raise ValueError(f"{rule.id}: {name} is listed twice, here and in {table[name].rule.id}")
                table[name] = _Ours(rule, options.names)
    return _Compiled(by_rule, by_category)


def run(analysis: Analysis, compiled: _Compiled) -> Iterable[Issue]:
    """One issue a match. Raises EngineError where LanguageTool gave no answer."""
    answer = analysis.languagetool
    if answer is None:
        return
    if answer.failure:
        raise EngineError("languagetool", f"an article went without it: {answer.failure}")
    for match in answer.matches:
        ours = compiled.of(match)
        if ours is None or not is_believed(analysis, match, ours.names):
            continue
        span = Span(match.start, match.end)
        text = analysis.view[slice(*span)]
        evidence = {"advice": advice(match.message), "languagetool": _name(match)}
        yield ours.rule.issue(span, text, _suggestions(analysis, match, text), evidence=evidence)


def _name(match: Match) -> str:
    return f"{match.rule}[{match.sub}]" if match.sub else match.rule


def _suggestions(analysis: Analysis, match: Match, text: str) -> tuple[str, ...]:
    """LanguageTool's suggestions with the article's own apostrophes; of its dictionary, the near ones."""
    suggestions: Iterable[str] = match.suggestions
    if match.rule == SPELLER:
        suggestions = (word for word in suggestions if distance(text, word) <= MAX_GAP)
    curly = "’" in analysis.text
    return tuple(word.replace("'", "’") if curly else word for word in suggestions)


def is_believed(analysis: Analysis, match: Match, names: bool = False) -> bool:
    """Whether LanguageTool is believed about a match.

    It is not in a sentence that is not mostly French, nor where the words around are not all French, nor about a match
    that holds a name, unless `names`. Its dictionary has conditions of its own.
    """
    span = Span(match.start, match.end)
    sentence, lexicon = analysis.sentence_at(span.start), analysis.lexicon
    if sentence is None or not sentence.span.contains(span):
        return False
    if match.rule == SPELLER:
        # What is quoted in another language is left so on purpose; what is not, is left over.
        return not analysis.in_quote(span) and _is_misspelt(analysis, match)
    if lexicon is None:
        return True
    words = _words_of(analysis, sentence)
    if sum(_is_french(text, lexicon) for text, _, _ in words) < FRENCH_SHARE * len(words):
        return False
    inside = [n for n, (_, start, end) in enumerate(words) if start < span.end and span.start < end]
    if not inside:
        return True
    first, last = max(inside[0] - WINDOW, 0), inside[-1] + WINDOW + 1
    if not all(_is_french(text, lexicon) for text, _, _ in words[first:last] if text.islower()):
        return False
    return names or not any(n and words[n][0][:1].isupper() for n in inside)


def _is_misspelt(analysis: Analysis, match: Match) -> bool:
    """True for a word in small letters that our lexicon lacks too, and that is no slip of the pen.

    A name, a unit or a word of code is unknown for good reasons; a dropped accent or blank is anybody's.
    """
    text = analysis.view[match.start : match.end]
    if len(text) < SHORTEST_WORD or not _FRENCH_LETTERS.fullmatch(text):
        return False
    if analysis.view[max(match.start - 1, 0) : match.start] in _BEFORE:
        return False
    if analysis.view[match.end : match.end + 1] in _AFTER:
        return False
    if analysis.lexicon is None or analysis.lexicon.knows(text):
        return False
    return not any(plain(word).replace(" ", "") == plain(text) for word in match.suggestions)


def _words_of(analysis: Analysis, sentence: Sentence) -> list[tuple[str, int, int]]:
    low = bisect_left(analysis.words, sentence.span.start, key=lambda word: word.start)
    high = bisect_left(analysis.words, sentence.span.end, key=lambda word: word.start)
    return [(word.text, word.start, word.end) for word in analysis.words[low:high]]


def _is_french(text: str, lexicon: Lexicon) -> bool:
    return text.endswith("'") or "-" in text or lexicon.knows(text)


def advice(message: str) -> str:
    """LanguageTool's message in the typography of ours: apostrophes, guillemets, no-break spaces, no full stop."""
    text = " ".join(_EMPTY.sub("", message).split()).replace("'", "’").removesuffix(".")
    text = text.replace("Si il ", "S’il ")
    text = _QUOTED.sub(lambda quoted: f"«\u00a0{quoted[1] or quoted[2]}\u00a0»", text)
    return _MARK.sub(lambda mark: f"\u00a0{mark[1] or mark[2]}", text)
