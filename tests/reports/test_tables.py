"""CSV and Parquet."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace

import pytest

from mtaudit.errors import UsageError
from mtaudit.model import Report, Severity
from mtaudit.reports import csv_report, parquet_report
from mtaudit.reports.csv_report import harmless
from mtaudit.reports.rows import Row
from tests.reports.newsdesk import STRIKE, Find, N, desk, judged_desk, report


def sheet(reports: list[Report]) -> list[dict[str, str]]:
    stream = io.StringIO()
    csv_report.write(reports, stream)
    assert stream.getvalue().startswith("\ufeffarticle,")
    return list(csv.DictReader(io.StringIO(stream.getvalue()[1:])))


def test_a_sheet_has_a_row_for_each_issue() -> None:
    rows = sheet(desk())
    assert len(rows) == sum(len(made.issues) for made in desk()) == 6
    for row in rows[:5]:
        assert STRIKE[int(row["start"]) : int(row["end"])] == row["text"]
        assert row["text"] in row["sentence"]
        line = STRIKE.split("\n")[int(row["line"]) - 1]
        assert line[int(row["column"]) - 1 :].startswith(row["text"])
    assert rows[0]["suggestions"] == "a un sens | est logique"
    assert rows[-1]["article"] == "copie/meteo.txt"
    assert {row["lang"] for row in rows} == {"fr"}


@pytest.mark.parametrize(
    "text",
    ["=HYPERLINK(1)", "+33 1 40 20", "-5 degrés", "@ministre", "\t=1+1", "  =1+1", "\n=1", "\u00a0=1", "＝1+1"],
)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    find = Find(text.strip("\n"), "fr/a/b", "style/calque", Severity.MINOR, text, (text,))
    made = report(text, f"Le maire a dit {text.strip(chr(10))} hier.", (find,))
    (row,) = sheet([replace(made, article=replace(made.article, title=text, outlet=text))])
    for name in ("article", "title", "outlet", "text", "message", "suggestions"):
        assert row[name].startswith("'"), name
        assert text.strip("\n") in row[name]


def test_what_is_no_formula_stays_as_it_is() -> None:
    for text in ("« Oui », dit-il = non", "3,5 milliards", "", "l’élu"):
        assert harmless(text) == text


def test_cells_keep_line_ends_quotes_and_commas() -> None:
    words = 'le "grand, beau"\r\nmarché'
    find = Find(words, "fr/a/b", "style/calque", Severity.MINOR, "Calque.")
    (row,) = sheet([report("a.txt", f"Hier, {words} a rouvert.", (find,))])
    assert row["text"] == words


def test_a_lone_surrogate_is_replaced() -> None:
    find = Find("mal\ud800", "fr/a/b", "style/calque", Severity.MINOR, "Calque.")
    (row,) = sheet([report("a.txt", "Un mal\ud800 dit.", (find,))])
    assert row["text"] == "mal\ufffd"


def test_parquet_has_a_row_for_each_issue_and_one_for_each_clean_article() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    stream = io.BytesIO()
    parquet_report.write(iter(desk()), stream)
    table = parquet.read_table(io.BytesIO(stream.getvalue()))
    assert table.column_names == list(Row._fields)
    rows = table.to_pylist()
    assert len(rows) == 8
    clean = [row for row in rows if row["rule"] is None]
    assert [row["article"] for row in clean] == ["copie/halles.txt", "copie/halles-bis.md"]
    assert [row["words"] for row in clean] == [1612, 25]
    for row in rows[:5]:
        assert STRIKE[row["start"] : row["end"]] == row["text"]
        assert json.loads(row["evidence"]) == {}
    assert rows[3]["suggestions"] in (["a un sens", "est logique"], ["sessions de pourparlers"])
    assert {tuple(row["suggestions"]) for row in rows if row["rule"] == "fr/locale/billion"} == {(f"3,5{N}milliards",)}


def test_rows_say_whether_a_machine_translated_the_article() -> None:
    rows = sheet(judged_desk())
    assert [(row["probability"], row["verdict"]) for row in rows] == [("0.9437", "likely")] * 5 + [("0.41", "unclear")]
    assert {(row["probability"], row["verdict"]) for row in sheet(desk())} == {("", "")}
    parquet = pytest.importorskip("pyarrow.parquet")
    stream = io.BytesIO()
    parquet_report.write(judged_desk(), stream)
    table = parquet.read_table(io.BytesIO(stream.getvalue()))
    assert [str(table.schema.field(name).type) for name in ("probability", "verdict")] == ["double", "string"]
    clean = [(row["probability"], row["verdict"]) for row in table.to_pylist() if row["rule"] is None]
    assert clean == [(0.87, "likely"), (None, None)]


def test_parquet_keeps_text_as_it_is() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    find = Find("=1+1", "fr/a/b", "style/calque", Severity.MINOR, "Calque.")
    stream = io.BytesIO()
    parquet_report.write([report("a.txt", "Soit =1+1 dit-il.", (find,))], stream)
    assert parquet.read_table(io.BytesIO(stream.getvalue())).to_pylist()[0]["text"] == "=1+1"


def test_many_articles_make_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(parquet_report, "BATCH", 3)
    stream = io.BytesIO()
    parquet_report.write(desk() * 4, stream)
    file = parquet.ParquetFile(io.BytesIO(stream.getvalue()))
    assert (file.num_row_groups, file.metadata.num_rows) == (6, 32)
    stream = io.BytesIO()
    parquet_report.write([], stream)
    assert parquet.read_table(io.BytesIO(stream.getvalue())).num_rows == 0


def test_without_pyarrow_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'mtaudit\[parquet\]'"):
        parquet_report.write(desk(), io.BytesIO())
