"""Thresholds by model: the packaged one's, one's own, and what goes by another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtaudit.calibration import FORMAT, Calibration, Gloss, Threshold, calibration_of, own_place, write_calibration
from mtaudit.checks.roundtrip import Options
from mtaudit.engines.translator import packaged_folder
from mtaudit.rules import load_rules, packaged_rules

OWN = Calibration(FORMAT, "my-model", "mine.py", {"words": 3}, {"number": Threshold(0.7, 0.8, 0.01)}, Gloss(0.5, 0.2))


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_: str(tmp_path))
    calibration_of.cache_clear()


def test_the_packaged_calibration_is_of_the_packaged_model_and_of_every_packaged_rule() -> None:
    packaged = calibration_of(packaged_folder().digest)
    assert packaged.model == packaged_folder().digest, "run notebooks/roundtrip.py again"
    assert packaged.format == FORMAT
    assert (Path(__file__).parent.parent / packaged.notebook).exists()
    rules = [rule for rule in load_rules([packaged_rules()]).rules if rule.check == "roundtrip"]
    assert {Options(**rule.options).name for rule in rules} == set(packaged.thresholds)
    for threshold in packaged.thresholds.values():
        assert 0 < threshold.precision < 1


def test_a_model_has_its_own_where_it_was_made() -> None:
    assert calibration_of("my-model").model == packaged_folder().digest
    calibration_of.cache_clear()
    write_calibration(OWN, own_place("my-model"))
    assert calibration_of("my-model") == OWN
    assert calibration_of("other").model == packaged_folder().digest
    assert OWN.of("number").least == 0.7
    assert OWN.of("name").least is None


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 1}', "\ud800"])
def test_one_that_cannot_be_read_is_not_used(content: str) -> None:
    place = own_place("my-model")
    place.parent.mkdir(parents=True)
    place.write_text(content, encoding="utf-8", errors="surrogatepass")
    assert calibration_of("my-model").model == packaged_folder().digest


def test_one_of_another_format_is_not_used() -> None:
    write_calibration(Calibration(FORMAT + 1, "my-model", "", {}, {}), own_place("my-model"))
    assert calibration_of("my-model").model == packaged_folder().digest
