"""Nearness of spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaudit.spelling import accent_variants, distance, rank_candidates, single_edits, slight_edits

LETTERS = st.text("abceéèinossttu", min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("préfet", "préfet", 0.0),
        ("prefet", "préfet", 0.3),
        ("departement", "département", 0.3),
        ("renouvellés", "renouvelés", 0.5),
        ("championat", "championnat", 0.5),
        ("decison", "décision", 1.3),
        ("trian", "train", 1.0),
        ("maire", "mairie", 1.0),
        ("irréfiable", "irréparable", 3.0),
        ("", "été", 3.0),
    ],
)
def test_distance_weighs_accents_and_doubled_letters(one: str, other: str, expected: float) -> None:
    assert distance(one, other) == pytest.approx(expected)
    assert distance(other, one) == pytest.approx(expected)


@given(LETTERS)
def test_every_single_edit_lies_within_one(form: str) -> None:
    assert all(distance(form, edit) <= 1.0 for edit in single_edits(form))


@given(LETTERS)
def test_every_slight_edit_lies_within_a_half(form: str) -> None:
    assert all(0.0 <= distance(form, edit) <= 0.5 for edit in slight_edits(form))


@given(LETTERS, LETTERS)
def test_distance_is_nought_for_equals_alone(one: str, other: str) -> None:
    assert (distance(one, other) == 0.0) == (one == other)


def test_older_spellings_and_bare_capitals() -> None:
    assert "connaître" in set(accent_variants("connaitre", capital=False))
    assert "cédera" in set(accent_variants("cèdera", capital=False))
    assert "ambiguïté" in set(accent_variants("ambigüité", capital=False))
    assert "école" in set(accent_variants("ecole", capital=True))
    assert "école" not in set(accent_variants("ecole", capital=False))


def test_ranking_joins_nearness_ends_and_frequency() -> None:
    zipf = {"ingérence": 3.5, "ingérable": 2.5, "ignorance": 4.3, "maison": 5.5}
    assert rank_candidates("ingérance", zipf, zipf.__getitem__, 2) == ("ingérence", "ignorance")
