"""Markdown: the article is the whole text of the file, and its markup is stated as regions.

A scanner of our own rather than a Markdown library: markdown-it-py gives the lines of a block and no position at all
within it, and it takes an indented paragraph, common in pasted copy, for code. This one errs the other way: what is
not surely markup stays text, since text that is hidden is never audited. Every pattern is linear on any input.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from mtaudit.model import Article, Region, RegionKind, Span
from mtaudit.readers.material import Material

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\r\n]*)")
_ATX = re.compile(r"( {0,3}#{1,6}[ \t]+)([^\r\n]*?)([ \t]+#+)?[ \t]*(?=[\r\n]|\Z)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*[\r\n]*\Z")
_BREAK = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})[\r\n]*\Z")
#: Marks of quotations and list items at the head of a line; « – » and « — » are dashes of French dialogue, not marks.
_PREFIX = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])(?:[ \t]+\[[ xX]\](?=[ \t]))?|\d{1,3}[.)](?=[ \t]|[\r\n])))+[ \t]*")
_REFERENCE = re.compile(r" {0,3}\[([^\[\]\r\n]+)\]:[ \t]*<?(?:[a-z][a-z0-9+.-]*:|/|#|\.|www\.)[^\r\n]*", re.IGNORECASE)
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\[\]\s]+\]:[ \t]*")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*[\r\n]*\Z")
_FRONT_OPENING = re.compile(r"(---|\+\+\+)[ \t]*(?:\r\n|\r|\n)")
_FRONT_LINE = re.compile(r"[ \t]|[#\[\]{}\r\n]|-[ \t]|[\w.\"'-]+[ \t]*[:=]")

_INLINE = re.compile(
    r"""
    (?P<escape>\\)[!-/:-@\[-`{-~]
  | (?P<code>`+)
  | (?P<image>!\[[^\[\]]*\]\([^()\r\n]*(?:\([^()\r\n]*\)[^()\r\n]*)?\))
  | (?P<note>\[\^[^\[\]\s]+\])
  | (?P<open>\[)(?=[^\[\]]*\](?:\(|\[(?P<label>[^\[\]\r\n]*)\])|!\[)
  | (?P<close>\]\([^()\r\n]*(?:\([^()\r\n]*\)[^()\r\n]*)?\))
  | \]\[(?P<reference>[^\[\]\r\n]*)\]
  | (?P<tag></?[a-zA-Z][^<>]*>|<[^\s<>@]+@[^\s<>@]+>)
  | (?P<entity>&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6});)
  | (?P<strike>~~)
  | (?P<emphasis>\*+|_+)
    """,
    re.VERBOSE,
)

#: A paragraph over this many characters is no heading, though a rule stands right below it.
_LONGEST_UNDERLINED = 200


def read(material: Material) -> Iterator[Article]:
    """One article."""
    text = material.text()
    yield Article(
        id=material.id,
        text=text,
        path=material.path,
        url=material.url,
        regions=markup_regions(text),
        verbatim=material.path is not None,
    )


def markup_regions(text: str) -> tuple[Region, ...]:
    """Headings as HEADLINE, all that is not prose as MARKUP, by start; no MARKUP region touches another.

    Markup is: front matter, comments, code, the marks of headings, lists, quotations and emphasis, the addresses of
    links, whole images, the rules and bars of tables, HTML tags and entities, reference definitions, page rules.
    """
    markup = list(_stretches(text))
    lines = _outside([Span(*match.span()) for match in _LINE.finditer(text)], markup)
    headings, marks, labels = _line_marks(text, lines)
    markup += marks
    for block in _paragraphs(text, lines):
        markup += _inline_marks(text, block, labels)
    regions = [Region(RegionKind.MARKUP, span) for span in _merged(markup)]
    regions += [Region(RegionKind.HEADLINE, span) for span in headings]
    return tuple(sorted(regions, key=lambda region: (region.span.start, -region.span.end)))


def _stretches(text: str) -> Iterator[Span]:
    """Front matter, comments and fenced code, in order. One that is never closed is none."""
    at = _front_matter(text)
    if at:
        yield Span(0, at)
    last_comment_end = text.rfind("-->")
    fences = _closed_fences(text)
    while line := _LINE.match(text, at):
        end = line.end()
        if at in fences:
            end = fences[at]
            yield Span(at, end)
        else:
            opening = text.find("<!--", at, end)
            while 0 <= opening < last_comment_end - 1:
                closing = text.find("-->", opening + 2) + 3
                yield Span(opening, closing)
                end = max(end, closing)
                opening = text.find("<!--", closing, end)
        at = end


def _closed_fences(text: str) -> dict[int, int]:
    """Where each block of fenced code starts, and where it ends."""
    fences: dict[int, int] = {}
    opening: re.Match[str] | None = None
    for match in _FENCE.finditer(text):
        if match.start() and text[match.start() - 1] not in "\r\n":
            continue
        if opening is None:
            if "`" not in match[1] or "`" not in match[2]:
                opening = match
        elif match[1].startswith(opening[1]) and not match[2].strip():
            line = _LINE.match(text, match.start())
            fences[opening.start()] = line.end() if line else match.end()
            opening = None
    return fences


def _front_matter(text: str) -> int:
    """Where the front matter ends, 0 without one. A mere rule across the page at the top opens none."""
    opening = _FRONT_OPENING.match(text)
    if opening is None:
        return 0
    empty = True
    for match in _LINE.finditer(text, opening.end()):
        if match[0].rstrip() in {opening[1], "..."}:
            return 0 if empty else match.end()
        if not _FRONT_LINE.match(match[0]):
            return 0
        empty = empty and not match[0].strip()
    return 0


def _outside(lines: list[Span], stretches: Sequence[Span]) -> list[Span]:
    """The lines that do not lie wholly inside one of the stretches; both are in order."""
    kept = []
    ahead = iter(stretches)
    stretch = next(ahead, None)
    for line in lines:
        while stretch and stretch.end < line.end:
            stretch = next(ahead, None)
        if not (stretch and stretch.contains(line)):
            kept.append(line)
    return kept


def _line_marks(text: str, lines: Sequence[Span]) -> tuple[list[Span], list[Span], frozenset[str]]:
    """The headings, the marks that belong to whole lines, and the labels of reference definitions in lower case."""
    headings: list[Span] = []
    marks: list[Span] = []
    labels: set[str] = set()
    table = False
    for index, (start, end) in enumerate(lines):
        line = text[start:end]
        if not line.strip():
            table = False
        elif heading := _ATX.match(line):
            # The headline takes in its marks, as the sentence that the line becomes does.
            whole = Span(start, start + len(line.rstrip()))
            marks += [Span(start, start + heading.end(1)), Span(start + heading.end(2), whole.end)]
            if heading[2]:
                headings.append(whole)
        elif _UNDERLINE.match(line) and (title_line := _underlined(text, lines, index)):
            headings.append(title_line)
            marks.append(Span(start, end))
        elif _BREAK.match(line) or set(line.strip()) == {"="}:
            marks.append(Span(start, end))
        elif definition := _REFERENCE.match(line):
            labels.add(definition[1].lower())
            marks.append(Span(start, end))
        elif "|" in line and _TABLE_RULE.match(line):
            if index and not table:
                marks += _bars(text, lines[index - 1])
            marks.append(Span(start, end))
            table = True
        elif table:
            marks += _bars(text, lines[index])
        elif prefix := _FOOTNOTE.match(line) or _PREFIX.match(line):
            marks.append(Span(start, start + prefix.end()))
    return headings, marks, frozenset(labels)


def _underlined(text: str, lines: Sequence[Span], index: int) -> Span | None:
    """The heading above a row of `=` or `-`: a paragraph of one short line."""

    def is_blank(at: int) -> bool:
        return at < 0 or lines[at].end != lines[at + 1].start or not text[slice(*lines[at])].strip()

    if is_blank(index - 1) or not is_blank(index - 2):
        return None
    start, end = lines[index - 1]
    line = text[start:end]
    if len(line) > _LONGEST_UNDERLINED or _ATX.match(line) or _PREFIX.match(line) or _BREAK.match(line):
        return None
    return Span(end - len(line.lstrip()), start + len(line.rstrip()))


def _bars(text: str, row: Span) -> Iterator[Span]:
    """The bars between the cells of a table's row."""
    for match in re.finditer(r"(?<!\\)\|", text[row.start : row.end]):
        yield Span(row.start + match.start(), row.start + match.end())


def _paragraphs(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Runs of lines without a blank line between them: no inline mark goes on past one."""
    start = end = -1
    for line in lines:
        blank = not text[line.start : line.end].strip()
        if start >= 0 and (blank or line.start != end):
            yield Span(start, end)
            start = -1
        if not blank:
            start, end = (line.start if start < 0 else start), line.end
    if start >= 0:
        yield Span(start, end)


def _inline_marks(text: str, block: Span, labels: frozenset[str]) -> Iterator[Span]:
    """Marks within a paragraph. The label of a link is text, the rest of it markup."""
    runs: dict[int, list[int]] = defaultdict(list)
    for ticks in re.compile("`+").finditer(text, *block):
        runs[len(ticks[0])].append(ticks.start())
    at = block.start
    while match := _INLINE.search(text, at, block.end):
        kind = match.lastgroup or ""
        start, at = match.start(), match.end()
        if kind == "escape":
            yield Span(start, start + 1)
        elif kind == "code":
            same = runs[len(match[0])]
            closing = bisect_right(same, start)
            if closing < len(same):
                at = same[closing] + len(match[0])
                yield Span(start, at)
        elif kind in {"label", "reference"}:
            # The head and the tail of a link by reference, which needs its definition.
            at = match.start() + 1
            label = match[kind].lower()
            if label in labels or (not label and labels):
                end = at if kind == "label" else match.end()
                yield Span(start, end)
                at = end
        elif kind != "emphasis" or _is_emphasis(text, start, at):
            yield Span(start, at)


def _is_emphasis(text: str, start: int, end: int) -> bool:
    """True for asterisks and underscores that hug a word, not for « 5 * 3 », « 5*3 » or « nom_de_fichier »."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before.isspace() and after.isspace():
        return False
    if text[start] == "_":
        return not (before.isalnum() and after.isalnum())
    return not (before.isdigit() and after.isdigit())


def _merged(spans: list[Span]) -> Iterator[Span]:
    """The union of the spans, in order."""
    current: Span | None = None
    for span in sorted(span for span in spans if span.start < span.end):
        if current is None or span.start > current.end:
            if current:
                yield current
            current = span
        elif span.end > current.end:
            current = Span(current.start, span.end)
    if current:
        yield current
