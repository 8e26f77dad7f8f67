"""A model that is not whole is refused in one line that says what to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mtaudit.engines.translator.folder import PACKAGED, PIN, SUMS, open_folder, packaged_folder
from mtaudit.errors import EngineError
from mtaudit.translations import Way

MANIFEST = {"format": 1, "name": "toy", "directions": {"fr-en": ">>eng<<"}, "longest": 100}


def sign(folder: Path) -> str:
    """Lists the files as they are now; the SHA-256 of the list."""
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    text = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (folder / SUMS).write_text(text, encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "model"
    path.mkdir()
    for name in ("model.bin", "config.json", "shared_vocabulary.json", "spm.model"):
        (path / name).write_bytes(name.encode() * 500)
    (path / "model.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    sign(path)
    return path


def test_a_whole_folder_is_opened(folder: Path) -> None:
    found = open_folder(folder, sign(folder))
    assert found.manifest.name == "toy"
    assert found.prompt(Way.FR_EN) == (">>eng<<", "")


def test_another_direction_is_refused(folder: Path) -> None:
    with pytest.raises(EngineError, match=r"translates fr-en, not en-fr: choose another model"):
        open_folder(folder).prompt(Way.EN_FR)


def truncated(folder: Path) -> None:
    file = folder / "model.bin"
    file.write_bytes(file.read_bytes()[:-1])


def flipped(folder: Path) -> None:
    data = bytearray((folder / "spm.model").read_bytes())
    data[77] ^= 1
    (folder / "spm.model").write_bytes(data)


def resigned_without_vocabulary(folder: Path) -> None:
    (folder / "shared_vocabulary.json").unlink()
    sign(folder)


def of_the_future(folder: Path) -> None:
    (folder / "model.json").write_text(json.dumps({**MANIFEST, "format": 2}), encoding="utf-8")
    sign(folder)


def not_a_manifest(folder: Path) -> None:
    (folder / "model.json").write_text("[1, 2]", encoding="utf-8")
    sign(folder)


def unknown_key(folder: Path) -> None:
    (folder / "model.json").write_text(json.dumps({**MANIFEST, "formatt": 1}), encoding="utf-8")
    sign(folder)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (truncated, r"model\.bin is damaged"),
        (flipped, r"spm\.model is damaged"),
        (lambda folder: (folder / "model.bin").unlink(), r"model\.bin is missing"),
        (lambda folder: (folder / SUMS).unlink(), r"SHA256SUMS is missing"),
        (lambda folder: (folder / SUMS).write_bytes(b"\xff\x00 nonsense"), r"SHA256SUMS is damaged"),
        (lambda folder: (folder / SUMS).write_bytes(b""), r"SHA256SUMS does not list model\.bin"),
        (resigned_without_vocabulary, r"does not list shared_vocabulary\.json"),
        (of_the_future, r"model\.json is of format 2, not 1: use the mtaudit that goes with it"),
        (not_a_manifest, r"model\.json does not describe a model"),
        (unknown_key, r"model\.json does not describe a model .*formatt"),
    ],
)
def test_harm_is_told_in_one_line(folder: Path, harm: Callable[[Path], object], told: str) -> None:
    harm(folder)
    with pytest.raises(EngineError, match=told) as caught:
        open_folder(folder)
    assert "\n" not in str(caught.value)


def test_a_folder_that_was_changed_and_signed_anew_is_not_the_pinned_one(folder: Path) -> None:
    pin = sign(folder)
    flipped(folder)
    sign(folder)
    open_folder(folder)
    with pytest.raises(EngineError, match="is not the one that this mtaudit was released with: install mtaudit again"):
        open_folder(folder, pin)


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"there is no model in .*nowhere"):
        open_folder(tmp_path / "nowhere")


def test_the_packaged_model_is_whole_and_both_ways() -> None:
    found = packaged_folder()
    assert found.digest == PIN.read_text(encoding="ascii").strip()
    assert all(found.prompt(way).source for way in Way)
    assert sum(file.stat().st_size for file in PACKAGED.iterdir()) < 45e6
    card = (PACKAGED / "MODEL_CARD.md").read_text(encoding="utf-8")
    for chapter in ("## Architecture", "## Data", "## Training", "## Scores", "## Round trips", "## What it is bad at"):
        assert chapter in card


def test_without_its_pin_the_packaged_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtaudit.engines.translator.folder.PIN", tmp_path / "model.sha256")
    with pytest.raises(EngineError, match=r"model\.sha256 cannot be read: install mtaudit again"):
        packaged_folder()
