"""Elision before vowels and before h, which is mute or not word by word."""

from __future__ import annotations

import pytest

from mtaudit.elision import contracted, elides


@pytest.mark.parametrize(
    "word", ["ambassadeur", "École", "œuvre", "île", "homme", "Hôtel", "hôpital", "heure", "héroïne", "huile"]
)
def test_words_that_elide(word: str) -> None:
    assert elides(word)


@pytest.mark.parametrize(
    "word", ["ministre", "hausse", "héros", "hasard", "haine", "onzième", "yacht", "huit", "hiérarchie", ""]
)
def test_words_that_do_not(word: str) -> None:
    assert not elides(word)


def test_a_preposition_and_an_article_at_the_end_become_one() -> None:
    assert contracted("discuter de le") == "discuter du"
    assert contracted("Selon à les") == "Selon aux"
    assert contracted("autour de la") == "autour de la"
    assert contracted("modèle") == "modèle"
