"""One typographic convention for both languages, so that the model spends nothing on spacing and quotation marks.

Convention: straight quotes, straight apostrophes, plain spaces, no space before ; : ! ? and none inside quotation
marks. The character rules are compiled into the SentencePiece model (`spm_rules`), so whoever encodes a sentence with
that model gets them without code of ours; `normalise` is the same thing in Python, and a test compares the two.
"""

from __future__ import annotations

import re
import unicodedata

BLANKS = "\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000\t\r\n\u2028\u2029"
REMOVED = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufffd"
APOSTROPHES = "\u2018\u2019\u201b\u02bc\u00b4\u0060\u2032"
QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
TIGHT = ";:!?"

_MAP = {
    **dict.fromkeys(BLANKS, " "),
    **dict.fromkeys(REMOVED, ""),
    **dict.fromkeys(APOSTROPHES, "'"),
    **dict.fromkeys(QUOTES, '"'),
    **dict.fromkeys(DASHES, "-"),
    "\u2026": "...",
    "\ufb01": "fi",
    "\ufb02": "fl",
}
_SPACES = (" ", "\u00a0", "\u202f", "\u2009")


#: Most English sentences are ASCII, where these are all there is to change.
_ASCII = {ord(key): value for key, value in _MAP.items() if key.isascii()}
_SPECIAL = re.compile("[" + "".join(map(re.escape, _MAP)) + "]")
_OPENING = re.compile(rf"«[{''.join(_SPACES)}]{{1,2}}")
_CLOSING = re.compile(rf"[{''.join(_SPACES)}]{{1,2}}»")
_BEFORE = re.compile(rf"[{''.join(_SPACES)}]{{1,2}}([{TIGHT}])")
_RUN = re.compile(" {2,}")


def normalise(text: str) -> str:
    """The text in the house convention; NFC, trimmed, blanks collapsed."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if "«" in text or "»" in text:
            text = _CLOSING.sub('"', _OPENING.sub('"', text))
        text = _BEFORE.sub(r"\1", text)
        text = _SPECIAL.sub(lambda found: _MAP[found[0]], text)
    else:
        text = _BEFORE.sub(r"\1", text.translate(_ASCII))
    return _RUN.sub(" ", text).strip()


def spm_rules() -> str:
    """The same rules as SentencePiece's `normalization_rule_tsv`: hexadecimal code points, tab, replacement."""
    rules = dict(_MAP)
    gaps = [first + second for first in _SPACES for second in ("", *_SPACES)]
    rules |= {f"«{gap}": '"' for gap in gaps}
    rules |= {f"{gap}»": '"' for gap in gaps}
    rules |= {f"{gap}{mark}": mark for gap in gaps for mark in TIGHT}
    return "".join(f"{_hexadecimal(key)}\t{_hexadecimal(value)}\n" for key, value in sorted(rules.items()))


def _hexadecimal(text: str) -> str:
    return " ".join(f"{ord(char):04X}" for char in text)


_ELISION = re.compile(r"\b((?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|aujourd)') (?=[^\W\d_])", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=\w)' (?=(?:s|re|ve|ll|d|t)\b)")
_LABEL = re.compile(r"^[.\s]*\((?:FR|EN|DE|IT|ES|NL|PT|SV|DA|FI|EL)\)\s*")
#: Europarl came by way of Latin-1, which has no œ: it is gone from 221 pairs of the sample ("mettre en uvre"). Put back
#: where what is left is no word; a "sur" that was a sœur stays.
_LOST_LIGATURE = re.compile(
    r"\b(man|)(?=uvr(?:e|es|er|é|ée|és|ées|ent|ant|ait|era)\b)|\b([vV])(?=ux\b)|\b([nN])(?=uds?\b)|\b([cC])(?=urs?\b)"
)


def tidy_french(text: str) -> str:
    """`normalise`, and what some sources lost or left: the œ, and a blank after an elided article ("l' impôt")."""
    text = _LABEL.sub("", normalise(text))
    text = _LOST_LIGATURE.sub(r"\1\2\3\4œ", text)
    return _ELISION.sub(r"\1", text) if "' " in text else text


def tidy_english(text: str) -> str:
    """`normalise`, and the stray blank that some sources leave in a possessive ("the Group' s")."""
    text = _LABEL.sub("", normalise(text))
    return _POSSESSIVE.sub("'", text) if "' " in text else text
