"""What holds for any text: nothing lost, nothing twice, no blank at an edge, and no text that takes long."""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mtaudit.lang import LANGUAGES
from mtaudit.lang.fr import CONVENTIONS
from mtaudit.memory import collection_paused
from mtaudit.model import RegionKind, Sentence, Span
from mtaudit.segmentation import fold_view, lower_view, segment, words

#: Examples enough to meet every branch.
QUICK = settings(max_examples=150)

SEGMENT = LANGUAGES["fr"].segment

PARTS = st.sampled_from(
    [
        *("Le maire", "a dit", "M. Roux", "J.-P.", "etc.", "n° 5", "art. 12", "50 av. J.-C.", "1.500", "U.S.", "Paris"),
        *(".", "...", "…", "!", "?", "\u00a0!", "\u202f?", ".\u00a0»", "«\u00a0", "»", "“", "”", '"', "'", "’", "("),
        *(")", "\n", "\r\n", "\n\n", "\r", " ", "\u00a0", "\t", "\u2028", "— ", "- ", "• ", "# ", "1. ", ": ", ", "),
        *("pays.Selon", "eauxLes élus", "YouTube", "2021-05-03T09:12+0200", "3 mai 2021", "LYON - ", "(Belga) "),
        *("https://exemple.fr/a.B?c", "www.x.fr", "🎉", "e\u0301", "[1]", "[…]", "Lire aussi : ", "\ud83d", "İ"),
        *("économie", "; "),
    ]
)
TEXTS = st.one_of(
    st.lists(PARTS, max_size=60).map("".join), st.lists(PARTS, max_size=40).map(" ".join), st.text(max_size=120)
)


@QUICK
@given(TEXTS)
@example("")
@example(" \n ")
@example("«")
@example("..")
@example("a\r\n\r\nb")
def test_sentences_hold_every_character_once_and_in_order(text: str) -> None:
    sentences, _ = SEGMENT(text)
    at = 0
    for number, sentence in enumerate(sentences):
        start, end = sentence.span
        assert sentence.index == number
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()
    paragraphs = [sentence.paragraph for sentence in sentences]
    assert sorted(set(paragraphs)) == list(range(len(set(paragraphs))))
    assert paragraphs == sorted(paragraphs)


@QUICK
@given(TEXTS)
def test_regions_lie_in_the_text_in_order_and_agree_with_sentences(text: str) -> None:
    sentences, regions = SEGMENT(text)
    assert [region.span for region in regions] == sorted(region.span for region in regions)
    assert len(set(regions)) == len(regions)
    for region in regions:
        assert 0 <= region.span.start < region.span.end <= len(text)
        assert region.kind is not RegionKind.BODY
    for sentence in sentences:
        if sentence.region is not RegionKind.BODY:
            assert any(region.kind is sentence.region and region.span.contains(sentence.span) for region in regions)


@QUICK
@given(TEXTS)
def test_views_keep_every_offset(text: str) -> None:
    view = fold_view(text)
    assert len(view) == len(lower_view(view)) == len(text)
    for raw, seen in zip(text, view, strict=True):
        assert seen == raw or (raw.isspace() and seen == " ") or (raw in "’‘‛ʼ´＇" and seen == "'")
        assert not (seen.isspace() and seen != " ")


@QUICK
@given(TEXTS)
def test_words_are_slices_of_the_view_inside_their_sentence(text: str) -> None:
    sentences, _ = SEGMENT(text)
    view = fold_view(text)
    at = 0
    for word in words(view, sentences):
        assert word.text == view[word.start : word.end]
        assert at <= word.start < word.end
        assert sentences[word.sentence].span.contains(Span(word.start, word.end))
        assert any(char.isalpha() for char in word.text)
        at = word.end


def test_no_code_point_changes_the_length_of_a_view() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    view = fold_view(every)
    assert len(lower_view(view)) == len(view) == len(every)
    assert [char for char in every if len(char.lower()) != 1] == ["\u0130"]


def test_small_letters_of_the_view() -> None:
    assert lower_view("L'ÉTÉ À İZMIR, ŒUVRE ΣΑΣ") == "l'été à izmir, œuvre σας"


WORDS = [
    ("L’État l’a dit.", "L' État l' a dit"),
    ("Aujourd’hui, jusqu’au soir", "Aujourd'hui jusqu' au soir"),
    ("Lorsqu'il vient, puisqu'elle part, quoiqu'on dise", "Lorsqu' il vient puisqu' elle part quoiqu' on dise"),
    ("Quelqu'un sur la presqu'île", "Quelqu'un sur la presqu'île"),
    ("les prud'hommes, c'est-à-dire", "les prud'hommes c'est-à-dire"),
    ("C'est, dit-il, peut-être aux États-Unis", "C' est dit-il peut-être aux États-Unis"),
    ("Y a-t-il une main-d'œuvre ?", "Y a-t-il une main-d'œuvre"),
    ("N'Golo Kanté n'ira pas à N'Djamena", "N'Golo Kanté n' ira pas à N'Djamena"),
    ("S'IL N'A PAS", "S' IL N' A PAS"),
    ("d’O’Connor à L’Oréal", "d' O'Connor à L' Oréal"),
    ('il dit qu’« oui » et l\'"affaire"', "il dit qu' oui et l' affaire"),
    ("La C.G.T. et les U.S.A.", "La C.G.T. et les U.S.A."),
    ("45 % des 1er, 20h30, G7, A320", "des"),
    ("la Covid-19 et l'A320", "la Covid et l'"),
    ("pays.Selon lui", "pays Selon lui"),
    ("voir www.exemple.fr, booking.com et https://a.fr/B", "voir et"),
    ("@mairie écrit #Sarthe à a.roux@exemple.fr", "écrit à"),
    ("e\u0301te\u0301 et co\u00adop", "e\u0301te\u0301 et co\u00adop"),
    ("un mot‑clé", "un mot‑clé"),
    ("«Partez!»", "Partez"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_words(text: str, expected: str) -> None:
    found = words(fold_view(text), (Sentence(0, Span(0, len(text))),))
    assert [word.text for word in found] == expected.split()


def test_a_dictionary_decides_on_glued_words_where_one_is_given() -> None:
    text = "La crue sur les quaisLes riverains partent. Le zorblaxLes riverains restent."
    known = {"quais"}.__contains__
    sentences, _ = segment(text, CONVENTIONS, known)
    assert [text[s.span.start : s.span.end] for s in sentences] == [
        "La crue sur les quais",
        "Les riverains partent.",
        "Le zorblaxLes riverains restent.",
    ]
    assert len(SEGMENT(text)[0]) == 4


def test_a_language_pack_can_be_sent_to_another_process() -> None:
    pack = pickle.loads(pickle.dumps(LANGUAGES["fr"]))
    assert pack.segment("Un pont. Deux ponts.") == SEGMENT("Un pont. Deux ponts.")


HOSTILE: list[str] = [
    *(".", ". ", "?! ", "\u00a0!", '"', '" ', "«", "»", "« ", "« » ", "“", "(", ". (", ".)", ".”", "[1]", "...["),
    *("a", "A", "a.", "A.", "A. ", "aB", "abcdeFghijk", "abcdeFghij kl ", "l'", "a-", "1.", "a.com", "a@", "http://"),
    *("\n", "a\n", "# a\n", "PARIS ", "PARIS-", "Paris (AFP) ", "12 mars ", "2021-05-03\n", '"a\n\n', "« a\n\n"),
    *("mot mot\n\n", "🎉", ".🎉", "www."),
    *(" ", "\u00a0", "\u2028", ". \t", "e\u0301", "M. ", "etc. ", "Oui ? ", "– ", "_", "\u00ad", "a\u00ad", "\ud83d"),
]


def cost(work: Callable[[str], object], text: str) -> float:
    """CPU seconds, without the search for garbage among all that the tests before have left."""
    with collection_paused():
        begin = time.process_time()
        work(text)
        return time.process_time() - begin


def read(text: str) -> None:
    sentences, _ = SEGMENT(text)
    words(fold_view(text), sentences)


@pytest.mark.parametrize("part", HOSTILE)
def test_time_grows_no_faster_than_the_text(part: str) -> None:
    small = cost(read, part * (5_000 // len(part)))
    large = cost(read, part * (40_000 // len(part)))
    # Eight times the text: 64 times the time if anything were quadratic; the constant is for the clock's noise.
    assert large < 24 * small + 0.25


def test_a_line_of_a_megabyte() -> None:
    text = "Le maire de Rochebelle a dit : « Nous rouvrirons l'école. » M. Roux, lui, n'y croit pas… " * 11_000
    begin = time.process_time()
    sentences, _ = SEGMENT(text)
    found = words(fold_view(text), sentences)
    assert len(sentences) == 22_000
    assert len(found) == 17 * 11_000
    assert time.process_time() - begin < 15
