"""The whole flow: articles and rules in, reports out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import ModuleType
from typing import Any

from mtaudit import __version__
from mtaudit.analysis import ENGINE_NAMES, Engines, analyse_together
from mtaudit.checks import CHECKERS
from mtaudit.detection import detect
from mtaudit.errors import EngineError, RuleError, RuleProblem
from mtaudit.glosses import glossed
from mtaudit.intervals import Cover
from mtaudit.lang import LANGUAGES
from mtaudit.literals import Union, sets_in, unite
from mtaudit.memory import collection_paused
from mtaudit.model import Analysis, Article, Issue, Need, Report, Rule, Severity, Skipped
from mtaudit.mqm import score, unscored
from mtaudit.policies import Policy
from mtaudit.refine import refine
from mtaudit.resources import LanguageIdentifier
from mtaudit.rules import RuleSet, load_rules, packaged_rules
from mtaudit.selection import select_rules
from mtaudit.translations import PACKAGED_MODEL, ModelChoice
from mtaudit.trust import validated_rules
from mtaudit.vernacular import language_of
from mtaudit.witnesses import INSTALLED, Choice


@dataclass(frozen=True, slots=True)
class Audit:
    """Rules compiled and engines started: ready for any number of articles."""

    rules: dict[str, Rule]
    engines: Engines
    checks: tuple[tuple[str, ModuleType, Any], ...]
    #: Those of all checks.
    literals: Union
    skipped: tuple[Skipped, ...]
    signature: str
    profile: str
    min_severity: Severity
    min_confidence: float
    policy: Policy | None = None

    def run(self, articles: Iterable[Article]) -> Iterator[Report]:
        """A report for each article, in order; one that is not in French is named as such and left alone."""
        # In the order of reading: an article in another language, or None for one of those that are analysed.
        order: deque[Article | None] = deque()

        def ours() -> Iterator[Article]:
            for article in articles:
                language = language_of(article.text, self._identifier)
                order.append(None if language == self.engines.language.code else replace(article, lang=language))
                if order[-1] is None:
                    yield article if article.lang == language else replace(article, lang=language)

        for batch in analyse_together(ours(), self.engines):
            checked = self._check([analysis for analysis, _ in batch])
            for (analysis, left_out), (issues, failed) in zip(batch, checked, strict=True):
                while (foreign := order.popleft()) is not None:
                    yield self._left_alone(foreign)
                yield self._report(analysis, issues, (*left_out, *failed))

        yield from (self._left_alone(foreign) for foreign in order if foreign is not None)

    def report(self, analysis: Analysis) -> Report:
        """The report on one article that was analysed."""
        ((issues, failed),) = self._check([analysis])
        return self._report(analysis, issues, failed)

    def _report(self, analysis: Analysis, raw: Sequence[Issue], left_out: Sequence[Skipped]) -> Report:
        if self.policy is not None:
            raw = self.policy.filter(analysis, raw)
        found = list(glossed(raw, analysis, self.rules))
        issues = refine(found, analysis, self.rules, self.min_confidence)
        detection = detect(analysis, issues, self.rules)
        # Weak signs say nothing of the article; the article says what they are worth.
        issues = refine(found, analysis, self.rules, self.min_confidence, detection.probability)
        return Report(
            article=analysis.article,
            sentences=analysis.sentences,
            issues=tuple(issue for issue in issues if issue.severity.rank >= self.min_severity.rank),
            score=score(issues, _words(analysis, issues), self.signature, self.profile),
            detection=detection,
            worst=max((issue.severity for issue in issues), key=lambda severity: severity.rank, default=None),
            skipped=(*self.skipped, *left_out),
            regions=analysis.regions,
            round_trips=analysis.round_trips,
        )

    def _left_alone(self, article: Article) -> Report:
        return Report(article, sentences=(), issues=(), score=unscored(self.signature), skipped=self.skipped)

    def _identifier(self) -> LanguageIdentifier | None:
        self.engines.start([Need.LANGID])
        return self.engines.langid

    def _check(self, analyses: Sequence[Analysis]) -> list[tuple[list[Issue], list[Skipped]]]:
        """The raw issues of each article, and what failed.

        Check after check, not article after article: what a check works with stays at hand in the processor.
        """
        checked: list[tuple[list[Issue], list[Skipped]]] = [([], []) for _ in analyses]
        for analysis in analyses:
            self.literals.read(analysis.lower)
        for kind, checker, compiled in self.checks:
            for analysis, (issues, failed) in zip(analyses, checked, strict=True):
                try:
                    issues.extend(checker.run(analysis, compiled))
                except EngineError as error:
                    # What the check yielded before its engine gave up is kept.
                    failed.append(Skipped(error.engine, error.reason, error.rules or self._count(kind)))
        return checked

    def _count(self, kind: str) -> int:
        return sum(rule.check == kind for rule in self.rules.values())


def prepare(  # noqa: PLR0913 - the settings of a run, each with its default here and nowhere else
    ruleset: RuleSet,
    rules: Sequence[Rule],
    *,
    language: str = "fr",
    disabled: frozenset[Need] = frozenset(),
    profile: str = "wmt",
    min_severity: Severity = Severity.MINOR,
    min_confidence: float = 0.0,
    languagetool: Choice = INSTALLED,
    model: ModelChoice = PACKAGED_MODEL,
    remembers: bool = True,
    policy: Policy | None = None,
    engines: Engines | None = None,
) -> Audit:
    """Starts the engines that the rules need (or takes those of a run before) and compiles the rules that can run.

    `min_severity` hides issues from the report and from nothing else; `min_confidence` drops them, and so does `policy`
    what the house lets stand. `remembers` says whether translations are kept from run to run.

    Raises:
        RuleError: for options that only show to be wrong together.
    """
    with collection_paused():
        engines = engines or Engines(LANGUAGES[language], disabled, languagetool, model, remembers)
        needs = {rule.id: CHECKERS[rule.check].needs(rule) for rule in rules}
        unmet = engines.start(
            sorted({need for wanted in needs.values() for need in wanted}, key=lambda need: need.value)
        )
        running = [rule for rule in rules if not needs[rule.id] & unmet]
        skipped = tuple(
            Skipped(ENGINE_NAMES[need], engines.failures[need], sum(need in theirs for theirs in needs.values()))
            for need in sorted(unmet, key=lambda need: need.value)
        )
        kinds = dict.fromkeys(rule.check for rule in running)
        checks = tuple(
            (kind, CHECKERS[kind], _compile(kind, [rule for rule in running if rule.check == kind])) for kind in kinds
        )
        return Audit(
            rules={rule.id: rule for rule in running},
            engines=engines,
            checks=checks,
            literals=unite(chain.from_iterable(sets_in(compiled) for *_, compiled in checks)),
            skipped=skipped,
            signature=_signature(profile, language, ruleset, engines),
            profile=profile,
            min_severity=min_severity,
            min_confidence=min_confidence,
            policy=policy,
        )


def _compile(kind: str, rules: Sequence[Rule]) -> Any:
    try:
        with validated_rules():
            return CHECKERS[kind].compile(rules)
    except ValueError as together:
        problems = []
        for rule in rules:
            try:
                CHECKERS[kind].compile([rule])
            except ValueError as error:
                problems.append(RuleProblem(rule.path, 1, str(error)))
        raise RuleError(problems or [RuleProblem(rules[0].path, 1, str(together))]) from together


def audit(article: Article) -> Report:
    """One article under the packaged stable rules."""
    ruleset = load_rules([packaged_rules()])
    return next(prepare(ruleset, select_rules(ruleset.rules)).run([article]))


def _signature(profile: str, language: str, ruleset: RuleSet, engines: Engines) -> str:
    parser = "none"
    if engines.parser is not None:
        from mtaudit.engines.parser import signature

        parser = signature(engines.parser)
    tool = "none"
    if engines.languagetool is not None:
        tool = f"{engines.languagetool.variety}-{engines.languagetool_version}"
    model = engines.translator.digest[:12] if engines.translator is not None else "none"
    return f"{profile}|rules:{language}@{ruleset.hash}|parser:{parser}|lt:{tool}|mt:{model}|v:{__version__}"


def _words(analysis: Analysis, issues: Sequence[Issue]) -> int:
    """Words of the article proper: what a `content/*` issue covers is no part of the story."""
    content = Cover(issue.span for issue in issues if issue.category.startswith("content/"))
    return sum(not content.contains(word.start, word.end) for word in analysis.words)
