"""Records of tables to articles: which column is what."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from mtaudit.errors import InputError, UsageError
from mtaudit.model import Article
from mtaudit.readers.dates import iso_date
from mtaudit.readers.markup import label
from mtaudit.readers.material import Material, NotArticlesError

#: The columns that are taken for each field of an article, the first that is there. `source` alone names the outlet in
#: half of the archives there are, so it is the text translated from only when the user says so.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "texte", "contenu", "corps", "body_text", "translation", "target"),
    "id": ("id", "guid", "uuid", "article_id", "doc_id", "identifier", "identifiant"),
    "title": ("title", "headline", "titre"),
    "lang": ("lang", "language", "langue"),
    "url": ("url", "link", "uri", "lien"),
    "published": ("published", "published_at", "date", "pubdate", "datetime", "publication_date"),
    "outlet": ("outlet", "publisher", "site", "média", "media"),
    "author": ("author", "byline", "authors", "auteur"),
    "source": ("source_text", "src", "src_text", "original_text"),
    "source_lang": ("source_lang", "src_lang", "source_language"),
}
#: Records that have all of these are marks on the text of other files, such as an annotator's.
OFFSETS = frozenset({"start", "end"})
#: How the command line names the fields.
NAMES = {"source": "source text"}


def mapping(given: Iterable[str]) -> dict[str, str]:
    """`text=corps` and the like, by field. Raises UsageError for what is no mapping or names no field."""
    found: dict[str, str] = {}
    for pair in given:
        field, equals, column = pair.partition("=")
        field = field.strip().lower().replace("source_text", "source").replace("source-text", "source")
        if not equals or not column:
            raise UsageError(f"--column {pair!r}: write FIELD=COLUMN, as in --column text=corps")
        if field not in ALIASES:
            close = difflib.get_close_matches(field, ALIASES, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise UsageError(f"--column {pair!r}: no field {field!r}{hint} Fields are {', '.join(ALIASES)}")
        found[field] = column
    return found


def choose(present: Iterable[str], material: Material) -> dict[str, str]:
    """Which of the columns that are present holds which field.

    Raises InputError when a column that the user named is not there, and NotArticlesError when none holds the text.
    """
    columns = list(present)
    # The first of those that differ in case only; a byte order mark may stand before the first.
    folded = {name.strip().strip("\ufeff").lower(): name for name in reversed(columns)}
    chosen: dict[str, str] = {}
    for field, aliases in ALIASES.items():
        named = material.columns.get(field)
        if named is not None:
            column = named if named in columns else folded.get(named.lower())
            if column is None:
                raise InputError(material.id, f"it has no column {named!r}{_hint(named, columns)}")
            chosen[field] = column
            continue
        column = next((folded[alias] for alias in aliases if alias in folded), None)
        if column is not None and column not in material.columns.values():
            chosen[field] = column
    if folded.keys() >= OFFSETS and "text" not in material.columns:
        raise NotArticlesError(
            material.id, "its records mark places in other texts (start, end); if they are articles: --column text=NAME"
        )
    if "text" not in chosen:
        raise NotArticlesError(
            material.id, f"no column holds the text{_hint('text', columns)}; name it: --column text=NAME"
        )
    return chosen


def has_text(present: Iterable[str]) -> bool:
    """True when one of the columns is taken for the text without being named by the user."""
    return not {name.strip().lower() for name in present}.isdisjoint(ALIASES["text"])


def article(record: Mapping[str, Any], chosen: Mapping[str, str], place: str, material: Material) -> Article | None:
    """The article of one record, None when its text is empty. `place` makes an id where the record has none."""

    def value(field: str) -> str | None:
        found = record.get(chosen.get(field, ""))
        if isinstance(found, list):
            found = ", ".join(str(one) for one in found)
        if found is None or isinstance(found, (dict, bytes)):
            return None
        text = str(found)
        return text if text.strip() else None

    text = value("text") if isinstance(record.get(chosen["text"]), str) else None
    if text is None:
        return None
    language = (value("lang") or "").partition("-")[0].strip().lower()
    published = record.get(chosen.get("published", ""))

    def named(field: str) -> str | None:
        return label(value(field) or "", 2000) or None

    return Article(
        id=named("id") or f"{material.id}:{place}",
        text=text,
        lang=language if language.isascii() and language.isalpha() and 2 <= len(language) <= 3 else "fr",
        path=material.path,
        title=named("title"),
        url=named("url"),
        outlet=named("outlet"),
        author=named("author"),
        published=iso_date(published) if published is not None else None,
        source=value("source"),
        source_lang=(value("source_lang") or "").partition("-")[0].strip().lower() or None,
    )


def _hint(name: str, columns: list[str]) -> str:
    close = difflib.get_close_matches(name, columns, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    shown = ", ".join(repr(column[:40]) for column in columns[:12])
    return f"; it has {shown}{' …' if len(columns) > 12 else ''}"
