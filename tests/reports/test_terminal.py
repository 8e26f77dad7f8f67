"""The terminal report. MTAUDIT_UPDATE_GOLDEN=1 rewrites the golden files; read the difference before it is kept."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mtaudit.categories import CATEGORIES
from mtaudit.errors import InputError
from mtaudit.model import Issue, Report, Severity, Span
from mtaudit.reports.terminal import write
from mtaudit.reports.terminal.labels import CATEGORY_LABELS, counted, decimal, interval, triage_count, whole
from mtaudit.reports.terminal.sentences import LONGEST_SHOWN, Mark, draw
from mtaudit.reports.terminal.wrapping import fold, fold_text, harmless
from tests.reports.newsdesk import NN, Find, N, abroad, desk, judged_desk, report

GOLDEN = Path(__file__).parent.parent / "golden"
UNREADABLE = (InputError("copie/vide.txt", "the file is empty"),)


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def printed(reports: Iterable[Report], stream: io.StringIO | None = None, **options: Any) -> str:
    stream = stream or io.StringIO()
    write(reports, stream, **{"width": 80, **options})
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "reports", "options"),
    [
        ("terminal-60", desk(), {"width": 60}),
        ("terminal-100", desk(), {"width": 100}),
        ("terminal-200", desk(), {"width": 200}),
        ("terminal-all", desk(), {"width": 80, "show_all": True}),
        ("terminal-colour", desk(), {"width": 80, "colour": True}),
        ("terminal-detection-60", judged_desk(), {"width": 60}),
        ("terminal-detection-100", judged_desk(), {"width": 100}),
        ("terminal-detection-all", judged_desk(), {"width": 120, "show_all": True}),
        ("terminal-detection-colour", judged_desk(), {"width": 80, "colour": True}),
    ],
)
def test_golden(name: str, reports: list[Report], options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("COLORTERM", raising=False)
    output = printed(reports, unreadable=UNREADABLE, **options)
    # A link has a number of its own and the folder of the test run.
    output = re.sub(r"\x1b\]8;id=\d+;[^\x1b]*\x1b", "\x1b]8;id=0;LINK\x1b", output)
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("MTAUDIT_UPDATE_GOLDEN"):
        path.write_text(output, encoding="utf-8")
    assert output == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal_and_none_ends_in_blanks(width: int) -> None:
    reports = [*desk(), *judged_desk(), abroad()]
    for line in printed(reports, unreadable=UNREADABLE, width=width).splitlines():
        assert cell_len(line) <= width
        assert line == line.rstrip(" ")


@pytest.mark.parametrize("width", range(40, 90, 3))
def test_no_line_begins_with_what_a_no_break_space_holds_back(width: int) -> None:
    for line in printed([*desk(), *judged_desk()], width=width, show_all=True).splitlines():
        assert not re.match(r"[\s│\d]*[:;»·](?:\s|$)", line), line


def test_tildes_stand_below_the_words() -> None:
    lines = printed(desk()).splitlines()
    for number, words in ((1, "fait sens"), (2, "cessions de pourparlers")):
        (at,) = (index for index, line in enumerate(lines) if words in line and line.startswith(("     │", "   3 │")))
        column = lines[at].index(words)
        row = lines[at + 1]
        assert row[column : column + len(words)] == f"{number}" + "~" * (len(words) - 1)


def test_wide_and_combining_characters_keep_the_tildes_in_place() -> None:
    text = "À 東京, le cafe\u0301 ouvrit teh matin."
    rows = [str(line) for line in draw(text, [Mark(Span(22, 25), Severity.MINOR, None)], 60, coloured=False)]
    assert text[22:25] == "teh"
    assert rows[1].index("~") == cell_len(text[:22]) != 22
    assert rows[1].strip() == "~~~"


def test_overlapping_issues_get_a_row_each() -> None:
    marks = [Mark(Span(3, 20), Severity.MAJOR, 1), Mark(Span(8, 12), Severity.MINOR, 2)]
    rows = [str(line) for line in draw("Le premier ministre belge part.", marks, 60, coloured=False)]
    assert rows[1:] == ["   1" + "~" * 16, "        2~~~"]


def test_an_issue_over_two_lines_is_marked_on_both_and_numbered_once() -> None:
    marks = [Mark(Span(3, 19), Severity.MAJOR, 1), Mark(Span(20, 25), Severity.MAJOR, 2)]
    rows = [str(line) for line in draw("Le premier ministre belge part.", marks, 12, coloured=False)]
    assert rows == ["Le premier", "   1~~~~~~", "ministre", "~~~~~~~~", "belge part.", "2~~~~"]


def test_a_clean_article_takes_one_line() -> None:
    (line,) = printed([desk()[1]]).splitlines()
    assert line == f"copie/halles.txt{N}: rien à signaler (1{NN}612{N}mots, bon à publier)"


def test_all_sentences_on_demand() -> None:
    sentence = "Après dix-huit mois de travaux"
    assert sentence not in printed([desk()[1]])
    assert sentence in printed([desk()[1]], show_all=True)


def test_one_article_needs_no_table() -> None:
    assert "crit." not in printed(desk()[:1])
    assert "crit." in printed(desk()[:2])


def test_the_same_issue_is_told_once_with_its_lines() -> None:
    output = printed(desk()[:1], width=120)
    assert output.count("calque de l’anglais") == 1
    assert f"(2{N}fois{N}: lignes{N}3 et 4)" in output
    assert f"2{N}mineures" in output


def test_a_different_suggestion_is_told_apart() -> None:
    finds = [Find("sens", "fr/a/b", "style/calque", Severity.MINOR, "Calque.", (word,)) for word in ("raison", "but")]
    output = printed([report("a.txt", "Cela fait sens.", tuple(finds))])
    assert output.count("Calque.") == 2


def test_hostile_text_cannot_move_the_cursor() -> None:
    text = "Le \x1b[2J\x1b]0;titre\x07 texte \x9b31m inv\u202eersé precisé [bold]ici[/bold] :smile:."
    finds = (
        Find("precisé", "fr/words/unknown", "linguistic/nonword", Severity.MAJOR, "\x1b[1mMot\u2066.", ("\x07a",)),
    )
    made = report("a\x1b[0m.txt", text, finds)
    output = printed(
        [replace(made, article=replace(made.article, title="\x1bc"))], unreadable=[InputError("\x1b", "\n")]
    )
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]", output)
    assert "[bold]ici[/bold] :smile:" in output
    assert "␛[2J␛]0;titre␇" in output


@pytest.mark.parametrize(
    ("stream", "environment", "coloured"),
    [
        (Screen(), {}, True),
        (io.StringIO(), {}, False),
        (Screen(), {"NO_COLOR": "1"}, False),
        (Screen(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, False),
    ],
    ids=["terminal", "pipe", "NO_COLOR", "dumb terminal", "pipe with FORCE_COLOR"],
)
def test_colour_and_links_only_on_a_terminal(
    stream: io.StringIO, environment: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    output = printed(desk(), stream)
    assert ("\x1b[" in output) is coloured
    assert ("\x1b]8;" in output) is coloured
    assert ("~~~" in output) is not coloured


def test_width_follows_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "52")
    widths = [cell_len(line) for line in printed(desk(), width=None).splitlines()]
    assert 40 < max(widths) <= 52


def test_a_terminal_that_cannot_show_french_gets_the_rest() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    write(desk(), stream)
    assert b"fr/confusion/cession-session" in raw.getvalue()


def test_a_line_of_a_megabyte_is_shown_around_its_issues() -> None:
    text = "mot " * 100_000 + "precisé " + "mot " * 150_000
    find = Find("precisé", "fr/words/unknown", "linguistic/nonword", Severity.MAJOR, "Mot inconnu.")
    output = printed([report("long.txt", text, (find,))])
    assert len(output) < 2_000
    assert re.search(r"\[…\] .*mot precisé mot .*\[…\]", output.replace("\n     │ ", " ").replace("~", ""), re.DOTALL)


def test_many_issues_in_one_long_sentence() -> None:
    text = "le mot precisé est ici " * 5_000
    issues = tuple(
        Issue("fr/words/unknown", Span(at, at + 7), f"Mot {at}.", "linguistic/nonword", Severity.MAJOR)
        for at in range(7, len(text), 230)
    )
    made = replace(report("long.txt", text), issues=issues)
    for colour in (False, True):
        assert printed([made], colour=colour).count("fr/words/unknown") == len(issues)


@given(
    text=st.text(st.sampled_from("ab é\u00a0東\u0301\u200b-’"), max_size=LONGEST_SHOWN + 200),
    spans=st.lists(st.tuples(st.integers(0, 1100), st.integers(1, 30)), max_size=5),
    width=st.integers(8, 60),
)
def test_drawing_keeps_the_text_and_marks_it_all(text: str, spans: list[tuple[int, int]], width: int) -> None:
    marks = [
        Mark(Span(start, min(len(text), start + size)), Severity.MINOR, number)
        for number, (start, size) in enumerate(spans)
        if start < len(text)
    ]
    lines = list(draw(text, marks, width, coloured=True))
    shown = "".join(line.plain for line in lines)
    if len(text) <= LONGEST_SHOWN:
        assert re.sub(r" |\[\d+\]", "", shown) == text.replace(" ", "")
    assert all(cell_len(line.plain) <= width for line in lines)
    for mark in marks:
        assert f"[{mark.number}]" in shown.replace(" ", "")
    list(draw(text, marks, width, coloured=False))


@given(text=st.text(max_size=80), width=st.integers(2, 40))
def test_folding_loses_nothing(text: str, width: int) -> None:
    clean = harmless(text)
    assert len(clean) == len(text)
    lines = fold(clean, width)
    kept = {at for start, end in lines for at in range(start, end)}
    assert all(clean[at].isspace() for at in range(len(clean)) if at not in kept)
    assert all(first[1] <= second[0] for first, second in pairwise(lines))


def test_folding_is_linear_in_a_word_without_end() -> None:
    assert len(fold_text("é" * 1_000_000, 50)) == 20_000


def test_every_category_has_a_label() -> None:
    assert CATEGORY_LABELS.keys() == CATEGORIES


def test_numbers_are_written_the_french_way() -> None:
    assert (whole(1234567), decimal(1116.54), decimal(0)) == (f"1{NN}234{NN}567", f"1{NN}116,5", "0,0")
    assert interval(90.1, 141.0) == "90,1–141,0"
    assert [counted(number, "mot") for number in (0, 1, 2)] == [f"0{N}mot", f"1{N}mot", f"2{N}mots"]
    assert [triage_count("clean", number) for number in (1, 2)] == [f"1{N}bon à publier", f"2{N}bons à publier"]


@pytest.mark.parametrize("inside", [False, True], ids=["its own", "a witness"])
def test_an_issue_is_shown_with_its_round_trip(inside: bool) -> None:
    find = Find("cessions", "fr/a/b", "accuracy/wrong-word", Severity.MAJOR, "Mot.", ("sessions",))
    made = report("a.txt", "Deux cessions de formation ont eu lieu.", (find,))
    told = {
        "pivot": "Two training sessions were held \x1b[31min the school.",
        "round_trip": "Deux sessions de formation.",
    }
    evidence = {"roundtrip": {"rule": "fr/roundtrip/wrong-word", **told}} if inside else told
    issues = tuple(replace(issue, evidence=evidence) for issue in made.issues)
    output = printed([replace(made, issues=issues)], width=60)
    assert "\x1b" not in output
    lines = [line.strip() for line in output.splitlines()]
    start = lines.index(f"→{N}sessions")
    assert lines[start + 1 : start + 4] == [
        f"en anglais{N}: Two training sessions were held ␛[31min",
        "the school.",
        f"retraduit{N}: Deux sessions de formation.",
    ]
    assert "retraduit" not in printed([made])
