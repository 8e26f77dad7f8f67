"""ninjs (IPTC): 1.x with `headline` and `body_*`, 2.x and 3.x with lists of `headlines` and `bodies`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtaudit.errors import InputError
from mtaudit.model import Article
from mtaudit.readers.dates import iso_date
from mtaudit.readers.feeds import load_json, text_of
from mtaudit.readers.markup import Flat, compose, fragment, label, plain
from mtaudit.readers.material import Faults, Material, NotArticlesError
from mtaudit.readers.newsml import nitf
from mtaudit.readers.xmltree import parse_xml

#: Structured bodies before plain ones, which have often lost their paragraphs.
_BODIES = ("body_xhtml", "body_html", "body_nitf", "body_text")
#: Its kind by what a content type names, best first.
_TYPES = (("xhtml", "html"), ("html", "html"), ("nitf", "nitf"), ("plain", "text"), ("", "text"))


def read(material: Material) -> Iterator[Article | InputError]:
    """An article for each object with text; descriptions of pictures count where there is no body.

    Raises InputError for other JSON, and NotArticlesError when no object has text.
    """
    document = load_json(material)
    items = document if isinstance(document, list) else [document]
    faults = Faults(material.id, "objects")
    count = 0
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            faults.add(f"object {number}", "this is no ninjs object")
            continue
        article = _article(item, number, len(items), material)
        if article is not None:
            count += 1
            yield article
    yield from faults.told()
    if not count:
        raise NotArticlesError(material.id, "no ninjs object in it has text")


def _article(item: dict[str, Any], number: int, total: int, material: Material) -> Article | None:
    title = plain(text_of(item, "headline") or _rendition(item.get("headlines"))[1] or text_of(item, "title"))
    body = _body(item, material)
    if not body.text:
        return None
    flat = compose(title or None, [body])
    uri = text_of(item, "uri")
    language = text_of(item, "language").partition("-")[0].lower()
    return Article(
        id=label(uri) or (material.id if total == 1 else f"{material.id}:{number}"),
        text=flat.text,
        lang=language if language.isascii() and language.isalpha() and 2 <= len(language) <= 3 else "fr",
        path=material.path,
        title=title or None,
        url=label(uri, 2000) if uri.startswith(("http://", "https://")) else None,
        outlet=label(text_of(item, "copyrightholder", "copyrightHolder")) or None,
        author=label(text_of(item, "byline", "by")) or None,
        published=iso_date(text_of(item, "versioncreated", "versionCreated", "firstCreated", "contentCreated") or None),
        regions=flat.regions,
    )


def _body(item: dict[str, Any], material: Material) -> Flat:
    candidates = [(name.removeprefix("body_"), text_of(item, name)) for name in _BODIES]
    candidates += [("html", value) for name, value in item.items() if name.startswith("body_") and name not in _BODIES
                   and isinstance(value, str)]  # fmt: skip
    candidates.append(_rendition(item.get("bodies")))
    candidates.append(_rendition(item.get("descriptions")))
    candidates += [
        ("text", value) for name, value in item.items() if name.startswith("description_") and isinstance(value, str)
    ]
    for kind, value in candidates:
        flat = _flat(kind, value, material) if value.strip() else Flat("")
        if flat.text:
            return flat
    return Flat("")


def _flat(kind: str, value: str, material: Material) -> Flat:
    if kind == "nitf":
        return nitf(parse_xml(value.encode("utf-8", "replace"), material.id).root)
    # A body that says it is text and is full of tags is HTML all the same.
    return Flat(value.strip()) if kind == "text" and "</" not in value else fragment(value)


def _rendition(listed: object) -> tuple[str, str]:
    """The kind and the value of the best of several renditions."""
    if not isinstance(listed, list):
        return "text", ""
    parts = [one for one in listed if isinstance(one, dict) and text_of(one, "value")]
    for wanted, kind in _TYPES:
        for part in parts:
            stated = text_of(part, "contentType", "contenttype").lower()
            if wanted in stated if wanted else not stated or stated.startswith("text/"):
                return kind, text_of(part, "value")
    return "text", ""
