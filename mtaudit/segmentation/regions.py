"""What each paragraph is: headline, metadata, page furniture, list, verse or body; and where datelines stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from mtaudit.model import RegionKind, Span
from mtaudit.segmentation.conventions import Conventions

_FINAL = re.compile(r"[.!?…:;,][»”\"›’')\]\s]{0,6}\Z")
_QUESTION = re.compile(r"[!?][»”\"›’')\]\s]{0,6}\Z")
#: What these two match at most.
_LONGEST_FINAL = 7
_HEADING = re.compile(r"#{1,6}\s")
_ITEM = re.compile(r"(?:[*•◦▪■►▶●✓➤→·]|[-–—+](?=\s)|[a-zA-Z]\)(?=\s)|>\s|\|)")
_LETTER = re.compile(r"[^\W\d_]")
_TAG = re.compile(r"#?[^\W\d_][\w'’.-]*(?: [\w'’.-]+){0,3}")
_HASHTAGS = re.compile(r"#\w+(?:[\s,]+#\w+)*")

_NUMBERED = re.compile(r"\d{1,3}[.)]\s")
_OPENING = " «\"“'’(—–-\u00a0\u202f"

#: Items that follow each other make a list; of them so many at most in three may end as sentences do, lest the lines
#: of a dialogue, which begin with a dash too, be taken for one.
_ITEMS, _SENTENCES_IN_THREE = 2, 1
#: Lines that make a stanza at least; the characters of each at most, and its words.
_STANZA, _VERSE_LENGTH, _VERSE_WORDS = 4, 70, range(3, 13)

#: A headline of the press is no longer (characters, words).
_HEADLINE_LENGTH, _HEADLINE_WORDS = 160, 25
#: Tags standing one a line: so many in a row, so long each.
_TAGS, _TAG_LENGTH = 3, 40


def kinds(text: str, paragraphs: Sequence[Span], conventions: Conventions) -> list[RegionKind]:
    """The kind of each paragraph, by its shape and its neighbours."""
    found = [_alone(text, paragraph, conventions) for paragraph in paragraphs]
    _mark_tags(text, paragraphs, found)
    _mark_lists(text, paragraphs, found)
    _mark_verse(text, paragraphs, found)
    last = max((number for number, kind in enumerate(found) if kind is RegionKind.BODY), default=-1)
    for number, paragraph in enumerate(paragraphs[:last]):
        if found[number] is RegionKind.BODY and _is_heading(text, paragraph):
            found[number] = RegionKind.HEADLINE
    return found


def dateline(text: str, paragraph: Span, conventions: Conventions) -> Span | None:
    """The dateline at the head of a paragraph, up to and with its dash or bracket, or None."""
    match = conventions.dateline.match(text, paragraph.start, paragraph.end)
    if match is None:
        return None
    return Span(paragraph.start, paragraph.start + len(match.group().rstrip()))


def _alone(text: str, paragraph: Span, conventions: Conventions) -> RegionKind:
    start, end = paragraph
    if end - start > 600:
        return RegionKind.BODY
    content = text[start:end]
    if len(content) <= 80 and not _LETTER.search(content):
        return RegionKind.METADATA
    if conventions.metadata.fullmatch(content) or conventions.credit.fullmatch(content):
        return RegionKind.METADATA
    if conventions.tags.match(content) or (content[0] == "#" and _HASHTAGS.fullmatch(content)):
        return RegionKind.METADATA
    if conventions.boilerplate.match(content):
        return RegionKind.BOILERPLATE
    if content[0] == "#" and _HEADING.match(content):
        return RegionKind.HEADLINE
    return RegionKind.BODY


def _mark_tags(text: str, paragraphs: Sequence[Span], found: list[RegionKind]) -> None:
    """Marks runs of lines of one to four words without a stop; beside metadata, or in small letters, two are enough."""
    number = 0
    while number < len(paragraphs):
        end = number
        small = 0
        while end < len(paragraphs) and found[end] is RegionKind.BODY and _is_tag(text, paragraphs[end]):
            small += text[paragraphs[end].start].islower()
            end += 1
        beside = number > 0 and found[number - 1] is RegionKind.METADATA
        if end > number and (small == end - number) and (end - number >= 2 or beside):
            enough = True
        else:
            enough = end - number >= _TAGS + 1 or (beside and end - number >= 2)
        if enough:
            for place in range(number, end):
                found[place] = RegionKind.METADATA
        number = max(end, number + 1)


def _mark_lists(text: str, paragraphs: Sequence[Span], found: list[RegionKind]) -> None:
    """Marks runs of items that are no sentences."""
    for first, end in _runs(found, lambda number: _marker(text, paragraphs[number])):
        sentences = sum(_ends_sentence(text, paragraph) for paragraph in paragraphs[first:end])
        if end - first >= _ITEMS and 3 * sentences <= _SENTENCES_IN_THREE * (end - first):
            found[first:end] = [RegionKind.LIST] * (end - first)


def _mark_verse(text: str, paragraphs: Sequence[Span], found: list[RegionKind]) -> None:
    """Marks stanzas: lines that break off in mid-sentence, each followed by one with a capital all the same."""
    for first, end in _runs(found, lambda number: "verse" * _may_be_verse(text, paragraphs[number])):
        start = first
        for number in range(first + 1, end + 1):
            # A blank line ends a stanza.
            if number == end or text.count("\n", paragraphs[number - 1].end, paragraphs[number].start) > 1:
                if _is_stanza(text, paragraphs[start:number]):
                    found[start:number] = [RegionKind.VERSE] * (number - start)
                start = number


def _runs(found: Sequence[RegionKind], shape: Callable[[int], str]) -> Iterator[tuple[int, int]]:
    """The first and the end of each run of paragraphs of the body that have the same shape."""
    shapes = (shape(number) if kind is RegionKind.BODY else "" for number, kind in enumerate(found))
    for one, run in groupby(enumerate(shapes), lambda numbered: numbered[1]):
        numbers = [number for number, _ in run]
        if one:
            yield numbers[0], numbers[-1] + 1


def _marker(text: str, paragraph: Span) -> str:
    """What marks an item of a list, numbers all alike; nothing where none does."""
    if _NUMBERED.match(text, *paragraph):
        return "0"
    return text[paragraph.start] if _ITEM.match(text, *paragraph) else ""


def _ends_sentence(text: str, paragraph: Span) -> bool:
    ending = _FINAL.search(text, max(paragraph.start, paragraph.end - _LONGEST_FINAL), paragraph.end)
    return ending is not None and ending[0][0] in ".!?…"


def _may_be_verse(text: str, paragraph: Span) -> bool:
    start, end = paragraph
    if end - start > _VERSE_LENGTH:
        return False
    line = text[start:end]
    return line.lstrip(_OPENING)[:1].isupper() and len(line.split()) in _VERSE_WORDS


def _is_stanza(text: str, lines: Sequence[Span]) -> bool:
    """Lines of which the last ends a sentence, at most half of the others do, and a comma breaks off one in four."""
    if len(lines) < _STANZA or not _ends_sentence(text, lines[-1]):
        return False
    ended = sum(_ends_sentence(text, line) for line in lines[:-1])
    broken = sum(text[line.end - 1] in ",;" for line in lines)
    return 2 * ended < len(lines) and 4 * broken >= len(lines)


def _is_tag(text: str, paragraph: Span) -> bool:
    start, end = paragraph
    return end - start <= _TAG_LENGTH and _TAG.fullmatch(text, start, end) is not None and text[end - 1] != "."


def _is_heading(text: str, paragraph: Span) -> bool:
    start, end = paragraph
    if end - start > _HEADLINE_LENGTH:
        return False
    ending = text[max(start, end - _LONGEST_FINAL) : end]
    question = _QUESTION.search(ending)
    if not question and _FINAL.search(ending):
        return False
    content = text[start:end]
    if "\n" in content or _ITEM.match(content):
        return False
    words = content.split()
    if not 1 <= len(words) <= _HEADLINE_WORDS:
        return False
    if question:
        return len(words) <= 16 and not content.startswith(("«", '"', "“", "—", "–"))
    return not content[0].islower()
