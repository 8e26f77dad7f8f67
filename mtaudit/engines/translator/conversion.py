"""transformers' models -> folders for CTranslate2, which is faster with them and takes less memory."""

from __future__ import annotations

import shutil
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from mtaudit.engines.translator.backends import told
from mtaudit.engines.translator.checkpoint import MARIAN, Checkpoint
from mtaudit.engines.translator.choice import PARTIAL, Place
from mtaudit.engines.translator.folder import (
    ENGINE,
    MANIFEST,
    SPM,
    TARGET_SPM,
    Kind,
    ModelFolder,
    open_folder,
    write_sums,
)
from mtaudit.engines.translator.pieces import UNKNOWN
from mtaudit.engines.translator.translator import Translator
from mtaudit.engines.translator.with_transformers import quiet, require
from mtaudit.errors import EngineError
from mtaudit.translations import Way


class Quantization(StrEnum):
    """How weights are rounded: from a quarter of the size to none of it."""

    INT8 = "int8"
    INT16 = "int16"
    FLOAT16 = "float16"
    FLOAT32 = "float32"


#: A sentence that every model must be able to read.
_TRIAL = {Way.FR_EN: "Le maire a présenté le budget.", Way.EN_FR: "The mayor presented the budget."}


def convert(source: Place, target: Path, name: str, quantization: Quantization = Quantization.INT8) -> ModelFolder:
    """Writes the folder `target`, which must not be there, of a model to be called `name`; proves that it translates.

    Raises:
        EngineError: when the source is no model that can be converted, the extra is not installed, memory runs short,
            or the folder cannot be written; no folder is left then.
    """
    if source.kind is not Kind.TRANSFORMERS:
        raise EngineError(ENGINE, f"{source.name} is in CTranslate2's form already, in {source.path}")
    require("torch", "transformers")
    # Whoever has a list of hashes is told of damage here and not by a model that talks nonsense.
    manifest = msgspec.structs.replace(source.open().manifest, name=name)
    checkpoint = Checkpoint(source.path, source.name)
    partial = target.with_name(target.name + PARTIAL)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        _write(checkpoint, partial, quantization)
        first, second = (source.path / file for file in checkpoint.spm)
        shutil.copyfile(first, partial / SPM)
        if second.read_bytes() != first.read_bytes():
            shutil.copyfile(second, partial / TARGET_SPM)
        (partial / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
        write_sums(partial)
        folder = open_folder(partial)
        ways = [way for way in Way if way.value in manifest.directions]
        for way in ways:
            Translator(folder).translate([_TRIAL[way]], way)
        partial.rename(target)
    except OSError as problem:
        raise EngineError(ENGINE, f"{target} cannot be written ({problem.strerror or problem})") from problem
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return open_folder(target)


def _write(checkpoint: Checkpoint, target: Path, quantization: Quantization) -> None:
    from ctranslate2.converters import TransformersConverter

    table = _Table(checkpoint)

    class Converter(TransformersConverter):  # type: ignore[misc]
        """Takes the numbers of pieces from us: transformers' tokenizers want libraries that nothing else needs."""

        def load_tokenizer(self, *_: Any, **__: Any) -> _Table:
            return table

    try:
        with quiet():
            Converter(str(checkpoint.path)).convert(str(target), quantization=quantization.value)
    except Exception as problem:  # as where weights are read for use
        raise told(problem, Kind.TRANSFORMERS, checkpoint.name) from problem


class _Table:
    """What the converter asks of a tokenizer."""

    bos_token, eos_token, unk_token, pad_token = "<s>", "</s>", UNKNOWN, "<pad>"
    #: Rows without a use have their names already.
    num_madeup_words = 0

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.special_tokens_map: dict[str, Any] = {}
        self._pieces = checkpoint.pieces()
        last = self._pieces[-1]
        if checkpoint.family == MARIAN and last != self.pad_token:
            # The converter leaves the last row out: transformers put it there to fill batches up.
            raise EngineError(ENGINE, f"{checkpoint.path} has {last} where Marian's vocabularies have {self.pad_token}")

    def get_vocab(self) -> dict[str, int]:
        return {piece: number for number, piece in enumerate(self._pieces)}

    def convert_ids_to_tokens(self, number: int) -> str:
        return self._pieces[number]
