"""Checkpoints that survive a stop at any moment: written beside the old one, then renamed over it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

NAME = "checkpoint.pt"


def save(folder: Path, state: dict[str, Any]) -> Path:
    """Writes folder/checkpoint.pt atomically; the previous one stays until the new one is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    path, partial = folder / NAME, folder / (NAME + ".partial")
    with partial.open("wb") as stream:
        torch.save(state, stream)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
    return path


def load(folder: Path, device: torch.device) -> dict[str, Any] | None:
    """The last whole checkpoint, or None when there is none."""
    path = folder / NAME
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    return state


class Journal:
    """JSON lines, one event a line, flushed at once; opened to append, so a resumed run goes on in the same file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = path.open("a", encoding="utf-8")

    def write(self, event: str, **values: Any) -> None:
        line = json.dumps({"event": event, **values}, ensure_ascii=False)
        self._stream.write(line + "\n")
        self._stream.flush()

    def close(self) -> None:
        self._stream.close()


class Window:
    """Loss and speed since the last log line; the losses stay on the device until then."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._begun = time.monotonic()
        self._losses: list[Tensor] = []
        self._targets = self._pieces = 0

    def add(self, loss: Tensor, targets: int, pieces: int) -> None:
        self._losses.append(loss)
        self._targets += targets
        self._pieces += pieces

    def close(self, rate: float) -> dict[str, float]:
        """Mean loss a target piece in nats (label smoothing included), pieces a second; starts the next window."""
        loss = float(torch.stack(self._losses).sum()) / max(1, self._targets)
        seconds = time.monotonic() - self._begun
        facts = {"loss": round(loss, 4), "rate": round(rate, 7), "pieces_per_second": round(self._pieces / seconds)}
        self._clear()
        return facts
