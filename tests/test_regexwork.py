"""Regexes that need no clock, and those that do."""

from __future__ import annotations

import time

import pytest
import regex

from mtaudit.matching import WINDOW_SECONDS
from mtaudit.regexes import quick_length
from mtaudit.regextree import tree_of
from mtaudit.regexwork import LENGTHS, MOST_STEPS, is_quick

#: A machine under test may be as much slower than the one that `MOST_STEPS` was chosen on.
SLACK = 10


@pytest.mark.parametrize(
    "text",
    [
        r"\bil y a (?P<n>\p{L}++|\d++) (?P<u>ans|mois|jours) (?:en arrière|auparavant)\b",
        r"[,»] (?:le |la )?(?:(?!que )[\p{L}'-]++ ){1,4}(?:a|ont) (?:dit|déclaré|annoncé)\.",
        r"(?<!\w)les (?:deux|trois|quatre) (?:derniers|prochains) (?:jours|mois)",
    ],
)
def test_a_regex_of_words_needs_no_clock_in_a_sentence(text: str) -> None:
    assert quick_length(text) >= 300


@pytest.mark.parametrize(
    "text",
    [
        r"(?:\w+)+b",
        r"(a|aa)+$",
        r"(?:\w+ ?)*!",
        r"\w+ \w+ \w+ \w+ x",
        r"(\w)\1",
        r"(?:(?:a|b|ab)(?:a|b|ab)){12}c",
        r"(?<=\w{0,300}\w{0,300})b",
    ],
)
def test_a_regex_that_may_take_long_is_watched(text: str) -> None:
    assert quick_length(text) == 0


def test_what_cannot_be_parsed_is_watched() -> None:
    assert quick_length(r"\p{Lu}+(*FAIL)") == 0


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        (r"(?:a|a|a){7}b|c", "a"),
        (r"(?:a|aa|aaa){6}b|c", "a"),
        (r"(?:\w{0,9}a){3}(?:b|c)", "a"),
        (r"\d[\d .,]*\d (?:x|y)", "1 2"),
        (r"(?=.*b)|(?=.*c)d", "a"),
        (r"(?<=a{0,60}b)c|a", "a"),
        (r"(?:[ab]{0,20}?[ab]{0,20}?)(?:c|d)", "ab"),
        (r"(?:x?y?z?a){4}(?:b|c)", "a"),
    ],
)
def test_the_worst_that_is_not_watched_takes_no_longer_than_one_that_is(text: str, unit: str) -> None:
    length = quick_length(text)
    assert length
    stretch = (unit * length)[:length]
    pattern = regex.compile(text)
    list(pattern.finditer(stretch[:10]))
    start = time.process_time()
    list(pattern.finditer(stretch))
    assert time.process_time() - start < SLACK * WINDOW_SECONDS


def test_longer_stretches_are_more_work() -> None:
    tree = tree_of(r"\w+ \w+ x")
    assert [is_quick(tree, length) for length in sorted(LENGTHS)] == sorted(
        (is_quick(tree, length) for length in LENGTHS), reverse=True
    )
    assert not is_quick(tree, MOST_STEPS)
