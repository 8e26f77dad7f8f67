"""Takes weights through narrow doors: fewer bytes a weight, and files cut into parts.

    python -m training.transport compact weights.pt weights.f16.pt --dtype float16
    python -m training.transport split weights.f16.pt parts --mib 15 [--parts 1-4]
    python -m training.transport join parts weights.f16.pt
    python -m training.transport expand weights.f16.pt weights.pt

`int8` keeps a byte a weight and a scale a row, as CTranslate2 does: exported again, it gives the same int8 model.
`join` refuses parts that are missing or damaged.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from training.packing import digest

if TYPE_CHECKING:
    from torch import Tensor

INDEX = "parts.json"
_SCALE = ".row_scale"


def compact(state: dict[str, Tensor], dtype: str) -> dict[str, Tensor]:
    """Float32 weights in `dtype`: "float16", or "int8" for matrices (one float32 scale a row; vectors stay float32)."""
    import torch

    if dtype == "float16":
        return {name: value.to(torch.float16) for name, value in state.items()}
    if dtype != "int8":
        raise ValueError(f"unknown dtype {dtype!r}; float16 or int8")
    small: dict[str, Tensor] = {}
    for name, value in state.items():
        if value.ndim != 2 or value.shape[0] == 1:
            small[name] = value.clone()
            continue
        scale = value.abs().amax(dim=1, keepdim=True).clamp_min(1e-12) / 127
        small[name] = torch.round(value / scale).to(torch.int8)
        small[name + _SCALE] = scale
    return small


def expand(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Float32 weights again."""
    return {
        name: value.float() * state[name + _SCALE] if name + _SCALE in state else value.float()
        for name, value in state.items()
        if not name.endswith(_SCALE)
    }


def split(path: Path, folder: Path, size: int, chosen: range | None = None) -> list[Path]:
    """Cuts a file into parts of at most `size` bytes; writes those in `chosen` (from 1) and parts.json."""
    folder.mkdir(parents=True, exist_ok=True)
    data = path.read_bytes()
    blocks = [data[begin : begin + size] for begin in range(0, len(data), size)]
    names = [f"{path.name}.{number:02}" for number in range(1, len(blocks) + 1)]
    index = {
        "file": path.name,
        "sha256": digest(path),
        "parts": {name: hashlib.sha256(block).hexdigest() for name, block in zip(names, blocks, strict=True)},
    }
    written = [folder / INDEX]
    written[0].write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")
    for number, (name, block) in enumerate(zip(names, blocks, strict=True), start=1):
        if chosen is None or number in chosen:
            (folder / name).write_bytes(block)
            written.append(folder / name)
    return written


def join(folder: Path, path: Path) -> None:
    """Puts the parts together. Raises ValueError that names the first part missing or damaged."""
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    blocks = []
    for name, expected in index["parts"].items():
        part = folder / name
        if not part.exists():
            raise ValueError(f"{part} is missing")
        blocks.append(part.read_bytes())
        if hashlib.sha256(blocks[-1]).hexdigest() != expected:
            raise ValueError(f"{part} is damaged")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(blocks))
    if digest(path) != index["sha256"]:
        raise ValueError(f"{path} does not come out as it was split")


def _parts(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("compact", "expand", "split", "join"):
        command = commands.add_parser(name)
        command.add_argument("source", type=Path)
        command.add_argument("target", type=Path)
        if name == "compact":
            command.add_argument("--dtype", choices=("float16", "int8"), default="float16")
        if name == "split":
            command.add_argument("--mib", type=float, default=15.0)
            command.add_argument("--parts", type=_parts, help="only these, such as 1-4")
    options = parser.parse_args(arguments)
    if options.command == "split":
        split(options.source, options.target, int(options.mib * 2**20), options.parts)
    elif options.command == "join":
        join(options.source, options.target)
    else:
        import torch

        state = torch.load(options.source, map_location="cpu", weights_only=True)
        torch.save(compact(state, options.dtype) if options.command == "compact" else expand(state), options.target)


if __name__ == "__main__":
    main()
