"""JSON Lines, JSON lists, CSV, TSV: an article a record. Lines are read one by one, whatever the size of the file."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from mtaudit.errors import InputError
from mtaudit.model import Article
from mtaudit.readers.columns import article, choose
from mtaudit.readers.encodings import decode
from mtaudit.readers.feeds import load_json
from mtaudit.readers.material import BROKEN, Faults, Joined, Material, NotArticlesError, too_big, unreadable

#: Bytes from which the encoding and the separator of a table are told.
_HEAD = 65_536
#: A record over the limit is skipped up to this many limits; what goes on longer is no table.
_PATIENCE = 10


def read_lines(material: Material) -> Iterator[Article | InputError]:
    """JSON Lines. The columns of the first record that holds the text decide; each line may hold `limit` bytes."""
    faults = Faults(material.id, "lines")
    chosen: dict[str, str] | None = None
    missing: InputError | None = None
    for number, line in _lines(material, faults):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            faults.add(f"line {number}", f"this is not JSON: {getattr(error, 'msg', None) or 'nested too deeply'}")
            continue
        if not isinstance(record, dict):
            faults.add(f"line {number}", "this is no JSON object")
            continue
        if chosen is None or chosen["text"] not in record:
            try:
                chosen = choose(record, material)
            except InputError as error:
                missing = missing or error
                faults.add(f"line {number}", error.reason)
                continue
        found = article(record, chosen, str(number), material)
        if found is None:
            faults.add(f"line {number}", f"its column {chosen['text']!r} holds no text")
        else:
            yield found
    if chosen is None and missing is not None:
        # Not one line has the columns: that is said once.
        raise missing
    yield from faults.told()


def read_list(material: Material) -> Iterator[Article | InputError]:
    """JSON: a list of records, one record, or an object with one list of records."""
    document = load_json(material)
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list) and value]
        records = lists[0] if len(lists) == 1 and isinstance(lists[0][0], dict) else [document]
    else:
        records = document if isinstance(document, list) else []
    first = next((record for record in records if isinstance(record, dict)), None)
    if first is None:
        raise NotArticlesError(material.id, "this JSON holds no records")
    faults = Faults(material.id, "records")
    chosen = choose(first, material)
    for number, record in enumerate(records, start=1):
        found = article(record, chosen, str(number), material) if isinstance(record, dict) else None
        if found is None:
            faults.add(f"record {number}", f"it has no text in {chosen['text']!r}")
        else:
            yield found
    yield from faults.told()


def read_csv(material: Material) -> Iterator[Article | InputError]:
    """CSV, with the separator that its first line shows."""
    yield from _read_table(material, None)


def read_tsv(material: Material) -> Iterator[Article | InputError]:
    """TSV."""
    yield from _read_table(material, "\t")


def separator(line: str) -> str:
    """The likeliest separator of a first line; French spreadsheets write `;`."""
    return max(",;\t|", key=lambda mark: (line.count(mark), mark == ","))


def _read_table(material: Material, delimiter: str | None) -> Iterator[Article | InputError]:
    head = material.read(_HEAD)
    if not head.strip():
        raise InputError(material.id, "the file is empty")
    # Up to the last line end, so that no character is cut.
    sample = head[: head.rfind(b"\n") + 1] if len(head) == _HEAD and b"\n" in head and b"\0" not in head else head
    encoding = decode(sample, material.id).encoding
    if material.told is not None:
        material.told(material.id, encoding)
    first = codecs.decode(sample, encoding, "replace").partition("\n")[0]
    # A value of the limit's length is the longest; the module's own limit is a setting of the process.
    csv.field_size_limit(material.limit)
    lines = io.TextIOWrapper(io.BufferedReader(Joined(head, material.stream)), encoding=encoding, newline="")
    rows = csv.reader(lines, delimiter=delimiter or separator(first), strict=False)
    faults = Faults(material.id, "rows")
    try:
        header = next(rows, [])
        chosen = choose(header, material)
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            place = str(rows.line_num)
            found = article(dict(zip(header, row, strict=False)), chosen, place, material)
            if found is None:
                faults.add(f"line {place}", f"its column {chosen['text']!r} holds no text")
            elif len(row) > len(header):
                faults.add(f"line {place}", f"{len(row)} columns where the first line names {len(header)}; "
                                            "a separator inside a text must stand in quotation marks")  # fmt: skip
            else:
                yield found
    except csv.Error as error:
        if "field limit" in str(error):
            faults.add(f"line {rows.line_num}", "a quotation mark is never closed, or a text is over --max-bytes")
        else:
            faults.add(f"line {rows.line_num}", f"this is no CSV from here on: {error}")
    except UnicodeDecodeError as error:
        faults.add(f"after line {rows.line_num}", f"damaged {error.encoding}; save the file as UTF-8")
    except BROKEN as error:
        faults.add(f"after line {rows.line_num}", unreadable(material.id, error).reason)
    finally:
        lines.detach()
    yield from faults.told()


def _lines(material: Material, faults: Faults) -> Iterator[tuple[int, bytes | str]]:
    """Lines that are not blank, with their numbers; UTF-16 and the like, which JSON Lines must not be, as a whole."""
    number = 0
    stream = material.stream
    while True:
        try:
            line = stream.readline(material.limit + 1)
        except BROKEN as error:
            faults.add(f"after line {number}", unreadable(material.id, error).reason)
            return
        if not line:
            return
        number += 1
        if len(line) > material.limit:
            faults.add(f"line {number}", too_big("", material.limit).reason)
            if not _skip_line(stream, material.limit):
                return
            continue
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
            if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in line[:4]:
                text = decode(line + material.read(material.limit), material.id).text
                yield from ((at, row) for at, row in enumerate(text.splitlines(), start=1) if row.strip())
                return
        if line.strip():
            yield number, line


def _skip_line(stream: Any, limit: int) -> bool:
    """Reads past the end of a line; False when there is none within reach, as in a decompression bomb."""
    for _ in range(_PATIENCE):
        piece = stream.readline(limit)
        if not piece or piece.endswith(b"\n"):
            return bool(piece)
    return False
