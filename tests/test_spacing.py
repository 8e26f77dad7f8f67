"""The quick scan for odd marks finds each place where a pattern of the detectors can match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaudit.segmentation import fold_view
from mtaudit.spacing import CAPITALS, LETTERS, at_odd_marks, word_start

#: Letters and marks inside and outside Latin-1, and what a mark may touch.
TEXTS = st.text(alphabet="aéœłAÉŒŁ9 \n\u00a0.,;:!?»«…\"”“()'’-–", max_size=60)


@pytest.mark.parametrize(
    "pattern",
    [
        rf"[.!?…][\"»”)]?(?=[«“\"(]?[{CAPITALS}])",
        r"[,.;:] ?[,.;:]",
        r"[,;»](?=[^\W\d_]{2})",
        rf", (?=[{CAPITALS}])",
        rf"\. (?=[{LETTERS}])",
    ],
)
@given(text=TEXTS)
def test_the_scan_misses_no_match(pattern: str, text: str) -> None:
    view = fold_view(text)
    compiled = re.compile(pattern)
    expected = [match.span() for match in compiled.finditer(view)]
    assert [match.span() for match in at_odd_marks(compiled, view)] == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("le conseil a voté", "voté"),
        ("il l'a", "a"),
        ("mot", "mot"),
        ("un demi-tour", "demi-tour"),
        ("le 12", ""),
        ("fin ", ""),
        ("x" * 40, "x" * 30),
    ],
)
def test_the_word_that_ends_at_a_place(text: str, word: str) -> None:
    assert text[word_start(text, len(text)) :] == word
