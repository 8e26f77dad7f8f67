"""Rules against their own examples: the spans, the suggestions, and silence once corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from mtaudit.model import Article, Example, Issue, Rule
from mtaudit.pipeline import prepare
from mtaudit.rules import RuleSet
from mtaudit.witnesses import INSTALLED, Choice

#: Examples of each kind that a rule must bring.
FEWEST = 2


class Failure(NamedTuple):
    """An example that did not do what it says. `expected` failures are recorded in the rule.

    `unrun` is a rule that could not be run at all, for the reason given.
    """

    rule: str
    text: str
    reason: str
    expected: str | None = None
    unrun: bool = False


class _Trial(NamedTuple):
    rule: Rule
    example: Example
    kind: str


def check_examples(ruleset: RuleSet, rules: Sequence[Rule], languagetool: Choice = INSTALLED) -> Iterator[Failure]:
    """Runs every example as an article of its own, with its own rule alone deciding.

    Yields a failure for each bad example whose issues are not exactly the marked spans or whose first suggestions
    are not the stated ones, each corrected text that still fires, each good example that fires, each example that
    is expected to fail and does not, each rule with too few examples, and each that no engine could run.
    """
    for rule in rules:
        for side, examples in (("bad", rule.bad), ("good", rule.good)):
            if len(examples) < FEWEST:
                yield Failure(rule.id, "", f"{len(examples)} {side} example(s); a rule has at least {FEWEST}")
    trials = list(_trials(rules))
    found, unrun = _audit(ruleset, trials, languagetool)
    yield from (Failure(name, "", reason, unrun=True) for name, reason in unrun.items())
    for number, trial in enumerate(trials):
        if trial.rule.id in unrun:
            continue
        reason = _fault(trial, found[number])
        expected = trial.example.expected_failure
        if reason and not expected:
            yield Failure(trial.rule.id, trial.example.text, reason)
        elif reason:
            yield Failure(trial.rule.id, trial.example.text, reason, expected)
        elif expected and trial.kind != "corrected":
            yield Failure(trial.rule.id, trial.example.text, f"no longer fails; take out expected_failure ({expected})")


def _trials(rules: Sequence[Rule]) -> Iterator[_Trial]:
    for rule in rules:
        for example in rule.bad:
            yield _Trial(rule, example, "bad")
            if all(suggestion is not None for suggestion in example.suggestions):
                yield _Trial(rule, _corrected(example), "corrected")
        for example in rule.good:
            yield _Trial(rule, example, "good")


def _corrected(example: Example) -> Example:
    text = example.text
    for span, suggestion in sorted(zip(example.spans, example.suggestions, strict=True), reverse=True):
        text = text[: span.start] + (suggestion or "") + text[span.end :]
    return Example(text, (), (), example.expected_failure, example.source)


def _audit(
    ruleset: RuleSet, trials: Sequence[_Trial], languagetool: Choice
) -> tuple[list[list[Issue]], dict[str, str]]:
    """The issues of each trial under its own rule alone, since other rules could hide or outrank them.

    And by id the rules that could not run, with the reason.
    """
    found: list[list[Issue]] = [[] for _ in trials]
    unrun: dict[str, str] = {}
    by_rule: dict[str, list[int]] = defaultdict(list)
    for number, trial in enumerate(trials):
        by_rule[trial.rule.id].append(number)
    engines = None
    for numbers in by_rule.values():
        # An example is a sentence, in which no issue has company.
        rule = msgspec.structs.replace(trials[numbers[0]].rule, weak=False, common=False)
        audit = prepare(ruleset, [rule], languagetool=languagetool, engines=engines)
        engines = audit.engines
        if audit.skipped:
            unrun[rule.id] = f"{audit.skipped[0].engine}: {audit.skipped[0].reason}"
            continue
        articles = [Article(str(number), (one := trials[number].example).text, source=one.source) for number in numbers]
        for number, report in zip(numbers, audit.run(articles), strict=True):
            found[number] = list(report.issues)
    return found, unrun


def _fault(trial: _Trial, issues: Sequence[Issue]) -> str | None:
    text = trial.example.text
    if trial.kind != "bad":
        if not issues:
            return None
        marked = ", ".join(repr(text[slice(*issue.span)]) for issue in issues)
        return f"{'the corrected text still' if trial.kind == 'corrected' else 'a good example'} fires on {marked}"
    spans = [issue.span for issue in issues]
    if spans != list(trial.example.spans):
        wanted = [text[slice(*span)] for span in trial.example.spans]
        return f"found {[text[slice(*span)] for span in spans]} where {wanted} is marked"
    for issue, wanted_first in zip(issues, trial.example.suggestions, strict=True):
        first = issue.suggestions[0] if issue.suggestions else None
        if wanted_first is not None and first != wanted_first:
            return f"suggests {first!r} where {wanted_first!r} is stated"
    return None
