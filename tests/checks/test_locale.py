"""Dates, hours, numbers and units: macros, transforms, suggestions, bad options."""

from __future__ import annotations

from typing import Any

import pytest

from mtaudit.checks import locale
from mtaudit.checks.locale import TRANSFORMS, fill, french_number
from tests.checks.surface import found, matches, rule_of

N = "\u00a0"
MONTH_FIRST: dict[str, Any] = {
    "patterns": [
        r"(?<!\w)(?:(?P<weekday>%weekday%),? )?(?P<month>%Month%) (?P<day>%day%)(?:, (?P<year>%year%))?(?!\w)"
    ],
    "suggest": ["{weekday} {day:nth} {month:lower} {year}"],
    "case": True,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le club l'a annoncé mardi, Avril 6.", [("mardi, Avril 6", "mardi 6 avril")]),
        ("Elle est née le Août 1, 1987 à Brest.", [("Août 1, 1987", "1er août 1987")]),
        ("Le match se jouera mardi 6 avril.", []),
        ("La mission Mars 2020 a coûté cher.", []),
    ],
)
def test_groups_fill_the_suggestion_and_blanks_close_up(text: str, expected: list[tuple[str, ...]]) -> None:
    assert found(locale, text, **MONTH_FIRST) == expected


def test_typographic_blanks_count_as_blanks() -> None:
    assert matches(locale, f"Rendez-vous le Juin{N}12, à midi.", **MONTH_FIRST) == [f"Juin{N}12"]


def test_the_group_span_is_what_the_issue_covers() -> None:
    options: dict[str, Any] = {
        "patterns": [r"(?<=prix de )(?P<span>\$(?P<n>\d+))"],
        "suggest": ["{n} dollars"],
        "trigger": ["$"],
    }
    assert found(locale, "Vendu au prix de $40 pièce.", **options) == [("$40", "40 dollars")]


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("1,234.5", f"1{N}234,5"),
        ("12,000", f"12{N}000"),
        ("3.5", "3,5"),
        ("170.000.000", f"170{N}000{N}000"),
        ("950", "950"),
        ("1 300", f"1{N}300"),
        ("1.2.3", None),
        ("5,,5", None),
    ],
)
def test_numbers_are_rewritten_or_refused(english: str, french: str | None) -> None:
    assert french_number(english) == french


@pytest.mark.parametrize(
    ("transform", "value", "expected"),
    [
        ("pm", "12", "12"),
        ("pm", "3", "15"),
        ("am", "12", "0"),
        ("month", "03", "mars"),
        ("month", "August", "août"),
        ("month", "13", None),
        ("kilometres", "10", "16"),
        ("kilometres", "1,500", f"2{N}400"),
        ("celsius", "14", "−10"),
        ("crores", "2,5", "25 millions"),
        ("crores", "20,000", "200 milliards"),
        ("lakhs", "3", f"300{N}000"),
        ("ordinal", "21st", "21e"),
        ("of", "bn", "milliards de"),
    ],
)
def test_transforms(transform: str, value: str, expected: str | None) -> None:
    assert TRANSFORMS[transform](value) == expected


def test_a_number_that_makes_no_sense_is_left_alone() -> None:
    assert fill("{n:number} dollars", {"n": "1.2.3"}) == ""
    options: dict[str, Any] = {"patterns": [r"\$(?P<n>[\d.]+\d)"], "suggest": ["{n:number} dollars"], "trigger": ["$"]}
    assert matches(locale, "La clé $1.2.3 est refusée, le billet vaut $4.", **options) == []
    assert matches(locale, "Le billet vaut $40.", **options) == ["$40"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"patterns": ["%mois% 3"]}, "no list %mois%"),
        ({"patterns": ["abc(?P<n>d)"], "suggest": ["{m}"]}, "names the group 'm'"),
        ({"patterns": ["abc(?P<n>d)"], "suggest": ["{n:upper}"]}, "no transform 'upper'"),
        ({"patterns": ["abcd"], "trigger": ["%hour%"]}, "for a trigger"),
        ({"patterns": []}, "at least one regex"),
        ({"patterns": ["abcd"], "swap": ["x"]}, "unknown field"),
    ],
)
def test_bad_options_name_the_rule(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=r"fr/test/locale: .*") as error:
        locale.compile([rule_of("locale", **options)])
    assert reason in str(error.value)
