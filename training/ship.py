"""Puts an exported model into the package, with its hash.

    python -m training.ship --export ../export

The folder is first proved whole by the loader that will read it; MODEL_CARD.md must be there. What was shipped before
is replaced.
"""

from __future__ import annotations

import argparse
import logging
import shutil
from pathlib import Path

from mtaudit.engines.translator.folder import PACKAGED, PIN, SUMS, open_folder

LOG = logging.getLogger("training.ship")
CARD = "MODEL_CARD.md"
#: Megabytes (10^6 bytes) for both directions; a package index takes 100 at most.
LIMIT = 45.0


def ship(model: Path, target: Path, pin: Path) -> str:
    """Copies the folder and pins it; returns the pinned SHA-256.

    Raises EngineError when the folder is not whole, ValueError when it has no card or is too large.
    """
    folder = open_folder(model)
    listed = [line.split("  ")[1] for line in (model / SUMS).read_text(encoding="utf-8").splitlines()]
    if CARD not in listed:
        raise ValueError(f"{model} has no {CARD}: run training.card first")
    megabytes = sum((model / name).stat().st_size for name in listed) / 1e6
    if megabytes > LIMIT:
        raise ValueError(f"{model} has {megabytes:.1f} MB, more than {LIMIT:g}")
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    for name in (*listed, SUMS):
        shutil.copyfile(model / name, target / name)
    pin.write_text(folder.digest + "\n", encoding="ascii")
    open_folder(target, folder.digest)
    return folder.digest


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--export", type=Path, required=True, help="the folder that training.export wrote")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    LOG.info("%s is now the packaged model, pinned in %s", ship(options.export / "ct2", PACKAGED, PIN), PIN)


if __name__ == "__main__":
    main()
