"""The source language: votes of rules, and no guess where they do not settle it."""

from __future__ import annotations

import pytest

from mtaudit.model import Issue, Rule, Severity, Span
from mtaudit.origin import source_language


def rule(name: str, *votes: str) -> Rule:
    return Rule(f"fr/calques/{name}", "phrase", "", "", "", "style/calque", Severity.MINOR, votes=votes)


def issue(name: str, language: str = "") -> Issue:
    evidence = {"language": language} if language else {}
    return Issue(f"fr/calques/{name}", Span(0, 1), "", "style/calque", Severity.MINOR, evidence=evidence)


RULES = {
    one.id: one
    for one in (
        rule("o-mesmo", "pt", "es"),
        rule("mil-milhoes", "pt", "es"),
        rule("vereador", "pt"),
        rule("prefeito", "pt"),
        rule("declined", "en"),
        rule("amid", "en"),
        rule("pledged", "en"),
        rule("silent"),
    )
}


def test_nothing_is_said_where_no_rule_votes() -> None:
    assert source_language([issue("silent")], RULES) is None


def test_one_vote_settles_nothing() -> None:
    for name in ("declined", "vereador"):
        origin = source_language([issue(name)], RULES)
        assert origin is not None
        assert origin.guess is None


def test_a_rule_votes_once_however_often_it_fires() -> None:
    origin = source_language([issue("vereador")] * 20, RULES)
    assert origin is not None
    assert origin.votes == {"pt": 1}
    assert origin.guess is None


def test_agreeing_rules_name_the_language() -> None:
    origin = source_language([issue(name) for name in ("o-mesmo", "vereador", "prefeito")], RULES)
    assert origin is not None
    assert origin.guess == "pt"
    assert origin.votes == {"es": 1, "pt": 3}
    english = source_language([issue(name) for name in ("declined", "amid", "pledged")], RULES)
    assert english is not None
    assert english.guess == "en"


def test_two_languages_that_share_every_vote_are_not_told_apart() -> None:
    origin = source_language([issue("o-mesmo"), issue("mil-milhoes")], RULES)
    assert origin is not None
    assert origin.guess is None
    assert origin.confidence < 0.5


def test_words_left_in_a_language_weigh_more_than_a_calque_except_in_english() -> None:
    left = source_language([issue("silent", "pt"), issue("vereador")], RULES)
    english = source_language([issue("silent", "en"), issue("vereador")], RULES)
    assert left is not None
    assert english is not None
    assert left.guess == "pt"
    assert english.guess is None


@pytest.mark.parametrize(
    ("disclaimer", "language"),
    [
        ("This article was translated automatically from Indonesian and may contain mistakes.", "id"),
        ("Errors are possible; please see Indonesian as our main language.", "id"),
        ("Texte traduit automatiquement du portugais.", "pt"),
        ("Article traduit par une machine depuis l’anglais.", "en"),
        ("Este texto foi traduzido automaticamente do inglês.", "en"),
    ],
)
def test_a_disclaimer_that_names_the_language_is_believed(disclaimer: str, language: str) -> None:
    votes = [issue("vereador"), issue("declined"), issue("amid")]
    said = Issue("fr/boilerplate/d", Span(0, len(disclaimer)), "", "content/mt-disclaimer", Severity.CRITICAL)
    origin = source_language([*votes, said], RULES, disclaimer)
    assert origin is not None
    assert origin.guess == language


def test_a_language_named_in_the_news_is_not_a_statement() -> None:
    text = "Le roman, traduit du russe, sort mardi."
    origin = source_language([issue("vereador")], RULES, text)
    assert origin is not None
    assert origin.votes == {"pt": 1}
