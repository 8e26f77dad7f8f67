"""AdamW for all, or Muon for the matrices of the layers.

Muon (Jordan et al., 2024) brings the matrix of the momentum near to an orthogonal one before it is applied.
https://kellerjordan.github.io/posts/muon/. Embeddings, biases and norms stay with AdamW.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import torch
from torch import Tensor

from training.configuration import TrainConfig
from training.model import Marian

#: The quintic of the page above. Four turns bring singular values from 0.005 of the norm up to 0.65-1.1; five reach
#: smaller ones, for a quarter more of the time.
_QUINTIC = (3.4445, -4.7750, 2.0315)
TURNS = 4


def orthogonalised(matrices: Tensor, turns: int = TURNS) -> Tensor:
    """(count, rows, columns), rows <= columns: each with its singular values near one, by Newton-Schulz iteration."""
    a, b, c = _QUINTIC
    states = matrices / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(turns):
        square = states @ states.mT
        states = torch.baddbmm(states, torch.baddbmm(square, square, square, beta=b, alpha=c), states, beta=a)
    return states


class Muon(torch.optim.Optimizer):
    """`lr` is the size of a step in units of an orthogonal matrix; Nesterov momentum, decoupled weight decay."""

    def __init__(self, matrices: Iterable[Tensor], lr: float, weight_decay: float, threads: int = 1) -> None:
        super().__init__(list(matrices), {"lr": lr, "momentum": 0.95, "weight_decay": weight_decay})
        self._threads = threads
        self._pool = (
            ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) if threads > 1 else None
        )

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        assert closure is None
        for group in self.param_groups:
            alike: dict[tuple[int, ...], list[Tensor]] = defaultdict(list)
            for value in group["params"]:
                if value.grad is not None:
                    alike[tuple(value.shape)].append(value)
            jobs = [
                (shape, values[begin :: self._threads])
                for shape, values in alike.items()
                for begin in range(self._threads)
            ]
            step = partial(self._step_alike, group)
            list(self._pool.map(step, *zip(*jobs, strict=True)) if self._pool else map(step, *zip(*jobs, strict=True)))

    @torch.no_grad()
    def _step_alike(self, group: dict[str, Any], shape: tuple[int, ...], values: list[Tensor]) -> None:
        """Matrices of one shape go through the iteration together."""
        if not values:
            return
        momenta = [self.state[value].setdefault("momentum", torch.zeros_like(value)) for value in values]
        gradients = [value.grad for value in values]
        torch._foreach_lerp_(momenta, gradients, 1 - group["momentum"])
        steps = torch.stack(torch._foreach_lerp(gradients, momenta, group["momentum"]))  # type: ignore[arg-type]
        tall = shape[0] > shape[1]
        steps = orthogonalised(steps.mT.contiguous() if tall else steps)
        scale = max(1.0, shape[0] / shape[1]) ** 0.5
        torch._foreach_mul_(values, 1 - group["lr"] * group["weight_decay"])
        torch._foreach_add_(values, list((steps.mT if tall else steps).unbind()), alpha=-group["lr"] * scale)


def optimisers(model: Marian, config: TrainConfig) -> list[torch.optim.Optimizer]:
    """Every group's `peak` is its rate before warm-up and cosine. Weight decay on matrices only."""
    named = list(model.named_parameters())
    matrices = [value for _, value in named if value.ndim > 1 and value.shape[0] > 1]
    rest = [value for _, value in named if not (value.ndim > 1 and value.shape[0] > 1)]
    made: list[torch.optim.Optimizer] = []
    if config.optimiser == "muon":
        layers = [value for name, value in named if value.ndim > 1 and ".layers." in name]
        matrices = [value for value in matrices if not any(value is other for other in layers)]
        made.append(Muon(layers, config.matrix_rate, config.weight_decay, config.workers))
    elif config.optimiser != "adamw":
        raise ValueError(f"optimiser = {config.optimiser!r}: known are adamw and muon")
    groups = [{"params": matrices, "weight_decay": config.weight_decay}, {"params": rest, "weight_decay": 0.0}]
    fused = torch.optim.AdamW(groups, lr=config.peak_rate, betas=(0.9, 0.98), eps=1e-9, fused=True)
    for optimiser in (*made, fused):
        for group in optimiser.param_groups:
            group["peak"] = group["lr"]
    return [*made, fused]
