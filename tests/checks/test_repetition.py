"""Doubled words and phrases, loops, duplicates, and the repetitions that are French."""

from __future__ import annotations

from typing import Any

import pytest

from mtaudit.checks import repetition
from tests.checks.surface import found, matches, rule_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le maire a fermé le le stade.", [("le le", "le")]),
        ("Le maire a fermé le\nLe stade.", []),
        ("Les côtes de de Gaulle, puis de De Gaulle.", []),
        ("Le concert de Duran Duran est complet.", []),
        ("Il n'a a priori rien dit.", []),
        ("Nous nous verrons.", []),
        ("Trois, trois fois trois.", []),
        ("Il y a 20 20 pages.", []),
    ],
)
def test_doubled_words(text: str, expected: list[tuple[str, ...]]) -> None:
    assert found(repetition, text, detector="doubled-word", spare=["nous"]) == expected


def test_only_the_listed_words() -> None:
    text = "Le maire a vu vu les les élus."
    assert matches(repetition, text, detector="doubled-word", only=["les"]) == ["les les"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il joue dans le cadre dans le cadre du tournoi.", [("dans le cadre dans le cadre", "dans le cadre")]),
        ("La maison de la rue de la rue Haute.", [("de la rue de la rue", "de la rue")]),
        ("Le train du nord du nord arrive.", [("du nord du nord", "du nord")]),
        ("De plus en plus en retard.", []),
        ("Il part vers le sud Vers le sud, il neige.", []),
        ("Il part, dit-il, il part, dit-il.", []),
    ],
)
def test_doubled_phrases(text: str, expected: list[tuple[str, ...]]) -> None:
    assert found(repetition, text, detector="doubled-phrase", spare=["en"]) == expected


def test_a_phrase_is_reported_once_at_its_longest() -> None:
    text = "Il a perdu la clé de la cave la clé de la cave hier."
    assert matches(repetition, text, detector="doubled-phrase") == ["la clé de la cave la clé de la cave"]
    assert matches(repetition, text, detector="doubled-phrase", longest=4) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Une hausse de la taxe de la taxe de la taxe hier.", ["de la taxe de la taxe de la taxe"]),
        ("Fini fini fini fini, dit-on.", ["Fini fini fini fini"]),
        ("Ils ont gagné, ils ont gagné, ils ont gagné !", []),
        ("Dix morts, dix morts, dix morts, dix morts.", ["Dix morts, dix morts, dix morts, dix morts"]),
        ("Non, non, non, non, non !", []),
    ],
)
def test_loops(text: str, expected: list[str]) -> None:
    assert matches(repetition, text, detector="loop", spare=["non"]) == expected


def test_a_sentence_copied_with_other_marks() -> None:
    text = "Le pont fermera lundi pour un mois. Rien ne change ailleurs. « Le pont fermera lundi pour un mois »"
    hits = matches(repetition, text, detector="duplicate-sentence", min_words=6)
    assert len(hits) == 1
    assert "pont fermera" in hits[0]


def test_a_copied_paragraph_is_one_issue() -> None:
    paragraph = "Le pont fermera lundi pour un mois. Les bus passeront par le quai du port."
    text = f"{paragraph}\n\nLe maire regrette la gêne occasionnée.\n\n{paragraph}"
    assert matches(repetition, text, detector="duplicate-paragraph") == [paragraph]
    assert matches(repetition, text, detector="duplicate-sentence") == []


def test_short_sentences_may_come_again() -> None:
    assert matches(repetition, "Il pleut. Elle rit. Il pleut.", detector="duplicate-sentence") == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"detector": "echo"}, "no detector 'echo'"),
        ({"detector": "loop", "times": 1}, "`times`"),
        ({"detector": "doubled-phrase", "shortest": 5, "longest": 3}, "`shortest`"),
    ],
)
def test_bad_options_name_the_rule(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match="fr/test/repetition") as error:
        repetition.compile([rule_of("repetition", **options)])
    assert reason in str(error.value)


def test_words_longer_than_a_byte_counts() -> None:
    long = "a" * 300
    text = f"Le code {long} {long} a été publié hier."
    assert matches(repetition, text, detector="doubled-word") == [f"{long} {long}"]
