"""Measures of the rules: counted on both sides, written, read, and current."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import msgspec
import pytest

from mtaudit.errors import InputError
from mtaudit.evaluation import Item
from mtaudit.measures import (
    FEWEST_HUMAN,
    MOST_HUMAN,
    Measure,
    digest,
    kept_measures,
    measure,
    read_measures,
    write_measures,
)
from mtaudit.model import Article, Issue, Report, Rule, Score, Severity, Span, Status
from mtaudit.rules import MEASURES, load_rules, packaged_rules


def rule(name: str) -> Rule:
    options = {"phrases": [name.replace("-", " ")]}
    return Rule(f"fr/calques/{name}", "phrase", "", "", "", "style/calque", Severity.MINOR, options=options)


RULE, OTHER = rule("sur-le-dos-de"), rule("au-milieu-de")


def item(group: str) -> Item:
    return Item(Article(group, "Le Sénat a voté la loi."), (), group, False)


def report(words: int, *issues: Issue) -> Report:
    return Report(Article("x", ""), (), issues, Score(words, 0, 0, (0, 0), {}, "clean", ""))


def found(rule: Rule, *also: str) -> Issue:
    evidence = {"also": list(also)} if also else {}
    return Issue(rule.id, Span(0, 1), "", rule.category, rule.severity, evidence=evidence)


def test_both_sides_are_counted_and_a_rule_behind_another_too() -> None:
    items = [item("wmt08/human"), item("wmt08/google"), item("wmt08/bergamot-tiny")]
    reports = [report(1000), report(1500, found(RULE, OTHER.id)), report(500, found(RULE))]
    measures = measure(items, reports, [RULE, OTHER])
    assert measures[RULE.id] == Measure(digest(RULE), 0, 2, 1000, 2000)
    assert measures[OTHER.id] == Measure(digest(OTHER), 0, 1, 1000, 2000)
    assert measures[RULE.id].machine_rate == pytest.approx(1000)
    assert measures[RULE.id].lift == pytest.approx((2.5 / 2000) / (0.5 / 1000))


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    measures = {rule.id: Measure(digest(rule), 3, 40, 330_000, 1_000_000) for rule in (RULE, OTHER)}
    stream = StringIO()
    write_measures(measures, stream, ["wmt08/human", "wmt08/google"])
    path = tmp_path / MEASURES
    path.write_text(stream.getvalue(), encoding="utf-8")
    assert read_measures(path) == measures


@pytest.mark.parametrize("text", ["", "# words\n", "rule\tdigest\n\n\n", "# words\thuman x\tmachine 3\n#\na\tb\n"])
def test_what_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / MEASURES).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="rules measure"):
        read_measures(tmp_path / MEASURES)


def test_rules_that_were_not_run_again_keep_their_figures(tmp_path: Path) -> None:
    known = Measure(digest(RULE), 3, 40, 330_000, 1_000_000)
    stream = StringIO()
    write_measures({RULE.id: known}, stream, ["wmt08/human"])
    path = tmp_path / MEASURES
    path.write_text(stream.getvalue(), encoding="utf-8")
    changed = msgspec.structs.replace(RULE, options={"phrases": ["c"]})
    assert kept_measures(path, [RULE, OTHER], {}) == ({RULE.id: known}, [OTHER.id])
    assert kept_measures(path, [changed], {}) == ({}, [RULE.id])
    with pytest.raises(InputError, match="other texts"):
        kept_measures(path, [RULE], {OTHER.id: known._replace(human_words=5)})


def test_the_digest_follows_what_decides_where_a_rule_fires() -> None:
    assert digest(msgspec.structs.replace(RULE, options={"phrases": ["c"]})) != digest(RULE)
    assert digest(msgspec.structs.replace(RULE, message="…", why="…")) == digest(RULE)


def test_the_packaged_table_is_of_the_packaged_rules() -> None:
    rules = [rule for rule in load_rules([packaged_rules()]).rules if rule.status is not Status.RETIRED]
    measures = read_measures(packaged_rules() / MEASURES)
    # Those of LanguageTool need an hour, and have a table of their own: notebooks/languagetool_rules.tsv.
    # Those of fidelity need sources, which these texts lack: notebooks/fidelity.py.
    # Those of round trips depend on a model, whose calibration has theirs: notebooks/roundtrip.py.
    elsewhere = {"languagetool", "fidelity", "roundtrip"}
    missing = {rule.id for rule in rules if rule.id not in measures and rule.check not in elsewhere}
    stale = missing | {rule.id for rule in rules if rule.id in measures and measures[rule.id].digest != digest(rule)}
    gone = measures.keys() - {rule.id for rule in rules}
    assert not stale, "changed since they were measured: run `mtaudit rules measure` as rules/README.md says"
    assert not gone


def test_a_stable_rule_is_rare_on_human_news_or_says_why() -> None:
    measures = read_measures(packaged_rules() / MEASURES)
    for rule in load_rules([packaged_rules()]).rules:
        if rule.status is Status.STABLE and rule.id in measures and measures[rule.id].human_rate > MOST_HUMAN:
            assert rule.frequent, f"{rule.id} fires {measures[rule.id].human_rate:.0f} times per million human words"


def test_a_minor_fault_is_common_where_people_make_it_as_often_as_machines() -> None:
    measures = read_measures(packaged_rules() / MEASURES)
    for rule in load_rules([packaged_rules()]).rules:
        if rule.id in measures and rule.status is Status.STABLE and rule.severity is Severity.MINOR and not rule.weak:
            told = measures[rule.id]
            assert rule.common == (told.human >= FEWEST_HUMAN and told.lift < 1), (rule.id, told)
