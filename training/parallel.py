"""Gradients of one step on several cores: a thread a core, each with whole batches of its own.

Splitting every operation over the cores makes each wait for the other some thousand times a step, which costs dearly
on cores that are shared with other work. Threads that take the next batch when they are ready wait once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

import torch
from torch import Tensor

T = TypeVar("T")


class Workers(Generic[T]):
    """`count` threads that compute losses of batches and add up their gradients."""

    def __init__(self, count: int, parameters: Sequence[Tensor]) -> None:
        self._parameters = list(parameters)
        self._sums = [[torch.zeros_like(value) for value in self._parameters] for _ in range(count)]
        self._pool = ThreadPoolExecutor(count, initializer=torch.set_num_threads, initargs=(1,))
        self._lock = threading.Lock()

    def gradients(self, batches: Sequence[T], loss: Callable[[T], Tensor], scale: float) -> Tensor:
        """Leaves the gradients of `scale` times the sum of the losses in the parameters; returns the plain sum.

        The longest batches are taken first, so that the threads end together.
        """
        waiting = list(batches)

        def work(sums: list[Tensor]) -> Tensor:
            torch._foreach_zero_(sums)
            total = torch.zeros(())
            while True:
                with self._lock:
                    if not waiting:
                        return total
                    batch = waiting.pop(0)
                value = loss(batch)
                found = torch.autograd.grad(value * scale, self._parameters)
                torch._foreach_add_(sums, found)
                total += value.detach()

        totals = [future.result() for future in [self._pool.submit(work, sums) for sums in self._sums]]
        first, *others = self._sums
        for other in others:
            torch._foreach_add_(first, other)
        for value, gradient in zip(self._parameters, first, strict=True):
            value.grad = gradient
        return torch.stack(totals).sum()
