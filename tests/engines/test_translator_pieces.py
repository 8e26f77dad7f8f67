"""Vocabularies of the hub, which have no single bytes to fall back on and were trained on plain typography."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtaudit.engines.translator.pieces import UNKNOWN, Vocabulary, text_of
from tests.engines import toymodels


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    path = tmp_path_factory.mktemp("spm") / "source.spm"
    toymodels.write_spm(path)
    return Vocabulary(path)


def test_typography_that_it_lacks_is_read_plain_in_its_place(vocabulary: Vocabulary) -> None:
    text = "L’équipe attend «\u00a0demain\u00a0», l’offre – lundi…"
    pieces = vocabulary.encode(text)
    plain = vocabulary.encode("L'équipe attend \" demain \", l'offre - lundi...")
    assert UNKNOWN not in pieces.names
    assert pieces.names == plain.names
    assert text[slice(*pieces.spans[pieces.names.index("'")])] == "’"
    assert "".join(text[slice(*span)] for span in dict.fromkeys(pieces.spans)) == text.replace(" ", "").replace(
        "\u00a0", ""
    )


def test_what_it_knows_is_left_as_it_is(tmp_path: Path) -> None:
    import sentencepiece

    rows = [f"L’équipe attend « demain » – lundi… {number}" for number in range(99)]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(rows),
        model_prefix=str(tmp_path / "own"),
        vocab_size=80,
        hard_vocab_limit=False,
        minloglevel=2,
        normalization_rule_name="identity",
    )
    own = Vocabulary(tmp_path / "own.model")
    assert text_of(own.encode("L’équipe attend « demain » – lundi…").names) == "L’équipe attend « demain » – lundi…"


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("Le maire attend une réponse.", True),
        ("Le maire attend 🎉 une réponse de l’équipe.", True),
        ("部长公布了新的预算", False),
        ("部长 2024 公布了 15 新的 a", False),
        ("🎉", False),
        ("15 - 30.", False),
        ("", False),
    ],
)
def test_a_script_that_it_lacks(vocabulary: Vocabulary, text: str, readable: bool) -> None:
    assert vocabulary.readable(vocabulary.encode(text)) is readable


def test_unknown_characters_keep_their_place(vocabulary: Vocabulary) -> None:
    text = "Le maire 部长🎉 attend"
    pieces = vocabulary.encode(text)
    assert [text[slice(*span)] for name, span in zip(*pieces, strict=True) if name == UNKNOWN] == ["部长🎉"]


def test_marks_of_languages_are_no_text() -> None:
    names = ["__en__", "▁The", "▁may", "or", "<unk>", "▁_", "_", "▁", "</s>", "<pad>", "madeupword3"]
    assert text_of(names) == "The mayor __"
    assert text_of(["eng_Latn", "▁Yes", ">>fra<<"]) == "Yes"
