"""`mtaudit` and `python -m mtaudit`."""

from __future__ import annotations

import sys

from mtaudit import __version__


def main() -> None:
    """Entry point of the command. The version is told before typer is imported, which costs ten times as much."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"mtaudit {__version__}\n")
        return
    from mtaudit.cli import app

    app(prog_name="mtaudit")


if __name__ == "__main__":
    main()
