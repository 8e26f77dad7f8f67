"""What can be said of a regex's matches before it runs."""

from __future__ import annotations

import pytest

from mtaudit.regexes import demands_of


@pytest.mark.parametrize(
    ("regex", "demands"),
    [
        (r"\btendance \w+ (?:haussière|baissière)", {("tendance ",), (" baissière", " haussière")}),
        (r"\ba été (?:très )?remarqué par \w+", {("a été remarqué par ", "a été très remarqué par ")}),
        (r"\bmil\w*s de (?:l'|la )?presse", {("mil",), ("s de l'presse", "s de la presse", "s de presse")}),
        (r"(?<=le maire )a \w+ment déclaré", {("ment déclaré",)}),
        (r"(?:un \w+|une) maire", {(" maire",)}),
        (r"(?:absent )?\d+", set()),
        (r"(?:\w+ ){2}accord", {("accord",)}),
    ],
)
def test_every_match_holds_one_literal_of_each_demand(regex: str, demands: set[tuple[str, ...]]) -> None:
    assert set(demands_of(regex)) == demands


def test_a_syntax_that_is_not_understood_demands_nothing() -> None:
    assert demands_of(r"\p{Lu}+(*FAIL)") == ()
