"""The lexicon as built from its two packages, and the file that it is kept in."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtaudit.engines import lexicon as engine
from mtaudit.engines.lexicon import DelaLexicon, load_lexicon
from mtaudit.errors import EngineError
from mtaudit.resources import LexiconEntry


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def lexicon(folder: Path) -> DelaLexicon:
    return load_lexicon(folder)


@pytest.mark.parametrize(
    "form",
    [
        "gouvernement",
        "Gouvernement",
        "GOUVERNEMENT",
        "aujourd'hui",
        "grand-mère",
        "Etat",
        "État",
        "A",
        "Ecole",
        "cœur",
        "coeur",
        "œuvre",
        "connaitre",
        "coute",
        "cèdera",
        "évènement",
        "règlementation",
        "ambigüité",
        "selfie",
        "podcasts",
        "covid",
        "internautes",
    ],
)
def test_knows_what_is_written_today(lexicon: DelaLexicon, form: str) -> None:
    assert lexicon.knows(form)


@pytest.mark.parametrize(
    "form",
    [
        "irréfiable",
        "impactation",
        "européenes",
        "sytème",
        "batiment",
        "the",
        "events",
        "language",
        "sanções",
        "",
        "xqz",
    ],
)
def test_does_not_know_what_is_no_french(lexicon: DelaLexicon, form: str) -> None:
    assert not lexicon.knows(form)


def test_readings_have_lemma_part_of_speech_gender_and_number(lexicon: DelaLexicon) -> None:
    assert LexiconEntry("sanction", "NOUN", "f", "p") in lexicon.entries("sanctions")
    assert LexiconEntry("ambassadeur", "NOUN", "f", "s") in lexicon.entries("ambassadrice")
    assert LexiconEntry("nommer", "VERB", "f", "p") in lexicon.entries("nommées")
    assert LexiconEntry("national", "ADJ", "m", "p") in lexicon.entries("nationaux")
    assert {entry.number for entry in lexicon.entries("voit") if entry.pos == "VERB"} == {"s"}


def test_readings_of_a_newer_spelling_are_those_of_the_older(lexicon: DelaLexicon) -> None:
    assert {entry.lemma for entry in lexicon.entries("connaitre")} == {"connaître"}
    assert LexiconEntry("état", "NOUN", "m", "s") in lexicon.entries("Etat")
    assert LexiconEntry("coeur", "NOUN", "m", "s") in lexicon.entries("cœur")


def test_a_word_without_readings_has_no_entries(lexicon: DelaLexicon) -> None:
    assert lexicon.entries("podcast") == ()
    assert lexicon.entries("irréfiable") == ()


def test_frequencies_order_words_as_the_press_uses_them(lexicon: DelaLexicon) -> None:
    assert lexicon.frequency("maison") > lexicon.frequency("masure") > lexicon.frequency("irréfiable") == 0.0
    assert lexicon.foreign_frequency("language") > lexicon.frequency("language")


@pytest.mark.parametrize(
    ("form", "meant"),
    [
        ("ingérance", "ingérence"),
        ("sytème", "système"),
        ("financiere", "financière"),
        ("éxagérant", "exagérant"),
        ("developpement", "développement"),
        ("parlamentaire", "parlementaire"),
    ],
)
def test_the_first_suggestion_is_the_likeliest(lexicon: DelaLexicon, form: str, meant: str) -> None:
    assert lexicon.suggest(form)[0] == meant


def test_suggestions_share_both_ends_with_what_no_edit_reaches(lexicon: DelaLexicon) -> None:
    suggested = lexicon.suggest("irréfiable")
    assert len(suggested) == 3
    assert all(word.startswith("irré") and word.endswith("able") for word in suggested)
    assert all(lexicon.knows(word) for word in suggested)
    assert lexicon.suggest("irréfiable", limit=1) == suggested[:1]


def test_nothing_is_suggested_for_noise(lexicon: DelaLexicon) -> None:
    assert lexicon.suggest("zxqvwkjh") == ()


def test_the_cache_is_used_the_second_time(lexicon: DelaLexicon, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lexicon.knows("maire")
    monkeypatch.setattr(engine, "_build", lambda *_: pytest.fail("built again"))
    assert load_lexicon(folder).knows("maire")


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "foreign"])
def test_a_damaged_cache_is_built_anew(
    lexicon: DelaLexicon, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    assert lexicon.knows("maire")
    (whole,) = folder.iterdir()
    content = whole.read_bytes()
    broken = bytearray(content)
    broken[len(broken) // 2] ^= 0xFF
    written = {"truncated": content[:-1000], "flipped": bytes(broken), "empty": b"", "foreign": b"PNG" * 100}[damage]
    (tmp_path / whole.name).write_bytes(written)
    monkeypatch.setattr(engine, "_build", lambda *_: content)
    assert load_lexicon(tmp_path).knows("maire")
    assert (tmp_path / whole.name).read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == [whole.name]


def test_memory_serves_where_the_cache_cannot_be_written(
    lexicon: DelaLexicon, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lexicon.knows("maire")
    (whole,) = folder.iterdir()
    content = whole.read_bytes()
    monkeypatch.setattr(engine, "_build", lambda *_: content)
    (tmp_path / "taken").write_text("a file where the folder should be")
    assert load_lexicon(tmp_path / "taken" / "cache").knows("maire")


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "DELA", "dict-fr-that-nobody-has")
    with pytest.raises(EngineError, match="dict-fr-that-nobody-has is not installed"):
        load_lexicon(tmp_path)


def test_a_package_without_its_dictionary_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.files", lambda _: [])
    with pytest.raises(EngineError, match="without its dictionary"):
        load_lexicon(tmp_path)
    assert not list(tmp_path.iterdir())
