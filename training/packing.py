"""Training text as compressed token ids: what travels is small, and nothing is tokenised twice.

A packed folder holds `fr.u16.xz` and `en.u16.xz` (the piece ids of all pairs one after another, little-endian uint16,
no markers), `lengths.u16.xz` (pieces of each pair, all French, then all English), `spm.model`, `pieces.json` (its
pieces in the order of their ids, so that training needs no SentencePiece), `dev.jsonl` (development pairs, ids and
text) and `manifest.json`. The weights of the sources stand in the manifest and may be changed there.
As a language's pieces lie in one stream, two neighbouring pairs are joined by adding their lengths.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint16]

#: The literal coder looks at the parity of the byte position: ids are two bytes wide.
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9, "lp": 1, "lc": 3, "pb": 1, "dict_size": 1 << 26}]
_STREAMS = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive pairs of one source, or of one kind of noise. Weights as in `configuration.Source`."""

    name: str
    start: int
    count: int
    tier: str
    fr_en: float
    en_fr: float
    late: float
    ordered: bool


@dataclass(frozen=True, slots=True)
class Packed:
    """A packed folder in memory. `lengths` is (pairs, 2); `starts` the same, offsets into `french` and `english`."""

    french: Ids
    english: Ids
    lengths: NDArray[np.int64]
    starts: NDArray[np.int64]
    segments: tuple[Segment, ...]
    pieces: tuple[str, ...]
    manifest: dict[str, Any]
    folder: Path


def write(
    folder: Path,
    streams: tuple[Sequence[Ids], Sequence[Ids]],
    segments: Sequence[Segment],
    extra: dict[str, Any],
) -> dict[str, Any]:
    """Writes the id streams and the manifest, with sizes and SHA-256 of every file already in `folder`; returns it.

    Raises ValueError when the two streams do not pair up or the segments do not cover them.
    """
    french, english = streams
    if len(french) != len(english) or sum(segment.count for segment in segments) != len(french):
        raise ValueError(f"{len(french)} French, {len(english)} English and the segments' pairs do not agree")
    folder.mkdir(parents=True, exist_ok=True)
    lengths = np.array([[len(left), len(right)] for left, right in zip(french, english, strict=True)], np.uint16)
    for name, side in zip(_STREAMS, streams, strict=True):
        _store(folder / f"{name}.u16.xz", np.concatenate(side) if side else np.zeros(0, np.uint16))
    _store(folder / "lengths.u16.xz", lengths.T.reshape(-1))
    manifest: dict[str, Any] = {
        "pairs": len(french),
        "pieces": {name: int(lengths[:, column].sum()) for column, name in enumerate(_STREAMS)},
        "segments": [asdict(segment) for segment in segments],
        **extra,
    }
    contents = sorted(path for path in folder.iterdir() if path.is_file() and path.name != "manifest.json")
    manifest["files"] = {path.name: {"bytes": path.stat().st_size, "sha256": digest(path)} for path in contents}
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return manifest


def read(folder: Path) -> Packed:
    """The packed folder. Raises ValueError, naming the file, when one is damaged."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, facts in manifest["files"].items():
        if digest(folder / name) != facts["sha256"]:
            raise ValueError(f"{folder / name} is damaged: its SHA-256 is not the manifest's; pack it again")
    lengths = _load(folder / "lengths.u16.xz").reshape(2, -1).T.astype(np.int64)
    starts = np.zeros_like(lengths)
    starts[1:] = np.cumsum(lengths, axis=0)[:-1]
    french, english = (_load(folder / f"{name}.u16.xz") for name in _STREAMS)
    segments = tuple(Segment(**values) for values in manifest["segments"])
    pieces = tuple(json.loads((folder / "pieces.json").read_text(encoding="utf-8")))
    return Packed(french, english, lengths, starts, segments, pieces, manifest, folder)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _store(path: Path, ids: Ids) -> None:
    path.write_bytes(lzma.compress(ids.astype("<u2").tobytes(), format=lzma.FORMAT_XZ, filters=_FILTERS))


def _load(path: Path) -> Ids:
    return np.frombuffer(lzma.decompress(path.read_bytes()), dtype="<u2")
