"""Every rule against its own examples: the spans, the suggestions, silence once corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from mtaudit.examples import Failure, check_examples
from mtaudit.model import Rule, Severity
from mtaudit.rulefile import marked
from mtaudit.rules import RuleSet, load_rules, packaged_rules
from mtaudit.witnesses import Choice

RULES = load_rules([packaged_rules()], examples=True)
WITNESSED = [rule for rule in RULES.rules if rule.check == "languagetool"]
OURS = [rule for rule in RULES.rules if rule.check != "languagetool"]


def unexpected(failures: Iterable[Failure]) -> dict[str, list[Failure]]:
    found: dict[str, list[Failure]] = defaultdict(list)
    for failure in failures:
        if not failure.expected:
            found[failure.rule].append(failure)
    return found


@pytest.fixture(scope="module")
def failures() -> dict[str, list[Failure]]:
    return unexpected(check_examples(RULES, OURS))


@pytest.mark.parser
@pytest.mark.parametrize("rule", OURS, ids=lambda rule: rule.id)
def test_the_rule_does_what_its_examples_say(rule: Rule, failures: dict[str, list[Failure]]) -> None:
    assert not failures[rule.id]


@pytest.fixture(scope="module")
def witnessed_failures(languagetool_url: str) -> dict[str, list[Failure]]:
    return unexpected(check_examples(RULES, WITNESSED, Choice(languagetool_url)))


@pytest.mark.languagetool
@pytest.mark.parametrize("rule", WITNESSED, ids=lambda rule: rule.id)
def test_the_rule_does_what_its_examples_say_with_languagetool(
    rule: Rule, witnessed_failures: dict[str, list[Failure]]
) -> None:
    assert not witnessed_failures[rule.id]


def test_a_rule_without_its_engine_is_not_called_right() -> None:
    (failure,) = check_examples(RULES, WITNESSED[:1])
    assert failure.unrun
    assert "not installed" in failure.reason


RULE = Rule(
    id="fr/test/consult-on",
    check="phrase",
    title="t",
    message="« {match} »",
    why="w",
    category="style/calque",
    severity=Severity.MINOR,
    options={"phrases": ["consulter sur"]},
    bad=(marked("Il veut [[consulter sur]] le budget."), marked("Les élus vont [[consulter sur]] la taxe.")),
    good=(marked("Il veut consulter les élus."), marked("Une consultation sur le budget.")),
)


def faults(rule: Rule) -> list[str]:
    return [failure.reason for failure in check_examples(RuleSet((rule,), "hash"), [rule])]


def test_the_runner_catches_each_way_in_which_an_example_can_be_wrong() -> None:
    assert faults(RULE) == []
    silent = replace(RULE, bad=(RULE.bad[0], marked("Il veut [[consulter]] le maire.")))
    assert faults(silent) == ["found [] where ['consulter'] is marked"]
    wider = replace(RULE, bad=(RULE.bad[0], marked("Il [[veut consulter sur]] la taxe.")))
    assert faults(wider) == ["found ['consulter sur'] where ['veut consulter sur'] is marked"]
    unsuggested = replace(RULE, bad=(RULE.bad[0], marked("Il veut [[consulter sur|examiner]] la taxe.")))
    assert faults(unsuggested) == ["suggests None where 'examiner' is stated"]
    loud = replace(RULE, good=(RULE.good[0], marked("Il veut consulter sur place.")))
    assert faults(loud) == ["a good example fires on 'consulter sur'"]
    recorded = replace(RULE, good=(RULE.good[0], loud.good[1]._replace(expected_failure="adverbial sur place")))
    assert [failure.expected for failure in check_examples(RuleSet((recorded,), "h"), [recorded])] == [
        "adverbial sur place"
    ]
    mended = replace(RULE, good=(RULE.good[0], RULE.good[1]._replace(expected_failure="was fixed")))
    assert faults(mended) == ["no longer fails; take out expected_failure (was fixed)"]
    meagre = replace(RULE, good=RULE.good[:1])
    assert faults(meagre) == ["1 good example(s); a rule has at least 2"]


def test_a_correction_that_still_fires_is_caught() -> None:
    stubborn = replace(
        RULE,
        options={"phrases": ["consulter sur"], "swap": "consulter sur le fond"},
        bad=(RULE.bad[0], marked("Ils vont [[consulter sur|consulter sur le fond]] la taxe.")),
    )
    assert "the corrected text still fires on 'consulter sur'" in faults(stubborn)
