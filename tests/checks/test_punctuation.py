"""Quotation marks, stray fragments, capitals and commas, and what must be left alone."""

from __future__ import annotations

from typing import Any

import pytest

from mtaudit.checks import punctuation
from mtaudit.model import Need
from tests.checks.surface import FakeLexicon, found, matches, rule_of

N = "\u00a0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il m'a dit » reviens demain « .", ["» reviens demain « ."]),
        ("La réponse : » Rien à déclarer «, selon elle.", ["» Rien à déclarer «"]),
        ("« J'y crois. Il me répète » tiens bon. Courage « .", ["» tiens bon. Courage « ."]),
        (f"«{N}J'y crois{N}», dit-il, et «{N}oui{N}»{N}.", []),
        ("« … et puis rien », souffle-t-elle.", []),
        ("Il annonce : «\nLa liste est close. »", []),
        ("» Deuxième paragraphe d'une longue citation, comme on l'imprimait.", []),
    ],
)
def test_reversed_guillemets(text: str, expected: list[str]) -> None:
    assert matches(punctuation, text, detector="reversed-guillemets") == expected


def test_reversed_guillemets_are_righted() -> None:
    text = "Il m'a dit » reviens demain « ."
    assert found(punctuation, text, detector="reversed-guillemets")[0][1] == f"«{N}reviens demain{N}»."


def test_one_tight_quotation_among_spaced_ones() -> None:
    text = "« Un », dit-il. « Deux », dit-elle. «Trois», répond-on."
    assert matches(punctuation, text, detector="tight-guillemets") == ["«Trois»"]


def test_a_tight_house_style_is_silent() -> None:
    text = "«Un», dit-il. «Deux», dit-elle. « Trois », répond-on."
    assert matches(punctuation, text, detector="tight-guillemets") == []


LEXICON = FakeLexicon(
    {
        "communiqué": "NOUN",
        "deux": "NUM",
        "maires": "NOUN",
        "voisins": "NOUN ADJ",
        "partent": "VERB",
        "la": "DET",
        "foule": "NOUN VERB",
        "signer": "VERB",
        "stade": "NOUN",
        "vide": "ADJ NOUN VERB",
        "semaines": "NOUN",
        "les": "DET",
        "région": "NOUN",
        "plusieurs": "DET",
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Elle l'écrit dans un communiqué. deux maires voisins.", ["communiqué. deux maires voisins."]),
        ("Elle l'écrit dans un communiqué. deux maires partent.", []),
        ("Elle l'écrit dans un communiqué. Deux maires voisins.", []),
        ("L'avion d'Air Trans. deux maires voisins.", []),
        ("Voir art. deux maires voisins.", []),
        ("Elle l'écrit... deux maires voisins.", []),
    ],
)
def test_stray_fragments_have_no_verb_and_follow_a_word(text: str, expected: list[str]) -> None:
    options: dict[str, Any] = {"detector": "stray-fragment", "spare": ["art", "trans"]}
    assert matches(punctuation, text, LEXICON, **options) == expected


def test_a_lower_case_sentence_with_a_verb() -> None:
    text = "Elle quitte le stade. la foule et deux maires partent aussitôt. Fin."
    assert found(punctuation, text, LEXICON, detector="lower-sentence") == [(". la", ". La")]
    assert matches(punctuation, text.replace(". la", ". La"), LEXICON, detector="lower-sentence") == []


SMALL: dict[str, Any] = {
    "detector": "capital-after-comma",
    "words": ["la", "les", "ils"],
    "spare": ["la", "les"],
    "names": ["france"],
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Selon le maire, Ils reviendront demain.", [", Ils"]),
        ("Selon le maire, La France gagnera.", [", La"]),
        ("Il a vécu à Nantes, La Rochelle et Niort.", []),
        ("Il a dit : « Nantes », La France aussi.", []),
        ("Les partis Verts, Rouges, La France en tête.", []),
        ("Selon le maire, la France gagnera.", []),
    ],
)
def test_capital_after_comma(text: str, expected: list[str]) -> None:
    assert matches(punctuation, text, **SMALL) == expected


COMPLEMENT: dict[str, Any] = {
    "detector": "comma-complement",
    "words": ["refusé", "promis"],
    "names": ["déclaré", "dit"],
    "auxiliaries": ["a", "ont"],
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Les élus ont refusé, de signer le texte.", ["refusé, de signer"]),
        ("Les élus ont refusé, de ne pas signer.", ["refusé, de ne pas signer"]),
        ("Les élus ont refusé, de leur côté, de signer.", []),
        ("Il a juré, promis, de signer.", []),
        ("La juge a déclaré, que tout va bien.", ["déclaré, que"]),
        ("La juge a déclaré, lundi, que tout va bien.", []),
        ("Le texte, a-t-elle dit, que personne ne lit.", []),
        ("La juge l'a dit, que ce soit vrai ou faux.", []),
    ],
)
def test_comma_before_a_complement(text: str, expected: list[str]) -> None:
    assert matches(punctuation, text, LEXICON, **COMPLEMENT) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fermé deux semaines.Les clients attendent.", ["semaines.Les"]),
        ('Un "beau geste".Les clients attendent.', ['geste".Les']),
        ("Fermé en mai.L'État paiera.", ["mai.L'État"]),
        ("Le site Radio.Com ferme, J.K. Rowling aussi.", []),
        ("Écrire à jean@mairie.Fr ou www.mairie.Fr demain.", []),
        ("Il dit : « Non ».Les clients attendent.", []),
    ],
)
def test_glued_sentences(text: str, expected: list[str]) -> None:
    assert matches(punctuation, text, LEXICON, detector="glued-sentences", spare=["com", "fr"]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La facture de la régionPlusieurs maires refusent.", [("régionPlusieurs", "région Plusieurs")]),
        ("La région suit Brest et la régionBrest plus encore.", [("régionBrest", "région Brest")]),
        ("Le mot-dièse #régionPlusieurs circule.", []),
        ("L'appareil eBay, iPhone ou easyJet coûte cher.", []),
    ],
)
def test_glued_headings_are_two_known_words(text: str, expected: list[tuple[str, ...]]) -> None:
    assert found(punctuation, text, LEXICON, detector="glued-heading") == expected


@pytest.mark.parametrize(
    ("detector", "text", "expected"),
    [
        ("blank-before-stop", "Le maire , élu hier .", ["maire ,", "hier ."]),
        ("blank-before-stop", "Un calibre .22 et un « mot » . Fin", []),
        ("double-marks", "Le port,. puis la mer. . Fin", [",.", ". ."]),
        ("double-marks", "Etc., dit-on... et puis ... rien", []),
        ("missing-blank", "Oui,mais le «prix»monte", ["Oui,mais", "prix»monte"]),
        ("missing-blank", "La page /a,bc,de vaut 3,5 euros", []),
    ],
)
def test_blanks(detector: str, text: str, expected: list[str]) -> None:
    assert matches(punctuation, text, detector=detector, spare=["etc"]) == expected


def test_only_detectors_that_ask_the_lexicon_need_it() -> None:
    assert punctuation.needs(rule_of("punctuation", detector="stray-fragment")) == {Need.LEXICON}
    assert punctuation.needs(rule_of("punctuation", detector="double-marks")) == frozenset()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "either `detector` or `patterns`"),
        ({"detector": "double-mark"}, "no detector 'double-mark'"),
        ({"detector": "double-marks", "patterns": ["abc"]}, "either"),
        ({"detector": "double-marks", "most_words": 0}, "most_words"),
    ],
)
def test_bad_options_name_the_rule(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match="fr/test/punctuation") as error:
        punctuation.compile([rule_of("punctuation", **options)])
    assert reason in str(error.value)
