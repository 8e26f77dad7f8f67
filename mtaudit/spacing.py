"""Where a blank is missing, too many, or stands between two marks: sentences and headings glued by a lost line break.

Every function scans for a literal or a small class of characters, and looks closer only where it hits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from mtaudit.model import Analysis, Span
from mtaudit.resources import Lexicon

LETTERS = "a-zà-öø-ÿœ"
CAPITALS = "A-ZÀ-ÖØ-ÞŒ"
#: A word, with its apostrophe if elided; the last word of a text; what stands before a full stop.
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*'?")
LAST_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*$")
BEFORE_STOP = re.compile(r"[^\s.]+$")
_LETTER = re.compile(f"[{LETTERS}]")
_CAPITAL = re.compile(f"[{CAPITALS}]")
_GLUED_STOP = re.compile(rf"[.!?…][\"»”)]?(?=[«“\"(]?[{CAPITALS}])")
_GLUED_CASE = re.compile(rb"aA(?=[a'])")
_GLUED = b"aA"
_BLANK_BEFORE = re.compile(r"(?<=[^\W_]) +[,.](?=[ \n]|$)")
#: In the shapes of a text (see `_shape`), marks before anything but a blank, or before a blank and one more mark;
#: commas and full stops after a blank; commas before a capital, full stops before a small letter. That is where the
#: faults are, and few marks besides. A mark that ends the text counts only after a blank.
_ODD_MARKS = (
    re.compile(rb",(?:(?<= ,)|(?! [^,.;A]|\Z))"),
    re.compile(rb"\.(?:(?<= \.)|(?! [^,.;a]|\Z))"),
    re.compile(rb";(?! [^,.;]|\Z)"),
)
#: Two marks, perhaps with a blank between; then those pairs of them that are wrong, with what they must not touch.
_PAIR = re.compile(r"[,.;:] ?[,.;:]")
_WRONG_PAIR = re.compile(
    r",[.;:]|(?<=\w)\.,|[,;:] [.,;:](?![.\w])|(?<![.\s])\. \.(?![. ]*\.)|(?<!\.)\.\.(?![.\w])|,,|;;"
)
_MISSING_AFTER = re.compile(r"[,;»](?=[^\W\d_]{2})")


#: Marks of addresses, paths and code.
_NOT_IN_PROSE = ("@", "/", "www", "_", "\\", "=")
#: Code points to each side in which a name is looked for again.
NEAR = 5000
_ELIDED = frozenset(("l'", "d'", "c'", "s'", "j'", "n'", "m'", "t'", "qu'"))


class Found(NamedTuple):
    """What a detector found, and what should stand there."""

    span: Span
    suggestions: tuple[str, ...] = ()
    confidence: float = 1.0


def _shape(char: str) -> str:
    if _LETTER.match(char):
        return "a"
    if _CAPITAL.match(char):
        return "A"
    if char in ";:!?»":
        return ";"
    return char if char in " ,.'" else "x"


_SHAPES = "".join(map(_shape, map(chr, range(256)))).encode()


@lru_cache(maxsize=1)  # several detectors ask this of one article after the other
def _shapes(view: str) -> bytes:
    """Each code point as one of the bytes of `_shape`.

    The scan for a class of characters costs ten times the scan for a byte. What Latin-1 lacks becomes a question mark,
    and so a mark, as the `…` is one; patterns that are then tried on the text itself find nothing at the others.
    """
    return view.replace("œ", "o").replace("Œ", "O").encode("latin-1", "replace").translate(_SHAPES)


@lru_cache(maxsize=1)
def odd_marks(view: str) -> list[int]:
    """The places of the marks that one of `_ODD_MARKS` finds, in order."""
    shapes = _shapes(view)
    places = []
    for odd in _ODD_MARKS:
        # Most articles have none; a `finditer` costs more than the search itself.
        match = odd.search(shapes)
        while match:
            places.append(match.start())
            match = odd.search(shapes, match.end())
    places.sort()
    return places


def at_odd_marks(pattern: re.Pattern[str], view: str) -> Iterator[re.Match[str]]:
    """The matches of a pattern that begins with such a mark; none overlaps the one before."""
    end = 0
    for place in odd_marks(view):
        if place >= end and (match := pattern.match(view, place)):
            end = match.end()
            yield match


def glued_sentences(analysis: Analysis, spare: frozenset[str]) -> Iterator[Found]:
    """`deux pays.Selon`: a full stop with the next sentence stuck to it. `spare`: endings of addresses (`Com`)."""
    view = analysis.view
    for match in at_odd_marks(_GLUED_STOP, view):
        start, end = _chunk(view, match.start(), match.end())
        chunk = view[start:end]
        if any(mark in chunk for mark in _NOT_IN_PROSE):
            continue
        left = LAST_WORD.search(view[start : match.start()].rstrip('"»”)'))
        right = WORD.match(view, match.end() + (not view[match.end()].isalpha()))
        if left is None or right is None or len(left[0]) < 2 or right[0].lower() in spare:
            continue
        next_letter = right[0][1:2]
        one_letter = right[0] in "ÀAYÔ" and view[right.end() : right.end() + 1] == " "
        if not (next_letter.islower() or next_letter == "'" or one_letter) or not left[0][-1].islower():
            continue
        # "Booking.Com": two capitalised halves are a name when no dictionary has the second, or when they come again
        # nearby (no further, lest a page of such names take quadratic time).
        near = slice(max(0, start - NEAR), end + NEAR)
        if left[0][0].isupper() and (
            not known(right[0], analysis.lexicon) or view[near].count(f"{left[0]}.{right[0]}") > 1
        ):
            continue
        span = Span(start + left.start(), right.end() + _word_length(view, right))
        text = analysis.text
        yield Found(span, (f"{text[span.start : match.end()]} {text[match.end() : span.end]}",))


def glued_heading(analysis: Analysis, small: frozenset[str], spare: frozenset[str]) -> Iterator[Found]:
    """`dialoguePlusieurs`: the last word of a line with the first of the next stuck to it.

    Both halves must be words, of the lexicon or of the article itself. `spare`: second halves that make a brand
    name; `small`: those that make two sentences even of capitalised halves.
    """
    view = analysis.view
    shapes = _shapes(view)
    if _GLUED not in shapes:
        return
    for match in _GLUED_CASE.finditer(shapes):
        place = match.start() + 1
        start, end = _chunk(view, place, place)
        chunk = view[start:end]
        if any(mark in chunk for mark in _NOT_IN_PROSE) or chunk.startswith("#"):
            continue
        left = LAST_WORD.search(view[start:place])
        right = WORD.match(view, place)
        if left is None or right is None or len(left[0]) < 3 or len(right[0].rstrip("'")) < 2 - right[0].endswith("'"):
            continue
        rest = right[0]
        if not left[0][1:].islower() or (len(rest.rstrip("'")) > 1 and not rest[1:].rstrip("'").islower()):
            continue
        # A capital at both ends is how brands are written; only a small word makes it two sentences.
        if left[0][0].isupper() and rest.lower() not in small:
            continue
        if rest.lower() in spare or not all(_a_word(half, analysis) for half in (left[0], rest)):
            continue
        span = Span(start + left.start(), right.end())
        yield Found(span, (f"{left[0]} {rest}",))


def _chunk(view: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without blanks around a place, 60 code points to each side at most."""
    low, high = view.rfind(" ", max(0, start - 60), start) + 1, view.find(" ", end, end + 60)
    return low or max(0, start - 60), high if high >= 0 else min(len(view), end + 60)


def word_start(view: str, end: int) -> int:
    """Where the word that ends at a place begins, 30 code points before at most; the place itself when none does."""
    low = max(0, end - 30)
    # From the last blank on: each earlier start would be tried in vain.
    low = max(low, view.rfind(" ", low, end) + 1)
    if view[low:end].isalpha():
        return low
    word = LAST_WORD.search(view, low, end)
    return word.start() if word else end


def _word_length(view: str, word: re.Match[str]) -> int:
    """How far the word after an elided one reaches, 0 if the word is whole."""
    following = WORD.match(view, word.end()) if word[0].endswith("'") else None
    return len(following[0]) if following else 0


def known(word: str, lexicon: Lexicon | None) -> bool:
    """Known as a common word; without a lexicon, any word is."""
    return lexicon is None or word.endswith("'") or lexicon.knows(word.lower())


def _a_word(word: str, analysis: Analysis) -> bool:
    """True for a word of the lexicon or of the article."""
    if word.endswith("'"):
        return word.lower() in _ELIDED
    if analysis.lexicon is not None and (analysis.lexicon.knows(word.lower()) or analysis.lexicon.knows(word)):
        return True
    return word in analysis.forms


def blank_before_stop(analysis: Analysis) -> Iterator[Found]:
    """`le maire , qui`: a blank before a comma or a full stop."""
    view = analysis.view
    for place in odd_marks(view):
        blank = place
        while view[blank - 1 : blank] == " ":
            blank -= 1
        match = _BLANK_BEFORE.match(view, blank) if blank < place else None
        if match and "\n" not in analysis.text[blank : match.end()]:
            start = word_start(view, blank)
            yield Found(Span(start, match.end()), (analysis.text[start:blank] + match[0].strip(),))


def double_marks(analysis: Analysis, spare: frozenset[str]) -> Iterator[Found]:
    """`,.` or `. .`: two marks of which one is too many. `spare`: abbreviations after which `.,` is right."""
    for pair in at_odd_marks(_PAIR, analysis.view):
        match = _WRONG_PAIR.match(analysis.view, pair.start())
        if match is None:
            continue
        before = BEFORE_STOP.search(analysis.view, max(0, match.start() - 20), match.start())
        if match[0] == ".," and (before is None or is_abbreviation(before[0], spare) or before[0][0].isupper()):
            continue
        if "\n" not in analysis.text[match.start() : match.end()]:
            yield Found(Span(match.start(), match.end()), ("." if "." in match[0] else match[0][0],))


def missing_blank(analysis: Analysis) -> Iterator[Found]:
    """`oui,mais`: no blank after a comma, a semicolon or a closing guillemet."""
    view = analysis.view
    for match in at_odd_marks(_MISSING_AFTER, view):
        if not view[match.start() - 1 : match.start()].isalpha():
            continue
        start, end = _chunk(view, match.start(), match.end())
        left, right = LAST_WORD.search(view[start : match.start()]), WORD.match(view, match.end())
        if any(mark in view[start:end] for mark in (*_NOT_IN_PROSE, "&")) or left is None or right is None:
            continue
        span = Span(start + left.start(), right.end())
        yield Found(span, (f"{view[span.start : match.end()]} {right[0]}",))


def is_abbreviation(word: str, spare: frozenset[str]) -> bool:
    """True for an initial, an acronym, a number, or a word of `spare`: its full stop need not end a sentence."""
    return len(word) < 2 or word.lower() in spare or not any(map(str.isalpha, word)) or word[1:] != word[1:].lower()
