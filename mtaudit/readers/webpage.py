"""HTML pages: the main text as trafilatura finds it, with headings; title, date, outlet and author as the page says.

trafilatura trims and folds blanks as Python does, no-break spaces too, which French typography lives on: they pass
through it as characters of private use.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from mtaudit.errors import InputError
from mtaudit.model import Article
from mtaudit.readers.dates import iso_date
from mtaudit.readers.encodings import decode
from mtaudit.readers.markup import EXTRACT, Flat, compose, flatten, one_line, plain
from mtaudit.readers.material import Material

#: The blanks that must not be folded, and what stands for each on the way.
_BLANKS = "\u00a0\u202f\u2009\u2007\u2060"
_STAND_INS = "\ue0a0\ue0a1\ue0a2\ue0a3\ue0a4"
_HIDE = str.maketrans(_BLANKS, _STAND_INS)
_SHOW = str.maketrans(_STAND_INS, _BLANKS)

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)
_LONGEST = 1000


def read(material: Material) -> Iterator[Article | InputError]:
    """One article. Raises InputError when the page has no main text."""
    data = material.whole()
    source = _decoded(data, material)
    extract = _extracted(source, material.url)
    if extract is None:
        raise InputError(material.id, "no article is found in this page")
    body = _shown(flatten(extract.body, EXTRACT))
    title = one_line(plain(_text(extract.title))) or None
    flat = compose(title, [body])
    if not body.text:
        raise InputError(material.id, "no article is found in this page")
    language = (_text(extract.language) or _stated_language(source)).partition("-")[0].lower()
    yield Article(
        id=material.id,
        text=flat.text,
        lang=language if language.isascii() and language.isalpha() and 2 <= len(language) <= 3 else "fr",
        path=material.path,
        title=title,
        url=_text(extract.url) or material.url,
        outlet=_text(extract.sitename) or None,
        author=_text(extract.author) or None,
        published=iso_date(_text(extract.date) or None),
        regions=flat.regions,
    )


def _extracted(source: str, url: str | None) -> Any:
    """trafilatura's document, or None. It logs what it discards; that is ours to say, in one line."""
    from lxml import etree

    extract, parse = _trafilatura()
    try:
        # The stand-ins go in after entities were resolved, for `&nbsp;` is the common way to write one.
        tree = parse(source)
        if tree is None:
            return None
        for element in list(tree.iter("script", "style")):
            # Titles are taken with all that lies in them; what search engines are told is of use.
            if element.get("type") != "application/ld+json":
                element.drop_tree()
        for element in tree.iter():
            if isinstance(element.tag, str):
                element.text = element.text and element.text.translate(_HIDE)
            element.tail = element.tail and element.tail.translate(_HIDE)
        return extract(
            tree,
            url=url,
            favor_recall=False,
            include_comments=False,
            include_tables=True,
            deduplicate=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True, "max_date": "2100-01-01"},
        )
    except (etree.LxmlError, ValueError, RecursionError, AttributeError, TypeError, IndexError, KeyError):
        # It stumbles over some broken pages; to the user these are pages without an article.
        return None


@cache
def _trafilatura() -> tuple[Any, Any]:
    for name in ("trafilatura", "htmldate", "courlan"):
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
    from trafilatura import bare_extraction, load_html

    return bare_extraction, load_html


def _shown(flat: Flat) -> Flat:
    return Flat(flat.text.translate(_SHOW), flat.regions)


def _text(value: object) -> str:
    return one_line(value.translate(_SHOW))[:_LONGEST] if isinstance(value, str) else ""


def _decoded(data: bytes, material: Material) -> str:
    """By byte order mark, then as the server says, then as the page says, then as it is found to be."""
    marks = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    stated = None if data.startswith(marks) else material.charset
    if stated is None and (match := None if data.startswith(marks) else _CHARSET.search(data[:4096])):
        stated = match[1].decode("ascii")
    # What is called Latin-1 on the web is Windows-1252.
    if stated and stated.lower() in {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"}:
        stated = "cp1252"
    if stated:
        try:
            return data.decode(stated)
        except (LookupError, ValueError, TypeError):
            pass
    try:
        decoded = decode(data, material.id)
    except InputError:
        if not stated:
            raise
        return data.decode("utf-8", "replace")
    if material.told is not None:
        material.told(material.id, decoded.encoding)
    return decoded.text


def _stated_language(source: str) -> str:
    match = re.search(r"<html[^>]{0,300}\slang\s*=\s*[\"']?([a-zA-Z]{2,3})\b", source[:4096], re.IGNORECASE)
    return match[1] if match else ""
