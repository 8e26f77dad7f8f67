"""The English of a round trip weighs a calque: round trips made by hand, and a rule with a gloss."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec.structs import replace as restruct

from mtaudit import glosses
from mtaudit.calibration import Calibration, Gloss
from mtaudit.glosses import GLOSS_EVIDENCE, glossed
from mtaudit.model import Issue, Rule, Severity, Span
from mtaudit.rulefile import parse_rule
from mtaudit.translations import Hypothesis, RoundTrip
from tests.checks.surface import analysis_of

RULE = Rule(
    "fr/own/sense", "phrase", "t", "m", "w", "style/calque", Severity.MINOR, gloss=("make sense", "makes sense")
)
PLAIN = restruct(RULE, id="fr/own/plain", gloss=())
TEXT = "La demande fait sens pour la ville."


@pytest.fixture(autouse=True)
def _calibrated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glosses, "calibration_of", lambda _: Calibration(1, "m", "", {}, {}, Gloss(0.5, 0.2)))


def weighed(pivot: str, rule: Rule = RULE, model: str = "m", **more: str) -> Issue:
    trip = RoundTrip(TEXT, model, Hypothesis(pivot, -1, 5), Hypothesis("La demande a un sens.", -1, 5), **more)  # type: ignore[arg-type]
    analysis = replace(analysis_of(TEXT), round_trips=(trip,))
    (issue,) = glossed([rule.issue(Span(11, 20), "fait sens", confidence=0.6)], analysis, {rule.id: rule})
    return issue


def test_a_pivot_with_the_gloss_makes_the_issue_surer() -> None:
    issue = weighed("The request Makes Sense for the town.")
    assert issue.confidence == pytest.approx(0.8)
    assert issue.evidence == {
        "gloss": "makes sense",
        "gloss_shown": True,
        "pivot": "The request Makes Sense for the town.",
        "round_trip": "La demande a un sens.",
    }
    assert issue.evidence.keys() <= GLOSS_EVIDENCE


@pytest.mark.parametrize("pivot", ["The request is logical for the town.", "It remakes sensely."])
def test_a_pivot_without_it_makes_the_issue_less_sure(pivot: str) -> None:
    issue = weighed(pivot)
    assert issue.confidence == pytest.approx(0.48)
    assert (issue.evidence["gloss"], issue.evidence["gloss_shown"]) == ("make sense", False)


def test_a_rule_without_a_gloss_and_a_sentence_without_a_round_trip_are_left_alone() -> None:
    assert weighed("It makes sense.", PLAIN).confidence == 0.6
    assert weighed("", reason="left out").evidence == {}
    issue = RULE.issue(Span(11, 20), "fait sens")
    assert list(glossed([issue], analysis_of(TEXT), {RULE.id: RULE})) == [issue]
    none = replace(analysis_of(TEXT), round_trips=(None,))
    assert list(glossed([issue], none, {RULE.id: RULE})) == [issue]


def test_another_model_is_marked() -> None:
    assert weighed("It makes sense.", model="another").evidence["uncalibrated"] is True


def test_a_rule_file_may_state_a_gloss() -> None:
    text = (
        'check: phrase\ntitle: t\nmessage: "m"\nwhy: w\ncategory: style/calque\nseverity: minor\n'
        'gloss: ["Make sense"]\noptions:\n  phrases: [faire sens]\n'
    )
    assert parse_rule("fr/own/sense", "sense.yml", text).gloss == ("make sense",)
