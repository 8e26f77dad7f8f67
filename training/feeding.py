"""Batches made in a thread while the device works."""

from __future__ import annotations

import contextlib
import itertools
import queue
import threading
from collections.abc import Iterator
from typing import NamedTuple

from training.dataset import Batch, Epochs


class Place(NamedTuple):
    """Where training is in the data."""

    epoch: int
    phase: str
    batch: int


def prefetch(epochs: Epochs, place: Place, pieces: int, stopped: threading.Event) -> Iterator[list[Batch]]:
    """The batches of one step after another, epoch after epoch; a step has `pieces` pieces or more.

    An empty list ends an epoch. The queue is long enough to hide the seconds that planning the next one takes.
    """
    ready: queue.Queue[list[Batch] | BaseException] = queue.Queue(maxsize=32)

    def offer(item: list[Batch] | BaseException) -> None:
        while not stopped.is_set():
            with contextlib.suppress(queue.Full):
                ready.put(item, timeout=0.2)
                return

    def work() -> None:
        try:
            for epoch in itertools.count(place.epoch):
                step: list[Batch] = []
                for batch in epochs.iterate(epoch, place.phase, place.batch if epoch == place.epoch else 0):
                    step.append(batch)
                    if sum(item.pieces for item in step) >= pieces:
                        offer(step)
                        step = []
                    if stopped.is_set():
                        return
                if step:
                    offer(step)
                offer([])
        except BaseException as problem:  # handed to the loop, which raises it
            offer(problem)

    threading.Thread(target=work, daemon=True).start()
    while True:
        item = ready.get()
        if isinstance(item, BaseException):
            raise item
        yield item
