"""The English of a round trip weighs a calque: round trips made by hand, and a rule with a gloss."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml
from msgspec.structs import replace as restruct

from mtaudit import glosses
from mtaudit.calibration import Calibration, Gloss
from mtaudit.checks import phrase
from mtaudit.glosses import GLOSS_EVIDENCE, glossed
from mtaudit.model import Issue, Rule, Severity, Span
from mtaudit.rulefile import parse_rule
from mtaudit.rules import RuleSet, packaged_rules
from mtaudit.translations import Hypothesis, RoundTrip
from tests.checks.surface import analysis_of

RULE = Rule(
    "fr/own/sense", "phrase", "t", "m", "w", "style/calque", Severity.MINOR, gloss=("make sense", "makes sense")
)
PLAIN = restruct(RULE, id="fr/own/plain", gloss=())
TEXT = "La demande fait sens pour la ville."

#: Words of lower-case English. No accent, so no word left in French.
ENGLISH = re.compile(r"[a-z0-9]+(?:[ '-][a-z0-9]+)*")
#: One gloss speaks for every entry of its rule. Six entries are still one turn of phrase in its forms (the passives of
#: "is believed to be"); the longer lists of the packs mix idioms or terms, each with an English of its own.
MOST_ENTRIES = 6
#: As many as a verb and its objects need (release, released × a, an, his, the report…). Whatever needs more has no
#: English of its own, and a pivot would show one of so many by chance.
MOST_GLOSSES = 24


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


@pytest.fixture(scope="module")
def stated() -> dict[str, list[str]]:
    """The glosses as the packaged files state them, by path: what the loader makes of them is lower-cased already."""
    files = {path: path.read_text(encoding="utf-8") for path in packaged_rules().rglob("*.yml")}
    with_one = {path: text for path, text in files.items() if re.search(r"^gloss\b", text, re.MULTILINE)}
    loaded: dict[str, Any] = {str(path): yaml.load(text, yaml.CSafeLoader) for path, text in with_one.items()}
    return {path: rule["gloss"] for path, rule in loaded.items()}


def test_packaged_glosses_are_plain_english_each_once(stated: dict[str, list[str]]) -> None:
    assert [(path, one) for path, gloss in stated.items() for one in gloss if not ENGLISH.fullmatch(one)] == []
    assert [path for path, gloss in stated.items() if not 0 < len(gloss) == len(set(gloss)) <= MOST_GLOSSES] == []
    # README.md says so.
    assert len(stated) > 100


def test_packaged_rules_with_a_gloss_mean_one_expression(ruleset: RuleSet) -> None:
    glossed_rules = [rule for rule in ruleset.rules if rule.gloss]
    # A confusion is one pair of words, and its list the contexts that tell them apart.
    long = [rule.id for rule in glossed_rules if rule.check != "confusion" and rule.entries > MOST_ENTRIES]
    assert long == []
    # What people write nearly as often comes back as the same English whoever wrote it: it would say nothing, and being
    # the most frequent it would decide what every other gloss weighs.
    assert [rule.id for rule in glossed_rules if rule.weak] == []


@pytest.mark.parametrize(
    ("name", "text", "literal", "sense"),
    [
        (
            "falsefriends/eventually",
            "Le suspect a éventuellement reconnu les faits.",
            "The suspect eventually admitted the facts.",
            "The suspect may have admitted the facts.",
        ),
        (
            "calques/make-sense",
            "Cette fusion fait du sens pour les deux banques.",
            "This merger makes sense for both banks.",
            "This merger gives the direction for both banks.",
        ),
        (
            "falsefriends/comprehensive",
            "Le ministre promet une réforme compréhensive des retraites.",
            "The minister promises a comprehensive reform of pensions.",
            "The minister promises an understanding reform of pensions.",
        ),
        (
            "falsefriends/injuries",
            "Le cycliste souffre d’injures légères.",
            "The cyclist is suffering from minor injuries.",
            "The cyclist is suffering from light insults.",
        ),
    ],
)
def test_a_packaged_rule_is_surer_by_its_literal_english_alone(
    ruleset: RuleSet, name: str, text: str, literal: str, sense: str
) -> None:
    (rule,) = (rule for rule in ruleset.rules if rule.id == f"fr/{name}")
    plain = analysis_of(text)
    (found,) = phrase.run(plain, phrase.compile([rule]))
    issue = replace(found, confidence=0.6)

    def by(pivot: str) -> Issue:
        trip = RoundTrip(text, "m", Hypothesis(pivot, -1, 5), Hypothesis(text, -1, 5))
        (one,) = glossed([issue], replace(plain, round_trips=(trip,)), {rule.id: rule})
        return one

    assert by(literal).confidence == pytest.approx(0.8)
    assert by(literal).evidence["gloss_shown"] is True
    assert by(sense).confidence == pytest.approx(0.48)
    assert by(sense).evidence["gloss_shown"] is False
