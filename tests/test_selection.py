"""Which rules run."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mtaudit.errors import UsageError
from mtaudit.model import Rule, Severity, Status
from mtaudit.selection import find_rule, select_rules

BASE = Rule("fr/calques/make-sense", "phrase", "t", "m", "w", "style/calque", Severity.MINOR)
RULES = (
    BASE,
    replace(BASE, id="fr/calques/take-place", aka=("fr/calques/takes-place",)),
    replace(BASE, id="fr/words/nonword", category="linguistic/nonword"),
    replace(BASE, id="fr/words/risky", category="linguistic/nonword", status=Status.DRAFT),
    replace(BASE, id="fr/words/gone", status=Status.RETIRED),
)


def ids(select: tuple[str, ...] = (), ignore: tuple[str, ...] = (), drafts: bool = False) -> list[str]:
    return [rule.id.removeprefix("fr/") for rule in select_rules(RULES, select, ignore, drafts)]


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ((), (), ["calques/make-sense", "calques/take-place", "words/nonword"]),
        (("fr/calques",), (), ["calques/make-sense", "calques/take-place"]),
        (("fr/calques/",), (), ["calques/make-sense", "calques/take-place"]),
        (("linguistic",), (), ["words/nonword"]),
        ((), ("style/calque",), ["words/nonword"]),
        (("fr/calques/make-sense",), ("fr/calques",), ["calques/make-sense"]),
        (("fr/calques",), ("fr/calques/make-sense",), ["calques/take-place"]),
        (("fr/calques/takes-place",), (), ["calques/take-place"]),
        (("fr/words",), ("fr/words",), []),
    ],
)
def test_the_most_specific_prefix_decides(
    select: tuple[str, ...], ignore: tuple[str, ...], expected: list[str]
) -> None:
    assert ids(select, ignore) == expected


def test_drafts_run_when_asked_for_or_named_in_full() -> None:
    assert "words/risky" in ids(drafts=True)
    assert ids(("fr/words/risky",)) == ["words/risky"]
    assert ids(("fr/words",)) == ["words/nonword"]
    assert "words/gone" not in ids(drafts=True)


def test_an_unknown_prefix_is_refused_with_a_hint() -> None:
    with pytest.raises(UsageError, match=r"'fr/calque'; did you mean 'fr/calques'\?"):
        ids(("fr/calque",))
    with pytest.raises(UsageError, match="'fr/calques/make'"):
        ids((), ("fr/calques/make",))


def test_an_old_name_finds_the_rule_that_took_its_place() -> None:
    assert find_rule(RULES, "fr/calques/takes-place").id == "fr/calques/take-place"
    with pytest.raises(UsageError, match="did you mean 'fr/words/nonword'"):
        find_rule(RULES, "fr/words/nonwords")
