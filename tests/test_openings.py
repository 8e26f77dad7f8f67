"""Regexes that are run only where a line begins in one of their ways."""

from __future__ import annotations

import pytest

from mtaudit.matching import Pattern
from mtaudit.model import Span
from mtaudit.openings import begins_line, compile_openings, opens_lines
from mtaudit.regexes import openings_of


@pytest.mark.parametrize(
    ("regex", "openings"),
    [
        (r"\b(?:lire|voir) aussi", {"lire aussi", "voir aussi"}),
        (
            r"(?:les )?plus (?:lus?|vus)\b",
            {"les plus lu", "les plus lus", "les plus vus", "plus lu", "plus lus", "plus vus"},
        ),
        (r"photo ?: \w+", {"photo: ", "photo : "}),
        (r"(?<=x)Auteur(?= ?:)", {"auteur"}),
        (r"(?:la )+suite", {"la "}),
        (r"[^.]{0,9} suite", {"", " suite"}),
        (r"\d{1,2} min", set("0123456789")),
    ],
)
def test_every_match_begins_with_one_of_the_openings(regex: str, openings: set[str]) -> None:
    assert openings_of(regex) == openings


@pytest.mark.parametrize(
    ("regex", "opens"),
    [(r"lire aussi", True), (r"\(?photo", True), (r"\w+ aussi", False), (r"ap\W", False), (r"\d+ vues", True)],
)
def test_an_opening_has_three_letters_or_a_digit(regex: str, opens: bool) -> None:
    assert opens_lines(Pattern(regex, is_regex=True)) is opens


def hits(text: str, *patterns: Pattern) -> list[tuple[int, str]]:
    start, spans = 0, []
    for line in text.split("\n"):
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    view = text.replace("\n", " ")
    found, late = compile_openings(patterns).scan(text, view, view.lower(), spans)
    assert not late
    return sorted((hit.pattern, text[hit.start : hit.end]) for hit in found)


def test_marks_may_stand_before_and_inside_a_match() -> None:
    patterns = (Pattern("lire aussi", is_regex=True), Pattern(r"\(?photo : \w+", is_regex=True))
    assert hits("► Lire aussi\nIl faut lire aussi\n« (Photo : DR", *patterns) == [(0, "Lire aussi"), (1, "(Photo : DR")]


def test_a_match_ends_with_its_sentence_and_may_ask_for_capitals() -> None:
    patterns = (Pattern("Par [A-Z]\\w+$", is_regex=True, case=True), Pattern("lire la suite$", is_regex=True))
    assert hits("Par Marie\npar marie\nLire la suite\nFin", *patterns) == [(0, "Par Marie"), (1, "Lire la suite")]


def test_the_beginning_of_a_line_is_looked_for_near_by() -> None:
    assert begins_line("a\n«\u00a0b", 4)
    assert not begins_line("a\nb c", 4)
    assert not begins_line("a" + " " * 400 + "b", 50)
