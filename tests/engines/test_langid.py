"""The language identifier on spans of one to five words."""

from __future__ import annotations

import math

import pytest
import wordfreq

from mtaudit.engines import langid as engine
from mtaudit.engines.langid import load_language_identifier
from mtaudit.errors import EngineError
from mtaudit.resources import LanguageIdentifier


@pytest.fixture(scope="module")
def identifier() -> LanguageIdentifier:
    return load_language_identifier()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the government said", "en"),
        ("said", "en"),
        ("según fuentes oficiales", "es"),
        ("gobierno", "es"),
        ("novas medidas", "pt"),
        ("investigação", "pt"),
        ("il governo ha", "it"),
        ("Bundesregierung", "de"),
        ("und wird nicht", "de"),
        ("het kabinet wil", "nl"),
        ("yang akan datang", "id"),
        ("le tribunal a rendu", "fr"),
        ("déconfinement", "fr"),
        ("Правительство объявило", "ru"),
    ],
)
def test_short_spans(identifier: LanguageIdentifier, text: str, language: str) -> None:
    assert identifier.rank(text)[0][0] == language


@pytest.mark.parametrize("text", ["the government said", "zxqwv", "Правительство", "12 %", ""])
def test_probabilities_sum_to_one_and_fall(identifier: LanguageIdentifier, text: str) -> None:
    ranked = identifier.rank(text)
    values = [probability for _, probability in ranked]
    assert sum(values) == pytest.approx(1.0)
    assert values == sorted(values, reverse=True)
    assert {"fr", "en", "es", "pt", "it", "de"} <= {language for language, _ in ranked}


def test_loans_are_far_nearer_to_french_than_foreign_words(identifier: LanguageIdentifier) -> None:
    def odds(word: str) -> float:
        ranked = dict(identifier.rank(word))
        return ranked["en"] / ranked["fr"]

    assert max(odds("leader"), odds("football"), odds("smartphone")) < 10
    assert min(odds("said"), odds("workers")) > 100


def test_listed_words_do_not_load_the_character_model() -> None:
    fresh = engine._Identifier()
    fresh.rank("the government said")
    assert "_characters" not in vars(fresh)
    fresh.rank("prqxtv")
    assert "_characters" in vars(fresh)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "find_spec", lambda name: None if name == "wordfreq" else object())
    with pytest.raises(EngineError, match="wordfreq"):
        engine._Identifier()


@pytest.mark.parametrize("form", ["zorglubate", "qwertzuion", "brimbalesque"])
def test_an_unlisted_word_says_no_more_than_promised(form: str) -> None:
    identifier = engine._Identifier()
    bound = identifier.most_odds(form)
    scores = [math.log(probability) for _, probability in identifier.rank(form)]
    assert max(scores) - min(scores) <= bound + 1e-6 < math.inf


@pytest.mark.parametrize("form", ["gobierno", "zorglub-qwertzuion", "правительство", "42"])
def test_other_forms_have_no_bound(form: str) -> None:
    assert engine._Identifier().most_odds(form) == math.inf


def test_the_lists_are_those_of_wordfreq() -> None:
    lists = dict(zip(engine.WORD_LANGUAGES, engine._Identifier()._lists, strict=True))
    assert lists["fr"] == wordfreq.get_frequency_dict("fr", "large")
    assert lists["it"] == wordfreq.get_frequency_dict("it", "small")
