"""Elements of HTML, NITF or an extraction to plain text, with headings, datelines and the like as regions.

Blanks are folded as a browser folds them, the no-break spaces of French typography kept; every block stands in a
paragraph of its own. Scripts, styles and what else no reader sees are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html.entities import html5
from typing import Any, NamedTuple

from mtaudit.model import Region, RegionKind, Span

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_MARKUP = re.compile(r"[<&]")
#: What XML and terminals cannot hold, and no text means.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
#: `&#146;` is Windows' apostrophe to everyone who ever wrote it, as HTML has it.
_WINDOWS = {code: bytes([code]).decode("cp1252", "replace").replace("\ufffd", " ") for code in range(0x80, 0xA0)}


class Flat(NamedTuple):
    """Text without markup, and its regions by start."""

    text: str
    regions: tuple[Region, ...] = ()


class Dialect(NamedTuple):
    """How elements are laid out, by local name in lower case."""

    blocks: frozenset[str]
    lines: frozenset[str]
    skipped: frozenset[str]
    regions: Mapping[str, RegionKind]


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


HTML = Dialect(
    blocks=_names(
        "address article aside blockquote body caption center details dialog div dl fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hr html main nav ol p pre section summary table ul"
    ),
    lines=frozenset(["br", "dd", "dt", "li", "option", "tr"]),
    skipped=_names(
        "audio button canvas embed head iframe input math noscript object script select style svg template "
        "textarea title video"
    ),
    regions={f"h{level}": RegionKind.HEADLINE for level in range(1, 7)} | {"pre": RegionKind.MARKUP},
)
NITF = Dialect(
    blocks=_names(
        "abstract block body body.content body.end body.head bq byline dateline distributor dl fn hedline hl1 "
        "hl2 hr media media-caption note ol p pre series tagline table ul"
    ),
    lines=frozenset(["br", "byttl", "dd", "dt", "li", "tr"]),
    skipped=frozenset(
        ("head", "media-metadata", "media-object", "media-reference", "nitf-table-metadata", "script", "style")
    ),
    regions={
        "byline": RegionKind.METADATA,
        "dateline": RegionKind.DATELINE,
        "distributor": RegionKind.METADATA,
        "hl1": RegionKind.HEADLINE,
        "hl2": RegionKind.HEADLINE,
        "tagline": RegionKind.BOILERPLATE,
    },
)
#: What trafilatura makes of a page.
EXTRACT = Dialect(
    blocks=frozenset(["body", "div", "head", "list", "p", "quote", "table"]),
    lines=frozenset(["item", "lb", "row"]),
    skipped=frozenset(["graphic"]),
    regions={"head": RegionKind.HEADLINE, "code": RegionKind.MARKUP},
)


class _Builder:
    """The text so far, and what must stand before the next word: a blank, a line end, an empty line."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.breaks = 0
        self.blank = False
        self.regions: list[Region] = []
        #: Elements that will be regions: which, of what kind, from which offset and which piece on.
        self.open: list[tuple[object, RegionKind, int, int]] = []

    def add(self, text: str, verbatim: bool) -> None:
        text = clean(text)
        folded = text if verbatim else _BLANKS.sub(" ", text)
        if not verbatim and folded.startswith(" "):
            self.blank = True
            folded = folded[1:]
        if not folded.strip("\n "):
            return
        if self.length and self.breaks:
            self._put("\n" * self.breaks)
        elif self.length and self.blank:
            self._put(" ")
        trailing = not verbatim and folded.endswith(" ")
        self._put(folded[:-1] if trailing else folded)
        self.breaks, self.blank = 0, trailing

    def _put(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)

    def enter(self, element: object, kind: RegionKind) -> None:
        self.open.append((element, kind, self.length, len(self.pieces)))

    def leave(self, element: object) -> None:
        if self.open and self.open[-1][0] is element:
            _, kind, start, piece = self.open.pop()
            text = "".join(self.pieces[piece:])
            start += len(text) - len(text.lstrip())
            if self.length > start:
                self.regions.append(Region(kind, Span(start, self.length)))


def clean(text: str) -> str:
    """The same without control characters, those that were meant as Windows' apart, which become what was meant."""
    return _CONTROL.sub(" ", text.translate(_WINDOWS)) if _CONTROL.search(text) else text


def label(text: str, longest: int = 500) -> str:
    """A name, an id or an address: one line of it, without control characters, not boundless."""
    return one_line(clean(text))[:longest]


def local_name(element: Any) -> str:
    """The name of an element without namespace, in lower case; empty for comments and the like."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def flatten(root: Any, dialect: Dialect) -> Flat:
    """The text of an lxml element, its own tail apart."""
    builder = _Builder()
    pending: list[tuple[Any, bool]] = [(root, True)]
    verbatim = 0
    # A stack of our own: pages nest deeper than Python's.
    while pending:
        element, opens = pending.pop()
        name = local_name(element)
        breaks = 2 if name in dialect.blocks else 1 if name in dialect.lines else 0
        builder.breaks = max(builder.breaks, breaks)
        builder.blank |= name in {"td", "th", "cell"}
        if opens:
            pending.append((element, False))
            if name and name not in dialect.skipped:
                verbatim += name == "pre"
                if name in dialect.regions:
                    builder.enter(element, dialect.regions[name])
                builder.add(element.text or "", verbatim > 0)
                pending.extend((child, True) for child in reversed(element))
            elif not name and (char := _entity(element)):
                builder.add(char, True)
            continue
        if name and name not in dialect.skipped:
            verbatim -= name == "pre"
            builder.leave(element)
        if element is not root:
            builder.add(element.tail or "", verbatim > 0)
    regions = sorted(builder.regions, key=lambda region: (region.span.start, -region.span.end))
    return trimmed(Flat("".join(builder.pieces), tuple(regions)))


def _entity(element: Any) -> str:
    """What an entity of HTML's that the document does not define stands for; empty for any other."""
    name = getattr(element, "name", None)
    return html5.get(f"{name};", "") if isinstance(name, str) else ""


def fragment(source: str) -> Flat:
    """A piece of HTML, as feeds carry it, or plain text with entities."""
    if not _MARKUP.search(source):
        return trimmed(Flat(clean(source)))
    from lxml import etree
    from lxml import html as lxml_html

    # A tree of its own under <div>, so that neither <html> nor a lone text changes how it is read.
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(f"<div>{clean(source)}</div>", parser)
    except (etree.LxmlError, ValueError):
        return Flat("")
    return Flat("") if root is None else flatten(root, HTML)


def plain(source: str) -> str:
    """One line of text out of a title or a name that may hold markup."""
    return one_line(fragment(source).text)


def one_line(text: str) -> str:
    """The same with its blanks and line ends folded into single blanks; no-break spaces stay."""
    return _BLANKS.sub(" ", text).strip(" ")


def compose(title: str | None, bodies: Iterable[Flat]) -> Flat:
    """The headline and the parts of a story as one text, an empty line between; regions keep to their words.

    The headline is a region, and is not repeated where the story begins with it.
    """
    text = ""
    regions: list[Region] = []
    kept = [body for body in bodies if body.text]
    if title:
        named = Region(RegionKind.HEADLINE, Span(0, len(title)))
        if kept and (kept[0].text == title or kept[0].text.startswith(f"{title}\n")):
            kept[0] = Flat(kept[0].text, (named, *(one for one in kept[0].regions if one != named)))
        else:
            kept.insert(0, Flat(title, (named,)))
    for body in kept:
        if text:
            text += "\n\n"
        at = len(text)
        text += body.text
        regions += (Region(one.kind, Span(one.span.start + at, one.span.end + at)) for one in body.regions)
    return Flat(text, tuple(regions))


def trimmed(flat: Flat) -> Flat:
    """The same without blanks at its ends."""
    text = flat.text.strip("\r\n\t ")
    at = len(flat.text) - len(flat.text.lstrip("\r\n\t "))
    moved = (
        Region(one.kind, Span(max(0, one.span.start - at), min(len(text), one.span.end - at))) for one in flat.regions
    )
    return Flat(text, tuple(one for one in moved if one.span.start < one.span.end))
