"""The model of word classes, on counts small enough to work out by hand, and the packaged one."""

from __future__ import annotations

from itertools import pairwise
from math import log

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from mtaudit.engines.parser import load_parser
from mtaudit.sequences import END, START, SequenceModel, class_of, packaged_sequences

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
    trained = model(*["325"] * 50, *["35"] * 50)
    lamp = ("lampe", "NOUN", "Gender=Fem|Number=Sing")
    doc = sentence(lamp, ("de", "ADP", ""), ("de", "ADP", ""), ("de", "ADP", ""), (".", "PUNCT", ""))
    (stretch,) = trained.unusual(doc, -1.0)
    assert (stretch.start, stretch.end, stretch.gaps) == (6, 14, 2)
    assert stretch.score < -1
    assert list(trained.unusual(doc, -100.0)) == []
    assert list(trained.unusual(sentence(lamp), -1.0)) == []


@pytest.fixture(scope="module")
def parser() -> Language:
    return load_parser("fr_core_news_md")


def heaped(parser: Language, text: str) -> float:
    """Unusual neighbours to a word, by the score that the packaged rule asks for."""
    doc = parser(text)
    return sum(stretch.gaps for stretch in packaged_sequences().unusual(doc, -2.0)) / len(doc)


@pytest.mark.parser
@pytest.mark.parametrize(
    "text",
    [
        "Fil acier enduit vinyle pour durabilité accrue.",
        "Housse siège voiture noir pour chien, facile nettoyer.",
        "Sac dos imperméable avec poches ordinateur est idéal pour voyage.",
    ],
)
def test_words_taken_over_one_by_one_heap_up_what_is_unusual(parser: Language, text: str) -> None:
    assert heaped(parser, text) > 1 / 8


@pytest.mark.parser
@pytest.mark.parametrize(
    "text",
    [
        "Le maire a inauguré la bibliothèque devant une centaine d'habitants.",
        "Les deux ministres se sont entretenus pendant plus de trois heures, lundi, à Genève.",
        "Selon la police, aucun des passagers n'a été blessé.",
        "Il porte une chemise bleue à manches longues, taillée dans un coton épais.",
    ],
)
def test_plain_french_has_little_that_is_unusual(parser: Language, text: str) -> None:
    assert heaped(parser, text) < 1 / 8
