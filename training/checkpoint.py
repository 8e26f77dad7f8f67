"""Checkpoints that survive a stop at any moment: written beside the old one, then renamed over it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch

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
