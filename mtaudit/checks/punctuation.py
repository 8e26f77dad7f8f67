"""Marks that stand where no French writer puts them: reversed quotation marks, glued sentences, stray fragments.

A rule gives regexes (`patterns`) or names a detector of DETECTORS. Detectors share one shape: a scan for a literal or a
small class of characters, and Python only where it hits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from mtaudit.errors import EngineError
from mtaudit.matching import Pattern, PatternSet, compile_patterns
from mtaudit.model import Analysis, Issue, Need, Rule, Span
from mtaudit.resources import Lexicon
from mtaudit.spacing import (
    BEFORE_STOP,
    CAPITALS,
    LETTERS,
    WORD,
    Found,
    at_odd_marks,
    blank_before_stop,
    double_marks,
    glued_heading,
    glued_sentences,
    is_abbreviation,
    known,
    missing_blank,
    word_start,
)

#: Longest stretch, in code points, that two marks of one quotation may lie apart.
LONGEST_QUOTATION = 1500
_MARKS = re.compile(r"[«»]")
_COMMA_CAPITAL = re.compile(rf", (?=[{CAPITALS}])")
_COMMA_COMPLEMENT = re.compile(r", (?:de |d'|qu(?=e |'))")
_LOWER_START = re.compile(rf"\. (?=[{LETTERS}])")
_FRAGMENT = re.compile(r"[^.!?…\n]{1,120}")
_CLITICS = re.compile(
    r"(?:(?:ne pas|ne plus|ne jamais|s'|l'|m'|t'|se|le|la|les|lui|leur|y|en|nous|vous|me|te)(?:(?<=')| ))*"
)
_CONCESSIVE = re.compile(r"qu(?:e |')(?:\w+ ){0,2}(?:s')?(?:soi(?:t|ent)|fût|agisse|agît)\b")
_INFINITIVE = re.compile(r"(?:er|ir|re|oir)$")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Either `patterns` (regexes; `case`, `trigger` as in a phrase rule; `suggest` over their groups) or a `detector`.

    What the lists mean depends on the detector, and is said there: `words`, `spare`, `names`, `auxiliaries`, `titles`.
    `most_words`: the longest fragment.
    """

    detector: str = ""
    patterns: tuple[str, ...] = ()
    trigger: tuple[str, ...] = ()
    case: bool = False
    suggest: str = ""
    words: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    auxiliaries: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    most_words: int = 8

    def __post_init__(self) -> None:
        if bool(self.detector) == bool(self.patterns):
            raise ValueError("give either `detector` or `patterns`")
        if self.detector and self.detector not in DETECTORS:
            raise ValueError(f"no detector {self.detector!r}; known: {', '.join(DETECTORS)}")
        if self.most_words < 1:
            raise ValueError("`most_words` must be at least 1")


class Lists(NamedTuple):
    """Options of a detector made ready for look-ups."""

    words: frozenset[str]
    spare: frozenset[str]
    names: frozenset[str]
    auxiliaries: frozenset[str]
    titles: frozenset[str]
    most_words: int


Detector = Callable[[Analysis, Lists], Iterator[Found]]


class Compiled(NamedTuple):
    """The detectors of the selected rules, and their regexes as one set; `owners[i]` is the rule of pattern i."""

    detectors: tuple[tuple[Rule, Detector, Lists], ...]
    patterns: PatternSet
    owners: tuple[tuple[Rule, str], ...]


def needs(rule: Rule) -> frozenset[Need]:
    """The lexicon, for detectors that ask whether a word is known or can be a verb."""
    return frozenset({Need.LEXICON}) if rule.options.get("detector") in WITH_LEXICON else frozenset()


def compile(rules: Sequence[Rule]) -> Compiled:
    """Raises ValueError naming the rule on a bad option."""
    detectors: list[tuple[Rule, Detector, Lists]] = []
    patterns: list[Pattern] = []
    owners: list[tuple[Rule, str]] = []
    for rule in rules:
        try:
            options = msgspec.convert(rule.options, Options)
        except (msgspec.ValidationError, ValueError) as error:
            raise ValueError(f"{rule.id}: {error}") from error
        for text in options.patterns:
            patterns.append(Pattern(text, is_regex=True, case=options.case, trigger=options.trigger))
            owners.append((rule, options.suggest))
        if options.detector:
            lists = Lists(
                frozenset(options.words),
                frozenset(options.spare),
                frozenset(options.names),
                frozenset(options.auxiliaries),
                frozenset(options.titles),
                options.most_words,
            )
            detectors.append((rule, DETECTORS[options.detector], lists))
    return Compiled(tuple(detectors), compile_patterns(patterns), tuple(owners))


def run(analysis: Analysis, compiled: Compiled) -> Iterable[Issue]:
    """One issue for each place. Raises EngineError, after all issues, when a regex ran out of time."""
    for rule, detector, lists in compiled.detectors:
        for found in detector(analysis, lists):
            match = analysis.text[found.span.start : found.span.end]
            yield rule.issue(found.span, match, found.suggestions)
    hits, slow = compiled.patterns.scan(analysis.view, analysis.lower, analysis.sentences)
    for hit in hits:
        rule, template = compiled.owners[hit.pattern]
        assert hit.match is not None
        names = hit.match.re.groupindex
        span = Span(*hit.match.span("span" if "span" in names else 0))
        groups = {name: analysis.text[slice(*hit.match.span(name))] for name in names if hit.match[name]}
        suggestions = (template.format_map(groups),) if template else ()
        yield rule.issue(span, analysis.text[span.start : span.end], suggestions)
    if slow:
        late = sorted({compiled.owners[number][0].id for number in slow})
        raise EngineError("regex", f"over the time limit: {', '.join(late)}", len(late))


@lru_cache(maxsize=1)  # two detectors ask this of one article after the other
def _paragraph_marks(text: str) -> list[list[tuple[int, str]]]:
    """The guillemets of each paragraph that has any, as (place, mark)."""
    if "«" not in text and "»" not in text:
        return []
    marks: list[list[tuple[int, str]]] = []
    start = 0
    for paragraph in text.split("\n"):
        if "«" in paragraph or "»" in paragraph:
            marks.append([(start + match.start(), match[0]) for match in _MARKS.finditer(paragraph)])
        start += len(paragraph) + 1
    return marks


def _reversed_guillemets(analysis: Analysis, lists: Lists) -> Iterator[Found]:  # noqa: ARG001
    """`Il dit » oui « .`: a « where only a closing mark can stand, or a » where only an opening one can."""
    text = analysis.text
    for marks in _paragraph_marks(text):
        done = -1
        for number, (place, mark) in enumerate(marks):
            if place <= done:
                continue
            if mark == "«" and number and _closes(text, place) and place - marks[number - 1][0] < LONGEST_QUOTATION:
                start = marks[number - 1][0]
                after = len(text[place + 1 : place + 4]) - len(text[place + 1 : place + 4].lstrip())
                done = place + 1 + after + 1 if text[place + 1 + after : place + 2 + after] == "." else place + 1
                yield Found(Span(start, done), (_righted(text[start:done]),))
            elif mark == "»" and _opens(text, place) and number + 1 < len(marks):
                done = marks[number + 1][0] + 1
                if done - place < LONGEST_QUOTATION:
                    yield Found(Span(place, done), (_righted(text[place:done]),))


def _closes(text: str, place: int) -> bool:
    """True when the character stands in a place where a quotation can only end."""
    before, after = text[max(0, place - 3) : place].rstrip(), text[place + 1 : place + 6].lstrip("\u00a0\u202f ")
    if not before or before[-1] in ":(«»—–-":
        return False
    if not after or after[0] == "\n":
        return True
    return after[0] in ".,;!?)" and not after.startswith(("..", ". .", "?", "!"))


def _opens(text: str, place: int) -> bool:
    """True when the character stands in a place where a quotation can only begin."""
    before, after = text[max(0, place - 3) : place], text[place + 1 : place + 3].strip()
    return before.rstrip().endswith((":", "(")) and after[:1].isalnum()


def _righted(text: str) -> str:
    """The stretch with its first mark opening, its last one closing, and no-break spaces inside."""
    last = max(text.rfind("«"), text.rfind("»"))
    return f"«\u00a0{text[1:last].strip()}\u00a0»{text[last + 1 :].strip()}"


def _tight_guillemets(analysis: Analysis, lists: Lists) -> Iterator[Found]:  # noqa: ARG001
    """`«Mot»` in an article that otherwise writes `« Mot »`. A house style without blanks is left alone."""
    text = analysis.text
    tight, spaced = [], 0
    for marks in _paragraph_marks(text):
        for (start, mark), (end, closing) in zip(marks, [*marks[1:], (len(text), "")], strict=True):
            if mark != "«":
                continue
            if text[start + 1 : start + 2].isspace():
                spaced += 1
            elif closing == "»":
                tight.append(Span(start, end + 1))
    if tight and spaced >= max(2, 2 * len(tight)):
        for span in tight:
            yield Found(span, (f"«\u00a0{text[span.start + 1 : span.end - 1].strip()}\u00a0»",))


def _capital_after_comma(analysis: Analysis, lists: Lists) -> Iterator[Found]:
    """`a-t-on appris, Les électeurs`: a small word with a capital after a comma.

    `words`: the small words, with their apostrophe if elided. Those in `spare` also begin titles and names
    (*Le Havre*), and so count only before one of `names`, and not in a list of names. `titles`: names that begin so
    all the same.
    """
    view = analysis.view
    for match in at_odd_marks(_COMMA_CAPITAL, view):
        word = WORD.match(view, match.end())
        if word is None or word[0].lower() not in lists.words or view[match.start() - 1 : match.start()] in '"»”':
            continue
        following = view[word.end() : word.end() + 40].lstrip(" ")
        if analysis.lower.startswith(tuple(lists.titles), match.end()):
            continue
        if word[0].lower() in lists.spare:
            next_word = WORD.match(following)
            if next_word is None or next_word[0].lower() not in lists.names:
                continue
            # "dans Le Monde, La Croix, Les Echos": a neighbour of the same shape makes it a list of names.
            if re.search(rf", [{CAPITALS}]", view[max(0, match.start() - 40) : match.start()]):
                continue
        elif not following[:1].islower():
            continue
        yield Found(Span(match.start(), word.end()), (f", {word[0][0].lower()}{word[0][1:]}",))


def _comma_complement(analysis: Analysis, lists: Lists) -> Iterator[Found]:
    """`ont refusé, de répondre`; `a déclaré, que la loi`: a comma between a verb and the complement it calls for.

    `words`: forms of verbs that take `de` and an infinitive; `names`: participles that take `que`, after one of
    `auxiliaries`. A comma just before the verb makes it the end of an aside, which is left alone.
    """
    view, lower = analysis.view, analysis.lower
    for match in _COMMA_COMPLEMENT.finditer(lower):
        start = word_start(lower, match.start())
        with_que = match[0] == ", qu"
        if lower[start : match.start()] not in (lists.names if with_que else lists.words):
            continue
        before = lower[max(0, start - 60) : start]
        clause = re.split(r"[,;:.!?«»\"(]", before)[-1]
        if not clause.strip() or clause.split()[0] in ("et", "ou", "puis", "comme", "ainsi", "selon", "mais", "voire"):
            continue
        if with_que:
            if not lists.auxiliaries.intersection(clause.split()[-2:]) or _concessive(lower, match.end() - 2):
                continue
            stop = match.end() + 1
        else:
            clitics = _CLITICS.match(lower, match.end())
            verb = WORD.match(lower, clitics.end() if clitics else match.end())
            if verb is None or not _is_infinitive(verb[0], analysis.lexicon) or verb[0] in lists.spare:
                continue
            stop = verb.end()
        yield Found(Span(start, stop), (view[start : match.start()] + view[match.start() + 1 : stop],))


def _concessive(lower: str, place: int) -> bool:
    """True before *que ce soit*, *qu'il s'agisse*: not a complement."""
    return _CONCESSIVE.match(lower, place) is not None


def _is_infinitive(word: str, lexicon: Lexicon | None) -> bool:
    if not _INFINITIVE.search(word):
        return False
    if lexicon is None:
        return True
    readings = lexicon.entries(word)
    return any(entry.pos == "VERB" and entry.lemma == word for entry in readings)


def _lower_start(analysis: Analysis, spare: frozenset[str]) -> Iterator[tuple[int, str, str, bool]]:
    """Stretches that begin in lower case after a full stop: (place, the word before, the stretch, ends in a stop).

    The word before must be a French one, else the stop is more likely that of an abbreviation (*Kft.*, *Arch.*).
    """
    text = analysis.text
    for match in at_odd_marks(_LOWER_START, analysis.view):
        stretch = _FRAGMENT.match(analysis.view, match.end())
        before = BEFORE_STOP.search(analysis.view, max(0, match.start() - 30), match.start())
        if stretch is None or before is None or "\n" in text[match.end() : stretch.end()]:
            continue
        # A capital A without its accent (*A Lille*) comes out of some archives as "à".
        if stretch[0].startswith("à "):
            continue
        word = before[0].strip('"»)(«').rpartition("'")[2]
        if is_abbreviation(word, spare) or (len(word) < 5 and (word[0].isupper() or not known(word, analysis.lexicon))):
            continue
        yield match.end(), word, stretch[0], text[stretch.end() : stretch.end() + 1] in (*".!?…\n", "")


def _stray_fragment(analysis: Analysis, lists: Lists) -> Iterator[Found]:
    """`dans un communiqué. deux chefs d'Etat.`: a short stretch without a verb that begins in lower case after a stop.

    `spare`: abbreviations that end in a full stop. `names`: first words of what a writer cuts off on purpose. `words`:
    verb forms that count even where the lexicon sees a noun too.
    """
    for place, before, stretch, ended in _lower_start(analysis, lists.spare):
        words = [word for word in WORD.findall(stretch) if not word.endswith("'")]
        if not ended or not 1 < len(words) <= lists.most_words or words[0] in lists.names:
            continue
        if any(_verb(word.lower(), lists.words, analysis.lexicon) for word in words):
            continue
        end = place + len(stretch)
        if not words[0].islower() or (end < len(analysis.view) and is_abbreviation(words[-1], lists.spare)):
            continue
        start = place - 2 - len(before)
        yield Found(Span(start, min(len(analysis.view), end + 1)))


def _lower_sentence(analysis: Analysis, lists: Lists) -> Iterator[Found]:
    """`Fin du match. la foule s'en va.`: a sentence that begins in lower case. Lists as for stray fragments."""
    for place, _, stretch, _ in _lower_start(analysis, lists.spare):
        words = WORD.findall(stretch)
        if len(words) <= 3 or not words[0].rstrip("'").islower():
            continue
        if not any(_verb(word.lower(), lists.words, analysis.lexicon) for word in words):
            continue
        if not known(words[0], analysis.lexicon):
            continue
        span = Span(place - 2, place + stretch.find(words[0]) + len(words[0]))
        first = analysis.text[place : span.end]
        yield Found(span, (f". {first[:1].upper()}{first[1:]}",))


def _verb(word: str, verbs: frozenset[str], lexicon: Lexicon | None) -> bool:
    """Surely a verb: listed, or with no other reading."""
    if word in verbs:
        return True
    readings = lexicon.entries(word) if lexicon is not None else ()
    return bool(readings) and all(entry.pos in ("VERB", "AUX") for entry in readings)


#: What a rule may select.
DETECTORS: Mapping[str, Detector] = {
    "reversed-guillemets": _reversed_guillemets,
    "tight-guillemets": _tight_guillemets,
    "glued-sentences": lambda analysis, lists: glued_sentences(analysis, lists.spare),
    "glued-heading": lambda analysis, lists: glued_heading(analysis, lists.words, lists.spare),
    "capital-after-comma": _capital_after_comma,
    "comma-complement": _comma_complement,
    "stray-fragment": _stray_fragment,
    "lower-sentence": _lower_sentence,
    "blank-before-stop": lambda analysis, _: blank_before_stop(analysis),
    "double-marks": lambda analysis, lists: double_marks(analysis, lists.spare),
    "missing-blank": lambda analysis, _: missing_blank(analysis),
}
#: Those that ask the lexicon.
WITH_LEXICON = frozenset({"glued-sentences", "glued-heading", "comma-complement", "stray-fragment", "lower-sentence"})
