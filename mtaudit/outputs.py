"""Where the reports of a run go: one output or several, each in its format."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, NamedTuple

from mtaudit.console import stream, writing
from mtaudit.errors import UsageError
from mtaudit.model import Report
from mtaudit.reports import WRITERS, format_of

STDOUT = "-"
#: The file that GitHub shows under a step, as GitHub itself names it to the step.
SUMMARY = "GITHUB_STEP_SUMMARY"


class Output(NamedTuple):
    """A format and the file it goes to, standard output for None."""

    format: str
    file: Path | None


def outputs_of(files: Sequence[Path], formats: Sequence[str]) -> tuple[Output, ...]:
    """The outputs that a command line asks for.

    The end of a file's name says its format, and `formats` overrides it: one for all files, or one for each in order.
    Without a file, and for `-`, it is standard output, on which the report for terminals is written.

    Raises:
        UsageError: when files and formats do not go together, or a name says nothing.
    """
    if len(formats) > max(1, len(files)) or 1 < len(formats) < len(files):
        raise UsageError(f"--format is given {len(formats)} times for {len(files)} files; give it once, or once a file")
    if not files:
        outputs = [Output(formats[0] if formats else "terminal", None)]
    else:
        asked = list(formats) * len(files) if len(formats) == 1 else list(formats) or [""] * len(files)
        outputs = [
            Output(wanted or _said(file), None if str(file) == STDOUT else file)
            for file, wanted in zip(files, asked, strict=True)
        ]
    places = [output.file and output.file.absolute() for output in outputs]
    for output, place in zip(outputs, places, strict=True):
        if places.count(place) > 1:
            raise UsageError(f"two reports cannot go to {output.file or 'standard output'}")
        if output.file is None and WRITERS[output.format].binary and sys.stdout.isatty():
            raise UsageError(f"{output.format} is nothing for a terminal; name a file with --output")
    return tuple(outputs)


def _said(file: Path) -> str:
    """The format that the name of a file asks for; one without an end asks for the terminal's."""
    found = format_of(file.name) or ("" if file.suffix else "terminal")
    if not found:
        known = ", ".join(suffix for writer in WRITERS.values() for suffix in writer.suffixes)
        raise UsageError(f"{file}: the name says no format; say it with --format, or end the name in one of {known}")
    return found


def write_outputs(reports: Iterable[Report], outputs: Sequence[Output], **told: Any) -> None:
    """Write the reports to every output; `told` is what the writers may want to know of the run (see Writer).

    Files are opened before the first report is asked for, and take their names once all are whole. With several
    outputs, standard output is written as the reports come, and the others when all of them are kept.

    Raises:
        InputError: when an output cannot be written.
    """
    ordered = sorted(outputs, key=lambda output: output.file is not None)
    with ExitStack() as stack:
        opened = [(output, stack.enter_context(_opened(output))) for output in ordered]
        if any("summary" in WRITERS[output.format].takes for output in ordered):
            told = told | {"summary": _summary(stack)}
        kept: list[Report] = []
        source = reports if len(opened) == 1 else _kept(reports, kept)
        for output, out in opened:
            with writing(str(output.file or "standard output")):
                WRITERS[output.format].write(source, out, **told)
            source = kept


def _opened(output: Output) -> AbstractContextManager[IO[Any]]:
    if output.file is None and output.format != "terminal" and isinstance(sys.stdout, TextIOWrapper):
        # What a program reads is UTF-8, wherever it is written.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream(output.file, WRITERS[output.format].binary)


def _kept(reports: Iterable[Report], kept: list[Report]) -> Iterator[Report]:
    for report in reports:
        kept.append(report)
        yield report


def _summary(stack: ExitStack) -> IO[str] | None:
    path = os.environ.get(SUMMARY)
    if not path:
        return None
    with writing(path):
        return stack.enter_context(Path(path).open("a", encoding="utf-8", errors="backslashreplace"))
