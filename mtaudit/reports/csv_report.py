"""CSV for a spreadsheet: one row an issue.

UTF-8 with a byte order mark, without which a spreadsheet takes the accents for something else; commas, as RFC 4180 has
it. A cell that a spreadsheet would run as a formula gets an apostrophe before it. Programs are better off with `jsonl`
or `parquet`, where text stays as it is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

from mtaudit.errors import InputError
from mtaudit.model import Report
from mtaudit.reports.rows import Row, issue_rows

BOM = "\ufeff"
#: What makes a cell a formula, by https://owasp.org/www-community/attacks/CSV_Injection; wide signs in East Asia.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BETWEEN = " | "


def write(reports: Iterable[Report], stream: TextIO, *, unreadable: Sequence[InputError] = ()) -> None:
    """Write the rows of each article as it comes.

    An article without issues has no row, and neither has an input that could not be read: `unreadable` is taken for
    the sake of the common signature.
    """
    del unreadable
    stream.write(BOM)
    # The stream turns line ends into those of its system; a cell may hold its own.
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(Row._fields)
    for report in reports:
        writer.writerows([_cell(value) for value in row] for row in issue_rows(report))


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        value = _BETWEEN.join(value)
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """The text, after an apostrophe where a spreadsheet would take it for a formula."""
    if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA):
        text = "'" + text
    return text.replace("\0", "\ufffd")
