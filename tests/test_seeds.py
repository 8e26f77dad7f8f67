"""The five seed articles against what a strict editor marks in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtaudit.analysis import Engines
from mtaudit.evaluation import evaluate, read_gold
from mtaudit.model import Report, Severity
from mtaudit.pipeline import prepare
from mtaudit.rules import RuleSet
from mtaudit.selection import select_rules

pytestmark = pytest.mark.parser


@pytest.fixture(scope="module")
def reports(ruleset: RuleSet, engines: Engines, seeds: Path) -> dict[str, Report]:
    run = prepare(ruleset, select_rules(ruleset.rules), engines=engines)
    items = list(read_gold(seeds / "gold.jsonl"))
    return {
        item.article.id: report for item, report in zip(items, run.run(item.article for item in items), strict=True)
    }


def test_the_gold_lines_are_found(reports: dict[str, Report], seeds: Path) -> None:
    items = list(read_gold(seeds / "gold.jsonl"))
    result = evaluate(items, [reports[item.article.id] for item in items])
    must, should = result.levels["must"], result.levels["should"]
    assert must.gold == 38
    assert must.found >= 35, result.missed
    assert should.found >= 5, result.missed


def test_the_human_article_stays_silent(reports: dict[str, Report]) -> None:
    (human,) = (report for name, report in reports.items() if name.startswith("001_"))
    grave = [issue for issue in human.issues if issue.severity is not Severity.MINOR]
    assert not grave
    assert len(human.issues) <= 1
    assert human.score.triage == "clean"


def test_the_machine_articles_are_not_called_clean(reports: dict[str, Report]) -> None:
    triage = {name[:3]: report.score.triage for name, report in reports.items()}
    assert all(triage[name] != "clean" for name in ("000", "002", "003", "004"))


def test_what_is_marked_is_what_stands_in_the_text(reports: dict[str, Report]) -> None:
    for report in reports.values():
        for issue in report.issues:
            assert 0 <= issue.span.start < issue.span.end <= len(report.article.text)
            assert report.article.text[slice(*issue.span)].strip()
