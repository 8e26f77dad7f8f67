"""The loss of the output layer, computed a block of positions at a time, over all pieces or a sample of them.

On a processor the output layer over 16,000 pieces costs more than all layers of a small model, most of it in memory
traffic. So the scores of a block never leave the cache, and their gradient is taken at once; and while training is
young, the sum over the vocabulary is estimated: the pieces of the batch and the most frequent ones count themselves,
a random sample of the others stands for them all, each with the weight of those it stands for (Jean et al., 2015,
with an estimate that has the right mean). Label smoothing needs only the mean of all scores and stays exact.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

BLOCK = 256


class BlockwiseLoss(torch.autograd.Function):
    """Summed label-smoothed cross-entropy of positions, in nats, with the gradients made on the way forward."""

    @staticmethod
    def forward(ctx: Any, states: Tensor, weight: Tensor, bias: Tensor, offsets: Tensor | None, target: Tensor) -> Any:
        """(n, width), (pieces, width), (pieces,), (pieces,) log-weights or None, (n,) rows of `weight`.

        Returns the sums of log Z and of the target's score, so that the caller adds the smoothing.
        """
        total = states.new_zeros(())
        by_state, by_weight = torch.empty_like(states), torch.zeros_like(weight)
        by_bias = torch.zeros_like(bias)
        shift = bias if offsets is None else bias + offsets
        for begin in range(0, len(states), BLOCK):
            block, wanted = states[begin : begin + BLOCK], target[begin : begin + BLOCK]
            scores = torch.addmm(shift, block, weight.t())
            normaliser = scores.logsumexp(1, keepdim=True)
            own = scores.gather(1, wanted[:, None])
            total += (normaliser - own).sum()
            scores.sub_(normaliser).exp_()
            scores.scatter_add_(1, wanted[:, None], scores.new_full((len(wanted), 1), -1.0))
            torch.mm(scores, weight, out=by_state[begin : begin + BLOCK])
            by_weight.addmm_(scores.t(), block)
            by_bias += scores.sum(0)
        ctx.save_for_backward(by_state, by_weight, by_bias)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        by_state, by_weight, by_bias = ctx.saved_tensors
        (gradient,) = gradients
        return by_state * gradient, by_weight * gradient, by_bias * gradient, None, None


def smoothed(loss: Tensor, own: Tensor, everyone: Tensor, smoothing: float) -> Tensor:
    """log Z - (1 - s) own - s mean, from log Z - own: the sum over positions, in nats."""
    return loss + smoothing * (own - everyone)


class Sampler:
    """Draws, for the targets of a batch, the pieces over which the output layer is computed."""

    def __init__(self, counts: NDArray[np.int64], frequent: int, random: int, seed: int) -> None:
        """`counts` of every piece; the `frequent` most frequent are always in, and `random` of the others."""
        self._always = np.argsort(-counts, kind="stable")[:frequent]
        self._random = random
        self._size = len(counts)
        self._chance = np.random.default_rng(seed)

    def draw(self, target: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
        """Candidate ids, the log-weight of each, and the targets as rows of the candidates (flat, all >= 0)."""
        known = np.zeros(self._size, np.bool_)
        known[self._always] = True
        known[target] = True
        certain, others = np.flatnonzero(known), np.flatnonzero(~known)
        drawn = self._chance.choice(others, min(self._random, len(others)), replace=False, shuffle=False)
        candidates = np.concatenate([certain, drawn])
        weights = np.zeros(len(candidates), np.float32)
        weights[len(certain) :] = np.log(len(others) / max(1, len(drawn)))
        return candidates, weights, np.searchsorted(certain, target)
