"""One command from text to package, and what it says when it cannot begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtaudit.engines.translator.folder import PACKAGED, SUMS
from mtaudit.errors import EngineError
from training.pipeline import main, missing
from training.ship import CARD, ship


def test_without_data_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tiny", "--work", str(tmp_path), "--parallel", str(tmp_path / "parallel")]) == 2
    told = capsys.readouterr().err
    assert told.startswith("training: there is no parallel text in ")
    assert told.count("\n") == 1


def test_packed_data_are_enough(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    assert not missing(tmp_path / "parallel", tmp_path)


def copy_of_the_model(folder: Path, without: str = "") -> Path:
    """The packaged model, signed anew."""
    from tests.engines.test_model_folder import sign

    folder.mkdir()
    for file in PACKAGED.iterdir():
        if file.name not in (SUMS, without):
            (folder / file.name).write_bytes(file.read_bytes())
    sign(folder)
    return folder


def test_what_ships_is_whole_and_pinned(tmp_path: Path) -> None:
    model = copy_of_the_model(tmp_path / "model")
    target, pin = tmp_path / "package", tmp_path / "pin"
    target.mkdir()
    (target / "old.bin").write_bytes(b"of the model before")
    digest = ship(model, target, pin)
    assert pin.read_text(encoding="ascii") == digest + "\n"
    assert {file.name for file in target.iterdir()} == {file.name for file in model.iterdir()}


def test_what_is_damaged_or_has_no_card_does_not_ship(tmp_path: Path) -> None:
    bare = copy_of_the_model(tmp_path / "bare", without=CARD)
    with pytest.raises(ValueError, match=r"has no MODEL_CARD\.md: run training\.card first"):
        ship(bare, tmp_path / "package", tmp_path / "pin")
    harmed = copy_of_the_model(tmp_path / "harmed")
    (harmed / "model.bin").write_bytes(b"")
    with pytest.raises(EngineError, match=r"model\.bin is damaged"):
        ship(harmed, tmp_path / "package", tmp_path / "pin")
    assert not (tmp_path / "package").exists()
