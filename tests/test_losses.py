"""What neither the translation nor what came back of it has."""

from __future__ import annotations

import pytest

from mtaudit.losses import LOSSES
from tests.checks.surface import FakeLexicon

LEXICON = FakeLexicon({"ministre": "NOUN", "assemblée": "NOUN", "états": "NOUN", "unis": "ADJ", "banque": "NOUN"})


def lost(kind: str, sentence: str, pivot: str, back: str) -> list[str]:
    return [sentence[slice(*span)] for span in LOSSES[kind](sentence, pivot, back, LEXICON)]


@pytest.mark.parametrize(
    ("sentence", "pivot", "back", "expected"),
    [
        ("Le plan crée 450 postes.", "The plan creates posts.", "Le plan crée des postes.", ["450"]),
        ("Le plan crée 450 postes.", "The plan creates 450 posts.", "Le plan crée des postes.", []),
        ("Le plan crée 1 450 postes.", "The plan creates 1,450 posts.", "Le plan crée des postes.", []),
        ("Le plan crée 45 postes.", "The plan creates forty-five posts.", "Le plan crée des postes.", []),
        ("Le plan crée 2 postes.", "The plan creates posts.", "Le plan crée des postes.", []),
        ("Le vote aura lieu le 12 mars.", "The vote is in March.", "Le vote est en mars.", ["12 mars"]),
        ("Le vote aura lieu le 12 mars.", "The vote is on March 12.", "Le vote est en mars.", []),
    ],
)
def test_numbers_and_dates(sentence: str, pivot: str, back: str, expected: list[str]) -> None:
    assert lost("number", sentence, pivot, back) == expected


@pytest.mark.parametrize(
    ("sentence", "pivot", "expected"),
    [
        ("Hier, le ministre Zarkov a parlé.", "Yesterday the minister spoke.", ["Zarkov"]),
        ("Hier, le ministre Zarkov a parlé.", "Yesterday minister Zarkow spoke.", []),
        ("Le train pour Londres part à midi.", "The train to London leaves at noon.", []),
        ("Hier, l'Assemblée a voté.", "Yesterday they voted.", []),
        ("Zarkov a parlé hier.", "He spoke yesterday.", []),
        ("Hier, l'OTAN a parlé.", "Yesterday they spoke.", []),
    ],
)
def test_names(sentence: str, pivot: str, expected: list[str]) -> None:
    assert lost("name", sentence, pivot, "Il a parlé.") == expected


@pytest.mark.parametrize(
    ("sentence", "pivot", "back", "expected"),
    [
        ("Le maire n'a pas signé.", "The mayor has signed.", "Le maire a signé.", ["n'a pas"]),
        ("Le maire n'a pas signé.", "The mayor hasn't signed.", "Le maire a signé.", []),
        ("Le maire n'a pas signé.", "The mayor has signed.", "Le maire n'a pas signé.", []),
        ("Le maire n'a pas réussi.", "The mayor failed.", "Le maire a échoué.", []),
        ("Il ne reste plus que dix jours.", "Ten days remain.", "Dix jours restent.", []),
        ("Il ne reste plus de pain.", "There is bread.", "Il y a du pain.", []),
        ("Il ne vient plus.", "He comes.", "Il vient.", ["ne vient plus"]),
        ("Il ne mange que du pain.", "He eats bread.", "Il mange du pain.", []),
    ],
)
def test_negations(sentence: str, pivot: str, back: str, expected: list[str]) -> None:
    assert lost("negation", sentence, pivot, back) == expected
