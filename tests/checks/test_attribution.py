"""Attribution of quotations: the same verb again and again."""

from __future__ import annotations

import pytest

from mtaudit.checks import attribution
from mtaudit.lang import LANGUAGES
from mtaudit.model import Analysis, Article, Rule, Severity
from mtaudit.segmentation import fold_view, lower_view, words

OPTIONS = {"verb": "déclaré", "others": ["ajouté", "estimé", "selon"], "instead": ["indiqué", "affirmé"], "within": 2}
RULE = Rule("fr/repetition/x", "attribution", "", "", "", "style/awkward", Severity.MINOR, options=OPTIONS)


def found(text: str) -> list[tuple[str, str]]:
    sentences, regions = LANGUAGES["fr"].segment(text)
    view = fold_view(text)
    analysis = Analysis(Article("a", text), sentences, regions, view, lower_view(view), words(view, sentences))
    issues = attribution.run(analysis, attribution.compile([RULE]))
    return [(text[issue.span.start : issue.span.end], issue.suggestions[0]) for issue in issues]


FIRST = "« La digue tiendra », a déclaré le préfet."


def test_the_second_of_two_is_reported_with_another_verb_in_its_form() -> None:
    assert found(f"{FIRST} « L’eau baisse déjà », a-t-elle déclaré.") == [("a-t-elle déclaré", "a-t-elle indiqué")]
    assert found(f"{FIRST} L’eau baisse déjà, ont déclaré les pompiers.") == [("ont déclaré", "ont indiqué")]


def test_suggestions_vary_too() -> None:
    text = f"{FIRST} « L’eau baisse », a-t-il déclaré. « Restons prudents », a déclaré une élue."
    assert found(text) == [("a-t-il déclaré", "a-t-il indiqué"), ("a déclaré", "a affirmé")]


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST} « L’eau baisse », a-t-il ajouté. « Enfin », a déclaré une riveraine.",
        f"{FIRST} L’eau baisse, selon Météo-France. « Enfin », a déclaré une riveraine.",
        f"{FIRST} L’eau a baissé. La route a rouvert. « Enfin », a déclaré une riveraine.",
        f"{FIRST} La commune, a déclaré forfait son club, ne jouera pas.",
        f"{FIRST} L’exploitant a déclaré 40 salariés.",
        f"{FIRST} Le maire, élu du Nord, a déclaré que la route rouvrirait.",
        "Le préfet a déclaré l’état d’urgence. Le maire a déclaré ses revenus.",
    ],
)
def test_variety_distance_and_other_senses_are_silent(text: str) -> None:
    assert found(text) == []


def test_a_bad_option_names_its_rule() -> None:
    bad = Rule("fr/repetition/y", "attribution", "", "", "", "style/awkward", Severity.MINOR, options={"verb": "dit"})
    with pytest.raises(ValueError, match="fr/repetition/y"):
        attribution.compile([bad])
