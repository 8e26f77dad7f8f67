"""Masks of gender and number, other forms of a word, and determiners that fit."""

from __future__ import annotations

import pytest

from mtaudit.engines.lexicon import DelaLexicon, load_lexicon
from mtaudit.inflection import (
    ANY,
    FEMININE,
    FEMININE_PLURAL,
    FEMININE_SINGULAR,
    MASCULINE_PLURAL,
    MASCULINE_SINGULAR,
    PLURAL,
    SINGULAR,
    UNKNOWN,
    determiner_mask,
    differ_in_number_only,
    fitted_determiner,
    inflected,
    read,
)


@pytest.fixture(scope="module")
def lexicon() -> DelaLexicon:
    return load_lexicon()


def test_a_form_has_the_mask_of_all_its_readings(lexicon: DelaLexicon) -> None:
    assert read(lexicon, "tribunal").nominal == MASCULINE_SINGULAR
    assert read(lexicon, "ministre").noun == SINGULAR
    assert read(lexicon, "pays").noun == MASCULINE_SINGULAR | MASCULINE_PLURAL
    assert read(lexicon, "orange").nominal == ANY
    assert read(lexicon, "alimentés").participle == MASCULINE_PLURAL
    assert read(lexicon, "mesure").verb == SINGULAR
    assert read(lexicon, "sont").verb == PLURAL


@pytest.mark.parametrize("word", ["xqzt", "a", "2", "week-end", "l'", "mieux"])
def test_what_is_unknown_short_or_of_another_kind_is_marked(lexicon: DelaLexicon, word: str) -> None:
    assert read(lexicon, word).other


def test_an_unknown_word_agrees_as_nothing() -> None:
    assert UNKNOWN.other
    assert UNKNOWN.nominal == 0


@pytest.mark.parametrize(
    ("word", "wanted", "form"),
    [
        ("petit", FEMININE_SINGULAR, "petite"),
        ("nouveau", FEMININE_PLURAL, "nouvelles"),
        ("nouvelles", MASCULINE_SINGULAR, "nouveau"),
        ("âgé", FEMININE_PLURAL, "âgées"),
        ("accusées", MASCULINE_PLURAL, "accusés"),
        ("régional", MASCULINE_PLURAL, "régionaux"),
        ("régionaux", FEMININE_SINGULAR, "régionale"),
        ("premier", FEMININE_SINGULAR, "première"),
        ("décisif", FEMININE_PLURAL, "décisives"),
        ("dangereux", FEMININE_SINGULAR, "dangereuse"),
        ("public", FEMININE_SINGULAR, "publique"),
        ("européennes", MASCULINE_SINGULAR, "européen"),
        ("vieux", FEMININE_SINGULAR, "vieille"),
    ],
)
def test_a_word_takes_another_gender_and_number(lexicon: DelaLexicon, word: str, wanted: int, form: str) -> None:
    assert inflected(lexicon, word, ("ADJ", "VERB"), wanted) == form


def test_a_noun_has_no_form_of_the_other_gender(lexicon: DelaLexicon) -> None:
    assert inflected(lexicon, "tribunal", ("NOUN",), FEMININE) is None
    assert inflected(lexicon, "journal", ("NOUN",), PLURAL) == "journaux"
    assert inflected(lexicon, "genou", ("NOUN",), PLURAL) == "genoux"


def test_determiners_stand_before_what_they_may() -> None:
    assert determiner_mask("la", "ville") == FEMININE_SINGULAR
    assert determiner_mask("son", "ville") == MASCULINE_SINGULAR
    assert determiner_mask("son", "amie") == SINGULAR
    assert determiner_mask("son", "hacienda") == SINGULAR
    assert determiner_mask("ces", "villes") == PLURAL
    assert determiner_mask("ville", "neuve") == 0


@pytest.mark.parametrize(
    ("word", "mask", "following", "fitted"),
    [
        ("la", MASCULINE_SINGULAR, "tribunal", "le "),
        ("le", FEMININE_SINGULAR, "enquête", "l'"),
        ("l'", PLURAL, "enquêtes", "les "),
        ("cette", MASCULINE_SINGULAR, "accord", "cet "),
        ("cet", FEMININE_SINGULAR, "ville", "cette "),
        ("du", FEMININE_SINGULAR, "presse", "de la "),
        ("au", FEMININE_SINGULAR, "université", "à l'"),
        ("ma", FEMININE_SINGULAR, "amie", "mon "),
        ("les", MASCULINE_SINGULAR, "vote", "le "),
        ("chaque", PLURAL, "jours", None),
        ("trois", FEMININE_SINGULAR, "ville", None),
    ],
)
def test_a_determiner_is_fitted(word: str, mask: int, following: str, fitted: str | None) -> None:
    assert fitted_determiner(word, mask, following) == fitted


def test_gender_weighs_more_than_number() -> None:
    assert differ_in_number_only(MASCULINE_SINGULAR, MASCULINE_PLURAL)
    assert not differ_in_number_only(MASCULINE_SINGULAR, FEMININE_SINGULAR)
    assert not differ_in_number_only(MASCULINE_SINGULAR, FEMININE_PLURAL)
