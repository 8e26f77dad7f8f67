"""What agrees with what in a sentence whose parse is given."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from mtaudit.clauses import (
    Passage,
    auxiliary_of,
    is_compound,
    is_explained,
    is_plain_subject,
    joined,
    noun_mask,
    passage_of,
    subject_mask,
    subject_of,
)
from mtaudit.engines.lexicon import DelaLexicon, load_lexicon
from mtaudit.inflection import FEMININE_SINGULAR, MASCULINE_PLURAL, MASCULINE_SINGULAR, SINGULAR

VOCAB = spacy.blank("fr").vocab


@pytest.fixture(scope="module")
def lexicon() -> DelaLexicon:
    return load_lexicon()


def parsed(lexicon: DelaLexicon, text: str, spaces: list[bool] | None = None) -> Passage:
    """A passage from `word/POS/head/dependency` tokens."""
    tokens = [item.split("/") for item in text.split()]
    words, kinds, heads, dependencies = zip(*tokens, strict=True)
    doc = Doc(VOCAB, list(words), spaces, pos=list(kinds), heads=[int(one) for one in heads], deps=list(dependencies))
    return passage_of(doc, lexicon)


MINISTER = "La/DET/1/det ministre/NOUN/3/nsubj:pass est/AUX/3/aux:pass arrivée/VERB/3/ROOT"


def test_the_determiner_tells_the_gender_of_a_noun_that_has_two(lexicon: DelaLexicon) -> None:
    passage = parsed(lexicon, MINISTER)
    assert noun_mask(passage, 1) == FEMININE_SINGULAR
    subject = subject_of(passage.tokens[3])
    assert subject is not None
    assert subject.i == 1
    assert subject_mask(passage, subject) == FEMININE_SINGULAR
    assert is_plain_subject(passage, subject, 2, MASCULINE_SINGULAR)


def test_coordinated_subjects_are_not_sure(lexicon: DelaLexicon) -> None:
    text = "Le/DET/1/det maire/NOUN/5/nsubj et/CCONJ/3/cc adjointe/NOUN/1/conj sont/AUX/5/cop absents/ADJ/5/ROOT"
    passage = parsed(lexicon, text)
    assert subject_mask(passage, passage.tokens[1]) == 0


def test_a_name_has_the_gender_of_its_article_only(lexicon: DelaLexicon) -> None:
    russia = parsed(lexicon, "La/DET/1/det Russie/PROPN/2/nsubj cède/VERB/2/ROOT")
    paris = parsed(lexicon, "Ici/ADV/2/advmod Paris/PROPN/2/nsubj cède/VERB/2/ROOT")
    assert subject_mask(russia, russia.tokens[1]) == FEMININE_SINGULAR
    assert subject_mask(paris, paris.tokens[1]) == 0


def test_the_auxiliary_is_found_past_adverbs_and_not_after_a_reflexive(lexicon: DelaLexicon) -> None:
    passive = parsed(lexicon, "Ils/PRON/4/nsubj ont/AUX/4/aux déjà/ADV/4/advmod été/AUX/4/aux:pass reçus/VERB/4/ROOT")
    assert auxiliary_of(passive, 4) == 1
    reflexive = parsed(lexicon, "Ils/PRON/3/nsubj se/PRON/3/expl sont/AUX/3/aux succédé/VERB/3/ROOT")
    assert auxiliary_of(reflexive, 3) is None
    active = parsed(lexicon, "Ils/PRON/2/nsubj ont/AUX/2/aux mangé/VERB/2/ROOT")
    assert auxiliary_of(active, 2) is None
    assert is_compound(active, 1)


def test_an_earlier_noun_explains_an_adjective(lexicon: DelaLexicon) -> None:
    text = "des/DET/1/det bijoux/NOUN/1/ROOT de/ADP/3/case famille/NOUN/1/nmod volés/VERB/3/acl"
    passage = parsed(lexicon, text)
    assert is_explained(passage, 3, MASCULINE_PLURAL, True)
    assert not is_explained(passage, 3, MASCULINE_SINGULAR, True)


def test_names_and_capitals_have_no_readings(lexicon: DelaLexicon) -> None:
    passage = parsed(lexicon, "La/DET/1/det Tribune/PROPN/1/ROOT Ministre/PROPN/1/flat")
    assert passage.form(1).other
    assert passage.form(7).other
    assert parsed(lexicon, "ministre/NOUN/0/ROOT").form(0).noun == SINGULAR


@pytest.mark.parametrize(("spaces", "expected"), [([True, True, False], True), ([True, False, False], False)])
def test_a_bracket_that_touches_a_word_parts_it(lexicon: DelaLexicon, spaces: list[bool], expected: bool) -> None:
    passage = parsed(lexicon, "les/DET/1/det voisin/NOUN/1/ROOT (s)/X/1/dep", spaces)
    assert joined(passage, 0, 1) is expected
