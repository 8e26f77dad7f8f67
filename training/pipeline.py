"""The whole of it in one command: prepare, train, export, evaluate, card, ship.

    python -m training.pipeline base --work ../model [--minutes 21] [--by 18:30]

What is already in the work folder is used: packed data are not packed again, training goes on where it stopped. It
ends with the model in the package; look at its card before it is committed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"


def missing(parallel: Path, packed: Path) -> str:
    """What is lacking to begin with, in one line; empty when nothing is."""
    if (packed / "manifest.json").exists():
        return ""
    if not any(parallel.glob("*.tsv.zst")):
        return (
            f"there is no parallel text in {parallel} and no packed data in {packed}: both are development data and"
            " no part of this repository (training/README.md says what they hold)"
        )
    return ""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sizes = sorted(path.stem for path in (HERE / "config").glob("*.toml") if path.stem != "data")
    parser.add_argument("size", choices=sizes)
    parser.add_argument("--work", type=Path, required=True, help="a folder outside the repository")
    parser.add_argument("--parallel", type=Path, default=SHARED / "parallel")
    parser.add_argument("--minutes", type=float, help="of training (default: the configuration's)")
    parser.add_argument("--by", help="HH:MM, UTC: when training must end")
    parser.add_argument("--beam", type=int, default=4)
    options = parser.parse_args(arguments)
    packed, run, out = (options.work / name for name in ("packed", "run", "export"))
    if lacking := missing(options.parallel, packed):
        sys.stderr.write(f"training: {lacking}\n")
        return 2
    try:
        from training import card, evaluate, export, prepare, ship, train
    except ImportError as problem:
        sys.stderr.write(f"training: {problem.name} is not installed: `pip install '.[training]'`\n")
        return 2
    config = str(HERE / "config" / f"{options.size}.toml")
    if not (packed / "manifest.json").exists():
        prepare.main(["--parallel", str(options.parallel), "--out", str(packed)])
    given = {"--minutes": options.minutes, "--by": options.by}
    limits = [part for name, value in given.items() if value is not None for part in (name, str(value))]
    train.main([config, "--packed", str(packed), "--run", str(run), *limits])
    export.main([config, "--weights", str(run / "weights.pt"), "--packed", str(packed), "--out", str(out)])
    scores = str(out / "scores.json")
    tests = ["--tests", str(options.parallel / "test")]
    evaluate.main([str(out / "ct2"), "--out", scores, "--beam", str(options.beam), *tests])
    card.main([config, "--packed", str(packed), "--run", str(run), "--export", str(out), "--scores", scores])
    ship.main(["--export", str(out)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
