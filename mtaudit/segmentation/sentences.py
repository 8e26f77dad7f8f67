"""Where sentences end: one pass over the stops of a text, each judged by a bounded stretch on either side of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from mtaudit.model import Region, RegionKind, Sentence, Span
from mtaudit.segmentation.conventions import Conventions
from mtaudit.segmentation.layout import paragraphs
from mtaudit.segmentation.quotations import Quotations, quotations
from mtaudit.segmentation.regions import dateline, kinds
from mtaudit.segmentation.view import NAME_ENDS

#: `re` leaps to a class of characters, but not to a repeated one; hence no "+".
_STOP = re.compile(r"[.!?…‽][.!?…‽]*")
_UPPER, _LOWER = "A-ZÀ-ÖØ-ÞŒŸ", "a-zß-öø-ÿœ"
_GLUED = re.compile(rf"[{_UPPER}](?<=[{_LOWER}].)")
_PICTURE = r"\u2600-\u27bf\U0001f000-\U0001faff"
_EMOJI = re.compile(rf"[ \u00a0\u202f]?[{_PICTURE}][{_PICTURE}\ufe0e\ufe0f\u200d\u20e3]*")
_NOTE = re.compile(r"\[\d{1,3}\]")
#: Marks that may stand between a stop and the first letter of the next sentence.
_LEADING = re.compile(r"[«“„\"‹(\[{¿¡*_•'‘’#@–—\s-]{0,8}")
_NAME = re.compile(rf"[{_UPPER}](?:['’]|[{_LOWER}]{{1,40}}+)|[AÀY](?=\s)")
_WORD = re.compile(r"[^\W\d_]{1,40}+")
_ACRONYM = re.compile(rf"(?:[{_UPPER}]\.)+[{_UPPER}]\Z")
_INITIAL = re.compile(rf"(?:[{_UPPER}][{_LOWER}]{{0,12}}\.?-)?[{_UPPER}]\Z")
_ROMAN = re.compile(r"[IVXLCM]+\b")
_MAIL = re.compile(r"[\w.-]{1,64}@")
#: What stands before the numbers of a list that runs on in a sentence.
_LISTING = frozenset(",;:(")
_CLOSING = frozenset("»”›)]}’'")
#: How far back the word before a stop is looked for.
_BACK = 40
#: Glued headings are short; what comes before a glued place and is longer is a paragraph.
_GLUED_HEADING = 14


class _Stop(NamedTuple):
    """A stop: its marks from `start`, the end of what closes after it, and the first character after the blanks."""

    mark: str
    start: int
    end: int
    next: int


def segment(
    text: str, conventions: Conventions, is_word: Callable[[str], bool] | None = None
) -> tuple[tuple[Sentence, ...], tuple[Region, ...]]:
    """The sentences and regions of a text.

    Sentences are in order, do not overlap, have no blanks around them and together hold every character that is not
    blank. `is_word`, where given, must confirm the small-letter half of two glued words (`dialoguePlusieurs`) before
    they come apart. Time is linear in the length of the text.
    """
    blocks = paragraphs(text, conventions)
    quotes = quotations(text, blocks)
    sentences: list[Sentence] = []
    regions = [Region(RegionKind.QUOTE, span) for span in quotes.spans]
    for number, (block, kind) in enumerate(zip(blocks, kinds(text, blocks, conventions), strict=True)):
        line = dateline(text, block, conventions) if kind is RegionKind.BODY else None
        if line is not None:
            regions.append(Region(RegionKind.DATELINE, line))
        if kind is not RegionKind.BODY:
            regions.append(Region(kind, block))
        whole = kind is RegionKind.METADATA
        pieces = [(block, False)] if whole else _split(text, block, line, (conventions, quotes, is_word))
        for span, glued in pieces:
            region = kind if line != span else RegionKind.DATELINE
            if region is RegionKind.BODY and span != block:
                region = _kind_inside(text, span, glued, conventions)
                if region is not RegionKind.BODY:
                    regions.append(Region(region, span))
            sentences.append(Sentence(len(sentences), span, region, number))
    regions.sort(key=lambda region: (region.span, region.kind.value))
    return tuple(sentences), tuple(regions)


def _kind_inside(text: str, span: Span, glued: bool, conventions: Conventions) -> RegionKind:
    """The kind of a sentence inside a body paragraph: a glued heading, a signature, a teaser's date, or body."""
    if span.end - span.start > 120:
        return RegionKind.BODY
    content = text[span.start : span.end]
    if conventions.credit.fullmatch(content) or conventions.metadata.fullmatch(content):
        return RegionKind.METADATA
    if glued and len(content.split()) <= _GLUED_HEADING:
        return RegionKind.HEADLINE
    return RegionKind.BODY


_Setting = tuple[Conventions, Quotations, Callable[[str], bool] | None]


def _split(text: str, block: Span, line: Span | None, setting: _Setting) -> Iterator[tuple[Span, bool]]:
    """The sentences of a paragraph, each with whether the next is glued to it without a stop."""
    conventions, quotes, is_word = setting
    first = line.end if line is not None else block.start
    start = block.start
    kept: list[tuple[int, int, bool]] = []
    opening = first
    for stop in _stops(text, Span(first, block.end), quotes):
        if _ends(text, stop, Span(opening, block.end), (conventions, quotes)):
            kept.append((stop.end, stop.next, False))
            opening = stop.next
    for match in _GLUED.finditer(text, first, block.end):
        if _is_glued(text, match.start(), block, conventions, is_word):
            kept.append((match.start(), match.start(), True))
    kept.sort()
    for end, following, glued in kept:
        if end > start:
            yield Span(start, end), glued
            start = following
    if start < block.end:
        yield Span(start, block.end), False


def _stops(text: str, block: Span, quotes: Quotations) -> Iterator[_Stop]:
    """The stops of a paragraph, each with what closes after it."""
    limit = block.end
    at = block.start
    for match in _STOP.finditer(text, block.start, limit):
        if match.start() < at:
            # Swallowed by the stop before, as in "! !".
            continue
        start, at = match.span()
        at, marks = _closing(text, at, limit, quotes)
        if not text[at : at + 2].isascii() and (emoji := _EMOJI.match(text, at, limit)):
            at = emoji.end()
        following = at
        while following < limit and text[following].isspace():
            following += 1
        yield _Stop(text[start:marks], start, at, following)


def _closing(text: str, at: int, limit: int, quotes: Quotations) -> tuple[int, int]:
    """Where the marks end that close after a stop: quotation marks, brackets, further stops; and the last stop."""
    marks = at
    while at < limit:
        char = text[at]
        after = text[at + 1] if at + 1 < limit else " "
        if char == " " and after.isalnum():
            # A word follows: so it is nearly always.
            break
        if char in "!?":
            at += 1
            marks = at
        elif char in _CLOSING:
            if at in quotes.opens or (char in "’'" and after.isalnum()):
                break
            at += 1
        elif at in quotes.closes:
            at += 1
        elif char.isspace() and after in "!?":
            at += 2
            marks = at
        elif char.isspace() and (at + 1 in quotes.closes or (after in "»›" and at + 1 not in quotes.opens)):
            at += 2
        elif char == "[" and (note := _NOTE.match(text, at, limit)):
            at = note.end()
        else:
            break
    return at, marks


def _ends(text: str, stop: _Stop, sentence: Span, setting: tuple[Conventions, Quotations]) -> bool:
    """True when a stop ends its sentence, of which `sentence` gives the start and the paragraph's end."""
    conventions, quotes = setting
    if stop.next >= sentence.end or stop.next < sentence.start:
        return False
    tail = text[max(sentence.start, stop.start - _BACK) : stop.start]
    if not tail or tail[-1] in "([":
        return False
    if not tail[-1].isalnum() and len(tail) < _BACK and not any(map(str.isalnum, tail)):
        return False
    lead = _LEADING.match(text, stop.next, sentence.end)
    head = lead.end() if lead is not None else stop.next
    if head >= sentence.end:
        # Nothing but marks is left: a quotation mark that has no partner, a dash.
        return False
    token = "" if tail[-1].isspace() else _last(tail)
    if stop.next == stop.end and stop.next not in quotes.opens and text[stop.next] != "(":
        return _ends_glued(text, stop, token, conventions)
    char = text[head]
    if "!" in stop.mark or "?" in stop.mark:
        return not (char.islower() or char in ",;:/)")
    if len(stop.mark) > 1 or stop.mark == "…":
        return char.isupper() or conventions.date.match(text, head) is not None
    if not (char.isalnum() or char in "€$£→►▶©" or char > "\u2600"):
        return False
    if char.islower() and stop.next in quotes.opens and (len(token) > 3 or not token[-1:].isalnum()):
        return token not in conventions.never_final
    return _full_stop_ends(text, stop, token, head, (sentence.start, conventions))


def _last(tail: str) -> str:
    """The last word before a stop, without what is elided or opened before it."""
    word = tail.rsplit(maxsplit=1)[-1] if not tail.isspace() else ""
    for apostrophe in "’'":
        word = word.rpartition(apostrophe)[2] if not word.endswith(apostrophe) else word
    return word.lstrip('«“„"‹([{–—')


def _full_stop_ends(text: str, stop: _Stop, token: str, head: int, setting: tuple[int, Conventions]) -> bool:
    opening, conventions = setting
    char = text[head]
    if token in conventions.never_final:
        return False
    opens = _opens(text, head, conventions)
    if not char.isalnum() or text[head - 1] in "@#":
        return True
    if token in conventions.before_number:
        return char.isupper() and _ROMAN.match(text, head) is None
    if token in conventions.before_small:
        return char.isupper()
    if token in conventions.before_name or _INITIAL.match(token) or _ACRONYM.search(token):
        return opens
    if token.isdigit():
        number = stop.start - len(token)
        if len(token) <= 3 and (number <= opening or text[max(opening, number - 2) : number].strip() in _LISTING):
            return False
        return char.isupper() or (char.isdigit() and (len(token) == 4 or not text[head : head + 3].isdigit()))
    if len(token) == 1 and token.isalpha():
        return opens
    if char.islower():
        return stop.end == stop.start + 1 and token.isalpha() and len(token) >= 4 + token[0].isupper()
    return True


def _opens(text: str, head: int, conventions: Conventions) -> bool:
    """True when the word at `head` opens sentences, and is not the particle of a name as in `Le Pen`."""
    word = _WORD.match(text, head)
    if word is None or word.group() not in conventions.openers:
        return False
    after = text[word.end() : word.end() + 2]
    if after[:1] == "." or (len(word.group()) == 1 and word.group() not in "AÀY" and after[:1] not in ("'", "’")):
        # An initial, as in "J. M. Roux".
        return False
    return not (after[:1].isspace() and after[1:].isupper() and word.group() in ("Le", "La", "Les", "Des", "Du", "De"))


def _ends_glued(text: str, stop: _Stop, token: str, conventions: Conventions) -> bool:
    """Judges a stop that no blank follows, as in `pays.Selon`."""
    name = _NAME.match(text, stop.next)
    if name is None:
        return False
    if any(mark in token for mark in ("/", "@", "www.", "_", "=")) or _MAIL.match(text, stop.next):
        return False
    if "!" in stop.mark or "?" in stop.mark or len(stop.mark) > 1 or stop.mark == "…":
        return True
    after = text[name.end() : name.end() + 1]
    if name.group().lower() in NAME_ENDS and not after.isalpha():
        return False
    if stop.end > stop.start + 1:
        return True
    if not token or len(token) == 1 or token in conventions.never_final or token in conventions.before_number:
        return token != "" and not token[-1].isalnum()
    if _INITIAL.match(token) or _ACRONYM.search(token):
        return False
    if len(token) <= 4 and token.istitle() and name.group().rstrip("'’") not in conventions.openers:
        # A name with a stop in it, as in "Arch.Design".
        return False
    return token[-1].isalnum() or token[-1] in '%€$°)]»”"'


def _is_glued(text: str, at: int, block: Span, conventions: Conventions, is_word: Callable[[str], bool] | None) -> bool:
    """True when two words meet at `at` with nothing between, the second the first of a heading or a paragraph."""
    low = at
    while low > block.start and at - low < _BACK and text[low - 1].isalpha():
        low -= 1
    left = text[low:at]
    before = text[low - 1] if low > block.start else " "
    right = _WORD.match(text, at, block.end)
    if right is None or len(left) < 4 or not left[1:].islower() or not (before.isspace() or before in "’'«“\"(-"):
        return False
    word = right.group()
    after = text[right.end()] if right.end() < block.end else ""
    if (left + word).lower() in conventions.mixed_case:
        return False
    if word in conventions.openers:
        if after not in ("'", "’") and not after.isspace():
            return False
        if left.islower():
            return is_word is None or is_word(left)
        return len(word) > 1 and text[right.end() + 1 : right.end() + 2].islower()
    if not left.islower() or len(left) < 5 or len(word) < 5 or not word[1:].islower() or not after.isspace():
        return False
    return is_word(left) if is_word is not None else text[right.end() + 1 : right.end() + 2].islower()
