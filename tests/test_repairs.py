"""Which changes of a word or two may be repairs, and what they mend."""

from __future__ import annotations

import pytest

from mtaudit.edits import Edit, edits
from mtaudit.model import Span
from mtaudit.repairs import applied, kind_of, mended
from tests.checks.test_roundtrip import LEXICON


@pytest.mark.parametrize(
    ("removed", "added", "kind"),
    [
        (("annonce",), ("annoncé",), None),
        (("important",), ("importante",), "agreement"),
        (("leur",), ("son",), "agreement"),
        (("en",), ("de",), "preposition"),
        ((), ("le",), "preposition"),
        ((), ("hier",), None),
        (("huit",), ("deux",), None),
        (("le",), ("ce",), None),
        (("ce",), ("cette",), "agreement"),
        (("ambassadeur",), ("hier",), None),
        (("sesions",), (), None),
        (("3", "juin"), ("juin", "3"), "date"),
    ],
)
def test_kinds_of_edits(removed: tuple[str, ...], added: tuple[str, ...], kind: str | None) -> None:
    assert kind_of(edit(removed, added), LEXICON) == kind


def test_a_pronoun_before_a_verb_is_no_article() -> None:
    assert kind_of(edit(("le",), (), "nous arrivent"), LEXICON) is None
    assert kind_of(edit(("le",), (), "et budget"), LEXICON) == "preposition"


def edit(removed: tuple[str, ...], added: tuple[str, ...], replacement: str = "un budget") -> Edit:
    return Edit(Span(0, 1), replacement, removed, added, Span(0, 1))


@pytest.mark.parametrize(
    ("sentence", "other"),
    [
        ("Le plan de la ville a repris.", "Le plan de l'ville a repris."),
        ("Le plan de l'ambassadeur a repris.", "Le plan de le ambassadeur a repris."),
        ("Le ministre a repris le plan hier.", "Le ministre a repris le zorglub hier."),
        ("Zarkov a repris le plan hier.", "Ministre a repris le plan hier."),
    ],
    ids=["elided before a consonant", "not elided before a vowel", "no French word", "a name at the beginning"],
)
def test_what_no_one_would_write_is_no_repair(sentence: str, other: str) -> None:
    (one,) = edits(sentence, other)
    assert mended(sentence, one, LEXICON) is None


def test_a_repair_that_mends_an_elision_is_one() -> None:
    sentence = "Le plan du ambassadeur a repris hier."
    (one,) = edits(sentence, "Le plan de l'ambassadeur a repris hier.")
    assert applied(sentence, one) == "Le plan de l'ambassadeur a repris hier."
    assert mended(sentence, one, LEXICON) == "preposition"
