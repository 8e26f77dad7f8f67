"""What a second wording changes, a word or two at a time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaudit.edits import edits, share_kept, tokens


def changes(sentence: str, other: str) -> list[tuple[str, str]]:
    return [(sentence[slice(*edit.span)], edit.replacement) for edit in edits(sentence, other)]


@pytest.mark.parametrize(
    ("sentence", "other", "expected"),
    [
        ("L'Espagne a rappelé leur ambassadeur hier.", "L'Espagne a rappelé son ambassadeur hier.", [("leur", "son")]),
        (
            "Les débats autour l'impôt ont repris lundi.",
            "Les débats autour de l'impôt ont repris lundi.",
            [("autour l'impôt", "autour de l'impôt")],
        ),
        ("Il a été été élu maire de la ville.", "Il a été élu maire de la ville.", [("été été élu", "été élu")]),
        ("Le vote du mars 16 sera décisif.", "Le vote du 16 mars sera décisif.", [("mars 16", "16 mars")]),
        (
            "Une majeure crise menace la filière.",
            "Une crise majeure menace la filière.",
            [("majeure crise", "crise majeure")],
        ),
        ("Le vent a couché l'arbre de la place.", "Le vent a couché un arbre de la place.", [("l'arbre", "un arbre")]),
        ("Le vent a couché un arbre de la place.", "Le vent a couché l'arbre de la place.", [("un arbre", "l'arbre")]),
        ("Leurs maire a signé le texte hier.", "leur maire a signé le texte hier.", [("Leurs", "Leur")]),
        ("LES MAIRE A SIGNÉ LE TEXTE HIER.", "Le maire a signé le texte hier.", [("LES", "LE")]),
    ],
)
def test_a_change_of_a_word_or_two_is_an_edit(sentence: str, other: str, expected: list[tuple[str, str]]) -> None:
    assert changes(sentence, other) == expected


@pytest.mark.parametrize(
    ("sentence", "other"),
    [
        ("« Le budget », dit-elle, est voté.", '"Le budget" dit elle est voté!'),
        ("Les Etats membres ont voté le texte.", "Les états membres ont voté le texte."),
        ("Le cœur de la ville a brûlé hier.", "Le coeur de la ville a brûlé hier."),
        ("La mairie compte 45 agents de plus.", "La mairie compte 54 agents de plus."),
        ("Le préfet a reçu Martin à son bureau.", "Le préfet a reçu Durand à son bureau."),
        ("La séance de 16h30 est annulée ce soir.", "La séance de 16 h 30 est annulée ce soir."),
        ("Le tribunal a rendu son jugement hier soir.", "La cour statuera sur cette affaire complexe demain."),
        ("Le maire, les élus et la préfète ont signé.", "Le maire élus, et la préfète ont signé."),
        ("", "Le maire."),
        ("Le maire.", ""),
    ],
    ids=["marks", "capital", "ligature", "number", "name", "hour", "other words", "over a comma", "nothing", "all"],
)
def test_what_is_no_change_of_words_or_too_much_of_one_is_none(sentence: str, other: str) -> None:
    assert changes(sentence, other) == []


def test_edits_stand_by_themselves() -> None:
    sentence = "Les policiers a arrêté deux homme près de la gare centrale."
    other = "Les policiers ont arrêté deux hommes près de la gare centrale."
    assert changes(sentence, other) == [("a", "ont"), ("homme", "hommes")]


def test_the_share_that_came_back_counts_each_word_as_often_as_it_stands() -> None:
    ours = tokens("Le maire et le préfet")
    assert share_kept(ours, tokens("le préfet")) == pytest.approx(2 / 5)
    assert share_kept(ours, tokens("LE PRÉFET, et le maire")) == 1
    assert share_kept([], ours) == 0


WORDS = st.lists(st.sampled_from(["le", "la", "l'", "élu", "16", "Paris", "a", "voté", ",", "-"]), max_size=12)


@given(WORDS, WORDS)
def test_spans_lie_in_the_sentence_and_the_change_brings_it_nearer(one: list[str], other: list[str]) -> None:
    sentence, second = " ".join(one), " ".join(other)
    for edit in edits(sentence, second):
        assert 0 <= edit.span.start < edit.span.end <= len(sentence)
        assert edit.removed != edit.added
        changed = sentence[: edit.span.start] + edit.replacement + sentence[edit.span.end :]
        assert [t.key for t in tokens(changed)] != [t.key for t in tokens(sentence)]
        for word in edit.added:
            assert word in {token.key for token in tokens(second)}


def test_a_long_sentence_takes_no_long_time() -> None:
    """120 words are about what a model reads at once."""
    one = " ".join(f"mot{number * 7 % 31}" for number in range(120))
    other = " ".join(f"mot{number * 5 % 29}" for number in range(120))
    best = min(timed(one, other) for _ in range(5))
    assert best < 0.1


def timed(one: str, other: str) -> float:
    start = time.process_time()
    edits(one, other)
    return time.process_time() - start
