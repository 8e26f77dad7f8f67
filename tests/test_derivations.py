"""Word formation decides by the base."""

from __future__ import annotations

import pytest

from mtaudit.derivations import is_well_formed
from mtaudit.engines.lexicon import DelaLexicon, load_lexicon


@pytest.fixture(scope="module")
def lexicon() -> DelaLexicon:
    return load_lexicon()


@pytest.mark.parametrize(
    "form",
    [
        "surtourisme",
        "cyberharcèlement",
        "inemployabilité",
        "bordélisation",
        "bordélisaient",
        "télétravaillable",
        "subventionneurs",
        "neurotransmettrices",
        "instagrammeuse",
        "spoilait",
        "mélenchonistes",
        "orwellienne",
        "villeurbannaise",
        "transparentement",
        "écocide",
        "thermolaquée",
        "néolibérales",
        "coprésidaient",
        "réensauvagement",
        "imprononçables",
    ],
)
def test_living_rules_of_french_are_known(lexicon: DelaLexicon, form: str) -> None:
    assert is_well_formed(form, lexicon)


@pytest.mark.parametrize(
    "form",
    [
        "irréfiable",
        "ingérance",
        "impactation",
        "inconduisible",
        "décisionnance",
        "vérifiement",
        "subitaneuse",
        "championat",
    ],
)
def test_a_base_that_is_none_gives_no_word(lexicon: DelaLexicon, form: str) -> None:
    assert not is_well_formed(form, lexicon)
