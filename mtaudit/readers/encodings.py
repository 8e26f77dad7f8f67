"""Bytes to text, strictly, with the name of the encoding that was used.

The order is: byte order mark, UTF-16 that is plain to see, UTF-8, then the single-byte encodings in which French
has been written. General detectors are not used: on copy of a few lines they take Windows French for EBCDIC or for
a central European page (« été » becomes « ZÈZ », « où » becomes « oů »), and such text would reach the editor as
spelling mistakes. Here a decoding is kept only if its accents stand where French puts accents; otherwise the file
is refused and the user is asked for UTF-8. Measured by notebooks/encoding_detection.py.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mtaudit.errors import InputError

#: Single-byte encodings of French, likeliest first; the first of equals wins. ISO-8859-1 is within Windows-1252.
LEGACY = ("cp1252", "iso-8859-15", "mac_roman", "cp850")

#: A legacy decoding below this mean plausibility is refused. Chosen by notebooks/encoding_detection.py: the right
#: decoding of French press scores 0.8 or more in 99.9 % of samples, text in other alphabets 0.65 at most.
MIN_PLAUSIBILITY = 0.7

#: More control characters than this share, and the bytes are no text.
MAX_CONTROL_SHARE = 0.1

#: Non-ASCII characters that are looked at to judge a legacy decoding.
_SAMPLE = 20_000

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)

#: First bytes of files that editors do hand over, and what each is.
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a word-processor or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"{\\rtf", "an RTF file"),
)

_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")

_FRENCH_LETTERS = frozenset("àâçèéêëîïôùûüÿœæÀÂÇÈÉÊËÎÏÔÙÛÜŸŒÆ")
#: And those of the foreign names that French copy is full of.
_LETTERS = _FRENCH_LETTERS | frozenset("áãäåíìñóõöøúòðšžýþßÁÃÄÅÍÌÑÓÕÖØÚÒÐŠŽÝÞ")
_MARKS = frozenset("«»‹›“”„‘’…–—•€°\xa0")
_RARE_MARKS = frozenset("§£²³½¼¾©®™±×·ªº†‰µ÷¡¿")


class Decoded(NamedTuple):
    """The text without its byte order mark, and the codec: `data.decode(encoding)` is `text`."""

    text: str
    encoding: str


def decode(data: bytes, path: str) -> Decoded:
    """Decode a whole file strictly.

    `path` names the source in errors. Raises InputError when there is nothing to read, when the bytes are no text,
    and when the encoding cannot be told.
    """
    if not data:
        raise InputError(path, "the file is empty")
    _refuse_known_formats(data, path)
    decoded = _decode_unicode(data, path) or _decode_legacy(data, path)
    if not decoded.text.strip(" \t\r\n\v\f\x85\xa0\u200b\u2028\u2029\ufeff"):
        raise InputError(path, "the file is empty (blanks only)")
    if "\x00" in decoded.text or _control_share(decoded.text) > MAX_CONTROL_SHARE:
        raise _not_text(path)
    return decoded


def _refuse_known_formats(data: bytes, path: str) -> None:
    for start, what in _SIGNATURES:
        if data.startswith(start):
            raise InputError(path, f"this is {what}, which is not read; save its text as UTF-8 .txt or .md")


def _decode_unicode(data: bytes, path: str) -> Decoded | None:
    """Decode as UTF-8, UTF-16 or UTF-32; None when the bytes are of another encoding."""
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return _strict(data, codec, path)
    wide = _evident_utf16(data)
    if wide:
        return _strict(data, wide, path)
    if b"\x00" in data:
        raise _not_text(path)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        # A legacy text hardly ever holds a well-formed UTF-8 sequence. Where most high bytes belong to one, the file
        # is UTF-8 with damage, and any other decoding would turn every good accent into two wrong letters.
        good = sum(len(match[0]) for match in _UTF8_SEQUENCE.finditer(data))
        if good > len(_HIGH_BYTE.findall(data)) / 2:
            raise _damaged(path, "utf-8", data, error.start) from None
        return None


def _strict(data: bytes, codec: str, path: str) -> Decoded:
    try:
        return Decoded(data.decode(codec), codec)
    except UnicodeDecodeError as error:
        raise _damaged(path, codec, data, error.start) from None


def _evident_utf16(data: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: Western text then has a zero in nearly every other byte."""
    if len(data) % 2 or len(data) < 4 or b"\x00" not in data:
        return None
    sample = data[:4096]
    half = len(sample) // 2
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd >= 0.6 and even <= 0.05:
        return "utf-16-le"
    if even >= 0.6 and odd <= 0.05:
        return "utf-16-be"
    return None


def _decode_legacy(data: bytes, path: str) -> Decoded:
    best: Decoded | None = None
    best_score = 0.0
    for codec in LEGACY:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        score = plausibility(text)
        if score > best_score:
            best, best_score = Decoded(text, codec), score
    if best is None or best_score < MIN_PLAUSIBILITY:
        if best is None or _control_share(best.text) > MAX_CONTROL_SHARE:
            raise _not_text(path)
        raise InputError(path, "the encoding cannot be told (not UTF-8, and not French in an older encoding); "
                               "save the file as UTF-8")  # fmt: skip
    return best


def plausibility(text: str) -> float:
    """How well the non-ASCII characters of a decoding sit in French text, from 0 to 1; 1 when there are none."""
    total = count = 0.0
    for match in _NON_ASCII.finditer(text):
        at = match.start()
        total += _character(text[at], text[at - 1] if at else " ", text[at + 1] if at + 1 < len(text) else " ")
        count += 1
        if count >= _SAMPLE:
            break
    return total / count if count else 1.0


def _character(char: str, before: str, after: str) -> float:
    """1 where French has this character between these two, 0 where it is surely a wrong decoding."""
    between_letters = before.isalpha() and after.isalpha()
    if char in _MARKS:
        return 1.0 if char == "’" or not between_letters else 0.3
    if char in _RARE_MARKS:
        return 0.0 if between_letters else 0.4
    if char not in _LETTERS or (char.isupper() and before.islower()):
        return 0.0
    if _misplaced(char, before, after):
        return 0.2
    # Accented letters stand alone among plain ones, « réélu » apart: whole words of them are another alphabet.
    accented = sum(other.isalpha() and not other.isascii() and other not in "éÉ" for other in (before, after))
    if accented or (before.isupper() and char.islower() and after.isupper()):
        return 0.2 if accented < 2 else 0.0
    return 1.0 if char in _FRENCH_LETTERS else 0.6


def _misplaced(char: str, before: str, after: str) -> bool:
    """True for a letter where French does not put it: « Çgard » and « màme » are DOS French taken for the Mac's."""
    if char in "çÇ":
        return after not in "aouâôûAOUÂÔÛ"
    if char in "àÀ":
        return after.isalpha()
    if char.isupper():
        alone = not before.isalpha() and not after.isalpha()
        return (alone and char not in "ÀÉÔ") or (before.isupper() and after.islower())
    return False


def _control_share(text: str) -> float:
    return len(_CONTROL.findall(text)) / len(text)


def _not_text(path: str) -> InputError:
    return InputError(path, "this is a binary file, not text; give a .txt or .md file")


def _damaged(path: str, codec: str, data: bytes, at: int) -> InputError:
    name = {"utf-8-sig": "UTF-8"}.get(codec, codec.upper())
    line = f", line {data.count(10, 0, at) + 1}" if name == "UTF-8" else ""
    return InputError(path, f"damaged {name} at byte {at + 1}{line}; repair that character and save the file as UTF-8")
