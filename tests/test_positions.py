"""Positions against Python's own encoders, on text with everything that is more than one unit somewhere."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaudit.positions import Place, Positions

#: Examples enough to meet every branch.
QUICK = settings(max_examples=150)

CHARS = st.one_of(
    st.sampled_from("aé’« »\u00a0\u202f\u2009\n\r\t\u0301\u0327\u200d\ufe0f🎉🇫𝒜\U0010ffff\u2028\x85\uffff"),
    st.characters(codec="utf-8"),
)
TEXTS = st.one_of(
    st.text(CHARS, max_size=80),
    st.lists(st.sampled_from(["\r\n", "\r", "\n", "L’État\u00a0", "e\u0301te\u0301", "🎉"]), max_size=30).map("".join),
    st.builds(lambda part, count: part * count, st.text(CHARS, min_size=1, max_size=12), st.integers(1, 120)),
)
SHORT = st.text(CHARS, max_size=60)


def offsets(text: str) -> st.SearchStrategy[int]:
    return st.integers(0, len(text))


@QUICK
@given(st.data())
def test_utf8_is_what_the_encoder_counts_and_comes_back(data: st.DataObject) -> None:
    text = data.draw(TEXTS)
    offset = data.draw(offsets(text))
    positions = Positions(text)
    assert positions.utf8(offset) == len(text[:offset].encode("utf-8"))
    assert positions.from_utf8(positions.utf8(offset)) == offset


@QUICK
@given(st.data())
def test_utf16_is_what_the_encoder_counts_and_comes_back(data: st.DataObject) -> None:
    text = data.draw(TEXTS)
    offset = data.draw(offsets(text))
    positions = Positions(text)
    assert positions.utf16(offset) == len(text[:offset].encode("utf-16-le")) // 2
    assert positions.from_utf16(positions.utf16(offset)) == offset


@QUICK
@given(st.data())
def test_a_slice_by_bytes_is_the_slice_by_offsets(data: st.DataObject) -> None:
    text = data.draw(TEXTS)
    start, end = sorted((data.draw(offsets(text)), data.draw(offsets(text))))
    positions = Positions(text)
    octets = text.encode("utf-8")[positions.utf8(start) : positions.utf8(end)]
    assert octets.decode("utf-8") == text[start:end]
    units = text.encode("utf-16-le")[2 * positions.utf16(start) : 2 * positions.utf16(end)]
    assert units.decode("utf-16-le") == text[start:end]


@QUICK
@given(SHORT)
def test_every_byte_and_unit_has_one_offset_or_is_refused(text: str) -> None:
    positions = Positions(text)
    starts = {len(text[:offset].encode("utf-8")) for offset in range(len(text) + 1)}
    for byte in range(len(text.encode("utf-8")) + 1):
        if byte in starts:
            assert positions.utf8(positions.from_utf8(byte)) == byte
        else:
            with pytest.raises(ValueError, match="inside the bytes"):
                positions.from_utf8(byte)
    starts = {len(text[:offset].encode("utf-16-le")) // 2 for offset in range(len(text) + 1)}
    for unit in range(len(text.encode("utf-16-le")) // 2 + 1):
        if unit in starts:
            assert positions.utf16(positions.from_utf16(unit)) == unit
        else:
            with pytest.raises(ValueError, match="surrogate pair"):
                positions.from_utf16(unit)


@QUICK
@given(st.data())
def test_lines_and_columns_come_back(data: st.DataObject) -> None:
    text = data.draw(TEXTS)
    offset = data.draw(offsets(text))
    positions = Positions(text)
    place = positions.place(offset)
    assert positions.offset(*place) == offset
    # An independent count: a line starts after every \n, and after every \r that no \n follows.
    before = text[:offset]
    ends = [i for i, char in enumerate(before) if char == "\n" or (char == "\r" and text[i + 1 : i + 2] != "\n")]
    assert place == Place(len(ends) + 1, offset - (ends[-1] + 1 if ends else 0) + 1)


@QUICK
@given(TEXTS)
def test_places_grow_with_offsets(text: str) -> None:
    positions = Positions(text)
    places = [positions.place(offset) for offset in range(len(text) + 1)]
    assert places == sorted(set(places))
    assert places[-1].line == positions.lines


def test_columns_count_code_points_on_a_line_of_news_copy() -> None:
    text = "PARIS —\u00a0Le 🎉 défile\r\nLa suite.\rFin\n"
    positions = Positions(text)
    assert positions.place(text.index("défile")) == (1, 14)
    assert positions.place(text.index("La suite")) == (2, 1)
    assert positions.place(text.index("Fin")) == (3, 1)
    assert positions.place(len(text)) == (4, 1)
    assert positions.utf16(text.index("défile")) == 14
    assert positions.utf8(text.index("défile")) == 19


@pytest.mark.parametrize("text", ["", "plain", "é\U0001f389\r\nb"])
def test_positions_outside_the_text_are_refused(text: str) -> None:
    positions = Positions(text)
    for convert in (positions.place, positions.utf8, positions.utf16, positions.from_utf8, positions.from_utf16):
        for bad in (-1, len(text.encode("utf-8")) + 1):
            with pytest.raises(ValueError, match="is not between 0 and"):
                convert(bad)
    for line, column in ((0, 1), (positions.lines + 1, 1), (1, 0), (1, len(text) + 2), (-1, 1)):
        with pytest.raises(ValueError, match="is not between 1 and"):
            positions.offset(line, column)


def test_the_column_after_a_line_end_is_refused() -> None:
    positions = Positions("un\r\ndeux")
    assert positions.offset(1, 4) == 3
    with pytest.raises(ValueError, match="column 5 of line 1"):
        positions.offset(1, 5)


def test_lone_surrogates_are_counted_and_do_not_raise() -> None:
    positions = Positions("a\ud83db")
    assert positions.utf16(3) == 3
    assert positions.from_utf16(2) == 2
    assert positions.utf8(3) == 5
    assert positions.from_utf8(4) == 2


def test_a_megabyte_on_one_line_is_quick() -> None:
    text = "Déjà 🎉 vu. " * 100_000
    begin = time.process_time()
    positions = Positions(text)
    for offset in range(0, len(text), 100):
        positions.place(offset)
        assert positions.from_utf16(positions.utf16(offset)) == offset
    assert time.process_time() - begin < 10
