"""What every command shares: where its output goes, and how it ends when something is wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NoReturn

import typer

from mtaudit.errors import InputError, MtauditError
from mtaudit.exits import Exit


@contextmanager
def stream(output: Path | None, binary: bool = False) -> Iterator[IO[Any]]:
    """Standard output, or a file that takes its name once it is whole; for text or for bytes."""
    name = "standard output" if output is None else str(output)
    special = output is not None and output.exists() and not output.is_file()
    written = output.with_name(f".{output.name}.part") if output is not None and not special else output
    try:
        with writing(name):
            if written is None or output is None:
                yield sys.stdout.buffer if binary else sys.stdout
                sys.stdout.flush()
                return
            with written.open("wb") if binary else _text(written) as file:
                yield file
            if written != output:
                written.replace(output)
    finally:
        if written is not None and written != output:
            written.unlink(missing_ok=True)


def _text(path: Path) -> IO[str]:
    # Half a surrogate pair, which a file of JSON can bring in, is written as JSON escapes it.
    return path.open("w", encoding="utf-8", errors="backslashreplace")


@contextmanager
def writing(name: str) -> Iterator[None]:
    """Turns what the system refuses into an InputError that names the output."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(name, f"cannot be written ({error.strerror})") from error


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


def counted(number: int, one: str, many: str = "") -> str:
    """`1 article`, `2 articles`."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
