"""A folder that holds a translation model for CTranslate2, proved whole before anything reads it.

    model.bin config.json shared_vocabulary.json   CTranslate2's
    spm.model                                      text <-> pieces, both languages
    target.spm                                     pieces of targets, where another model cuts them (Marian of one pair)
    model.json                                     format, name, directions and their tokens
    MODEL_CARD.md                                  where it comes from, what it is worth
    SHA256SUMS                                     of all of the above

The package pins the SHA-256 of the SHA256SUMS of the model that it ships, so no file of it can change unseen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

import mtaudit
from mtaudit.errors import EngineError
from mtaudit.translations import Way

ENGINE: Final = "translator"
#: Raised when a model can no longer be used as the one before was.
FORMAT: Final = 1
MANIFEST: Final = "model.json"
SUMS: Final = "SHA256SUMS"
#: The SentencePiece models of a folder.
SPM, TARGET_SPM = "spm.model", "target.spm"
DATA: Final = Path(mtaudit.__file__).parent / "data"
PACKAGED: Final = DATA / "model"
PIN: Final = DATA / "model.sha256"
#: Without these nothing can be translated.
_REQUIRED: Final = ("model.bin", "config.json", "shared_vocabulary.json", SPM, MANIFEST)
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([\w.-]+)")
_AGAIN: Final = "copy or convert the model again"
OTHER: Final = "choose another model"


class Kind(StrEnum):
    """What computes with a model."""

    CTRANSLATE2 = "ctranslate2"
    TRANSFORMERS = "transformers"


class Prompt(NamedTuple):
    """The piece that a source begins with, and the one that a target does; "" where there is none."""

    source: str
    target: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`model.json`: `directions` gives for each direction the piece that a source begins with, "" where none does."""

    format: int
    name: str
    directions: dict[str, str]
    #: Pieces of a source beyond which the model was not trained, or has no room.
    longest: int
    #: The piece that a target begins with, for the directions that have one (M2M-100, NLLB).
    targets: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder that was found whole. `digest` is the SHA-256 of its SHA256SUMS: the model's identity.

    `spm` are the SentencePiece models of sources and of targets, which may be the same.
    """

    path: Path
    manifest: Manifest
    digest: str
    kind: Kind = Kind.CTRANSLATE2
    spm: tuple[str, str] = (SPM, SPM)

    def prompt(self, way: Way) -> Prompt:
        """Raises EngineError when the model does not translate that way."""
        source = self.manifest.directions.get(way.value)
        if source is None:
            raise EngineError(ENGINE, f"{self.path} translates {known_ways(self.manifest)}, not {way.value}: {OTHER}")
        return Prompt(source, self.manifest.targets.get(way.value, ""))


def known_ways(manifest: Manifest) -> str:
    """The directions of a model in words."""
    return ", ".join(sorted(manifest.directions)) or "nothing"


def packaged_folder() -> ModelFolder:
    """The model that comes with the package. Raises EngineError as `open_folder`."""
    try:
        pin = PIN.read_text(encoding="ascii").split()[0]
    except (OSError, ValueError, IndexError):
        raise EngineError(ENGINE, f"{PIN} cannot be read: install mtaudit again") from None
    return open_folder(PACKAGED, pin)


def open_folder(path: Path, pin: str | None = None) -> ModelFolder:
    """The folder, once every file has the SHA-256 that SHA256SUMS gives it, and SHA256SUMS the pinned one.

    Raises:
        EngineError: in one line, when a file is missing, damaged or unreadable, or the model is of another format.
    """
    remedy = "install mtaudit again" if pin else _AGAIN
    if not path.is_dir():
        raise EngineError(ENGINE, f"there is no model in {path}: {remedy}")
    listing = read(path / SUMS, remedy)
    digest = hashlib.sha256(listing).hexdigest()
    if pin is not None and digest != pin:
        raise EngineError(ENGINE, f"{path / SUMS} is not the one that this mtaudit was released with: {remedy}")
    sums = verified(path, listing, _REQUIRED, remedy)
    spm = (SPM, TARGET_SPM if TARGET_SPM in sums else SPM)
    return ModelFolder(path, read_manifest(path, remedy), digest, spm=spm)


def verified(folder: Path, listing: bytes, required: Iterable[str], remedy: str) -> dict[str, str]:
    """The SHA-256 by file of a SHA256SUMS, once every file is found to have its own.

    Raises:
        EngineError: when the list is damaged or lacks a required name, or a file is missing, damaged or unreadable.
    """
    sums = {}
    for line in listing.decode("utf-8", errors="replace").splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            raise EngineError(ENGINE, f"{folder / SUMS} is damaged: {remedy}")
        sums[found[2]] = found[1]
    for name in required:
        if name not in sums:
            raise EngineError(ENGINE, f"{folder / SUMS} does not list {name}: {remedy}")
    for name, expected in sums.items():
        if digest_of(folder / name, remedy) != expected:
            raise EngineError(ENGINE, f"{folder / name} is damaged (its SHA-256 is not the listed one): {remedy}")
    return sums


def listing_of(sums: Mapping[str, str]) -> str:
    """SHA256SUMS as `sha256sum` writes it, files in order of name."""
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))


def write_sums(folder: Path) -> None:
    """Writes SHA256SUMS over every other file of the folder. Raises EngineError for a file that cannot be read."""
    names = [path.name for path in folder.iterdir() if path.is_file() and path.name != SUMS]
    listing = listing_of({name: digest_of(folder / name, _AGAIN) for name in names})
    (folder / SUMS).write_text(listing, encoding="utf-8")


def read_manifest(folder: Path, remedy: str = _AGAIN) -> Manifest:
    """Raises EngineError when `model.json` is missing, of another format, or no manifest."""
    path = folder / MANIFEST
    content = read(path, remedy)
    try:
        raw = msgspec.json.decode(content)
        version = raw["format"]
        if version != FORMAT:
            raise EngineError(ENGINE, f"{path} is of format {version}, not {FORMAT}: use the mtaudit that goes with it")
        return msgspec.convert(raw, Manifest)
    except (msgspec.MsgspecError, KeyError, TypeError) as problem:
        raise EngineError(ENGINE, f"{path} does not describe a model ({problem}): {remedy}") from None


def read(path: Path, remedy: str) -> bytes:
    """Raises EngineError, which says what to do, when the file is missing or cannot be read."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise _unreadable(path, problem, remedy) from None


def digest_of(path: Path, remedy: str) -> str:
    """The SHA-256 of a file. Raises EngineError as `read`."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as problem:
        raise _unreadable(path, problem, remedy) from None


def _unreadable(path: Path, problem: OSError, remedy: str) -> EngineError:
    if isinstance(problem, FileNotFoundError):
        return EngineError(ENGINE, f"{path} is missing: {remedy}")
    return EngineError(ENGINE, f"{path} cannot be read ({problem.strerror}): {remedy}")
