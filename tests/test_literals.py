"""Sets of literals, looked for one by one and together."""

from __future__ import annotations

import pytest
from ahocorasick_rs import AhoCorasick
from hypothesis import given
from hypothesis import strategies as st

from mtaudit import literals
from mtaudit.literals import Literals, sets_in, unite
from mtaudit.matching import Pattern, compile_patterns

Found = list[tuple[str, int, int]]


def found(one: Literals, text: str) -> Found:
    first, places = one.find(text)
    return [(one.texts[number - first], start, end) for number, start, end in places]


def occurrences(one: Literals, text: str) -> set[tuple[str, int, int]]:
    return {
        (literal, start, start + len(literal))
        for literal in one.texts
        for start in range(len(text))
        if text.startswith(literal, start)
    }


words = st.text("ae é’𝄞", min_size=1, max_size=4)


@given(
    st.lists(st.lists(words, unique=True, max_size=5), min_size=1, max_size=4), st.lists(st.text("ae é’𝄞"), max_size=4)
)
def test_a_union_finds_what_each_of_its_sets_finds(members: list[list[str]], texts: list[str]) -> None:
    together = [Literals(one) for one in members]
    unite(together)
    for text in texts:
        for one in together:
            alone = found(Literals(one.texts), text)
            assert found(one, text) == alone
            assert set(alone) == occurrences(one, text)
            assert len(alone) == len(set(alone))


def test_a_literal_of_two_sets_is_found_for_both() -> None:
    one, two = Literals(["la guerre", "le conflit"]), Literals(["le front", "la guerre"])
    unite([one, two])
    assert found(one, "sur le front, la guerre") == [("la guerre", 14, 23)]
    assert found(two, "sur le front, la guerre") == [("le front", 4, 12), ("la guerre", 14, 23)]


class Counting:
    """An automaton that counts the texts that it reads."""

    def __init__(self, *arguments: object, **options: object) -> None:
        self.automaton = AhoCorasick(*arguments, **options)  # type: ignore[arg-type]
        self.read: list[str] = []

    def find_matches_as_indexes(self, text: str, overlapping: bool) -> list[tuple[int, int, int]]:
        self.read.append(text)
        return self.automaton.find_matches_as_indexes(text, overlapping=overlapping)


@pytest.fixture
def automata(monkeypatch: pytest.MonkeyPatch) -> list[Counting]:
    made: list[Counting] = []

    def make(*arguments: object, **options: object) -> Counting:
        made.append(Counting(*arguments, **options))
        return made[-1]

    monkeypatch.setattr("ahocorasick_rs.AhoCorasick", make)
    return made


def test_a_batch_is_read_once_for_all_sets(automata: list[Counting]) -> None:
    sets = [Literals(["juge"]), Literals(["procès"]), Literals(["peine"])]
    unite(sets)
    batch = [f"le juge du procès numéro {number}" for number in range(40)]
    for one in sets:
        for text in batch:
            one.find(text)
    assert [automaton.read for automaton in automata] == [batch]


def test_of_long_texts_few_are_kept(automata: list[Counting]) -> None:
    one = Literals(["juge"])
    long = [f"{number} " + "le juge " * (literals.MOST_KEPT // 16) for number in range(3)]
    for text in (*long, long[2], long[1], long[0]):
        assert len(one.find(text)[1]) == literals.MOST_KEPT // 16
    # No two of these are kept beside each other; one alone is, however long.
    assert automata[0].read == [*long, long[1], long[0]]
    for text in ("x" * literals.MOST_KEPT + "juge",) * 2:
        assert len(one.find(text)[1]) == 1
    assert len(automata[0].read) == 6


def test_the_sets_of_a_check_are_found() -> None:
    patterns, own = compile_patterns([Pattern("la guerre")]), Literals(["la paix"])
    assert list(sets_in((patterns, own, ("autre",), 3))) == [patterns.literals, own]
    assert list(sets_in([own])) == []
