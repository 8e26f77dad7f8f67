from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

from mtaudit.errors import InputError
from mtaudit.model import Report, Severity
from mtaudit.reports.rdjsonl import write
from tests.reports.newsdesk import Find, N, desk, report


def diagnostics(reports: list[Report], **options: Any) -> list[dict[str, Any]]:
    stream = io.StringIO()
    write(reports, stream, **options)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def taken(text: str, span: dict[str, Any]) -> str:
    """The words of a range, as reviewdog takes them: lines end with \\n, columns count bytes."""
    data = text.encode()
    starts = [0]
    for line in data.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    start, end = (starts[point["line"] - 1] + point["column"] - 1 for point in (span["start"], span["end"]))
    return data[start:end].decode()


def test_columns_count_bytes_of_utf_8() -> None:
    text = "Été 2024\r\nÀ 東京 🗼, l’élu a precisé\r\nson projet."
    finds = (
        Find("precisé", "fr/words/unknown", "linguistic/nonword", Severity.MAJOR, "Mot inconnu.", ("précisé",)),
        Find("precisé\r\nson", "fr/a/b", "style/calque", Severity.CRITICAL, "Calque."),
    )
    word, turn = diagnostics([report("copie/tour.txt", text, finds)])
    assert taken(text, word["location"]["range"]) == "precisé"
    assert taken(text, turn["location"]["range"]) == "precisé\r\nson"
    assert word["suggestions"] == [{"range": word["location"]["range"], "text": "précisé"}]
    assert "suggestions" not in turn
    assert (word["severity"], turn["severity"]) == ("WARNING", "ERROR")
    assert word["code"] == {"value": "fr/words/unknown"}
    assert word["location"]["path"] == "copie/tour.txt"


def test_every_issue_of_the_desk_is_told_where_it_stands() -> None:
    told = iter(diagnostics(desk()))
    for made in desk():
        for issue in sorted(made.issues, key=lambda issue: issue.span):
            text = made.article.text
            assert taken(text, next(told)["location"]["range"]) == text[slice(*issue.span)]
    assert next(told, None) is None


def test_an_entry_of_a_feed_has_no_lines_in_its_file() -> None:
    made = desk()[0]
    entry = replace(made, article=replace(made.article, id="fil.xml#3", path="fil.xml", verbatim=False))
    first, *_ = diagnostics([entry])
    assert first["location"] == {"path": "fil.xml"}
    assert "suggestions" not in first


def test_an_input_that_could_not_be_read_is_an_error() -> None:
    (told,) = diagnostics([], unreadable=[InputError("copie/vide.txt", "the file is empty")])
    assert told["severity"] == "ERROR"
    assert told["message"] == "the file is empty"


def test_a_message_keeps_its_no_break_spaces() -> None:
    assert f"«{N}fait sens{N}»" in diagnostics(desk())[0]["message"]
