"""Typography and cleaning: no torch, no SentencePiece."""

from __future__ import annotations

import random

import pytest

from training import noise
from training.cleaning import (
    ENGLISH,
    FRENCH,
    Duplicates,
    Limits,
    Pair,
    key,
    numbers_agree,
    tidy,
    undecided,
    verdict,
)
from training.normalisation import normalise, tidy_english, tidy_french
from training.vocabulary import delimited, text_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le match est terminé\u00a0!", "Le match est terminé!"),
        ("«\u202fNon\u202f», a dit l’élue\u00a0; rien d’autre…", "\"Non\", a dit l'élue; rien d'autre..."),
        ("Pourquoi  maintenant ?", "Pourquoi maintenant?"),
        ("de 2010–2014 à 12\u00a0000\u00a0€", "de 2010-2014 à 12 000 €"),
        ("ﬁn de sé\u00adance", "fin de séance"),
    ],
)
def test_one_convention(text: str, expected: str) -> None:
    assert normalise(text) == expected
    assert normalise(expected) == expected


def test_stray_blanks_after_apostrophes_go() -> None:
    assert tidy_french("L' impôt qu' il paie n' a pas changé") == "L'impôt qu'il paie n'a pas changé"
    assert tidy_english("the region' s budget, the players' bus") == "the region's budget, the players' bus"
    assert tidy_english(".(FR) The budget was adopted.") == "The budget was adopted."


GOOD = tidy(
    "Le conseil régional a voté le budget de 2024, en hausse de 3 %.",
    "The regional council has voted the 2024 budget, up by 3%.",
)


def test_a_sound_pair_passes() -> None:
    assert verdict(GOOD, Limits()) is None


@pytest.mark.parametrize(
    ("french", "english", "reason"),
    [
        ("", "The court adjourned.", "empty"),
        ("Boston Celtics", "boston celtics", "identical"),
        ("Oui.", "The regional council has voted the budget for next year.", "ratio"),
        ("Le budget de la région est <b>voté</b> ce soir.", "The budget of the region was voted tonight.", "markup"),
        ("12 345 678 (9)", "12,345,678 (10)", "letters"),
        ("The committee was told of the results by the chair.", "Le comité a été informé des résultats.", "language"),
        ("Il a marqué 12 buts en 34 matchs.", "He scored 15 goals in 28 games.", "numbers"),
        ("mot " * 200, "word " * 200, "long"),
    ],
)
def test_unsound_pairs_are_named(french: str, english: str, reason: str) -> None:
    assert verdict(tidy(french, english), Limits()) == reason


def test_number_formats_of_both_languages_agree() -> None:
    assert numbers_agree("1 250,5 euros en 2023", "1,250.5 euros in 2023")


def test_only_sentences_without_function_words_need_a_language_model() -> None:
    assert undecided(key("Finale dames simple cour central Roland Garros").split(), FRENCH)
    assert not undecided(key("The club of the year is not yet known").split(), ENGLISH)


def test_duplicates_ignore_case_and_punctuation_and_cap_templates() -> None:
    seen = Duplicates(cap=2)
    pairs = [Pair.of(f"Article {number} abrogé", f"Section {number} repealed") for number in (1, 2, 3)]
    assert [seen.seen(pair) for pair in pairs] == [False, False, True]
    assert not seen.seen(GOOD)
    assert seen.seen(Pair.of(GOOD.french.upper() + " !", GOOD.english.upper()))


def test_noise_touches_the_side_that_is_read() -> None:
    pair = Pair.of('La maire a dit "non" à l\'été indien.', 'The mayor said "no" to the Indian summer.')
    assert noise.lost_accents(pair).pair == Pair.of('La maire a dit "non" a l\'ete indien.', pair.english)
    assert noise.lost_accents(pair).directions == noise.FRENCH_TO_ENGLISH
    assert noise.capitals(pair).pair.french == 'LA MAIRE A DIT "NON" À L\'ÉTÉ INDIEN.'
    quoted = noise.odd_quotes(pair, random.Random(1))
    assert quoted is not None
    assert quoted.pair.french != pair.french
    assert quoted.pair.english == pair.english
    assert noise.odd_quotes(GOOD, random.Random(1)) is None


def test_a_typing_error_changes_one_word() -> None:
    for seed in range(20):
        noisy = noise.one_letter_lost(GOOD, random.Random(seed))
        assert noisy is not None
        before, after = GOOD.french.split(), noisy.pair.french.split()
        assert len(before) == len(after)
        assert sum(left != right for left, right in zip(before, after, strict=True)) <= 1


def test_pieces_may_not_run_over_punctuation_digits_or_elisions() -> None:
    marked = delimited("L'affaire, jugée en 2013: \"qu'il\" don't").replace("\u241f", "|")
    assert marked == "L'|affaire|, jugée en 2|0|1|3|: \"|qu'|il|\" don't"


def test_pieces_become_text() -> None:
    assert text_of(["▁Le", "▁co", "ût", ":", "▁", "5", "▁", "<0xE2>", "<0x82>", "<0xAC>", "</s>"]) == "Le coût: 5 €"


def test_lost_ligatures_come_back() -> None:
    lost = "La mise en uvre de ce vux, au cur d'une manuvre, est sur la table; on ouvre le nud, le cours est sûr."
    assert tidy_french(lost) == (
        "La mise en œuvre de ce vœux, au cœur d'une manœuvre, est sur la table; on ouvre le nœud, le cours est sûr."
    )
    assert tidy_french("L'œuvre, le cœur, la manœuvre") == "L'œuvre, le cœur, la manœuvre"
