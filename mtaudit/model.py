"""The records that every part of mtaudit passes on.

All records are frozen. Positions are Unicode code points into the untouched text of the article, half-open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from mtaudit import intervals
from mtaudit.resources import LanguageIdentifier, Lexicon
from mtaudit.translations import RoundTrip
from mtaudit.witnesses import Answer

if TYPE_CHECKING:
    from spacy.tokens import Doc

EMPTY: Mapping[str, Any] = MappingProxyType({})

#: A half-open range of code points.
Span = intervals.Span


class Severity(StrEnum):
    """How grave an issue is, in MQM's terms."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for minor, 1 for major, 2 for critical."""
        return _SEVERITY_ORDER.index(self)


_SEVERITY_ORDER = (Severity.MINOR, Severity.MAJOR, Severity.CRITICAL)


class Status(StrEnum):
    """Whether a rule runs: drafts are off unless asked for, retired ones only redirect."""

    DRAFT = "draft"
    STABLE = "stable"
    RETIRED = "retired"


class RegionKind(StrEnum):
    """What a stretch of an article is. Sentences carry one; quotations also lie inside sentences."""

    HEADLINE = "headline"
    DATELINE = "dateline"
    QUOTE = "quote"
    BOILERPLATE = "boilerplate"
    METADATA = "metadata"
    MARKUP = "markup"
    LIST = "list"
    VERSE = "verse"
    BODY = "body"


class Need(StrEnum):
    """What a rule asks the engines for. Nothing starts that no selected rule needs."""

    TOKENS = "tokens"
    LEXICON = "lexicon"
    LANGID = "langid"
    LANGUAGETOOL = "languagetool"
    ROUNDTRIP = "roundtrip"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the article of one kind."""

    kind: RegionKind
    span: Span


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read; `text` is never normalised by anyone.

    `lang` is what the source states, `fr` where it states nothing, until `languages.identified` has looked. `source`
    is the text that it was translated from, in `source_lang` (ISO 639-1), where the record carries them. `verbatim`
    says that `text` is what the file at `path` holds, so that its lines and columns are the file's.
    """

    id: str
    text: str
    lang: str = "fr"
    path: str | None = None
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    source: str | None = None
    source_lang: str | None = None
    regions: tuple[Region, ...] = ()
    known: tuple[Issue, ...] = ()
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a line that stands for one; `paragraph` counts from 0."""

    index: int
    span: Span
    region: RegionKind = RegionKind.BODY
    paragraph: int = 0


class Word(NamedTuple):
    """A word of the text: letters with inner hyphens, and an elided article as a word of its own (`l'`)."""

    text: str
    start: int
    end: int
    sentence: int


class Example(NamedTuple):
    """An in-rule test: `text` without marks, the spans to be found in it, and what each should become."""

    text: str
    spans: tuple[Span, ...]
    suggestions: tuple[str | None, ...]
    expected_failure: str | None = None
    source: str | None = None


class _Fields(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


class Rule(msgspec.Struct, frozen=True, array_like=True):
    """One rule of a pack.

    `options` is plain data that the kind of check validates and compiles. `skip` names the regions in which the rule
    stays silent, `votes` the source languages (ISO 639-1) that the fault betrays, `frequent` why a stable rule may fire
    often on human news. A `weak` rule is heard only in company, one of a `common` fault not in an article that reads as
    a person's. The first suggestion of a `safe` one may be put in unread. `gloss` has what the text says in English
    where the rule is right: a translation that shows it speaks for the issue. `entries` counts its lists'.
    """

    id: str
    check: str
    title: str
    message: str
    why: str
    category: str
    severity: Severity
    status: Status = Status.STABLE
    references: tuple[str, ...] = ()
    options: Mapping[str, Any] = {}
    skip: tuple[RegionKind, ...] = ()
    bad: tuple[Example, ...] = ()
    good: tuple[Example, ...] = ()
    aka: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()
    frequent: str = ""
    weak: bool = False
    common: bool = False
    safe: bool = False
    gloss: tuple[str, ...] = ()
    entries: int = 1
    path: str = ""

    def issue(
        self,
        span: Span,
        match: str,
        suggestions: Sequence[str] = (),
        confidence: float = 1.0,
        evidence: Mapping[str, Any] = EMPTY,
    ) -> Issue:
        """An issue of this rule over `span`.

        The message is filled from `match` (the text under the span), `suggestion` (the first) and the keys of
        `evidence`; what none of them gives is an ellipsis.
        """
        # A span may take the blank after a word with it; inside guillemets that would be one blank too many.
        fields = _Fields({**evidence, "match": match.strip()})
        if suggestions:
            fields["suggestion"] = suggestions[0].strip()
        return Issue(
            rule=self.id,
            span=span,
            message=self.message.format_map(fields),
            category=self.category,
            severity=self.severity,
            confidence=confidence,
            suggestions=tuple(suggestions),
            evidence=evidence,
        )


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding: evidence, not a verdict."""

    rule: str
    span: Span
    message: str
    category: str
    severity: Severity
    confidence: float = 1.0
    suggestions: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """What the pipeline must know of a language before any rule runs."""

    code: str
    parser: str
    segment: Callable[[str], tuple[tuple[Sentence, ...], tuple[Region, ...]]]


@dataclass(frozen=True)  # without slots, which leave no room for what is derived at first use
class Analysis:
    """An article and what the engines made of it. Checkers read it and nothing else.

    `view` has the length of `article.text`, character for character: apostrophes are straight, any blank is a
    space, and nothing else changes; `lower` is the same in lower case. Rules match on these, and their offsets
    are the text's own. `parses[i]` is the spaCy `Doc` of `view` over `sentences[i]`, or None when no rule needs it.
    `round_trips[i]` is what a translation model makes of `sentences[i]`, None for furniture, and there are none when no
    rule needs them.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    regions: tuple[Region, ...]
    view: str
    lower: str
    words: tuple[Word, ...]
    parses: tuple[Doc | None, ...] = ()
    lexicon: Lexicon | None = None
    langid: LanguageIdentifier | None = None
    languagetool: Answer | None = None
    round_trips: tuple[RoundTrip | None, ...] = ()

    @property
    def text(self) -> str:
        """The untouched text."""
        return self.article.text

    @cached_property
    def texts(self) -> list[str]:
        """The text of each of `words`: what a check walks over instead of the words themselves."""
        return [word[0] for word in self.words]

    @cached_property
    def lowered(self) -> list[str]:
        """`texts` in lower case."""
        # In one call, which is ten times as fast as one for each word; no word holds a line feed.
        joined = "\n".join(self.texts).replace("\u0130", "i")
        return joined.lower().split("\n") if joined else []

    @cached_property
    def forms(self) -> frozenset[str]:
        """`texts` without repetition: most checks need look no further than at what these share with their list."""
        return frozenset(self.texts)

    @cached_property
    def lowered_forms(self) -> frozenset[str]:
        """`lowered` without repetition."""
        return frozenset(self.lowered)

    def quotes(self) -> tuple[Span, ...]:
        """The quotations, marks included, in order of their start."""
        return self._quotes

    @cached_property
    def _quotes(self) -> tuple[Span, ...]:
        return tuple(region.span for region in self.regions if region.kind is RegionKind.QUOTE)

    @cached_property
    def _quoted(self) -> intervals.Cover:
        return intervals.Cover(self._quotes)

    def in_quote(self, span: Span) -> bool:
        """True when the span lies wholly inside one quotation."""
        return self._quoted.contains(*span)

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds a code point, or None between sentences."""
        place = bisect_right(self.sentences, offset, key=lambda sentence: sentence.span.end)
        if place < len(self.sentences) and self.sentences[place].span.start <= offset:
            return self.sentences[place]
        return None

    def parsed(self) -> Iterator[tuple[Sentence, Doc]]:
        """Each parsed sentence with its Doc. A token's place is `sentence.span.start + token.idx`."""
        for sentence, doc in zip(self.sentences, self.parses, strict=False):
            if doc is not None:
                yield sentence, doc


@dataclass(frozen=True, slots=True)
class Skipped:
    """An engine that could not run, and how many rules went without it."""

    engine: str
    reason: str
    rules: int


@dataclass(frozen=True, slots=True)
class Score:
    """Penalty of an article. `per_thousand` and `interval` are per 1,000 words; `interval` is 95 %."""

    words: int
    penalty: float
    per_thousand: float
    interval: tuple[float, float]
    by_category: Mapping[str, float]
    triage: str
    signature: str


class Verdict(StrEnum):
    """What is said of the question whether a machine translated the article."""

    LIKELY = "likely"
    UNCLEAR = "unclear"
    NO_SIGN = "no sign"


class Origin(NamedTuple):
    """The source language guessed (ISO 639-1), or None where the votes do not settle it; its probability; the votes."""

    guess: str | None
    confidence: float
    votes: Mapping[str, int]


class Clue(NamedTuple):
    """Something that moved the probability, and where it stands.

    `signal` is the one of `Detection.signals` that it belongs to; `label`, for the editor, quotes a phrase or names a
    rule's finding; `weight` is in log-odds, above 0 for the machine.
    """

    signal: str
    label: str
    weight: float
    places: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Detection:
    """Whether a machine translated the article.

    `probability` is for as many machine articles as human ones; it and `verdict` are None where nothing is said, and
    `abstained` then says why. `signals` are contributions in log-odds, by name; `clues` the heaviest, by weight.
    """

    probability: float | None = None
    verdict: Verdict | None = None
    abstained: str = ""
    signals: Mapping[str, float] = field(default_factory=lambda: EMPTY)
    clues: tuple[Clue, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One audited article.

    `detection` is None for an article that was left alone; `worst`, the gravest severity found, shown or not;
    `regions`, all; `known`, issues of an earlier run, which are counted in the score and not shown again;
    `round_trips`, those of the analysis.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    issues: tuple[Issue, ...]
    score: Score
    detection: Detection | None = None
    skipped: tuple[Skipped, ...] = ()
    worst: Severity | None = None
    regions: tuple[Region, ...] = ()
    known: tuple[Issue, ...] = ()
    round_trips: tuple[RoundTrip | None, ...] = ()
