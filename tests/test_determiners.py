"""Determiners: how they are fitted to another word, and stripped of their gender."""

from __future__ import annotations

import pytest

from mtaudit.determiners import fit_determiner, without_gender


@pytest.mark.parametrize(
    ("written", "gender", "vowel", "expected"),
    [
        ("un", "f", False, "une "),
        ("l'", "m", False, "le "),
        ("la", "m", True, "l'"),
        ("de l'", "m", False, "du "),
        ("du", "f", False, "de la "),
        ("du", "", True, "de l'"),
        ("à la", "m", False, "au "),
        ("ma", "", True, "mon "),
        ("cet", "m", False, "ce "),
        ("d'", "", False, "de "),
        ("que", "", True, "qu'"),
        ("chaque", "f", False, None),
    ],
)
def test_fit_determiner(written: str, gender: str, vowel: bool, expected: str | None) -> None:
    assert fit_determiner(written, gender, vowel) == expected


def test_without_gender() -> None:
    assert without_gender(["la", "l'", "nouvelle", "de", "filiale"]) == ["le", "le", "nouveau", "de", "filiale"]
