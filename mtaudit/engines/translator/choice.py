"""Which model the user means, and the models that are there."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import platformdirs

from mtaudit.engines.translator.checkpoint import CONFIG, Checkpoint, is_checkpoint, open_checkpoint
from mtaudit.engines.translator.folder import (
    ENGINE,
    MANIFEST,
    PACKAGED,
    Kind,
    Manifest,
    ModelFolder,
    known_ways,
    open_folder,
    packaged_folder,
    read_manifest,
)
from mtaudit.engines.translator.translator import Translator
from mtaudit.errors import EngineError
from mtaudit.translations import PACKAGED_MODEL, ModelChoice, Way

#: What the model that comes with mtaudit goes by, beside no name at all.
PACKAGED_NAME: Final = "packaged"
#: A name under the folder of models: that of a hub id, or one of its two parts.
_NAME: Final = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)?", re.ASCII)
_SHOWN: Final = "`mtaudit models list` shows the models that are there"
#: What a download or conversion that is not done ends with.
PARTIAL: Final = ".part"


class Origin(StrEnum):
    """Where a model comes from."""

    PACKAGED = "packaged"
    CONVERTED = "converted"
    PULLED = "pulled"
    FOLDER = "folder"
    CACHE = "transformers' cache"


class Place(NamedTuple):
    """A folder with a model in it, not yet looked into."""

    name: str
    path: Path
    origin: Origin

    @property
    def kind(self) -> Kind:
        """What would compute with it."""
        return Kind.CTRANSLATE2 if (self.path / MANIFEST).exists() else Kind.TRANSFORMERS

    def manifest(self) -> Manifest:
        """What the model says of itself. Raises EngineError when it does not, or is for other languages."""
        if self.kind is Kind.CTRANSLATE2:
            return read_manifest(self.path)
        return Checkpoint(self.path, self.name).manifest()

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.path.iterdir() if file.is_file())

    def open(self) -> ModelFolder:
        """The folder, found whole. Raises EngineError."""
        if self.origin is Origin.PACKAGED:
            return packaged_folder()
        if self.kind is Kind.CTRANSLATE2:
            return open_folder(self.path)
        return open_checkpoint(self.path, self.name)


def open_translator(choice: ModelChoice = PACKAGED_MODEL) -> Translator:
    """The model of a choice, found whole and able to translate there and back; nothing is downloaded.

    Raises:
        EngineError: in one line, when it is not there, is damaged, or does not translate both ways.
    """
    folders = [place.open() for place in find(choice.where)]
    if len(folders) == 2:
        folders = _pair(*folders)
    known = {way for folder in folders for way in folder.manifest.directions}
    for way in Way:
        if way.value not in known:
            (folder,) = folders
            name = choice.where or folder.manifest.name
            raise EngineError(
                ENGINE,
                f"{name} translates {known_ways(folder.manifest)} only: name a model for {way.value} too, the one for "
                "fr-en first and a comma between them",
            )
    return Translator(folders, choice.threads, choice.device)


def find(where: str | None = None) -> list[Place]:
    """Where the model is that is named as `ModelChoice.where` has it; two places for two models.

    Raises:
        EngineError: when one is not there.
    """
    if not where:
        return [_packaged()]
    if Path(where).expanduser().is_dir():
        return [_one(where)]
    names = [name.strip() for name in where.split(",")]
    if len(names) > 2 or not all(names):
        raise EngineError(ENGINE, f"{where!r} names no model, nor two with a comma between them")
    return [_one(name) for name in names]


def models_folder() -> Path:
    """Where models are pulled to and converted to; it may not be there yet."""
    return Path(platformdirs.user_data_dir("mtaudit")) / "models"


def place_of(name: str) -> Path:
    """The folder of a model that is, or may be, under the folder of models. Raises EngineError for what is no name."""
    if not _NAME.fullmatch(name) or name == PACKAGED_NAME or name.endswith(PARTIAL):
        raise EngineError(ENGINE, f"{name!r} is no name for a model (letters, digits, . _ -, and one / at most)")
    return models_folder() / name


def places() -> Iterator[Place]:
    """The models that can be chosen by name: the packaged one, then those pulled and converted, by name."""
    yield _packaged()
    root = models_folder()
    for folder in sorted(_folders(root)):
        if _holds_model(folder):
            yield _installed(folder.name, folder)
        else:
            for inner in sorted(_folders(folder)):
                if _holds_model(inner):
                    yield _installed(f"{folder.name}/{inner.name}", inner)


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [
        path for path in folder.iterdir() if path.is_dir() and _NAME.fullmatch(path.name) and path.suffix != PARTIAL
    ]


def _holds_model(folder: Path) -> bool:
    return (folder / MANIFEST).exists() or (folder / CONFIG).exists()


def _packaged() -> Place:
    return Place(PACKAGED_NAME, PACKAGED, Origin.PACKAGED)


def _installed(name: str, path: Path) -> Place:
    return Place(name, path, Origin.CONVERTED if (path / MANIFEST).exists() else Origin.PULLED)


def _one(name: str) -> Place:
    if name == PACKAGED_NAME:
        return _packaged()
    path = Path(name).expanduser()
    if path.is_dir():
        return _checked(Place(path.resolve().name, path, Origin.FOLDER))
    if not _NAME.fullmatch(name):
        raise EngineError(ENGINE, f"there is no model in {name}: {_SHOWN}")
    if (installed := models_folder() / name).is_dir() and _holds_model(installed):
        return _installed(name, installed)
    if "/" not in name:
        raise EngineError(ENGINE, f"no model is called {name}: {_SHOWN}")
    if (cached := _cached(name)) is not None:
        return Place(name, cached, Origin.CACHE)
    raise EngineError(ENGINE, f"{name} is not on this machine: `mtaudit models pull {name}` gets it from the hub")


def _checked(place: Place) -> Place:
    if (place.path / MANIFEST).exists() or is_checkpoint(place.path):
        return place
    if (place.path / "model.bin").exists():
        raise EngineError(
            ENGINE, f"{place.path} has no {MANIFEST} to say what it translates: make it with `mtaudit models convert`"
        )
    raise EngineError(ENGINE, f"there is no model in {place.path}: {_SHOWN}")


def _cached(name: str) -> Path | None:
    """The folder of a hub id in the cache that transformers shares with everything of the hub."""
    if importlib.util.find_spec("huggingface_hub") is None:
        return None
    from huggingface_hub import try_to_load_from_cache

    try:
        found = try_to_load_from_cache(name, CONFIG)
    except ValueError:  # for the hub it is no id
        return None
    return Path(found).parent if isinstance(found, str) else None


def _pair(first: ModelFolder, second: ModelFolder) -> list[ModelFolder]:
    """The first for fr-en and the second for en-fr, unless each has only the other. Raises EngineError."""
    there, back = Way.FR_EN, Way.EN_FR
    if there.value not in first.manifest.directions and back.value not in second.manifest.directions:
        first, second = second, first
    return [_only(first, there), _only(second, back)]


def _only(folder: ModelFolder, way: Way) -> ModelFolder:
    prompt = folder.prompt(way)
    manifest = msgspec.structs.replace(folder.manifest, directions={way.value: prompt.source})
    return ModelFolder(folder.path, manifest, folder.digest, folder.kind, folder.spm)
