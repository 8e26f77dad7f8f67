"""Disclaimers, biographies, key words, teasers and lines of web furniture, and the news that resembles them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mtaudit.checks import boilerplate
from mtaudit.model import RegionKind
from tests.checks.surface import analysis_of, found, matches, rule_of

BODY = "La mairie a fermé la piscine lundi. Les travaux dureront six mois. Les nageurs iront au lac."
NOTICE: dict[str, Any] = {
    "detector": "disclaimer",
    "together": {
        "translation": ["translat", "tradui"],
        "machine": ["automat", "ai "],
        "itself": ["this article", "cet article", "versions "],
    },
    "joins": ["error", "erreur"],
    "edge": True,
}


@pytest.mark.parametrize(
    "notice",
    [
        "This article was automatically translated.",
        "This article was automatically translated. It may contain errors.",
        "Cet article a été traduit automatiquement. Des erreurs sont possibles.",
        "All versions are made by AI. They are translated from Greek.",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_notice_at_either_end_with_what_follows(notice: str, first: bool) -> None:
    text = f"{notice}\n{BODY}" if first else f"{BODY}\n{notice}"
    assert matches(boilerplate, text, **NOTICE) == [notice]


def test_news_in_the_middle_of_an_article_is_no_notice() -> None:
    text = f"{BODY} {BODY}\nCet article de loi, traduit en six langues, vise les machines automatiques.\n{BODY} {BODY}"
    assert matches(boilerplate, text, **NOTICE) == []


def test_a_stem_with_a_blank_is_a_whole_word() -> None:
    text = f"{BODY}\nVersions of this are translated by aid workers."
    assert matches(boilerplate, text, **NOTICE) == []


PROFILE: dict[str, Any] = {
    "detector": "biography",
    "words": ["coffee", "geek", "lover", "proud", "blogger"],
    "absent": ["le", "la", "les", "de"],
    "most_words": 6,
}


@pytest.mark.parametrize(
    "profile",
    ["Proud geek. Coffee lover.", "« Coffee lover. Part-time blogger. »", "Amateur blogger. Total geek! Sleeper."],
)
def test_a_profile_in_the_last_lines(profile: str) -> None:
    assert matches(boilerplate, f"{BODY}\n\n{profile}\n", **PROFILE) == [profile]


@pytest.mark.parametrize(
    "text",
    [
        f"Proud geek. Coffee lover.\n{BODY}\n{BODY}\n{BODY}\n{BODY}",
        f"{BODY}\nLe coffee shop des geek. Les lover de la ville.",
        f"{BODY}\nCoffee lover",
    ],
)
def test_no_profile_elsewhere_or_in_french_or_in_one_phrase(text: str) -> None:
    assert matches(boilerplate, text, **PROFILE) == []


def test_key_words_run_over_empty_lines() -> None:
    text = f"{BODY}\n\nlyon\n\ncoupe de france\n\nfootball\n\n{BODY}\n\nsport\n\nlyon"
    assert matches(boilerplate, text, detector="tag-list", least=3, most_words=4) == [
        "lyon\n\ncoupe de france\n\nfootball"
    ]


def test_a_list_with_punctuation_is_no_list_of_key_words() -> None:
    text = "Au programme :\ndu chant,\nde la danse,\ndu théâtre."
    assert matches(boilerplate, text, detector="tag-list", least=2, most_words=4) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Le port est sûr. La grève pourrait... 12.05.2020, Radio Port",
            ["La grève pourrait... 12.05.2020, Radio Port"],
        ),
        ("La grève pourrait… 12 mai 2020 - Radio Port\nFin.", ["La grève pourrait… 12 mai 2020 - Radio Port"]),
        ("Il a attendu... 12 ans plus tard, il gagne.", []),
    ],
)
def test_teasers_keep_to_their_own_sentence(text: str, expected: list[str]) -> None:
    assert matches(boilerplate, text, detector="teaser") == expected


def test_a_match_grows_to_its_line_only_at_the_start_of_one() -> None:
    options: dict[str, Any] = {"patterns": [r"\blire aussi\b"], "grow": "line", "line_start": True}
    assert matches(boilerplate, f"{BODY}\n► Lire aussi : le lac gelé\n{BODY}", **options) == [
        "► Lire aussi : le lac gelé"
    ]
    assert matches(boilerplate, "Il faut lire aussi ce livre.", **options) == []


def test_a_match_in_a_long_line_grows_to_its_sentence() -> None:
    text = f"Cliquez ici pour voter. {BODY} {BODY} {BODY} {BODY}"
    options: dict[str, Any] = {"patterns": [r"\bcliquez ici\b"], "grow": "line"}
    assert matches(boilerplate, text, **options) == ["Cliquez ici pour voter."]


def test_a_match_in_a_quotation_is_silenced_even_if_its_line_is_longer() -> None:
    rule = msgspec.structs.replace(
        rule_of("boilerplate", patterns=["voici la traduction"], grow="sentence"), skip=(RegionKind.QUOTE,)
    )
    compiled = boilerplate.compile([rule])
    said = analysis_of("« Voici la traduction du contrat », a dit l’avocate.")
    assert list(boilerplate.run(said, compiled)) == []
    assert len(list(boilerplate.run(analysis_of("Voici la traduction du contrat."), compiled))) == 1


def test_a_whole_line_holds_nothing_else() -> None:
    options: dict[str, Any] = {"patterns": ["cliquez ici"], "whole_line": True}
    assert matches(boilerplate, f"{BODY}\n» Cliquez ici !\n{BODY}", **options) == ["Cliquez ici"]
    assert matches(boilerplate, "Cliquez ici. La mairie a fermé la piscine lundi.", **options) == []
    assert matches(boilerplate, "Il a dit : cliquez ici", **options) == []


def test_words_of_the_same_sentence_silence_a_match() -> None:
    options: dict[str, Any] = {"patterns": ["texte à traduire"], "unless": ["selon", r"/, dit-\w+/"]}
    assert matches(boilerplate, "Texte à traduire. Selon elle, il est long.", **options) == ["Texte à traduire"]
    assert matches(boilerplate, "Selon elle, le texte à traduire est long.", **options) == []
    assert matches(boilerplate, "Le texte à traduire est long, dit-elle.", **options) == []


def test_a_pattern_may_have_triggers_of_its_own() -> None:
    pattern = {"pattern": r"\bx\d", "trigger": ["x1", "x2"]}
    assert matches(boilerplate, "Un x1.\nUn x3.", patterns=[pattern]) == ["x1"]


def test_the_start_of_a_line_by_a_digit_or_by_no_known_letter() -> None:
    options: dict[str, Any] = {"patterns": [r"\b\d+ vues$", r"\w+@port\.fr$"], "line_start": True}
    text = f"{BODY}\n340 vues\n{BODY}\n(marie@port.fr\nLe film a fait 340 vues"
    assert matches(boilerplate, text, **options) == ["340 vues", "marie@port.fr"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "either `detector` or `patterns`"),
        ({"detector": "banner"}, "no detector 'banner'"),
        ({"detector": "disclaimer", "together": {"one": ["a"]}}, "at least two lists"),
        ({"detector": "biography"}, "`words` must not be empty"),
        ({"patterns": ["abc"], "grow": "page"}, "Invalid enum value"),
        ({"detector": "teaser", "unless": ["selon"]}, "for patterns"),
        ({"patterns": ["abc"], "unless": ["/(/"]}, "bad regex"),
    ],
)
def test_bad_options_name_the_rule(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match="fr/test/boilerplate") as error:
        boilerplate.compile([rule_of("boilerplate", **options)])
    assert reason in str(error.value)


def test_an_issue_has_no_suggestion() -> None:
    assert found(boilerplate, f"{BODY}\nLire aussi : le lac", patterns=["lire aussi"]) == [("Lire aussi",)]
