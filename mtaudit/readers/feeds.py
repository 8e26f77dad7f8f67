"""RSS 0.9x to 2.0 and 1.0 (RDF), Atom, JSON Feed: one article an entry, its full content before its summary."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from mtaudit.errors import InputError
from mtaudit.model import Article
from mtaudit.readers.dates import iso_date
from mtaudit.readers.markup import HTML, Flat, compose, flatten, fragment, label, local_name, one_line, plain
from mtaudit.readers.material import Faults, Material, NotArticlesError
from mtaudit.readers.xmltree import parse_xml

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
#: Where the text of an entry may stand, fullest first.
_RSS_BODIES = ("encoded", "body", "fulltext", "fullitem", "description", "summary")
_ATOM_BODIES = ("content", "summary")
_MAX_ID = 500
_ENDS = re.compile(rb"</\s*(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)


def read_xml(material: Material) -> Iterator[Article | InputError]:
    """RSS or Atom, told by the root. A damaged feed gives the entries that are whole, then its InputError."""
    data = material.whole()
    tree = parse_xml(data, material.id, material.charset)
    root = tree.root
    name = local_name(root)
    if name not in {"rss", "rdf", "feed", "channel"}:
        raise InputError(material.id, f"this is no feed: its root is <{name[:40]}>, not <rss>, <feed> or <rdf:RDF>")
    atom = name == "feed"
    channel = root if atom else next((child for child in root if local_name(child) == "channel"), root)
    entries = [one for one in root.iter() if local_name(one) in ({"entry"} if atom else {"item"})]
    if tree.damage and len(_ENDS.findall(data.replace(b"\0", b""))) < len(entries):
        entries.pop()
    outlet = _title(channel) or None
    language = _language(root.get(_LANG) or channel.get(_LANG) or _first_text(channel, "language"))
    faults = Faults(material.id, "entries")
    count = 0
    for number, entry in enumerate(entries, start=1):
        body = _atom_body(entry) if atom else _rss_body(entry)
        flat = compose(_title(entry) or None, [body])
        if not flat.text:
            faults.add(f"entry {number}", "it has neither title nor text")
            continue
        count += 1
        own = _source(entry)
        yield Article(
            id=entry_id(_first_text(entry, "guid", "id") or entry.get(f"{_RDF}about"), _link(entry), flat.text),
            text=flat.text,
            lang=_language(entry.get(_LANG) or _first_text(entry, "language")) or language or "fr",
            path=material.path,
            title=_title(entry) or None,
            url=_link(entry),
            outlet=own or outlet,
            author=_author(entry),
            published=iso_date(_first_text(entry, "pubdate", "published", "date", "updated", "issued")),
            regions=flat.regions,
        )
    yield from faults.told()
    if tree.damage:
        yield InputError(material.id, f"the feed is damaged ({tree.damage}); {count} whole entries were read")
    elif not entries and not count:
        raise NotArticlesError(material.id, "the feed has no entries")


def read_json(material: Material) -> Iterator[Article | InputError]:
    """JSON Feed 1 and 1.1."""
    document = load_json(material)
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise InputError(material.id, "this is no JSON Feed: it has no list of `items`")
    faults = Faults(material.id, "items")
    for number, item in enumerate(items, start=1):
        article = _json_item(item, document, material) if isinstance(item, dict) else None
        if article is None:
            faults.add(f"item {number}", "it has neither title nor text")
        else:
            yield article
    yield from faults.told()
    if not items:
        raise NotArticlesError(material.id, "the feed has no entries")


def load_json(material: Material) -> Any:
    """The whole source as JSON. Raises InputError with the line of the first fault."""
    try:
        return json.loads(material.text())
    except json.JSONDecodeError as error:
        raise InputError(material.id, f"this is not JSON: {error.msg}, line {error.lineno}") from None
    except (RecursionError, ValueError):
        raise InputError(material.id, "this JSON is nested too deeply, or holds numbers beyond measure") from None


def entry_id(given: str | None, link: str | None, text: str) -> str:
    """What tells an entry from the others of its feed: its own id, else its address, else a digest of its text."""
    for name in (given, link):
        whole = label(name or "", len(name or ""))
        if whole:
            digest = hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:16]
            return whole if len(whole) <= _MAX_ID else f"{whole[:80]}…{digest}"
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def text_of(record: dict[str, Any], *keys: str) -> str:
    """The first of the keys that holds a text with something in it; empty otherwise."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _json_item(item: dict[str, Any], feed: dict[str, Any], material: Material) -> Article | None:
    title = plain(text_of(item, "title"))
    body = fragment(text_of(item, "content_html"))
    if not body.text:
        body = Flat(text_of(item, "content_text", "summary").strip())
    flat = compose(title or None, [body])
    if not flat.text:
        return None
    authors = item.get("authors") or feed.get("authors")
    authors = authors if isinstance(authors, list) else [item.get("author") or feed.get("author")]
    names = [text_of(author, "name") for author in authors if isinstance(author, dict)]
    given = item.get("id")
    link = label(text_of(item, "url", "external_url"), 2000) or None
    return Article(
        id=entry_id(str(given) if isinstance(given, (str, int, float)) else None, link, flat.text),
        text=flat.text,
        lang=_language(text_of(item, "language") or text_of(feed, "language")) or "fr",
        path=material.path,
        title=title or None,
        url=link,
        outlet=plain(text_of(feed, "title")) or None,
        author=label(", ".join(name for name in names if name)) or None,
        published=iso_date(text_of(item, "date_published", "date_modified") or None),
        regions=flat.regions,
    )


def _children(element: Any, name: str) -> list[Any]:
    """The children of that name, those of the element's own vocabulary first; base64 of Atom 0.3 is none."""
    own = element.tag.rpartition("}")[0]
    named = [child for child in element if local_name(child) == name and child.get("mode") != "base64"]
    return sorted(named, key=lambda child: child.tag.rpartition("}")[0] != own)


def _first_text(element: Any, *names: str) -> str:
    """The text of the first child with one of the names that has any."""
    for name in names:
        for child in _children(element, name):
            text = " ".join("".join(child.itertext()).split())
            if text:
                return text
    return ""


def _title(element: Any) -> str:
    """The headline, of which feeds write the markup in three ways."""
    for title in _children(element, "title"):
        text = one_line(_content(title))
        if text:
            return text
    return ""


def _content(element: Any) -> str:
    """One line of text out of a title: markup inside it (XHTML), escaped (HTML) or none."""
    if len(element) and any(local_name(child) for child in element):
        return flatten(element, _INNER).text.replace("\n", " ")
    text = "".join(element.itertext())
    return text if element.get("type") in {"text", "text/plain"} else plain(text)


_INNER = HTML._replace(skipped=HTML.skipped - {"title"})


def _rss_body(entry: Any) -> Flat:
    for name in _RSS_BODIES:
        for child in _children(entry, name):
            if "/mrss" in child.tag:
                continue
            flat = _inside(child)
            if flat.text:
                return flat
    return Flat("")


def _atom_body(entry: Any) -> Flat:
    for name in _ATOM_BODIES:
        for child in _children(entry, name):
            kind = (child.get("type") or "text").strip().lower()
            if child.get("src") or not (kind == "text" or kind.startswith("text/") or "html" in kind):
                continue
            plain_text = kind in {"text", "text/plain"} and not any(local_name(inner) for inner in child)
            flat = Flat("".join(child.itertext()).strip()) if plain_text else _inside(child)
            if flat.text:
                return flat
    return Flat("")


def _inside(element: Any) -> Flat:
    """The text of an element whose markup is either its own or escaped."""
    if any(local_name(child) for child in element):
        return flatten(element, _INNER)
    return fragment("".join(element.itertext()))


def _link(entry: Any) -> str | None:
    links = _children(entry, "link")
    alternate = [link for link in links if (link.get("rel") or "alternate") == "alternate"]
    for link in (*alternate, *links):
        address = (link.get("href") or "".join(link.itertext())).strip()
        if address:
            return address[:2000]
    for guid in _children(entry, "guid"):
        address = "".join(guid.itertext()).strip()
        if address.startswith(("http://", "https://")) and guid.get("isPermaLink", "true") == "true":
            return address[:2000]
    return None


def _author(entry: Any) -> str | None:
    names = []
    for element in (*_children(entry, "creator"), *_children(entry, "author")):
        name = _first_text(element, "name") or " ".join((element.text or "").split())
        # RSS writes `address (name)`.
        if "@" in name and name.endswith(")") and "(" in name:
            name = name[name.index("(") + 1 : -1]
        if name and name not in names:
            names.append(name)
    return ", ".join(names)[:500] or None


def _source(entry: Any) -> str | None:
    """The outlet that an aggregated entry comes from."""
    for source in _children(entry, "source"):
        name = _first_text(source, "title") or " ".join((source.text or "").split())
        if name:
            return name[:500]
    return None


def _language(tag: str | None) -> str | None:
    """`fr` of `fr-CA`; None for what is no language tag."""
    code = (tag or "").strip().replace("_", "-").partition("-")[0].lower()
    return code if code.isascii() and code.isalpha() and 2 <= len(code) <= 3 else None
