"""Parquet, a group of rows at a time. Needs pyarrow: `pip install 'mtaudit[parquet]'`."""

from __future__ import annotations

import io
from collections.abc import Iterator

from mtaudit.errors import InputError
from mtaudit.model import Article
from mtaudit.readers.columns import article, choose
from mtaudit.readers.material import Faults, Material

#: Rows that are decoded together.
_BATCH = 256


def read(material: Material) -> Iterator[Article | InputError]:
    """An article a row; only the columns that are used are read."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        raise InputError(material.id, "reading Parquet needs pyarrow: pip install 'mtaudit[parquet]'") from None
    faults = Faults(material.id, "rows")
    row = 0
    try:
        # What cannot be sought (a pipe, a compressed file) is read as a whole, within the limit.
        file = material.stream if material.stream.seekable() else io.BytesIO(material.whole())
        table = parquet.ParquetFile(file, thrift_string_size_limit=64_000_000, thrift_container_size_limit=4_000_000)
        chosen = choose(table.schema_arrow.names, material)
        for batch in table.iter_batches(batch_size=_BATCH, columns=sorted(set(chosen.values()))):
            for record in batch.to_pylist():
                row += 1
                found = article(record, chosen, str(row), material)
                if found is None:
                    faults.add(f"row {row}", f"its column {chosen['text']!r} holds no text")
                elif len(found.text) > material.limit:
                    faults.add(f"row {row}", f"its text is over {material.limit / 1_000_000:g} MB")
                else:
                    yield found
    except (arrow.ArrowException, OSError, ValueError, KeyError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())[:200]
        faults.add(f"after row {row}" if row else "start", f"this Parquet cannot be read: {reason}")
    yield from faults.told()
