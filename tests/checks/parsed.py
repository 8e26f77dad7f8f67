"""A rule of the house run over a text with its engines, for the checks that read the parse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mtaudit.analysis import Engines, analyse
from mtaudit.checks import CHECKERS
from mtaudit.model import Article, Issue, Rule
from mtaudit.rules import RuleSet


def rules_below(ruleset: RuleSet, prefix: str) -> list[Rule]:
    """The rules of a pack."""
    chosen = [rule for rule in ruleset.rules if rule.id.startswith(prefix)]
    assert chosen, prefix
    return chosen


_compiled: dict[tuple[str, ...], Any] = {}


def issues_of(text: str, rules: Sequence[Rule], engines: Engines) -> list[Issue]:
    """What the rules, all of one kind of check, find in the text, in its order."""
    ((analysis, _),) = analyse([Article("a", text)], engines)
    check = CHECKERS[rules[0].check]
    key = tuple(rule.id for rule in rules)
    if key not in _compiled:
        _compiled[key] = check.compile(rules)
    return sorted(check.run(analysis, _compiled[key]), key=lambda issue: issue.span)


def found(text: str, rules: Sequence[Rule], engines: Engines) -> list[tuple[str, ...]]:
    """The matched texts with their suggestions."""
    return [(text[issue.span.start : issue.span.end], *issue.suggestions) for issue in issues_of(text, rules, engines)]
