"""How often a literal is expected in news."""

from __future__ import annotations

import pytest

from mtaudit.rarity import hits_per_million


@pytest.mark.parametrize(
    ("rare", "common"),
    [
        ("être cru", "être"),
        ("a été recalé", "a été"),
        ("le ministre sud", "le ministre"),
        (" mars 2", " mars"),
        ("préfet", "pr"),
        ("xylophone", "gouvernement"),
    ],
)
def test_more_of_a_phrase_is_rarer(rare: str, common: str) -> None:
    assert hits_per_million(rare) < hits_per_million(common)


def test_what_holds_no_word_is_everywhere() -> None:
    assert hits_per_million("   ") > hits_per_million("de")


def test_a_literal_that_may_cut_a_word_is_looked_for_inside_words_too() -> None:
    assert hits_per_million("ministr") > hits_per_million(" ministre ")
    assert hits_per_million("issant") > 10
