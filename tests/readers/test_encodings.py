from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mtaudit.errors import InputError
from mtaudit.readers.encodings import Decoded, decode

SHORT = [
    "été",
    "Où est l'élève ?",
    "Réélu à Orléans",
    "À Noël, le maïs coûte 3 francs.",
    "Ça ne va pas, hélas.",
    "ÉLYSÉE : LE PRÉSIDENT REÇOIT À NOËL",
    "L'aîné des frères Müller a signé à Malmö.",
    "Le préfet a été reçu « sans délai », dit-il.",
    "Bœuf, œufs et cœur",
]
NEWS = (
    "La cour d'appel de Besançon a confirmé jeudi la peine infligée à l'ancien maire de Morteau, reconnu coupable "
    "d'avoir détourné 45 000 francs. « Nous irons jusqu'au bout », a déclaré son avocate, Me Hélène Guérin.\r\n\r\n"
    "Le parquet, lui, s'était pourvu dès février : l'élu avait été relaxé à Vesoul. À l'époque, la défense plaidait "
    "une « erreur de bonne foi ».\r\n"
)


def _has(codec: str, text: str) -> bool:
    """True when the encoding has every character of the text."""
    return text.encode(codec, "ignore").decode(codec) == text


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        (codec, text)
        for codec in ("cp1252", "iso-8859-1", "iso-8859-15", "mac_roman", "cp850")
        for text in (*SHORT, NEWS)
        if _has(codec, text)
    ],
)
def test_french_in_an_older_encoding(codec: str, text: str) -> None:
    assert decode(text.encode(codec), "a.txt").text == text


@pytest.mark.parametrize(
    "text",
    ["L’addition s’élève à 3 €…", "— Tu pars ? — Oui… –", "Le « œuf » – l’œuvre – coûte 12 €", "Bref… il l’a dit."],
)
def test_typography_of_windows_and_the_mac(text: str) -> None:
    for codec in ("cp1252", "mac_roman"):
        assert decode(text.encode(codec), "a.txt").text == text


def test_the_euro_and_the_ligature_of_latin_9() -> None:
    assert decode("Le bœuf est à 12 € le kilo".encode("iso-8859-15"), "a.txt").text == "Le bœuf est à 12 € le kilo"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [*SHORT, NEWS, "L’été 😀 à Łódź, a écrit «\u202fLe Matin\u202f»."])
def test_unicode_with_and_without_a_mark(text: str, codec: str) -> None:
    decoded = decode(text.encode(codec), "a.txt")
    assert decoded == (text, codec)


@pytest.mark.parametrize("mark", [b"\xfe\xff"])
def test_big_endian_mark(mark: bytes) -> None:
    assert decode(mark + "Été".encode("utf-16-be"), "a.txt") == ("Été", "utf-16")


def test_line_ends_stay() -> None:
    assert decode(b"un\r\ndeux\rtrois\n", "a.txt").text == "un\r\ndeux\rtrois\n"


def test_a_mark_within_the_text_stays() -> None:
    assert decode("\ufeffun\ufeff".encode(), "a.txt").text == "un\ufeff"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xef\xbb\xbf\xc2\xa0\n", "empty"),
        (b"\xff\xfe", "empty"),
        (b"abc\x00\x01\x02def", "binary"),
        (bytes(range(256)) * 8, "binary"),
        (b"\x01\x02\x03\x04abc", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "binary"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        (b"PK\x03\x04\x14\x00", "word-processor"),
        (b"{\\rtf1\\ansi Bonjour}", "RTF"),
        (b"\xff\xfea", "damaged UTF-16"),
        (b"\xff\xfe\x00\xd8a\x00", "damaged UTF-16"),
        ("La réunion s’est achevée à l’été.".encode()[:-1] + b"\xe9.", "damaged UTF-8 at byte 42, line 1"),
        ("Il a été\nréélu à Évreux".encode() + b"\xc3", "damaged UTF-8 at byte 30, line 2"),
        ("Правительство отправлено в отставку".encode("cp1251"), "encoding cannot be told"),
        ("内閣総理大臣は記者会見を開いた".encode("shift_jis"), "encoding cannot be told"),
        ("Η κυβέρνηση παραιτήθηκε".encode("iso-8859-7"), "encoding cannot be told"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(data, "copie/a.txt")
    assert said in caught.value.reason
    assert caught.value.path == "copie/a.txt"
    assert "\n" not in str(caught.value)


def test_utf8_is_never_taken_for_windows() -> None:
    """One broken byte must not turn every good accent of the file into two wrong letters."""
    data = bytearray((NEWS * 5).encode())
    data[100] = 0xE9
    with pytest.raises(InputError, match="damaged UTF-8"):
        decode(bytes(data), "a.txt")


def attempt(data: bytes) -> Decoded | InputError:
    try:
        return decode(data, "a.txt")
    except InputError as error:
        return error


@given(data=st.binary(max_size=300))
@example(b"\x81\x8d\x8f\x90\x9d")
@example(b"\x00a\x00b")
@example(b"\x85")
def test_any_bytes_decode_strictly_or_are_refused(data: bytes) -> None:
    found = attempt(data)
    if isinstance(found, InputError):
        assert found.reason
        assert "\n" not in str(found)
    else:
        assert data.decode(found.encoding) == found.text
        assert found.text.strip()
        assert "\x00" not in found.text


@given(text=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_any_unicode_text_comes_back(text: str) -> None:
    found = attempt(b"\xef\xbb\xbf" + text.encode())
    if isinstance(found, InputError):
        assert "empty" in found.reason
        assert not text.strip("\u200b\ufeff \xa0\u2028\u2029")
    else:
        assert found.text == text
