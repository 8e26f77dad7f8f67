"""What is no part of the article: biographies, disclaimers of machine translation, metadata, teasers, web furniture.

A rule gives regexes (`patterns`), whose match grows to its sentence or line, or names a detector, which recognises
a text by its shape and by words from several fields that occur together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

import msgspec

from mtaudit.errors import EngineError
from mtaudit.matching import Pattern, PatternSet, compile_patterns
from mtaudit.model import Analysis, Issue, Need, Rule, Sentence, Span

#: A disclaimer takes two sentences at most; more would join words that have nothing to do with each other.
_NEIGHBOURS = 2
#: … and so many code points.
_LONGEST_WINDOW = 2000
#: Sentences that may follow those and belong to the notice.
_LONGEST_NOTICE = 4
#: A disclaimer inside running text must lie in the first or the last of this many parts of the article.
_EDGE = 5
#: Longest line, in code points, that can be web furniture as a whole.
_LONGEST_LINE = 300
#: Longest key word, in code points.
_LONGEST_TAG = 40
_LINE = re.compile(r"[^\n]+")
#: The beginning of each line but the first that can be a key word: a letter, and no capital of Latin-1.
_SMALL_LINE = re.compile(r"\n\s*[^\W\d_A-ZÀ-ÖØ-Þ]")
_STOP = re.compile(r"(?<=[.!?])[\"»”]?\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_TEASER_DATE = re.compile(
    r"(?:\.\.\.|…)\]?[ \u00a0]?(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)|\d{1,2} \w{3,9}\.? (?:19|20)\d\d)"
    r"(?:,| -| –| \||\n|$)"
)
_QUOTES = " \u00a0\u202f\"'«»“”‘’"
_TAG_END = tuple('.!?…:;,»"”)')


#: The detector that works from the places where its first words stand, found along with all patterns.
DISCLAIMER = "disclaimer"


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Either `patterns` or a `detector`.

    `patterns`: regexes, on lower-cased text unless `case`; `grow`: what of the text around the match the issue covers.
    With `line_start` a match counts only at the start of its line.

    For `disclaimer`, `together`: named lists of word beginnings (an ending blank asks for the whole word); each list
    must have one in the same two sentences. `joins`: word beginnings by which the next sentences of the paragraph
    belong to the notice too. With `edge` it counts only near the ends of the article.

    For `biography`, `words`: its vocabulary; `least`: how many different ones it takes; `most_words`: how long its
    phrases may be on average; `absent`: words that it lacks, as they make sentences. For `tag-list`, `least`: how many
    lines make a list; `most_words`: how long one may be.
    """

    detector: str = ""
    patterns: tuple[str, ...] = ()
    trigger: tuple[str, ...] = ()
    case: bool = False
    line_start: bool = False
    grow: Literal["none", "sentence", "line"] = "none"
    together: Mapping[str, tuple[str, ...]] = {}
    joins: tuple[str, ...] = ()
    edge: bool = False
    words: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    least: int = 2
    most_words: int = 9

    def __post_init__(self) -> None:
        if bool(self.detector) == bool(self.patterns):
            raise ValueError("give either `detector` or `patterns`")
        if self.detector and self.detector not in {DISCLAIMER, *DETECTORS}:
            raise ValueError(f"no detector {self.detector!r}; known: {', '.join((DISCLAIMER, *DETECTORS))}")
        if self.detector == DISCLAIMER and len(self.together) < 2:
            raise ValueError("`together` must name at least two lists")
        if self.detector == "biography" and not self.words:
            raise ValueError("`words` must not be empty")
        if self.least < 1 or self.most_words < 1:
            raise ValueError("`least` and `most_words` must be at least 1")


class Ready(NamedTuple):
    """A detector's options made ready.

    `fields` are the lists of `together`, `stems` is the first of them; `absent` holds whole words.
    """

    fields: tuple[re.Pattern[str], ...]
    stems: tuple[str, ...]
    joins: re.Pattern[str] | None
    words: re.Pattern[str] | None
    absent: frozenset[str]
    options: Options


Detector = Callable[[Analysis, Ready], Iterator[Span]]


class Compiled(NamedTuple):
    """The detectors of the selected rules; and as one set their regexes, with the first words of the disclaimers.

    `owners[i]` belongs to pattern i; its last part is there when the pattern only says where a disclaimer may be.
    """

    detectors: tuple[tuple[Rule, Detector, Ready], ...]
    patterns: PatternSet
    owners: tuple[tuple[Rule, Options, Ready | None], ...]


def needs(rule: Rule) -> frozenset[Need]:  # noqa: ARG001 (the protocol's signature)
    """Nothing: shape and vocabulary are enough."""
    return frozenset()


def compile(rules: Sequence[Rule]) -> Compiled:
    """Raises ValueError naming the rule on a bad option."""
    detectors: list[tuple[Rule, Detector, Ready]] = []
    patterns: list[Pattern] = []
    owners: list[tuple[Rule, Options, Ready | None]] = []
    for rule in rules:
        try:
            options = msgspec.convert(rule.options, Options)
        except (msgspec.ValidationError, ValueError) as error:
            raise ValueError(f"{rule.id}: {error}") from error
        for text in options.patterns:
            patterns.append(Pattern(text, is_regex=True, case=options.case, trigger=options.trigger))
            owners.append((rule, options, None))
        if options.detector == DISCLAIMER:
            ready = _ready(options)
            trigger = tuple(stem.strip() for stem in ready.stems)
            patterns.append(Pattern(ready.fields[0].pattern, is_regex=True, trigger=trigger))
            owners.append((rule, options, ready))
        elif options.detector:
            detectors.append((rule, DETECTORS[options.detector], _ready(options)))
    return Compiled(tuple(detectors), compile_patterns(patterns), tuple(owners))


def run(analysis: Analysis, compiled: Compiled) -> Iterable[Issue]:
    """One issue for each notice, line or run of lines. Raises EngineError, after all, when a regex ran out of time."""
    for rule, detector, ready in compiled.detectors:
        for found in detector(analysis, ready):
            yield rule.issue(found, analysis.text[found.start : found.end])
    hits, slow = compiled.patterns.scan(analysis.view, analysis.lower, analysis.sentences)
    seen: set[tuple[str, Span]] = set()
    for hit in sorted(hits, key=lambda hit: (hit.pattern, hit.start, -hit.end)):
        rule, options, disclaimer = compiled.owners[hit.pattern]
        span: Span | None = None
        if disclaimer is not None:
            span = _disclaimer(analysis, hit.start, disclaimer)
        elif not options.line_start or _begins_line(analysis.text, hit.start):
            span = _grown(analysis, Span(hit.start, hit.end), options.grow)
        if span is not None and (rule.id, span) not in seen:
            seen.add((rule.id, span))
            yield rule.issue(span, analysis.text[span.start : span.end])
    if slow:
        late = sorted({compiled.owners[number][0].id for number in slow})
        raise EngineError("regex", f"over the time limit: {', '.join(late)}", len(late))


def _begins_line(text: str, place: int) -> bool:
    first = max(0, place - _LONGEST_LINE)
    return not text[text.rfind("\n", first, place) + 1 or first : place].strip(_MARKERS)


#: What may stand before the first word of a line: blanks, quotation marks, bullets, brackets.
_MARKERS = _QUOTES + "\t\r\ufeff-–—•*·►▶➤→»>[(#|:"


def _ready(options: Options) -> Ready:
    return Ready(
        fields=tuple(_starts(field) for field in options.together.values()),
        stems=next(iter(options.together.values()), ()),
        joins=_starts(options.joins) if options.joins else None,
        words=re.compile(r"\b(?:" + "|".join(map(re.escape, options.words)) + r")\b") if options.words else None,
        absent=frozenset(options.absent),
        options=options,
    )


def _starts(stems: Iterable[str]) -> re.Pattern[str]:
    """A regex for words that begin so; a stem that ends in a blank is a whole word.

    Scripts that put no blanks between words, or prefix them, match anywhere.
    """
    parts = []
    for stem in stems:
        first, rest = re.escape(stem.strip()[:1]), re.escape(stem.strip()[1:])
        plain = stem.isascii() or any("\u00c0" <= letter <= "\u04ff" for letter in stem)
        # Looking back from behind the first letter lets `re` skip to the letters that any of the stems begins with.
        parts.append(first + (rf"(?<!\w{first})" if plain else "") + rest + (r"(?!\w)" if stem.endswith(" ") else ""))
    return re.compile("|".join(parts))


def _grown(analysis: Analysis, span: Span, grow: str) -> Span:
    text = analysis.text
    if grow == "none":
        return span
    # Bounded on both sides, lest a text without line breaks take quadratic time.
    first, last = max(0, span.start - _LONGEST_LINE), min(len(text), span.end + _LONGEST_LINE)
    low, high = text.rfind("\n", first, span.start) + 1 or first, text.find("\n", span.end, last)
    high = high if high >= 0 else last
    # A link inside a paragraph without line breaks must not take the paragraph with it.
    by_sentence = grow == "sentence" or high - low > _LONGEST_LINE
    sentence = analysis.sentence_at(span.start) if by_sentence else None
    if sentence is not None:
        low, high = max(low, sentence.span.start), min(high, max(sentence.span.end, span.end))
    return _trimmed(text, Span(low, high))


def _trimmed(text: str, span: Span) -> Span:
    inside = text[span.start : span.end]
    return Span(span.start + len(inside) - len(inside.lstrip()), span.end - len(inside) + len(inside.rstrip()))


def _disclaimer(analysis: Analysis, place: int, ready: Ready) -> Span | None:
    """The sentences around a place that say of this page that a machine translated it, or None."""
    sentence = analysis.sentence_at(place)
    if sentence is None:
        return None
    for members in _windows(analysis.sentences, sentence.index):
        start, end = members[0].span.start, members[-1].span.end
        # Lest a page without full stops be searched once for each of its words.
        if end - start > _LONGEST_WINDOW:
            continue
        if _placed(analysis, members, ready) and all(
            field.search(analysis.lower, start, end) for field in ready.fields
        ):
            return _trimmed(analysis.text, Span(start, _joined(analysis, members[-1], ready)))
    return None


def _windows(sentences: Sequence[Sentence], index: int) -> Iterator[Sequence[Sentence]]:
    """The sentence alone, then with the next, then with the one before, within its paragraph."""
    yield sentences[index : index + 1]
    for low in (index, index - 1):
        members = sentences[max(0, low) : low + _NEIGHBOURS]
        if len(members) == _NEIGHBOURS and members[0].paragraph == members[-1].paragraph:
            yield members


def _joined(analysis: Analysis, last: Sentence, ready: Ready) -> int:
    """Where the notice ends: the next sentences of the paragraph may speak of errors or of the original."""
    end = last.span.end
    for sentence in islice(analysis.sentences, last.index + 1, last.index + 1 + _LONGEST_NOTICE):
        text = analysis.lower[sentence.span.start : sentence.span.end]
        if sentence.paragraph != last.paragraph or ready.joins is None or not ready.joins.search(text):
            break
        end = sentence.span.end
    return end


def _placed(analysis: Analysis, members: Sequence[Sentence], ready: Ready) -> bool:
    """Near one end of the article, or anywhere unless the rule says `edge`."""
    if not ready.options.edge:
        return True
    part = max(1, len(analysis.sentences) // _EDGE)
    return members[0].index <= part or members[-1].index >= len(analysis.sentences) - 1 - part


def _biography(analysis: Analysis, ready: Ready) -> Iterator[Span]:
    """The last lines of an article, when they are short phrases out of an author's profile."""
    for start, end, length in _last_phrases(analysis.text):
        # Cheap first: a profile has short phrases.
        if length < 8 * ready.options.most_words:
            stripped = _trimmed(analysis.text, Span(start, end))
            if _is_profile(analysis.lower[stripped.start : stripped.end], ready):
                yield stripped
                return


@lru_cache(maxsize=1)  # the rules for several languages ask this of one article after the other
def _last_phrases(text: str) -> list[tuple[int, int, float]]:
    """Of the last three lines that are not blank, those with two stops or more, from the end.

    For each its start, its end, and the mean length of what ends in a stop.
    """
    found = []
    end = len(text)
    for _ in range(3):
        while end and text[end - 1].isspace():
            end -= 1
        start = text.rfind("\n", 0, end) + 1
        stops = text.count(".", start, end) + text.count("!", start, end) + text.count("?", start, end)
        if stops > 1:
            found.append((start, end, (end - start) / stops))
        end = start
    return found


def _is_profile(text: str, ready: Ready) -> bool:
    assert ready.words is not None
    hits = {match[0] for match in ready.words.finditer(text)}
    if len(hits) < ready.options.least:
        return False
    phrases = [_WORD.findall(phrase) for phrase in _STOP.split(text.strip(_QUOTES))]
    words = [word for phrase in phrases for word in phrase]
    if len(phrases) < 2 or len(words) > ready.options.most_words * len(phrases):
        return False
    return not any(word in ready.absent or word.split("'")[0] in ready.absent for word in words)


def _tag_list(analysis: Analysis, ready: Ready) -> Iterator[Span]:
    """Three or more lines running that are each one to `most_words` words in lower case without a stop: key words."""
    text = analysis.text
    # Cheap first: nearly all lines of an article begin with a capital.
    if len(_SMALL_LINE.findall(text)) < ready.options.least - 1:
        return
    run: list[Span] = []
    for match in _LINE.finditer(text):
        line = match[0].strip()
        if not line:
            continue
        if _is_tag(line, ready.options.most_words):
            run.append(_trimmed(text, Span(match.start(), match.end())))
            continue
        yield from _run_of(run, ready.options.least)
        run = []
    yield from _run_of(run, ready.options.least)


def _is_tag(line: str, most_words: int) -> bool:
    return (
        len(line) <= _LONGEST_TAG
        and line == line.lower()
        and line[0].isalpha()
        and not line.endswith(_TAG_END)
        and line.count(" ") < most_words
    )


def _run_of(run: Sequence[Span], least: int) -> Iterator[Span]:
    if len(run) >= least:
        yield Span(run[0].start, run[-1].end)


def _teaser(analysis: Analysis, ready: Ready) -> Iterator[Span]:  # noqa: ARG001
    """`Le défenseur pourrait... 14.06.2019, Le Courrier`: a sentence cut short, a date, and mostly an outlet."""
    if "..." not in analysis.text and "…" not in analysis.text:
        return
    for match in _TEASER_DATE.finditer(analysis.text):
        line = _grown(analysis, Span(match.start(), match.end()), "line")
        sentence = analysis.sentence_at(match.start())
        start = max(line.start, sentence.span.start) if sentence else line.start
        yield _trimmed(analysis.text, Span(start, line.end))


#: What a rule may select.
DETECTORS: Mapping[str, Detector] = {"biography": _biography, "tag-list": _tag_list, "teaser": _teaser}
