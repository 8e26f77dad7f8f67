"""Article -> Analysis. The only place that starts engines, each once and only when it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any

from mtaudit.errors import EngineError
from mtaudit.model import Analysis, Article, LanguagePack, Need, Region, RegionKind, Sentence, Skipped, Span
from mtaudit.resources import LanguageIdentifier, Lexicon
from mtaudit.roundtrips import left_out, round_trips
from mtaudit.segmentation import fold_view, lower_view, words
from mtaudit.translations import PACKAGED_MODEL, ModelChoice, RoundTrip, Translating
from mtaudit.witnesses import INSTALLED, Answer, Choice

if TYPE_CHECKING:
    from concurrent.futures import Future

    from spacy.language import Language
    from spacy.tokens import Doc

    from mtaudit.engines.languagetool import LanguageTool
    from mtaudit.engines.translation_cache import TranslationCache

#: The engine behind each need, as the user names it.
ENGINE_NAMES = {need: need.value for need in Need} | {Need.TOKENS: "parser", Need.ROUNDTRIP: "translator"}

#: What no sentence of the press reaches, in code points: longer stretches are tables or dumps, and are not parsed.
LONGEST_SENTENCE = 5_000

#: Articles whose sentences are parsed together, up to this many code points.
BATCH_SIZE = 100_000

#: Where nobody translates anything, and so nothing is translated back.
FURNITURE = frozenset((RegionKind.BOILERPLATE, RegionKind.METADATA, RegionKind.MARKUP))


@dataclass(slots=True)
class Engines:
    """The engines of a run, started at first use. `disabled` names those that must not start.

    `remembers` says whether translations are kept between runs.
    """

    language: LanguagePack
    disabled: frozenset[Need] = frozenset()
    languagetool_choice: Choice = INSTALLED
    model_choice: ModelChoice = PACKAGED_MODEL
    remembers: bool = True
    failures: dict[Need, str] = field(default_factory=dict)
    languagetool_version: str = ""
    _started: dict[Need, Any] = field(default_factory=dict)

    def start(self, needs: Iterable[Need]) -> frozenset[Need]:
        """Starts what is needed; returns the needs that cannot be met, whose reasons stand in `failures`."""
        # LanguageTool starts in a process of its own while the others load, and is waited for at the end.
        wanted = sorted(set(needs), key=lambda need: need is not Need.LANGUAGETOOL)
        unmet = [need for need in wanted if not self._start(need)]
        if self.languagetool is not None and not self.languagetool_version:
            try:
                self.languagetool_version = self.languagetool.wait()
            except EngineError as error:
                del self._started[Need.LANGUAGETOOL]
                self.failures[Need.LANGUAGETOOL] = error.reason
                unmet.append(Need.LANGUAGETOOL)
        return frozenset(unmet)

    def _start(self, need: Need) -> bool:
        if need in self._started or need is Need.SOURCE:
            # The article carries its source, or it does not: nothing is to be started.
            return True
        if need in self.failures:
            return False
        if need in self.disabled:
            self.failures[need] = "switched off"
            return False
        try:
            self._started[need] = self._load(need)
        except EngineError as error:
            self.failures[need] = error.reason
            return False
        return True

    def _load(self, need: Need) -> Any:
        if need is Need.TOKENS:
            from mtaudit.engines.parser import load_parser

            return load_parser(self.language.parser)
        if need is Need.LEXICON:
            from mtaudit.engines.lexicon import load_lexicon

            return load_lexicon()
        if need is Need.LANGID:
            from mtaudit.engines.langid import load_language_identifier

            return load_language_identifier()
        if need is Need.LANGUAGETOOL:
            from mtaudit.engines.languagetool import load_languagetool

            return load_languagetool(self.languagetool_choice)
        if need is Need.ROUNDTRIP:
            from mtaudit.engines.translator import open_translator

            translator = open_translator(self.model_choice)
            if not self.remembers:
                return translator
            from mtaudit.engines.translation_cache import Remembering, TranslationCache

            return Remembering(translator, TranslationCache())
        raise EngineError(ENGINE_NAMES[need], "not part of this version")

    @property
    def parser(self) -> Language | None:
        """spaCy's pipeline, if it was started."""
        return self._started.get(Need.TOKENS)

    @property
    def lexicon(self) -> Lexicon | None:
        """The lexicon, if it was started."""
        return self._started.get(Need.LEXICON)

    @property
    def langid(self) -> LanguageIdentifier | None:
        """The language identifier, if it was started."""
        return self._started.get(Need.LANGID)

    @property
    def languagetool(self) -> LanguageTool | None:
        """LanguageTool, if it was started."""
        return self._started.get(Need.LANGUAGETOOL)

    @property
    def translator(self) -> Translating | None:
        """The translation model, if it was started."""
        return self._started.get(Need.ROUNDTRIP)

    @property
    def memory(self) -> TranslationCache | None:
        """What the translator has kept of earlier runs, where it keeps anything."""
        return getattr(self.translator, "cache", None)

    def close(self) -> None:
        """Ends the processes that were started and closes files; without it they end with ours."""
        if self.languagetool is not None:
            self.languagetool.close()
        if self.memory is not None:
            self.memory.close()


def analyse(articles: Iterable[Article], engines: Engines) -> Iterator[tuple[Analysis, tuple[Skipped, ...]]]:
    """The analysis of each article, in order, with what had to be left out of it."""
    yield from chain.from_iterable(analyse_together(articles, engines))


def analyse_together(
    articles: Iterable[Article], engines: Engines
) -> Iterator[list[tuple[Analysis, tuple[Skipped, ...]]]]:
    """The same in batches: the sentences of neighbouring articles are parsed, and translated, together."""
    for batch, asked in _asked(_batches(articles), engines.languagetool):
        prepared = [_prepare(article, engines) for article in batch]
        if engines.translator is not None:
            prepared = _there_and_back(prepared, engines.translator)
        docs = None if engines.parser is None else _parse(prepared, engines.parser)
        done = []
        for number, unanswered in enumerate(prepared):
            analysis = _answered(unanswered, asked, number)
            if docs is not None:
                analysis = replace(analysis, parses=docs[number])
            done.append((analysis, tuple(_left_out(analysis, engines.memory))))
        yield done


def _left_out(analysis: Analysis, memory: TranslationCache | None) -> Iterator[Skipped]:
    unparsed = sum(doc is None for doc in analysis.parses)
    if unparsed:
        yield Skipped("parser", f"{unparsed} sentence(s) of over {LONGEST_SENTENCE} characters not parsed", 0)
    yield from (Skipped("translator", reason, 0) for reason in left_out(analysis.round_trips))
    # Told with one article: it concerns the run.
    if memory is not None and (failure := memory.take_failure()):
        yield Skipped("translation cache", failure, 0)


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.text)
        if size >= BATCH_SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _asked(
    batches: Iterable[list[Article]], tool: LanguageTool | None
) -> Iterator[tuple[list[Article], list[Future[Answer]]]]:
    """Each batch with LanguageTool's answers to come, asked one batch ahead so that it works while we do."""
    if tool is None:
        yield from ((batch, []) for batch in batches)
        return
    waiting: tuple[list[Article], list[Future[Answer]]] | None = None
    for batch in batches:
        following = batch, [tool.submit(article.text) for article in batch]
        if waiting is not None:
            yield waiting
        waiting = following
    if waiting is not None:
        yield waiting


def _answered(analysis: Analysis, asked: Sequence[Future[Answer]], number: int) -> Analysis:
    return replace(analysis, languagetool=asked[number].result()) if asked else analysis


def _prepare(article: Article, engines: Engines) -> Analysis:
    sentences, regions = engines.language.segment(article.text)
    if article.regions:
        sentences, regions = _with_markup(sentences, regions, article.regions)
    view = fold_view(article.text)
    return Analysis(
        article=article,
        sentences=sentences,
        regions=regions,
        view=view,
        lower=lower_view(view),
        words=words(view, sentences),
        lexicon=engines.lexicon,
        langid=engines.langid,
    )


def _with_markup(
    sentences: Sequence[Sentence], regions: Sequence[Region], stated: Sequence[Region]
) -> tuple[tuple[Sentence, ...], tuple[Region, ...]]:
    """What the reader says of the article's parts wins over what their shape suggests."""
    whole = [region for region in stated if region.kind is not RegionKind.QUOTE]
    renamed = []
    for sentence in sentences:
        kind = next((region.kind for region in whole if region.span.contains(sentence.span)), sentence.region)
        renamed.append(Sentence(sentence.index, sentence.span, kind, sentence.paragraph))
    merged = sorted({*regions, *stated}, key=lambda region: (region.span, region.kind.value))
    return tuple(renamed), tuple(merged)


def _parse(analyses: Sequence[Analysis], parser: Language) -> list[tuple[Doc | None, ...]]:
    from mtaudit.engines.parser import parse

    jobs = [(number, sentence.span) for number, analysis in enumerate(analyses) for sentence in analysis.sentences]
    short = [(number, span) for number, span in jobs if span.end - span.start <= LONGEST_SENTENCE]
    docs = parse(parser, (analyses[number].view[span.start : span.end] for number, span in short))
    parsed: dict[tuple[int, Span], Doc] = dict(zip(short, docs, strict=True))
    grouped: list[tuple[Doc | None, ...]] = [() for _ in analyses]
    for number, group in groupby(jobs, key=lambda job: job[0]):
        grouped[number] = tuple(parsed.get(job) for job in group)
    return grouped


def _there_and_back(analyses: Sequence[Analysis], translator: Translating) -> list[Analysis]:
    """The analyses with the round trips of their sentences."""
    jobs = [
        (number, place, analysis.view[slice(*sentence.span)])
        for number, analysis in enumerate(analyses)
        for place, sentence in enumerate(analysis.sentences)
        if sentence.region not in FURNITURE
    ]
    trips: list[list[RoundTrip | None]] = [[None] * len(analysis.sentences) for analysis in analyses]
    lexicon = analyses[0].lexicon if analyses else None
    made = round_trips([text for *_, text in jobs], translator, lexicon)
    for (number, place, _), trip in zip(jobs, made, strict=True):
        trips[number][place] = trip
    return [replace(analysis, round_trips=tuple(trips[number])) for number, analysis in enumerate(analyses)]
