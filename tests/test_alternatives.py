"""Alternatives in braces: what a phrase stands for, and what its suggestions follow."""

from __future__ import annotations

import pytest

from mtaudit.alternatives import MOST_EXPANSIONS, parse_phrase


def expansions(phrase: str, *swaps: str) -> dict[str, list[str]]:
    parsed = parse_phrase(phrase, swaps)
    return {form.text: [template.fill(form) for template in parsed.templates] for form in parsed.forms()}


def test_groups_multiply_and_nested_groups_flatten() -> None:
    assert list(expansions("{a|ont} {été {élu|nommé}|démissionné}")) == [
        "a été élu",
        "a été nommé",
        "a démissionné",
        "ont été élu",
        "ont été nommé",
        "ont démissionné",
    ]


def test_an_empty_alternative_leaves_no_double_blank() -> None:
    assert list(expansions("sans élaborer {davantage|} du tout")) == [
        "sans élaborer davantage du tout",
        "sans élaborer du tout",
    ]


def test_typographic_characters_are_folded_in_phrases_and_kept_in_suggestions() -> None:
    assert expansions("l’ordre\u00a0du {jour|soir}", "l’agenda du $1") == {
        "l'ordre du jour": ["l’agenda du jour"],
        "l'ordre du soir": ["l’agenda du soir"],
    }


def test_an_elided_form_is_added_unless_it_is_written_out() -> None:
    assert expansions("tirer avantage de", "profiter de") == {
        "tirer avantage de": ["profiter de"],
        "tirer avantage d'": ["profiter d’"],
    }
    assert expansions("près {le|la|l’}", "près {du|de la|de l’}") == {
        "près le": ["près du"],
        "près la": ["près de la"],
        "près l'": ["près de l’"],
    }


@pytest.mark.parametrize("phrase", ["{a|b", "a|b}", "{a|{b}", "{a|} {|b}", "", "{a|b}" * 11])
def test_phrases_that_cannot_be_used_are_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=rf"pair|empty|limit is {MOST_EXPANSIONS}"):
        parse_phrase(phrase)


@pytest.mark.parametrize("swap", ["{x|y|z}", "$3", "{4:x|y}", "{x|y} {x|y} {x|y}"])
def test_suggestions_that_do_not_fit_are_refused(swap: str) -> None:
    with pytest.raises(ValueError, match=r"one for one|does not have"):
        parse_phrase("{a|b} {c|d}", [swap])
