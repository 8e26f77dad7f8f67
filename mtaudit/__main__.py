"""`mtaudit` and `python -m mtaudit`."""

from __future__ import annotations

import os
import sys

from mtaudit import __version__


def main() -> None:
    """Entry point of the command. The version is told before typer is imported, which costs ten times as much."""
    # A stream that the caller closed is None here, and would break whatever writes to it.
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115, PTH123
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115, PTH123
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"mtaudit {__version__}\n")
        return
    from mtaudit.cli import app

    app(prog_name="mtaudit")


if __name__ == "__main__":
    main()
