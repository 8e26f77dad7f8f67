"""Packed folders and the batches made of them; numpy only."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.training.synthetic import PIECES, packed_folder
from training import packing
from training.configuration import DIRECTIONS, TrainConfig, load_data_config, load_size_config
from training.dataset import IGNORED, Epochs
from training.transport import join, split

CONFIG = TrainConfig(
    minutes=1, tokens_per_step=400, tokens_per_batch=200, peak_rate=1e-3, warmup_steps=10, join=0.0, drop_stop=0.0
)
TOKENS = (2, 3)
CONFIGS = Path(__file__).parents[2] / "training" / "config"


def test_what_is_packed_is_read(tmp_path: Path) -> None:
    packed = packing.read(packed_folder(tmp_path, pairs=30))
    assert packed.manifest["pairs"] == 30
    assert len(packed.french) == packed.lengths[:, 0].sum() == packed.manifest["pieces"]["fr"]
    row = json.loads((tmp_path / "dev.jsonl").read_text(encoding="utf-8").splitlines()[3])
    start, length = packed.starts[3, 1], packed.lengths[3, 1]
    assert packed.english[start : start + length].tolist() == row["en_ids"]


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    packed_folder(tmp_path, pairs=10)
    (tmp_path / "en.u16.xz").write_bytes(b"not what was written")
    with pytest.raises(ValueError, match=r"en\.u16\.xz is damaged"):
        packing.read(tmp_path)


def test_streams_must_pair_up(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="do not agree"):
        packing.write(tmp_path, ([np.array([5], np.uint16)], []), [], {})


def test_batches_have_one_source_length_and_keep_pairs_together(tmp_path: Path) -> None:
    epochs = Epochs(packing.read(packed_folder(tmp_path)), CONFIG, TOKENS, DIRECTIONS)
    moved = len(PIECES) - 5
    seen = 0
    for batch in epochs.iterate(0, "main"):
        assert batch.source.size + batch.target.size <= CONFIG.tokens_per_batch
        assert (batch.source[:, -1] == 0).all()
        for source, target in zip(batch.source.tolist(), batch.target.tolist(), strict=True):
            shift = 1 if source[0] == TOKENS[0] else -1
            letters = [piece for piece in target if piece not in (IGNORED, 0, 4)]
            assert letters == [(piece - 5 + shift) % moved + 5 for piece in source[1:-2]]
            assert [piece for piece in target if piece != IGNORED][-2:] == [4, 0]
            seen += 1
    # 200 pairs twice and 1.5 times, 200 pairs of noise once, one way.
    assert 200 * 3.5 + 200 - 60 < seen < 200 * 3.5 + 200 + 60


def test_an_epoch_repeats_and_resumes(tmp_path: Path) -> None:
    epochs = Epochs(packing.read(packed_folder(tmp_path)), replace(CONFIG, join=0.3), TOKENS, DIRECTIONS)
    first, again = list(epochs.iterate(3, "main")), list(epochs.iterate(3, "main", skip=5))
    assert len(first) - 5 == len(again)
    assert all(np.array_equal(left.source, right.source) for left, right in zip(first[5:], again, strict=True))
    other = next(epochs.iterate(4, "main"))
    assert other.source.shape != first[0].source.shape or not np.array_equal(other.source, first[0].source)


def test_late_epochs_weigh_sources_anew(tmp_path: Path) -> None:
    epochs = Epochs(packing.read(packed_folder(tmp_path)), CONFIG, TOKENS, DIRECTIONS)
    early, late = (sum(len(batch.source) for batch in epochs.iterate(0, phase)) for phase in ("main", "late"))
    assert late - early == pytest.approx(200 * 3.5, abs=60)


def test_neighbours_are_joined_and_stops_dropped(tmp_path: Path) -> None:
    config = replace(CONFIG, join=0.5, drop_stop=1.0)
    epochs = Epochs(packing.read(packed_folder(tmp_path)), config, TOKENS, DIRECTIONS)
    stops = [row.count(4) for batch in epochs.iterate(0, "main") for row in batch.source.tolist()]
    assert stops.count(2) > 200, "two sentences in one example"
    assert stops.count(0) > 200, "a sentence without its stop"
    for batch in epochs.iterate(0, "main"):
        for source, target in zip(batch.source.tolist(), batch.target.tolist(), strict=True):
            assert source.count(4) == target.count(4)


def test_parts_come_together_and_damage_is_named(tmp_path: Path) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(bytes(range(256)) * 10)
    split(file, tmp_path / "parts", 1000, range(1, 3))
    with pytest.raises(ValueError, match=r"weights\.bin\.03 is missing"):
        join(tmp_path / "parts", tmp_path / "whole.bin")
    split(file, tmp_path / "parts", 1000, range(3, 4))
    join(tmp_path / "parts", tmp_path / "whole.bin")
    assert (tmp_path / "whole.bin").read_bytes() == file.read_bytes()
    (tmp_path / "parts" / "weights.bin.02").write_bytes(b"short")
    with pytest.raises(ValueError, match=r"weights\.bin\.02 is damaged"):
        join(tmp_path / "parts", tmp_path / "whole.bin")


def test_configurations_load_and_every_source_has_its_licence() -> None:
    data = load_data_config(CONFIGS / "data.toml")
    licences = (CONFIGS / "licences.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split("\t")[0] for line in licences} == {source.name for source in data.sources}
    for path in CONFIGS.glob("*.toml"):
        if path.stem != "data":
            assert load_size_config(path).model.vocabulary == data.vocabulary + 1


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text((CONFIGS / "small.toml").read_text(encoding="utf-8") + "\nwarmup = 3\n", encoding="utf-8")
    with pytest.raises(ValueError, match="unknown key 'warmup' in TrainConfig"):
        load_size_config(path)
