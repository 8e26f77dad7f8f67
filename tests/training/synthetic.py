"""A packed folder of toy pairs: English is French with every id moved by one, so that a tiny model learns it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from training import packing
from training.configuration import DIRECTION_TOKENS

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PIECES = ["</s>", "<unk>", *sorted(DIRECTION_TOKENS.values()), ".", *("▁" + letter for letter in LETTERS)]


def packed_folder(folder: Path, pairs: int = 400) -> Path:
    """Writes the folder: `pairs` pairs of 3 to 9 pieces and a final stop, in two segments."""
    chance = np.random.default_rng(7)
    stop = PIECES.index(".")
    french, english = [], []
    for _ in range(pairs):
        ids = chance.integers(5, len(PIECES), size=int(chance.integers(3, 10)))
        french.append(np.append(ids, stop).astype(np.uint16))
        english.append(np.append((ids - 5 + 1) % len(LETTERS) + 5, stop).astype(np.uint16))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pieces.json").write_text(json.dumps(PIECES), encoding="utf-8")
    rows = [
        {
            "set": "toy",
            "fr": " ".join(PIECES[index][1:] for index in left[:-1]) + ".",
            "en": " ".join(PIECES[index][1:] for index in right[:-1]) + ".",
            "fr_ids": left.tolist(),
            "en_ids": right.tolist(),
        }
        for left, right in zip(french[:8], english[:8], strict=True)
    ]
    (folder / "dev.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    half = pairs // 2
    segments = [
        packing.Segment("news", 0, half, "A", 2.0, 1.5, 2.0, ordered=True),
        packing.Segment("noise/lost-accents", half, pairs - half, "N", 1.0, 0.0, 1.0, ordered=False),
    ]
    packing.write(folder, (french, english), segments, {"totals": {}})
    return folder
