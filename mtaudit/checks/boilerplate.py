"""What is no part of the article: biographies, disclaimers of machine translation, metadata, teasers, web furniture.

A rule gives regexes (`patterns`), whose match grows to its sentence or line, or names a detector, which recognises
a text by its shape and by words from several fields that occur together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from mtaudit.errors import EngineError
from mtaudit.matching import WINDOW_SECONDS, Hit, Pattern, PatternSet, compile_patterns
from mtaudit.model import Analysis, Issue, Need, RegionKind, Rule, Sentence, Span
from mtaudit.openings import MARKS, LinePatterns, begins_line, compile_openings, opens_lines
from mtaudit.profiles import Vocabulary, profiles, vocabulary
from mtaudit.regexes import compile_regex

if TYPE_CHECKING:
    import regex

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
#: With what no key word begins: cheap to tell for each line of an article.
_NO_TAG = frozenset('ABCDEFGHIJKLMNOPQRSTUVWXYZÀÂÇÉÈÊËÎÏÔÖÙÛÜŒ0123456789«“"-–—•\n')
_TEASER_DATE = re.compile(
    r"(?:\.\.\.|…)\]?[ \u00a0]?(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)|\d{1,2} \w{3,9}\.? (?:19|20)\d\d)"
    r"(?:,| -| –| \||\n|$)"
)
_TAG_END = tuple('.!?…:;,»"”)')


#: What a rule may select instead of patterns.
DISCLAIMER, BIOGRAPHY, TAG_LIST, TEASER = DETECTORS = ("disclaimer", "biography", "tag-list", "teaser")
#: Where a teaser may be: dots and a digit, which a text seldom has together.
_CUT_SHORT = Pattern(
    r"(?:\.\.\.|…)\]? ?\d",
    is_regex=True,
    trigger=tuple(
        f"{dots}{digit}" for dots in ("...", "... ", "...]", "...] ", "…", "… ", "…]", "…] ") for digit in range(10)
    ),
)


class Regex(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A regex with literals of its own, one of which every match holds: rarer ones than could be taken out of it."""

    pattern: str
    trigger: tuple[str, ...] = ()


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Either `patterns` or a `detector`.

    `patterns`: regexes, on lower-cased text unless `case`; `trigger` as in `matching.Pattern`, for all or for one;
    `grow`: what of the text around the match the issue covers. With `line_start` a match counts only at the start of
    its line, with `whole_line` only if but marks stand before and after it there. `unless`: literals and /regexes/, of
    lower-cased text, that silence a match in whose sentence they occur.

    For `disclaimer`, `together`: named lists of word beginnings (an ending blank asks for the whole word); each list
    must have one in the same two sentences. `joins`: word beginnings by which the next sentences of the paragraph
    belong to the notice too. With `edge` it counts only near the ends of the article.

    For `biography`, `words`: its vocabulary; `least`: how many different ones it takes; `most_words`: how long its
    phrases may be on average; `absent`: words that it lacks, as they make sentences. For `tag-list`, `least`: how many
    lines make a list; `most_words`: how long one may be.
    """

    detector: str = ""
    patterns: tuple[str | Regex, ...] = ()
    trigger: tuple[str, ...] = ()
    case: bool = False
    line_start: bool = False
    whole_line: bool = False
    unless: tuple[str, ...] = ()
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
        if self.detector and self.detector not in DETECTORS:
            raise ValueError(f"no detector {self.detector!r}; known: {', '.join(DETECTORS)}")
        if self.detector == DISCLAIMER and len(self.together) < 2:
            raise ValueError("`together` must name at least two lists")
        if self.detector == BIOGRAPHY and not self.words:
            raise ValueError("`words` must not be empty")
        if self.least < 1 or self.most_words < 1:
            raise ValueError("`least` and `most_words` must be at least 1")
        if self.detector and (self.unless or self.whole_line or self.line_start):
            raise ValueError("`unless`, `whole_line` and `line_start` are for patterns")


class Notice(NamedTuple):
    """A disclaimer's options made ready: `fields` are the lists of `together`."""

    fields: tuple[re.Pattern[str], ...]
    joins: re.Pattern[str] | None
    edge: bool


Locator = Callable[[Analysis, int], Span | None]


class Owner(NamedTuple):
    """What a pattern belongs to; `locate` is there when it only says where what a detector looks for may be."""

    rule: Rule
    options: Options
    unless: regex.Pattern[str] | None = None
    locate: Locator | None = None


class Compiled(NamedTuple):
    """The selected rules by the way in which they are looked for.

    `lines` and `patterns` are the regexes by which a line opens and the others, with those that say where a detector
    shall look; their owners, at the same indices, are `line_owners` and `owners`.
    """

    tag_lists: tuple[tuple[Rule, Options], ...]
    authors: tuple[Rule, ...]
    vocabularies: tuple[Vocabulary, ...]
    lines: LinePatterns
    line_owners: tuple[Owner, ...]
    patterns: PatternSet
    owners: tuple[Owner, ...]


def needs(rule: Rule) -> frozenset[Need]:  # noqa: ARG001 (the protocol's signature)
    """Nothing: shape and vocabulary are enough."""
    return frozenset()


def compile(rules: Sequence[Rule]) -> Compiled:
    """Raises ValueError naming the rule on a bad option."""
    tag_lists: list[tuple[Rule, Options]] = []
    authors: list[tuple[Rule, Vocabulary]] = []
    wide: list[tuple[Pattern, Owner]] = []
    lines: list[tuple[Pattern, Owner]] = []
    for rule in rules:
        try:
            options = msgspec.convert(rule.options, Options)
            owner = Owner(rule, options, _silencer(options.unless))
            for pattern in _patterns(options):
                (lines if options.line_start and opens_lines(pattern) else wide).append((pattern, owner))
        except (msgspec.ValidationError, ValueError) as error:
            raise ValueError(f"{rule.id}: {error}") from error
        if options.detector == DISCLAIMER:
            notice = _notice(options)
            trigger = tuple(stem.strip() for stem in next(iter(options.together.values())))
            pattern = Pattern(notice.fields[0].pattern, is_regex=True, trigger=trigger)
            wide.append((pattern, owner._replace(locate=partial(_disclaimer, notice=notice))))
        elif options.detector == TEASER:
            wide.append((_CUT_SHORT, owner._replace(locate=_teaser)))
        elif options.detector == BIOGRAPHY:
            authors.append((rule, vocabulary(options.words, options.absent, options.least, options.most_words)))
        elif options.detector == TAG_LIST:
            tag_lists.append((rule, options))
    return Compiled(
        tuple(tag_lists),
        tuple(rule for rule, _ in authors),
        tuple(words for _, words in authors),
        compile_openings([pattern for pattern, _ in lines]),
        tuple(owner for _, owner in lines),
        compile_patterns(pattern for pattern, _ in wide),
        tuple(owner for _, owner in wide),
    )


def _patterns(options: Options) -> Iterator[Pattern]:
    for one in options.patterns:
        regex = Regex(one) if isinstance(one, str) else one
        yield Pattern(regex.pattern, is_regex=True, case=options.case, trigger=regex.trigger or options.trigger)


def _silencer(unless: Sequence[str]) -> regex.Pattern[str] | None:
    """A regex for whatever silences a match; a literal is one without slashes around it."""
    parts = [one[1:-1] if one[:1] == one[-1:] == "/" and len(one) > 2 else re.escape(one) for one in unless]
    return compile_regex("|".join(parts)) if parts else None


def run(analysis: Analysis, compiled: Compiled) -> Iterable[Issue]:
    """One issue for each notice, line or run of lines. Raises EngineError, after all, when a regex ran out of time."""
    text, view, lower = analysis.text, analysis.view, analysis.lower
    spans = [sentence.span for sentence in analysis.sentences]
    for rule, options in compiled.tag_lists:
        for found in _tag_list(text, spans, options):
            yield rule.issue(found, text[found.start : found.end])
    if compiled.authors:
        for number, found in profiles(text, lower, compiled.vocabularies):
            yield compiled.authors[number].issue(found, text[found.start : found.end])
    slow: set[str] = set()
    seen: set[tuple[str, Span]] = set()
    scans = (
        (compiled.line_owners, compiled.lines.scan(text, view, lower, spans)),
        (compiled.owners, compiled.patterns.scan(view, lower, analysis.sentences)),
    )
    for owners, (hits, late) in scans:
        slow.update(owners[number].rule.id for number in late)
        for hit in sorted(hits, key=lambda hit: (hit.pattern, hit.start, -hit.end)):
            owner = owners[hit.pattern]
            try:
                span = _span(analysis, hit, owner)
            except TimeoutError:
                slow.add(owner.rule.id)
                continue
            if span is not None and (owner.rule.id, span) not in seen:
                seen.add((owner.rule.id, span))
                yield owner.rule.issue(span, text[span.start : span.end])
    if slow:
        raise EngineError("regex", f"over the time limit: {', '.join(sorted(slow))}", len(slow))


def _span(analysis: Analysis, hit: Hit, owner: Owner) -> Span | None:
    """What the issue of a match covers, or None when the match does not count."""
    if owner.locate is not None:
        return owner.locate(analysis, hit.start)
    options = owner.options
    if options.line_start and not begins_line(analysis.text, hit.start):
        return None
    # The line that a match in a quotation grows to may hold more than the quotation.
    if RegionKind.QUOTE in owner.rule.skip and analysis.in_quote(Span(hit.start, hit.start + 1)):
        return None
    if options.whole_line and not _is_whole_line(analysis.text, hit):
        return None
    if owner.unless is not None:
        low, high = _grown(analysis, Span(hit.start, hit.end), "sentence")
        if owner.unless.search(analysis.lower, low, high, timeout=WINDOW_SECONDS):
            return None
    return _grown(analysis, Span(hit.start, hit.end), options.grow)


def _is_whole_line(text: str, hit: Hit) -> bool:
    stop = text.find("\n", hit.end, hit.end + _LONGEST_LINE)
    rest = text[hit.end : hit.end + _LONGEST_LINE if stop < 0 else stop]
    return begins_line(text, hit.start) and not rest.strip(MARKS + ".!?…)]<")


def _notice(options: Options) -> Notice:
    return Notice(
        fields=tuple(_starts(field) for field in options.together.values()),
        joins=_starts(options.joins) if options.joins else None,
        edge=options.edge,
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


def _disclaimer(analysis: Analysis, place: int, notice: Notice) -> Span | None:
    """The sentences around a place that say of this page that a machine translated it, or None."""
    sentence = analysis.sentence_at(place)
    if sentence is None:
        return None
    for members in _windows(analysis.sentences, sentence.index):
        start, end = members[0].span.start, members[-1].span.end
        # Lest a page without full stops be searched once for each of its words.
        if end - start > _LONGEST_WINDOW:
            continue
        if _placed(analysis, members, notice) and all(
            field.search(analysis.lower, start, end) for field in notice.fields
        ):
            return _trimmed(analysis.text, Span(start, _joined(analysis, members[-1], notice)))
    return None


def _windows(sentences: Sequence[Sentence], index: int) -> Iterator[Sequence[Sentence]]:
    """The sentence alone, then with the next, then with the one before, within its paragraph."""
    yield sentences[index : index + 1]
    for low in (index, index - 1):
        members = sentences[max(0, low) : low + _NEIGHBOURS]
        if len(members) == _NEIGHBOURS and members[0].paragraph == members[-1].paragraph:
            yield members


def _joined(analysis: Analysis, last: Sentence, notice: Notice) -> int:
    """Where the notice ends: the next sentences of the paragraph may speak of errors or of the original."""
    end = last.span.end
    for sentence in islice(analysis.sentences, last.index + 1, last.index + 1 + _LONGEST_NOTICE):
        text = analysis.lower[sentence.span.start : sentence.span.end]
        if sentence.paragraph != last.paragraph or notice.joins is None or not notice.joins.search(text):
            break
        end = sentence.span.end
    return end


def _placed(analysis: Analysis, members: Sequence[Sentence], notice: Notice) -> bool:
    """Near one end of the article, or anywhere unless the rule says `edge`."""
    if not notice.edge:
        return True
    part = max(1, len(analysis.sentences) // _EDGE)
    return members[0].index <= part or members[-1].index >= len(analysis.sentences) - 1 - part


def _tag_list(text: str, spans: Sequence[Span], options: Options) -> Iterator[Span]:
    """Three or more lines running that are each one to `most_words` words in lower case without a stop: key words."""
    # Cheap first: nearly all sentences of an article begin with a capital.
    if sum([text[start] not in _NO_TAG for start, _ in spans]) < options.least:
        return
    run: list[Span] = []
    for match in _LINE.finditer(text):
        line = match[0].strip()
        if not line:
            continue
        if _is_tag(line, options.most_words):
            run.append(_trimmed(text, Span(match.start(), match.end())))
            continue
        yield from _run_of(run, options.least)
        run = []
    yield from _run_of(run, options.least)


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


def _teaser(analysis: Analysis, place: int) -> Span | None:
    """`Le défenseur pourrait... 14.06.2019, Le Courrier`: a sentence cut short, a date, and mostly an outlet."""
    match = _TEASER_DATE.match(analysis.text, place)
    if match is None:
        return None
    line = _grown(analysis, Span(match.start(), match.end()), "line")
    sentence = analysis.sentence_at(match.start())
    start = max(line.start, sentence.span.start) if sentence else line.start
    return _trimmed(analysis.text, Span(start, line.end))
