"""Parquet for an analyst: one row an issue, and one for each article without issues, whose issue columns are null."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from mtaudit import __version__
from mtaudit.errors import InputError, UsageError
from mtaudit.model import Report
from mtaudit.reports.rows import Row, article_row, issue_rows

if TYPE_CHECKING:
    import pyarrow

#: Articles to a row group: bounds the memory of a run over an archive.
BATCH = 2_000


def write(reports: Iterable[Report], stream: BinaryIO, *, unreadable: Sequence[InputError] = ()) -> None:
    """Write the rows of the articles, some thousand articles at a time; the version stands in the file's metadata.

    An input that could not be read has no row: `unreadable` is taken for the sake of the common signature.

    Raises:
        UsageError: when pyarrow is not installed.
    """
    del unreadable
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError("parquet needs pyarrow; run: pip install 'mtaudit[parquet]'") from error
    schema = _schema(pyarrow).with_metadata({"mtaudit.version": __version__})
    left = iter(reports)
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        while batch := list(islice(left, BATCH)):
            rows = [row for report in batch for row in (list(issue_rows(report)) or [article_row(report)])]
            writer.write_table(pyarrow.Table.from_pylist([row._asdict() for row in rows], schema=schema))


def _schema(pyarrow: types.ModuleType) -> pyarrow.Schema:
    """The columns as Row declares them."""
    kinds: dict[object, Any] = {
        str: pyarrow.string(),
        int: pyarrow.int64(),
        float: pyarrow.float64(),
        tuple[str, ...]: pyarrow.list_(pyarrow.string()),
    }
    fields = []
    for name, hint in typing.get_type_hints(Row).items():
        options = [option for option in (typing.get_args(hint) or (hint,)) if option is not types.NoneType]
        kind = hint if hint in kinds else options[0]
        fields.append(pyarrow.field(name, kinds[kind]))
    return pyarrow.schema(fields)
