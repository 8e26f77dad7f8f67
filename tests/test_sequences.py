"""The model of word classes, on counts small enough to work out by hand, and the packaged one."""

from __future__ import annotations

from itertools import pairwise
from math import log
from statistics import fmean

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from mtaudit.engines.parser import load_parser
from mtaudit.sequences import (
    END,
    START,
    Place,
    SequenceModel,
    Stretch,
    class_of,
    packaged_sequences,
    stretches,
)

VOCAB = spacy.blank("fr").vocab
CLASSES = (START, END, "ADP=de", "NOUN=.Fem.Sing", "NOUN", "PUNCT=.", "X")


def model(*sentences: str) -> SequenceModel:
    """Counted on sentences of classes, written as their places in CLASSES."""
    base = len(CLASSES)
    pairs: dict[int, int] = {}
    triples: dict[int, int] = {}
    for sentence in sentences:
        row = [int(digit) for digit in f"0{sentence}1"]
        for a, b in pairwise(row):
            pairs[a * base + b] = pairs.get(a * base + b, 0) + 1
        for a, b, c in zip(row, row[1:], row[2:], strict=False):
            key = (a * base + b) * base + c
            triples[key] = triples.get(key, 0) + 1
    return SequenceModel(CLASSES, *(np.array(part) for counts in (pairs, triples) for part in columns(counts)))


def columns(counts: dict[int, int]) -> list[list[int]]:
    return [list(column) for column in zip(*sorted(counts.items()), strict=True)]


def sentence(*words: tuple[str, str, str]) -> Doc:
    texts, parts, morphs = zip(*words, strict=True)
    return Doc(VOCAB, words=list(texts), pos=list(parts), morphs=list(morphs))


def test_a_function_word_is_its_own_class_and_others_are_their_part_of_speech() -> None:
    assert class_of("ADP", "", "de") == "ADP=de"
    assert class_of("NOUN", "Gender=Fem|Number=Sing", "lampe") == "NOUN=.Fem.Sing"
    assert class_of("VERB", "Number=Plur|Tense=Past|VerbForm=Part", "pliés") == "VERB=Part..Plur"
    assert class_of("PROPN", "", "oslo") == "PROPN"
    assert class_of("NOUN", "", "…") == "PUNCT=…"
    assert class_of("SPACE", "", " ") == ""


def test_a_sentence_is_read_between_its_edges_without_blanks() -> None:
    doc = sentence(
        ("Lampe", "NOUN", "Gender=Fem|Number=Sing"), (" ", "SPACE", ""), ("de", "ADP", ""), (".", "PUNCT", "")
    )
    numbers, places = model("325").read(doc)
    assert numbers.tolist() == [0, 3, 2, 5, 1]
    assert [(place.start, place.end, place.is_word) for place in places] == [
        (0, 5, True),
        (8, 10, True),
        (11, 12, False),
    ]


def test_a_class_too_rare_to_be_counted_is_its_part_of_speech() -> None:
    doc = sentence(("lampe", "NOUN", "Gender=Masc"), ("jadis", "ADV", ""))
    assert model("325").read(doc)[0].tolist() == [0, 4, 6, 1]


def test_the_score_is_that_of_the_formula() -> None:
    trained = model("325", "35")
    # Of 7 classes that follow another (2 nouns, 1 de, 2 stops, 2 ends), each counted once more, 14 in all.
    noun, of = 3 / 14, 2 / 14
    # After a noun: de once, a stop once; and so between the edge and the noun.
    onward = (1 + 2 * (1 + 2 * of) / 4) / 4
    # Before de: a noun, once, of one kind; before it and a stop the same.
    back = (1 + 1 * (1 + 1 * noun) / 2) / 2
    doc = sentence(("Lampe", "NOUN", "Gender=Fem|Number=Sing"), ("de", "ADP", ""), (".", "PUNCT", ""))
    scores = trained.usualness(trained.read(doc)[0])
    assert scores[0] == pytest.approx(log(onward / of) + log(back / noun))
    assert len(scores) == 2
    # "de" directly after "de" was never seen: what is left to chance after one context of one kind.
    twice = trained.usualness(np.array([0, 3, 2, 2, 5, 1]))
    ahead, behind = (0 + 1 * (0 + 1 * of) / 2) / 2, (0 + 1 * (0 + 1 * of) / 2) / 2
    assert twice[1] == pytest.approx(log(ahead / of) + log(behind / of))


def test_stretches_join_neighbours_and_leave_marks_out() -> None:
    places = [Place(0, 3, True), Place(4, 6, True), Place(7, 9, True), Place(9, 10, False), Place(11, 15, True)]
    assert list(stretches([-1.0, -2.0, -9.0, -9.0], places, 0.0)) == [Stretch(0, 9, -2.0)]
    assert list(stretches([0.5, -2.0, 1.0, 1.0], places, 0.0)) == [Stretch(4, 9, -2.0)]
    assert list(stretches([0.5, -2.0, 1.0, 1.0], places, -2.0)) == []


def test_what_follows_as_it_was_counted_is_more_usual_than_what_does_not() -> None:
    trained = model(*["325"] * 50, *["35"] * 50)
    lamp = ("lampe", "NOUN", "Gender=Fem|Number=Sing")
    scores, places = trained.score(sentence(lamp, ("de", "ADP", ""), ("de", "ADP", ""), (".", "PUNCT", "")))
    assert len(scores) == 3
    assert len(places) == 4
    assert scores[1] < 0 < min(scores[0], scores[2])
    assert trained.score(sentence(lamp))[0] == []
    assert trained.score(sentence((" ", "SPACE", ""))) == ([], [])


@pytest.fixture(scope="module")
def parser() -> Language:
    return load_parser("fr_core_news_md")


@pytest.mark.parser
@pytest.mark.parametrize(
    ("copied", "plain"),
    [
        ("Fil acier enduit vinyle pour durabilité.", "Le fil d'acier est enduit de vinyle, ce qui le rend durable."),
        ("Sac dos avec poches ordinateur pour voyage.", "Ce sac à dos a plusieurs poches, dont une pour l'ordinateur."),
        ("Tente quatre personnes montage rapide.", "C'est une tente pour quatre personnes qui se monte vite."),
    ],
)
def test_words_taken_over_one_by_one_are_less_usual_than_french(parser: Language, copied: str, plain: str) -> None:
    ours, theirs = (fmean(packaged_sequences().score(parser(text))[0]) for text in (copied, plain))
    assert ours < 0
    assert theirs > 1
