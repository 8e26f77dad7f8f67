"""What the terminal says of whether a machine translated the article; its golden files are test_terminal.py's."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mtaudit.model import Clue, Detection, Origin, Report, Severity, Span, Verdict
from mtaudit.reports.terminal.detection import VERDICT_LABELS, evidence, percentage, statement
from tests.reports.newsdesk import CLEAN, Find, N, clue, desk, judged_desk, report
from tests.reports.test_terminal import printed


def halls(detection: Detection) -> Report:
    """An article without issues."""
    return replace(desk()[1], detection=detection)


def test_a_likely_machine_is_named_with_its_reasons_and_their_lines() -> None:
    lines = printed(judged_desk()[:1], width=200).splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith("  Traduction automatique"))
    assert lines[at - 1].endswith(f"1{N}critique, 2{N}majeures, 2{N}mineures"), "the source language is told once"
    assert lines[at] == f"  Traduction automatique{N}: probable (94{N}%){N}· traduit, semble-t-il, de l’anglais"
    assert lines[at + 1] == (
        f"  indices{N}: nombre à l’anglaise (ligne{N}4){N}· «{N}dans le contexte de{N}» (ligne{N}3){N}"
        f"· «{N}que la{N}» (lignes{N}3 et 4)"
    )
    assert lines[at + 2] == (
        f"  indices contraires{N}: «{N}on juge{N}» (ligne{N}4){N}· richesse du vocabulaire{N}"
        f"· «{N}ironise{N}» (ligne{N}4)"
    )


@pytest.mark.parametrize(
    ("detection", "lines"),
    [
        (Detection(0.87, Verdict.LIKELY), 2),
        (Detection(0.5, Verdict.UNCLEAR, clues=(clue(CLEAN, "Après", 0.9),)), 1),
        (Detection(0.5, Verdict.UNCLEAR, clues=(clue(CLEAN, "Après", 0.9, "untranslated", "resté en anglais"),)), 3),
        (Detection(0.5, Verdict.UNCLEAR, signals={"untranslated": -0.1}), 1),
        (Detection(0.03, Verdict.NO_SIGN, clues=(clue(CLEAN, "Après", 0.9, "untranslated", "resté en anglais"),)), 1),
        (Detection(abstained="texte trop court"), 1),
        (Detection(), 1),
    ],
    ids=["likely", "unclear", "unclear with hard evidence", "nothing hard", "no sign", "abstained", "not asked"],
)
def test_a_clean_article_is_silent_unless_there_is_something_to_look_at(detection: Detection, lines: int) -> None:
    output = printed([halls(detection)]).splitlines()
    assert len(output) == lines
    assert ("rien à signaler" in output[0]) is (lines == 1)


def test_what_speaks_against_a_machine_is_told_on_demand_when_there_is_no_sign() -> None:
    made = halls(Detection(0.0004, Verdict.NO_SIGN, clues=(clue(CLEAN, "Après", -1.4),)))
    made = replace(made, issues=desk()[3].issues[:1])
    assert f"pas de signe (moins de 1{N}%)" in printed([made])
    assert "indices" not in printed([made])
    assert f"indices contraires{N}: «{N}Après{N}»" in printed([made], show_all=True)


def test_where_nothing_is_judged_the_reason_is_told_and_the_source_language_stays() -> None:
    origin = Origin("pt", 0.9, {"pt": 2})
    short = replace(desk()[0], detection=Detection(abstained=f"texte trop court (87{N}mots)", origin=origin))
    (line,) = (line for line in printed([short], width=120).splitlines() if "Traduction automatique" in line)
    assert line.strip() == (
        f"Traduction automatique non jugée{N}: texte trop court (87{N}mots){N}· traduit, semble-t-il, du portugais"
    )
    unasked = printed([replace(desk()[0], detection=Detection(origin=origin))], width=200)
    assert f"2{N}mineures{N}· traduit, semble-t-il, du portugais\n" in unasked
    assert "automatique" not in unasked
    for origin in (Origin(None, 0.4, {"en": 1}), Origin("xx", 0.9, {"xx": 1})):
        assert "traduit" not in printed([replace(desk()[0], detection=Detection(origin=origin))])


def test_clues_that_say_the_same_are_one_and_signals_without_clues_go_by_name() -> None:
    signals = {"issues": 1.0, "rhythm": 0.5, "round-trip": -0.2, "lexical-richness": 0.03}
    clues = (
        Clue("issues", "calque", 0.4, (Span(40, 44),)),
        Clue("phrasing", f"«{N}a{N}»", -0.9, ()),
        Clue("issues", "calque", 0.3, (Span(4, 9),)),
    )
    found = evidence(Detection(0.7, Verdict.UNCLEAR, "", signals, clues))
    assert [(one.label, round(one.weight, 2)) for one in found] == [
        (f"«{N}a{N}»", -0.9),
        ("calque", 0.7),
        ("rhythm", 0.5),
        ("ressemblance de l’aller-retour", -0.2),
    ]
    assert found[1].places == (Span(4, 9), Span(40, 44))


def test_many_clues_and_long_ones_stay_short() -> None:
    text = "mot " * 30 + "\n" + "mot\n" * 9
    clues = [Clue("phrasing", f"«{N}mot {number}{N}»", 1 + number / 10, ()) for number in range(20)]
    clues.append(clue(text, "mot", 9.0, label="une phrase entière qui n’en finit pas " * 9))
    made = replace(
        report("a.txt", text, (Find("mot mot", "fr/a/b", "style/calque", Severity.MINOR, "Calque."),)),
        detection=Detection(0.99, Verdict.LIKELY, clues=tuple(clues)),
    )
    output = printed([made], width=400)
    assert f"n’en finit pas une{N}[…] (lignes{N}1, 2, 3, …)" in output
    assert output.count("phrase entière") == 2
    assert [word for word in ("mot 19", "mot 16", "mot 15") if word in output] == ["mot 19", "mot 16"]


def test_a_hostile_clue_cannot_move_the_cursor() -> None:
    hostile = Clue("\x1b[2J", "\x1b[31mrouge\u202e", 1.0, ())
    made = replace(
        desk()[0], detection=Detection(abstained="", probability=0.9, verdict=Verdict.LIKELY, clues=(hostile,))
    )
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", printed([made]))


@pytest.mark.parametrize(("width", "column", "sign"), [(120, True, False), (100, False, True), (60, False, False)])
def test_the_table_says_what_a_machine_translated(width: int, column: bool, sign: bool) -> None:
    table = printed(judged_desk(), width=width).split(" mots  crit.", 1)[1]
    assert (f"bon à publier{' ' * 3}probable" in table) is column
    assert ("bon à publier *\n" in table) is sign
    assert ("\n* traduction automatique probable\n" in table) is sign
    assert ("bon à publier, trad. auto. probable" in table) is (not column and not sign)
    assert f"2{N}traductions automatiques probables." in " ".join(table.split("\n"))


def test_the_probability_is_never_certain() -> None:
    assert [percentage(number) for number in (0.0, 0.004, 0.006, 0.5, 0.994, 0.996, 1.0)] == [
        f"moins de 1{N}%",
        f"moins de 1{N}%",
        f"1{N}%",
        f"50{N}%",
        f"99{N}%",
        f"plus de 99{N}%",
        f"plus de 99{N}%",
    ]
    assert VERDICT_LABELS.keys() == set(Verdict)
    assert statement(Detection(verdict=Verdict.LIKELY)) == f"Traduction automatique{N}: probable"
