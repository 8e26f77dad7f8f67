"""A folder that holds a translation model, proved whole before anything reads it.

    model.bin config.json shared_vocabulary.json   CTranslate2's
    spm.model                                      text <-> pieces, both languages
    model.json                                     format, name, directions and their tokens
    MODEL_CARD.md                                  where it comes from, what it is worth
    SHA256SUMS                                     of all of the above

The package pins the SHA-256 of the SHA256SUMS of the model that it ships, so no file of it can change unseen.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

import mtaudit
from mtaudit.errors import EngineError
from mtaudit.translations import Way

ENGINE: Final = "translator"
#: Raised when a model can no longer be used as the one before was.
FORMAT: Final = 1
SUMS: Final = "SHA256SUMS"
DATA: Final = Path(mtaudit.__file__).parent / "data"
PACKAGED: Final = DATA / "model"
PIN: Final = DATA / "model.sha256"
#: Without these nothing can be translated.
_REQUIRED: Final = ("model.bin", "config.json", "shared_vocabulary.json", "spm.model", "model.json")
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([\w.-]+)")


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`model.json`: `directions` gives for each direction the piece that a source begins with."""

    format: int
    name: str
    directions: dict[str, str]
    #: Pieces of a source beyond which the model was not trained.
    longest: int


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder that was found whole. `digest` is the SHA-256 of its SHA256SUMS: the model's identity."""

    path: Path
    manifest: Manifest
    digest: str

    def token(self, way: Way) -> str:
        """Raises EngineError when the model does not translate that way."""
        token = self.manifest.directions.get(way.value)
        if token is None:
            known = ", ".join(sorted(self.manifest.directions)) or "nothing"
            raise EngineError(ENGINE, f"{self.path} translates {known}, not {way.value}: choose another model")
        return token


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
    remedy = "install mtaudit again" if pin else "copy or convert the model again"
    if not path.is_dir():
        raise EngineError(ENGINE, f"there is no model in {path}: {remedy}")
    listing = _read(path / SUMS, remedy)
    digest = hashlib.sha256(listing).hexdigest()
    if pin is not None and digest != pin:
        raise EngineError(ENGINE, f"{path / SUMS} is not the one that this mtaudit was released with: {remedy}")
    sums = _sums(listing, path / SUMS, remedy)
    for name in _REQUIRED:
        if name not in sums:
            raise EngineError(ENGINE, f"{path / SUMS} does not list {name}: {remedy}")
    for name, expected in sums.items():
        if _digest(path / name, remedy) != expected:
            raise EngineError(ENGINE, f"{path / name} is damaged (its SHA-256 is not the listed one): {remedy}")
    return ModelFolder(path, _manifest(path / "model.json", remedy), digest)


def _sums(listing: bytes, path: Path, remedy: str) -> dict[str, str]:
    sums = {}
    for line in listing.decode("utf-8", errors="replace").splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            raise EngineError(ENGINE, f"{path} is damaged: {remedy}")
        sums[found[2]] = found[1]
    return sums


def _manifest(path: Path, remedy: str) -> Manifest:
    try:
        raw = msgspec.json.decode(path.read_bytes())
        version = raw["format"]
        if version != FORMAT:
            raise EngineError(ENGINE, f"{path} is of format {version}, not {FORMAT}: use the mtaudit that goes with it")
        return msgspec.convert(raw, Manifest)
    except (msgspec.MsgspecError, KeyError, TypeError) as problem:
        raise EngineError(ENGINE, f"{path} does not describe a model ({problem}): {remedy}") from None


def _read(path: Path, remedy: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise EngineError(ENGINE, f"{path} is missing: {remedy}") from None
    except OSError as problem:
        raise EngineError(ENGINE, f"{path} cannot be read ({problem.strerror}): {remedy}") from None


def _digest(path: Path, remedy: str) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise EngineError(ENGINE, f"{path} is missing: {remedy}") from None
    except OSError as problem:
        raise EngineError(ENGINE, f"{path} cannot be read ({problem.strerror}): {remedy}") from None
