"""What every command shares: where its output goes, and how it ends when something is wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NoReturn

import typer

from mtaudit.errors import InputError, MtauditError
from mtaudit.exits import Exit


@contextmanager
def stream(output: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a file that takes its name once it is whole."""
    name = "standard output" if output is None else str(output)
    special = output is not None and output.exists() and not output.is_file()
    written = output.with_name(f".{output.name}.part") if output is not None and not special else output
    try:
        if written is None or output is None:
            yield sys.stdout
            sys.stdout.flush()
            return
        with written.open("w", encoding="utf-8") as file:
            yield file
        if written != output:
            written.replace(output)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(name, f"cannot be written ({error.strerror})") from error
    finally:
        if written is not None and written != output:
            written.unlink(missing_ok=True)


@contextmanager
def faults() -> Iterator[None]:
    """Turns what a user can cause into lines on stderr and exit code 2; the rest is our bug and keeps its traceback."""
    try:
        yield
    except MtauditError as error:
        _give_up(error)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Exit.CLEAN) from None


def _give_up(error: MtauditError) -> NoReturn:
    for line in str(error).splitlines():
        typer.echo(f"mtaudit: {line}", err=True)
    raise typer.Exit(Exit.USAGE) from error
