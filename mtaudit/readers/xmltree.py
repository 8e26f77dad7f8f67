"""XML from strangers to a tree: nothing outside is fetched, no entity is expanded, depth and size are bounded.

lxml does the parsing (entities off, network off, its limits on): it is there for trafilatura, and defusedxml stands
on a parser that gives up at the first stray ampersand, which every third hand-made feed has.
"""

from __future__ import annotations

import re
from contextlib import suppress
from html.entities import html5
from typing import Any, NamedTuple

from mtaudit.errors import InputError
from mtaudit.readers.encodings import decode

_AMPERSAND = re.compile(rb"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[a-zA-Z][a-zA-Z0-9]{1,30};)")
_NAMED = re.compile(rb"&([a-zA-Z][a-zA-Z0-9]{1,30});")
_OWN = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CDATA = re.compile(rb"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ENTITY_DECLARATION = re.compile(rb"<!ENTITY", re.IGNORECASE)


class Tree(NamedTuple):
    """The root element; `damage` says what was wrong with a document of which only a part could be read."""

    root: Any
    damage: str | None = None


def parse_xml(data: bytes, name: str, charset: str | None = None) -> Tree:
    """The tree of a document.

    `charset` is the encoding that a server stated; it counts where the document says nothing itself. Stray ampersands,
    HTML's entities and control characters are mended; what else is not well-formed is read as far as it goes.

    Raises:
        InputError: for no XML at all, and for documents that define entities: an article needs none, and attacks do.
    """
    from lxml import etree

    # Zeros are taken out to see through UTF-16.
    if _ENTITY_DECLARATION.search(data.replace(b"\0", b"")):
        raise InputError(name, "it defines XML entities, as attacks do; no entity is expanded")
    try:
        return Tree(_parse(data, charset, recover=False))
    except (etree.LxmlError, LookupError, ValueError) as error:
        reason = _reason(error)
    mended = data if b"\0" in data[:200] else mend(data)
    sources: list[tuple[bytes, str | None]] = [(mended, charset)]
    with suppress(InputError):
        # The encoding that is found, in place of the one that is stated.
        text = decode(mended, name).text
        sources.append((_DECLARATION.sub("", text, count=1).encode("utf-8", "replace"), "utf-8"))
    for recover in (False, True):
        for source, encoding in reversed(sources) if recover else sources:
            with suppress(etree.LxmlError, LookupError, ValueError):
                root = _parse(source, encoding, recover=recover)
                if root is not None:
                    return Tree(root, reason if recover else None)
    raise InputError(name, f"this is not XML that can be read ({reason})")


def _parse(data: bytes, charset: str | None, *, recover: bool) -> Any:
    from lxml import etree

    stated = charset if charset and not data.lstrip().startswith(b"<?xml") and data[:1] == b"<" else None
    parser = etree.XMLParser(
        encoding=stated,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_pis=True,
    )
    return etree.fromstring(data, parser)


def mend(data: bytes) -> bytes:
    """Stray ampersands escaped, HTML's named entities as numbers, control characters as blanks; CDATA left alone."""

    def number(match: re.Match[bytes]) -> bytes:
        if match[1] in _OWN:
            return match[0]
        text = html5.get(match[1].decode("ascii") + ";")
        return "".join(f"&#{ord(char)};" for char in text).encode("ascii") if text else b"&amp;" + match[0][1:]

    parts = _CDATA.split(_CONTROL.sub(b" ", data))
    parts[::2] = (_NAMED.sub(number, _AMPERSAND.sub(b"&amp;", part)) for part in parts[::2])
    return b"".join(parts)


def _reason(error: Exception) -> str:
    """libxml2's complaint in one short line."""
    return " ".join(str(error).replace("(<string>, ", "(").split())[:200]
