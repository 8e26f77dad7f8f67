"""What makes training on two cores bearable: each shortcut against the long way."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.synthetic import PIECES, packed_folder
from training.configuration import DIRECTION_TOKENS, DIRECTIONS, TrainConfig
from training.dataset import Epochs
from training.packing import read
from training.schedule import LONGEST_STEP, Clock, moment

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install .[training])")

import torch.nn.functional as F  # noqa: E402, N812

from training.bilingual import embeddings  # noqa: E402
from training.optimisers import orthogonalised  # noqa: E402
from training.output import BLOCK, BlockwiseLoss, Sampler, smoothed  # noqa: E402
from training.parallel import Workers  # noqa: E402

TRAIN = TrainConfig(minutes=1, tokens_per_step=800, tokens_per_batch=400, peak_rate=5e-3, warmup_steps=5)


def test_the_loss_by_blocks_is_the_cross_entropy() -> None:
    torch.manual_seed(1)
    count, pieces = BLOCK + 17, 40
    target = torch.randint(0, pieces, (count,))
    leaves = [
        torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in ((count, 8), (pieces, 8), (pieces,))
    ]
    states, weight, bias = leaves
    expected = F.cross_entropy(F.linear(states, weight, bias), target, label_smoothing=0.1, reduction="sum")
    own = (states * weight[target]).sum() + bias[target].sum()
    everyone = (states.sum(0) * weight.mean(0)).sum() + count * bias.mean()
    ours = smoothed(BlockwiseLoss.apply(states, weight, bias, None, target), own, everyone, 0.1)
    assert torch.allclose(ours, expected)
    for left, right in zip(torch.autograd.grad(ours, leaves), torch.autograd.grad(expected, leaves), strict=True):
        assert torch.allclose(left, right)


def test_a_sample_estimates_the_whole_sum() -> None:
    chance = np.random.default_rng(3)
    counts, scores = chance.integers(0, 1000, 500), chance.normal(size=500)
    target = np.array([7, 7, 123, 499])
    sampler = Sampler(counts, frequent=50, random=40, seed=1)
    sums = []
    for _ in range(400):
        candidates, weights, rows = sampler.draw(target)
        assert (candidates[rows] == target).all()
        assert len(set(candidates.tolist())) == len(candidates)
        sums.append(np.exp(scores[candidates] + weights).sum())
    assert np.mean(sums) == pytest.approx(np.exp(scores).sum(), rel=0.02)


def test_threads_add_up_to_the_same_gradients() -> None:
    torch.manual_seed(2)
    weight = torch.randn(6, 3, requires_grad=True)
    batches = [torch.randn(4, 6) for _ in range(7)]

    def loss(batch: Any) -> Any:
        return (batch @ weight).square().sum()

    total = Workers(3, [weight]).gradients(batches, loss, 0.5)
    expected = sum(loss(batch) for batch in batches)
    assert torch.allclose(total, expected.detach())
    assert torch.allclose(weight.grad, torch.autograd.grad(0.5 * expected, [weight])[0], rtol=1e-4)


def test_a_step_of_muon_is_nearly_orthogonal() -> None:
    torch.manual_seed(4)
    values = torch.linalg.svdvals(orthogonalised(torch.randn(2, 24, 64)))
    assert 0.4 < values.min() < values.max() < 1.3


def test_translations_begin_side_by_side(tmp_path: Path) -> None:
    """The toy's English is its French moved by one letter."""
    packed = read(packed_folder(tmp_path / "packed", pairs=2000))
    vectors = embeddings(packed, 24, 2000, seed=1)
    assert vectors.shape == (len(PIECES) + 1, 24)
    assert not vectors[-1].any()
    nearness = vectors @ vectors.T
    ranks = [int((nearness[index, 5:] > nearness[index, index + 1]).sum()) for index in range(5, len(PIECES) - 2)]
    assert np.mean(ranks) < 4, "13 by chance; 0 is the piece itself"


def lengths(packed: Path, config: TrainConfig, phase: str) -> list[int]:
    data = read(packed)
    epochs = Epochs(data, config, [data.pieces.index(DIRECTION_TOKENS[way]) for way in DIRECTIONS], DIRECTIONS)
    return [batch.source.shape[1] - 2 for batch in epochs.iterate(0, phase) for _ in batch.source]


def test_short_pairs_come_first_and_several_are_joined_later(tmp_path: Path) -> None:
    packed = packed_folder(tmp_path / "packed")
    config = replace(TRAIN, join=1.0, join_most=4, longest=30, short_until=0.2, short_pieces=7, drop_stop=0.0)
    assert max(lengths(packed, config, "short")) <= 7
    joined = lengths(packed, config, "main")
    assert 20 < max(joined) <= 30, "three or four of at most ten pieces"
    assert max(lengths(packed, replace(config, join_most=2), "main")) <= 20


def test_weights_of_the_configuration_replace_those_of_the_data(tmp_path: Path) -> None:
    packed = packed_folder(tmp_path / "packed")
    config = replace(TRAIN, join=0.0, weights={"news": (1.0, 0.0, 3.0), "*": (0.0, 0.0, 1.0)})
    assert len(lengths(packed, config, "main")) == 200
    assert len(lengths(packed, config, "late")) == 600


def test_a_stop_delays_a_schedule_and_hurries_one_with_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(time, "time", lambda: now)
    patient, bound = Clock(10), Clock(10)
    bound.plan(10, now + 600)
    for clock in (patient, bound):
        clock.start()
    for seconds in [10.0] * 20 + [200.0] + [10.0] * 20:
        now += seconds
        before = patient.progress, bound.progress
        patient.step()
        bound.step()
        assert before < (patient.progress, bound.progress)
    assert patient.progress == pytest.approx((400 + LONGEST_STEP) / 600)
    assert bound.progress == pytest.approx(1)
    assert bound.finished
    assert not patient.finished
    assert bound.cosine() == pytest.approx(0.02)


def test_the_moment_is_the_next_one() -> None:
    assert moment(None) is None
    soon = moment(time.strftime("%H:%M", time.gmtime(time.time() + 7200)))
    assert soon is not None
    assert 7000 < soon - time.time() < 7201
    with pytest.raises(ValueError, match="does not match"):
        moment("late")
