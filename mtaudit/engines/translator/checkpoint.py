"""A folder that transformers reads: a Marian, M2M-100 or NLLB model as the hub has them.

    config.json tokenizer_config.json              which family, how large, which languages
    model.safetensors, or pytorch_model.bin        the weights, whole or in parts that an index lists
    source.spm target.spm vocab.json               Marian: pieces of sources and targets, their numbers
    sentencepiece.bpe.model vocab.json             M2M-100: pieces of both, their numbers
    sentencepiece.bpe.model tokenizer.json         NLLB: the same; the numbers follow from the pieces where the
                                                   second is missing
    SHA256SUMS                                     where `mtaudit models pull` fetched it: of all of the above

Texts are cut by SentencePiece itself, here as with CTranslate2, so that places in them are known; of transformers'
tokenizers only the numbers of the pieces are needed, and they stand in these files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from mtaudit.engines.translator import languages
from mtaudit.engines.translator.folder import (
    ENGINE,
    FORMAT,
    OTHER,
    SUMS,
    Kind,
    Manifest,
    ModelFolder,
    digest_of,
    listing_of,
    read,
    verified,
)
from mtaudit.engines.translator.pieces import UNKNOWN
from mtaudit.engines.translator.translator import SLACK, STRETCH
from mtaudit.errors import EngineError

CONFIG: Final = "config.json"
MARIAN, M2M_100, NLLB = "marian", "m2m_100", "nllb"
#: The files of weights by preference: those that cannot carry code first.
WEIGHTS: Final = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
_AGAIN: Final = "copy or pull the model again"
_TOKENIZER: Final = "tokenizer_config.json"
_M2M_SPM: Final = "sentencepiece.bpe.model"
#: SentencePiece models of sources and of targets.
_SPM: Final = {MARIAN: ("source.spm", "target.spm"), M2M_100: (_M2M_SPM, _M2M_SPM), NLLB: (_M2M_SPM, _M2M_SPM)}
_VOCABULARY: Final = {MARIAN: "vocab.json", M2M_100: "vocab.json", NLLB: "tokenizer.json"}
#: What the positions that a model has must hold beside a source and a translation of it that has not lost its way.
_PROMPT: Final = 8


class Checkpoint:
    """What the small files of the folder say. The weights are not looked at."""

    def __init__(self, path: Path, name: str | None = None) -> None:
        """`name` is what the model is known by, its folder's name otherwise.

        Raises:
            EngineError: when it is none of the families, or a file that tells is missing or damaged.
        """
        self.path, self.name = path, name or path.resolve().name
        if not path.is_dir():
            raise EngineError(ENGINE, f"there is no model in {path}: {_AGAIN}")
        self.config = _table(path / CONFIG)
        self._tokenizer = _table(path / _TOKENIZER) if (path / _TOKENIZER).exists() else {}
        self.family = self._family()

    def _family(self) -> str:
        kind = self.config.get("model_type")
        tokenizer = str(self._tokenizer.get("tokenizer_class") or self.config.get("tokenizer_class") or "")
        if kind == MARIAN:
            if not self.config.get("share_encoder_decoder_embeddings", True):
                raise EngineError(ENGINE, f"{self.path} has a vocabulary for each language, not one for both: {OTHER}")
            return MARIAN
        if kind == M2M_100 and (tokenizer.startswith("M2M100") or (not tokenizer and self._has("vocab.json"))):
            return M2M_100
        if kind == M2M_100 and (tokenizer.startswith("Nllb") or not tokenizer):
            return NLLB
        what = f"a model of type {kind!r}" + (f" with a {tokenizer}" if kind == M2M_100 else "")
        raise EngineError(ENGINE, f"{self.path} holds {what}, not Marian, M2M-100 or NLLB: {OTHER}")

    def _number(self, name: str, default: int) -> int:
        value = self.config.get(name, default)
        if not isinstance(value, int):
            raise EngineError(ENGINE, f"{self.path / CONFIG} is damaged: {_AGAIN}")
        return value

    def _has(self, name: str) -> bool:
        return (self.path / name).exists()

    def manifest(self) -> Manifest:
        """Raises EngineError when the model translates neither way, or a file that tells is missing or damaged."""
        if self.family == MARIAN:
            stated = self._tokenizer.get("source_lang"), self._tokenizer.get("target_lang")
            names = (self.name, self.path.resolve().name, str(self.config.get("_name_or_path", "")))
            found = languages.of_marian(stated, names, _table(self.path / "vocab.json"))
        elif self.family == M2M_100:
            # The other list of languages that there is, of WMT 2021's models, has no French.
            wmt21 = self._tokenizer.get("language_codes") == "wmt21"
            found = languages.of_m2m_100(("en",) if wmt21 else ("en", "fr"))
        else:
            found = languages.of_nllb()
        if not found:
            raise EngineError(
                ENGINE,
                f"{self.path} translates neither fr-en nor en-fr, or does not say so (by its tokenizer_config.json, or "
                f"a name like opus-mt-fr-en): {OTHER}",
            )
        positions = self._number("max_position_embeddings", 1024)
        return Manifest(
            FORMAT,
            self.name,
            {way.value: prompt.source for way, prompt in found.items()},
            max(int((positions - SLACK) / STRETCH) - _PROMPT, 1),
            {way.value: prompt.target for way, prompt in found.items() if prompt.target},
        )

    @property
    def spm(self) -> tuple[str, str]:
        """The SentencePiece models of sources and of targets."""
        return _SPM[self.family]

    def files(self) -> list[str]:
        """What the model consists of. Raises EngineError when a file is missing."""
        wanted = [CONFIG, *dict.fromkeys(self.spm), *self.weights()]
        if self.family != NLLB:
            wanted.append(_VOCABULARY[self.family])
        for name in wanted:
            if not self._has(name):
                raise EngineError(ENGINE, f"{self.path / name} is missing: {_AGAIN}")
        return wanted + [name for name in ("tokenizer.json", _TOKENIZER) if self._has(name)]

    def weights(self) -> list[str]:
        """The files of weights, an index among them. Raises EngineError when there are none."""
        for name in WEIGHTS:
            if self._has(name):
                if not name.endswith(".json"):
                    return [name]
                parts = _table(self.path / name).get("weight_map")
                if isinstance(parts, Mapping):
                    return [name, *sorted(set(map(str, parts.values())))]
                raise EngineError(ENGINE, f"{self.path / name} is damaged: {_AGAIN}")
        raise EngineError(ENGINE, f"{self.path} has no weights ({WEIGHTS[0]} or {WEIGHTS[2]}): {_AGAIN}")

    def pieces(self) -> list[str]:
        """The name of each row of the model's table of embeddings; those of rows without a use are made up.

        Raises:
            EngineError: when the files do not give them, or the model has no row for some.
        """
        size = self._number("vocab_size", 0)
        names = [f"madeupword{index}" for index in range(size)]
        numbers = self._numbers()
        if not numbers or max(numbers.values()) >= size or UNKNOWN not in numbers:
            raise EngineError(ENGINE, f"{self.path}: the vocabulary is not that of the weights: {_AGAIN}")
        for name, number in numbers.items():
            names[number] = name
        return names

    def _numbers(self) -> dict[str, int]:
        path = self.path / _VOCABULARY[self.family]
        if self.family == NLLB and not path.exists():
            return self._nllb_numbers()
        table = _table(path)
        try:
            if self.family == NLLB:
                added = {row["content"]: row["id"] for row in table["added_tokens"]}
                return msgspec.convert({**table["model"]["vocab"], **added}, dict[str, int])
            numbers = msgspec.convert(table, dict[str, int])
        except (KeyError, TypeError, msgspec.ValidationError):
            raise EngineError(ENGINE, f"{path} is damaged: {_AGAIN}") from None
        if self.family == M2M_100:
            from transformers.models.m2m_100.tokenization_m2m_100 import FAIRSEQ_LANGUAGE_CODES

            codes = FAIRSEQ_LANGUAGE_CODES[self._tokenizer.get("language_codes", "m2m100")]
            numbers |= {f"__{code}__": len(table) + place for place, code in enumerate(codes)}
        return numbers

    def _nllb_numbers(self) -> dict[str, int]:
        """As fairseq counts: four pieces of its own, SentencePiece's but the first three, languages, the mask."""
        import sentencepiece
        from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

        processor = sentencepiece.SentencePieceProcessor(model_file=str(self.path / _M2M_SPM))
        own = [processor.id_to_piece(number) for number in range(3, processor.get_piece_size())]
        names = ["<s>", "<pad>", "</s>", UNKNOWN, *own, *FAIRSEQ_LANGUAGE_CODES, "<mask>"]
        return {name: number for number, name in enumerate(names)}


def is_checkpoint(path: Path) -> bool:
    """Whether the folder is one of transformers' models, of whatever type."""
    try:
        return "model_type" in _table(path / CONFIG)
    except EngineError:
        return False


def open_checkpoint(path: Path, name: str | None = None) -> ModelFolder:
    """The folder, all of its files there, and as SHA256SUMS has them where it has one.

    Its digest is that of SHA256SUMS, or of what that would say of the files that make up the model.

    Raises:
        EngineError: in one line, when a file is missing, damaged or unreadable, or the model is for other languages or
            of a family that is not read.
    """
    checkpoint = Checkpoint(path, name)
    manifest, files = checkpoint.manifest(), checkpoint.files()
    if (path / SUMS).exists():
        listing = read(path / SUMS, _AGAIN)
        verified(path, listing, files, _AGAIN)
    else:
        listing = listing_of({name: digest_of(path / name, _AGAIN) for name in files}).encode()
    digest = hashlib.sha256(listing).hexdigest()
    return ModelFolder(path, manifest, digest, Kind.TRANSFORMERS, checkpoint.spm)


def _table(path: Path) -> dict[str, Any]:
    try:
        return msgspec.json.decode(read(path, _AGAIN), type=dict[str, Any])
    except msgspec.MsgspecError:
        raise EngineError(ENGINE, f"{path} is damaged: {_AGAIN}") from None
