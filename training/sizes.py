"""What each configuration costs, before anything is trained: parameters, int8 megabytes, speed with random weights.

    python -m training.sizes training/config/*.toml --packed ../packed

Speed: greedy, int8, one thread, one batch of 64 development sentences nearest to 25 words, as many pieces out as in.
Processor seconds are what repeats on a busy machine; on an idle one they are the wall's.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import tempfile
import time
from pathlib import Path

from training import export
from training.configuration import DIRECTION_TOKENS, ModelConfig, load_size_config

LOG = logging.getLogger("training.sizes")


def measure(config: ModelConfig, packed: Path, sources: list[list[str]], words: int) -> dict[str, float]:
    """Megabytes (10^6 bytes) of the exported folder; pieces and words a second of wall and of processor time."""
    import ctranslate2
    import torch

    from training.model import Marian, marian_state, parameter_count

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        torch.manual_seed(1)
        torch.save(marian_state(Marian(config)), folder / "weights.pt")
        export.write_marian(config, folder / "weights.pt", packed, folder / "marian")
        export.write_ctranslate2(folder / "marian", folder / "ct2", "int8")
        size = sum(path.stat().st_size for path in (folder / "ct2").iterdir())
        model = ctranslate2.Translator(str(folder / "ct2"), compute_type="int8", inter_threads=1, intra_threads=1)
        length = round(sum(map(len, sources)) / len(sources)) - 2
        rows = []
        for _ in range(4):
            wall, processor = time.perf_counter(), time.process_time()
            model.translate_batch(sources, beam_size=1, min_decoding_length=length, max_decoding_length=length)
            rows.append((time.perf_counter() - wall, time.process_time() - processor))
    wall, processor = (statistics.median(column) for column in zip(*rows[1:], strict=True))
    return {
        "parameters": parameter_count(config),
        "megabytes": round(size / 1e6, 1),
        "pieces_per_second": round(length * len(sources) / wall),
        "words_per_second": round(words / wall),
        "pieces_per_processor_second": round(length * len(sources) / processor),
        "words_per_processor_second": round(words / processor),
    }


def sentences(packed: Path) -> tuple[list[list[str]], int]:
    """The 64 French development sentences nearest to 25 words, as source pieces, and their words."""
    pieces = json.loads((packed / "pieces.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in (packed / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    chosen = sorted(rows, key=lambda row: abs(len(row["fr"].split()) - 25))[:64]
    sources = [[DIRECTION_TOKENS["fr-en"], *(pieces[index] for index in row["fr_ids"]), "</s>"] for row in chosen]
    return sources, sum(len(row["fr"].split()) for row in chosen)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("configs", nargs="+", type=Path)
    parser.add_argument("--packed", type=Path, required=True)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    sources, words = sentences(options.packed)
    for path in options.configs:
        LOG.info("%s %s", path.stem, measure(load_size_config(path).model, options.packed, sources, words))


if __name__ == "__main__":
    main()
