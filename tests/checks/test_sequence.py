"""Odd sequences of words: reported only where they are the rule."""

from __future__ import annotations

import pytest
from msgspec import structs

from mtaudit.analysis import Engines
from mtaudit.checks import sequence
from mtaudit.checks.sequence import Options, is_unusual
from mtaudit.model import Rule
from mtaudit.rules import RuleSet
from tests.checks.parsed import issues_of, rules_below

pytestmark = pytest.mark.parser

COPIED = "Sac dos imperméable avec poches ordinateur est idéal pour voyage."
#: French, 66 words.
PLAIN = (
    "Le conseil municipal a adopté lundi soir le budget de la ville. Les dépenses de personnel augmentent de deux pour "
    "cent et les impôts locaux ne bougeront pas. L'opposition regrette que la rénovation du gymnase soit encore "
    "reportée. Le maire a répondu que les travaux commenceraient au printemps, dès que la région aura versé sa part. "
    "La séance s'est terminée peu avant minuit dans une salle presque vide."
)


@pytest.fixture(scope="module")
def rule(ruleset: RuleSet) -> Rule:
    return rules_below(ruleset, "fr/sequence/")[0]


def found(text: str, rule: Rule, engines: Engines) -> list[str]:
    return [text[slice(*issue.span)] for issue in issues_of(text, [rule], engines)]


def test_neighbours_are_joined_and_told_by_their_lowest_score(rule: Rule, engines: Engines) -> None:
    issues = issues_of(COPIED, [rule], engines)
    assert [COPIED[slice(*issue.span)] for issue in issues] == ["Sac dos", "avec poches ordinateur", "pour voyage"]
    assert all(issue.evidence["score"] < rule.options["below"] for issue in issues)
    assert "avec poches ordinateur" in issues[1].message


def test_what_stands_in_plain_french_is_passed_over(rule: Rule, engines: Engines) -> None:
    assert found(PLAIN, rule, engines) == []
    assert found(f"{PLAIN} {COPIED}", rule, engines) == []


def test_an_article_of_them_is_told_of_each(rule: Rule, engines: Engines) -> None:
    again = "Housse siège voiture noir pour chien, facile nettoyer."
    assert found(f"{COPIED} {again}", rule, engines) == [*found(COPIED, rule, engines), *found(again, rule, engines)]
    assert len(found(again, rule, engines)) > 1


@pytest.mark.parametrize(
    "text",
    [
        "Grève à la SNCF, trafic perturbé.",
        "Le menu est idéal pour voyage.",
        "Rendez-vous samedi à 15 heures au stade municipal.",
        "« Nous irons jusqu’au bout », a répondu la ministre.",
        "",
    ],
)
def test_short_french_is_passed_over(rule: Rule, engines: Engines, text: str) -> None:
    assert found(text, rule, engines) == []


def test_few_neighbours_may_be_unusual_by_chance() -> None:
    options = Options(mean=1.5, margin=3.0)
    assert not is_unusual([0.5] * 8, options)
    assert is_unusual([0.5] * 10, options)
    assert not is_unusual([1.6] * 1000, options)
    assert not is_unusual([], options)


@pytest.mark.parametrize("options", [{}, {"mean": 1, "margin": -1}, {"mean": "x", "margin": 0}])
def test_bad_options_are_named(rule: Rule, options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=rule.id):
        sequence.compile([structs.replace(rule, options=options)])
