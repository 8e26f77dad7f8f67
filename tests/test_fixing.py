"""Suggestions put in without a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mtaudit.cli import app
from mtaudit.exits import Exit
from mtaudit.fixing import fix
from mtaudit.model import Article, Region, RegionKind, Report, Rule, Score, Sentence, Severity, Span

RULES = ["--select", "fr/locale", "--select", "fr/spacing", "--select", "fr/repetition/doubled-small-word"]


def rule(name: str, safe: bool = True) -> Rule:
    return Rule(name, "phrase", "", "", "", "linguistic/spelling", Severity.MINOR, safe=safe)


class Replacing:
    """An auditor that finds words by name and suggests others: `{rule: (word, suggestion)}`."""

    def __init__(self, found: Mapping[str, tuple[str, str]], unsafe: Iterable[str] = ()) -> None:
        self.found = found
        self.rules = {name: rule(name, name not in unsafe) for name in found}

    def run(self, articles: Iterable[Article]) -> Iterator[Report]:
        for article in articles:
            text = article.text
            issues = []
            for name, (word, suggestion) in self.found.items():
                place = text.find(word)
                while place >= 0:
                    span = Span(place, place + len(word))
                    issues.append(self.rules[name].issue(span, word, [suggestion] if suggestion else []))
                    place = text.find(word, place + 1)
            quotes = tuple(
                Region(RegionKind.QUOTE, Span(text.find("«"), text.find("»") + 1)) for _ in range("«" in text)
            )
            yield Report(
                article,
                (Sentence(0, Span(0, len(text))),),
                tuple(issues),
                Score(1, 0.0, 0.0, (0.0, 0.0), {}, "clean", ""),
                regions=quotes,
            )


def fixed(text: str, auditor: Replacing, quotations: bool = False) -> tuple[str, int, int]:
    done = fix(Article("a", text), auditor, lambda changed: Article("a", changed), quotations)
    return done.text, len(done.edits), len(done.refused)


def test_safe_suggestions_are_put_in_and_others_are_not() -> None:
    auditor = Replacing({"a": ("le le", "le"), "b": ("voire", "voir"), "c": ("Mars", "")}, unsafe=["b"])
    assert fixed("Il vit le le maire, voire Mars.", auditor) == ("Il vit le maire, voire Mars.", 1, 0)


def test_what_a_change_uncovers_is_mended_in_the_next_pass() -> None:
    assert fixed("Il vit le le le maire.", Replacing({"a": ("le le", "le")})) == ("Il vit le maire.", 2, 0)


def test_of_two_that_overlap_one_is_put_in_at_a_time() -> None:
    auditor = Replacing({"a": ("le  le", "le"), "b": ("  ", " ")})
    assert fixed("Sous le  le toit.", auditor)[0] == "Sous le toit."


def test_a_quotation_is_left_as_it_was_said() -> None:
    auditor = Replacing({"a": ("le le", "le")})
    text = "« Ouvrez le le bal », dit le le maire."
    assert fixed(text, auditor)[0] == "« Ouvrez le le bal », dit le maire."
    assert fixed(text, auditor, quotations=True)[0] == "« Ouvrez le bal », dit le maire."


def test_a_change_beside_which_something_new_is_found_is_taken_back() -> None:
    auditor = Replacing({"a": ("mars 16", "16 mars"), "b": ("le 16 mars", "")})
    assert fixed("Vu le mars 16.", auditor) == ("Vu le mars 16.", 0, 1)


def test_rules_that_undo_each_other_come_to_an_end() -> None:
    text, _, refused = fixed("Le ping.", Replacing({"a": ("ping", "pong"), "b": ("pong", "ping")}))
    assert text == "Le ping."
    assert refused


TEXT = "Le maire recevra le le préfet mardi, Mars 16.\r\nIl a dit : « Venez le mardi, Mars 16 . »\r\n"


@pytest.mark.parser
def test_a_file_is_fixed_in_place_and_keeps_its_encoding_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode("utf-16"))
    result = CliRunner().invoke(app, ["fix", str(path), *RULES])
    assert result.exit_code == Exit.CLEAN, result.output
    text = path.read_bytes().decode("utf-16")
    assert text.startswith("Le maire recevra le préfet mardi 16 mars.\r\n")
    assert "« Venez le mardi, Mars 16 . »" in text
    assert "put in, in 1 article" in result.stderr


@pytest.mark.parser
def test_a_difference_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode())
    result = CliRunner().invoke(app, ["fix", "--diff", str(path), *RULES])
    assert result.exit_code == Exit.ISSUES
    assert "+Le maire recevra le préfet mardi 16 mars." in result.stdout
    assert path.read_bytes() == TEXT.encode()


@pytest.mark.parser
def test_what_cannot_be_fixed_is_named_and_the_rest_is_fixed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Il arrive lundi, 3 mai.", encoding="utf-8")
    result = CliRunner().invoke(app, ["fix", str(tmp_path / "a.txt"), str(tmp_path / "none.txt"), *RULES])
    assert result.exit_code == Exit.INCOMPLETE
    assert "none.txt" in result.stderr
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "Il arrive lundi 3 mai."


def test_no_safe_rule_is_a_mistake_of_the_command_line() -> None:
    result = CliRunner().invoke(app, ["fix", "a.txt", "--select", "fr/falsefriends"])
    assert result.exit_code == Exit.USAGE
    assert "safe" in result.stderr
