"""NewsML-G2 (IPTC): news items with NITF, XHTML or plain bodies; and bare NITF documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtaudit.errors import InputError
from mtaudit.model import Article
from mtaudit.readers.dates import iso_date
from mtaudit.readers.markup import HTML, NITF, Flat, compose, flatten, fragment, local_name, one_line
from mtaudit.readers.material import Faults, Material, NotArticlesError
from mtaudit.readers.xmltree import parse_xml

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: What an article of NITF consists of, in the order of print.
_NITF_PARTS = ("hedline", "byline", "dateline", "abstract")


def read(material: Material) -> Iterator[Article | InputError]:
    """An article for each news item with text; items without (pictures, events, packages) are passed over.

    Raises InputError for another kind of XML, and NotArticlesError when no item has text.
    """
    tree = parse_xml(material.whole(), material.id, material.charset)
    root, faults = tree.root, Faults(material.id, "items")
    if local_name(root) == "nitf":
        items = [root]
    else:
        items = [one for one in root.iter() if local_name(one) == "newsitem"]
        if not items and not local_name(root).endswith(("item", "message")):
            name = local_name(root)[:40]
            raise InputError(material.id, f"this XML is neither NewsML-G2 nor NITF: its root is <{name}>")
    if tree.damage and items:
        items.pop()
    count = 0
    for number, item in enumerate(items, start=1):
        article = _bare(item, material) if local_name(item) == "nitf" else _item(item, number, material)
        if article is not None:
            count += 1
            yield article
    yield from faults.told()
    if tree.damage:
        yield InputError(material.id, f"the file is damaged ({tree.damage}); {count} whole items were read")
    elif not count:
        raise NotArticlesError(material.id, "no news item in it has text")


def _item(item: Any, number: int, material: Material) -> Article | None:
    meta = _child(item, "contentmeta")
    headline = one_line(_text(meta, "headline"))
    body = _body(_child(item, "contentset"))
    if body is None:
        return None
    flat = compose(headline or None, [body])
    url = next((_joined(link) for link in item.iter() if local_name(link) == "canonicallink"), None)
    management = _child(item, "itemmeta")
    return Article(
        id=(item.get("guid") or "").strip() or f"{material.id}:{number}",
        text=flat.text,
        lang=_language(_attribute(meta, "language", "tag") or item.get(_LANG)),
        path=material.path,
        title=headline or _first_headline(flat),
        url=url,
        outlet=_text(meta, "creditline") or _text(_child(management, "provider"), "name") or None,
        author=_text(meta, "by") or None,
        published=iso_date(_text(meta, "contentcreated") or _text(management, "versioncreated") or None),
        regions=flat.regions,
    )


def _bare(root: Any, material: Material) -> Article | None:
    flat = nitf(root)
    if not flat.text:
        return None
    issued = next((one.get("norm") for one in root.iter() if local_name(one) == "date.issue"), None)
    bylines = [_joined(one) for one in root.iter() if local_name(one) == "byline"]
    return Article(
        id=next((one.get("id-string") for one in root.iter() if local_name(one) == "doc-id"), None) or material.id,
        text=flat.text,
        lang=_language(root.get(_LANG)),
        path=material.path,
        title=_first_headline(flat),
        author=", ".join(bylines)[:500] or None,
        published=iso_date(issued),
        regions=flat.regions,
    )


def _body(content: Any) -> Flat | None:
    """The first rendition that has text, structured ones before plain ones."""
    for inline in () if content is None else (one for one in content if local_name(one) == "inlinexml"):
        for root in inline.iter():
            name = local_name(root)
            if name == "nitf" or (name == "body" and any(local_name(one) == "body.content" for one in root)):
                flat = nitf(root)
            elif name in {"html", "body", "article", "section", "div", "p"}:
                flat = flatten(root if name != "p" else root.getparent(), HTML)
            else:
                continue
            if flat.text:
                return flat
            break
    for inline in () if content is None else (one for one in content if local_name(one) == "inlinedata"):
        text = "".join(inline.itertext())
        flat = fragment(text) if "html" in (inline.get("contenttype") or "") else Flat(text.strip())
        if flat.text:
            return flat
    return None


def nitf(root: Any) -> Flat:
    """Headlines, byline, dateline, abstract, text and tagline of an NITF document, without its management data."""
    body = next((one for one in root.iter() if local_name(one) == "body"), None)
    if body is None:
        return Flat("")
    parts: list[Flat] = []
    for block in body:
        name = local_name(block)
        if name == "body.head":
            parts += (flatten(one, NITF) for wanted in _NITF_PARTS for one in block if local_name(one) == wanted)
        elif name in {"body.content", "body.end"}:
            parts.append(flatten(block, NITF))
    return compose(None, parts)


def _first_headline(flat: Flat) -> str | None:
    first = next((one.span for one in flat.regions if one.kind == "headline"), None)
    return one_line(flat.text[slice(*first)]) if first else None


def _child(element: Any, name: str) -> Any:
    return None if element is None else next((one for one in element if local_name(one) == name), None)


def _joined(element: Any) -> str:
    return one_line("".join(element.itertext()))


def _text(element: Any, name: str) -> str:
    """The text of the first child of that name; of its first rendition, where it has several."""
    child = _child(element, name)
    return "" if child is None else _joined(child)[:1000]


def _attribute(element: Any, name: str, attribute: str) -> str | None:
    child = _child(element, name)
    return None if child is None else child.get(attribute)


def _language(tag: str | None) -> str:
    code = (tag or "").partition("-")[0].strip().lower()
    return code if code.isascii() and code.isalpha() and 2 <= len(code) <= 3 else "fr"
