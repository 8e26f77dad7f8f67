"""Which ways a model of the hub translates, from the names and languages that such models really have."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from mtaudit.engines.translator.checkpoint import Checkpoint, is_checkpoint, open_checkpoint
from mtaudit.engines.translator.folder import SUMS, Kind, write_sums
from mtaudit.engines.translator.languages import of_marian
from mtaudit.errors import EngineError
from mtaudit.translations import Way

THERE, BACK = Way.FR_EN, Way.EN_FR
UNSAID = (None, None)


@pytest.mark.parametrize(
    ("languages", "name", "marks", "expected"),
    [
        (("fr", "en"), "Helsinki-NLP/opus-mt-fr-en", (), {THERE: ""}),
        (("en", "fr"), "Helsinki-NLP/opus-mt-en-fr", (), {BACK: ""}),
        (("fr", "en"), "a-name-that-says-nothing", (), {THERE: ""}),
        (UNSAID, "Helsinki-NLP/opus-mt-tc-big-fr-en", (), {THERE: ""}),
        (UNSAID, "opus-mt-en-fr-int8", (), {BACK: ""}),
        (UNSAID, "opus-mt_tiny_fra-eng", (), {THERE: ""}),
        (("ROMANCE", "en"), "opus-mt-ROMANCE-en", (), {THERE: ""}),
        (("en", "ROMANCE"), "opus-mt-en-ROMANCE", (">>es<<", ">>fr<<", ">>fr_FR<<"), {BACK: ">>fr<<"}),
        (("en", "itc"), "opus-mt-en-itc", (">>fra<<", ">>ita<<"), {BACK: ">>fra<<"}),
        (("mul", "en"), "opus-mt-mul-en", (), {THERE: ""}),
        (("mul", "mul"), "anything", (">>eng<<", ">>fra<<"), {THERE: ">>eng<<", BACK: ">>fra<<"}),
        (UNSAID, "opus-mt-tc-bible-big-deu_eng_fra_por_spa-mul", (">>deu<<", ">>fra<<"), {BACK: ">>fra<<"}),
        (("fra_Latn", "eng_Latn"), "x", (), {THERE: ""}),
        # Told apart from what looks like them.
        (("de", "en"), "opus-mt-de-en", (), {}),
        (("de", "en"), "renamed-to-fr-en", (), {}),
        (("fr", "de"), "opus-mt-fr-de", (), {}),
        (("itc", "itc"), "opus-mt-itc-itc", (">>fra<<",), {}),
        (("en", "mul"), "opus-mt-en-mul", (">>deu<<", ">>zho<<"), {}),
        (UNSAID, "opus-mt-fr-de", (), {}),
        (UNSAID, "my-model", (), {}),
    ],
)
def test_marian(languages: tuple[object, object], name: str, marks: tuple[str, ...], expected: dict[Way, str]) -> None:
    found = of_marian(languages, [name], {"</s>", "▁le", *marks})
    assert {way: prompt.source for way, prompt in found.items()} == expected
    assert not any(prompt.target for prompt in found.values())


def checkpoint(folder: Path, config: Mapping[str, object], tokenizer: Mapping[str, object]) -> Path:
    """A folder that has every file, of which only those that tell what it is are real."""
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    vocabulary = {name: number for number, name in enumerate(("</s>", "<unk>", "▁le", "<pad>"))}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    for name in ("source.spm", "target.spm", "sentencepiece.bpe.model", "model.safetensors"):
        (folder / name).write_bytes(name.encode())
    return folder


MARIAN = {"model_type": "marian", "max_position_embeddings": 512, "vocab_size": 4}
FRENCH = {"tokenizer_class": "MarianTokenizer", "source_lang": "fr", "target_lang": "en"}
M2M = {"model_type": "m2m_100", "max_position_embeddings": 1024, "vocab_size": 128112}


@pytest.fixture
def marian(tmp_path: Path) -> Path:
    return checkpoint(tmp_path / "opus", MARIAN, FRENCH)


def test_a_single_pair(marian: Path) -> None:
    found = open_checkpoint(marian, "Helsinki-NLP/opus-mt-fr-en")
    assert found.kind is Kind.TRANSFORMERS
    assert (found.manifest.name, found.manifest.directions) == ("Helsinki-NLP/opus-mt-fr-en", {"fr-en": ""})
    assert found.prompt(THERE) == ("", "")
    # A source of so many pieces, and a translation 1.6 times as long, have room in 512 positions.
    assert 280 < found.manifest.longest < 312
    assert found.spm == ("source.spm", "target.spm")
    with pytest.raises(EngineError, match=r"translates fr-en, not en-fr: choose another model"):
        found.prompt(BACK)


def test_many_languages(tmp_path: Path) -> None:
    m2m = open_checkpoint(checkpoint(tmp_path / "m2m", M2M, {"tokenizer_class": "M2M100Tokenizer"}))
    assert m2m.prompt(THERE) == ("__fr__", "__en__")
    assert m2m.prompt(BACK) == ("__en__", "__fr__")
    nllb = open_checkpoint(checkpoint(tmp_path / "nllb", M2M, {"tokenizer_class": "NllbTokenizer"}))
    assert nllb.prompt(THERE) == ("fra_Latn", "eng_Latn")
    assert nllb.spm == ("sentencepiece.bpe.model",) * 2


@pytest.mark.parametrize(
    ("config", "tokenizer", "told"),
    [
        (MARIAN, {"source_lang": "de", "target_lang": "en"}, "translates neither fr-en nor en-fr, or does not say so"),
        (MARIAN, {}, "translates neither fr-en nor en-fr, or does not say so"),
        ({**MARIAN, "share_encoder_decoder_embeddings": False}, FRENCH, "a vocabulary for each language"),
        (M2M, {"tokenizer_class": "M2M100Tokenizer", "language_codes": "wmt21"}, "translates neither fr-en nor en-fr"),
        (M2M, {"tokenizer_class": "SMALL100Tokenizer"}, "type 'm2m_100' with a SMALL100Tokenizer, not Marian, M2M-100"),
        ({"model_type": "bert"}, {}, "holds a model of type 'bert', not Marian, M2M-100 or NLLB: choose another model"),
        ({}, {}, "holds a model of type None"),
    ],
)
def test_other_models_are_refused(
    tmp_path: Path, config: Mapping[str, object], tokenizer: Mapping[str, object], told: str
) -> None:
    with pytest.raises(EngineError, match=told) as caught:
        open_checkpoint(checkpoint(tmp_path / "model", config, tokenizer))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("config.json", r"config\.json is missing: copy or pull the model again"),
        ("vocab.json", r"vocab\.json is missing"),
        ("target.spm", r"target\.spm is missing"),
        ("model.safetensors", r"has no weights \(model\.safetensors or pytorch_model\.bin\)"),
    ],
)
def test_a_missing_file_is_told(marian: Path, name: str, told: str) -> None:
    (marian / name).unlink()
    with pytest.raises(EngineError, match=told):
        open_checkpoint(marian)


@pytest.mark.parametrize("content", [b"{", b"[1]", b"\xff\xfe", b""])
def test_a_damaged_file_is_told(marian: Path, content: bytes) -> None:
    for name in ("config.json", "vocab.json", "tokenizer_config.json"):
        whole = (marian / name).read_bytes()
        (marian / name).write_bytes(content)
        with pytest.raises(EngineError, match=rf"{name} is damaged: copy or pull the model again"):
            open_checkpoint(marian)
        (marian / name).write_bytes(whole)


def test_what_was_pulled_is_held_to_its_hashes(marian: Path) -> None:
    loose = open_checkpoint(marian).digest
    write_sums(marian)
    assert open_checkpoint(marian).digest != loose, "other files count then"
    (marian / "model.safetensors").write_bytes(b"model.safetensor5")
    with pytest.raises(EngineError, match=r"model\.safetensors is damaged \(its SHA-256 is not the listed one\)"):
        open_checkpoint(marian)
    (marian / SUMS).write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(EngineError, match="SHA256SUMS is damaged"):
        open_checkpoint(marian)


def test_what_is_no_checkpoint(marian: Path, tmp_path: Path) -> None:
    assert is_checkpoint(marian)
    assert not is_checkpoint(tmp_path / "nowhere")
    (marian / "config.json").write_text('{"add_source_bos": false}', encoding="utf-8")
    assert not is_checkpoint(marian), "CTranslate2's folders have a config.json too"
    shutil.rmtree(marian)
    with pytest.raises(EngineError, match="there is no model in"):
        Checkpoint(marian)
