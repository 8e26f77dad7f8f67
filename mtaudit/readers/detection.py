"""Which format a source is in: by its first bytes, and by the end of its name where these leave it open."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from mtaudit.readers.columns import ALIASES, has_text
from mtaudit.readers.tables import separator

#: By suffix, without `.gz`. A folder is searched for these.
SUFFIXES: Mapping[str, str] = {
    ".atom": "atom",
    ".csv": "csv",
    ".eml": "eml",
    ".htm": "html",
    ".html": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".markdown": "markdown",
    ".md": "markdown",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".rdf": "rss",
    ".rss": "rss",
    ".text": "text",
    ".tsv": "tsv",
    ".txt": "text",
    ".xhtml": "html",
    ".xml": "xml",
}
#: Where the name says that the text is for people to read, a first line like a table's or a record's is a sentence.
_PROSE = frozenset(("text", "markdown"))

_ROOTS: Mapping[str, str] = {
    "rss": "rss",
    "rdf": "rss",
    "channel": "rss",
    "feed": "atom",
    "nitf": "nitf",
    "newsitem": "newsml",
    "packageitem": "newsml",
    "newsmessage": "newsml",
    "conceptitem": "newsml",
    "knowledgeitem": "newsml",
    "planningitem": "newsml",
    "catalogitem": "newsml",
    "html": "html",
}
_ROOT = re.compile(
    r"\s*(?:<\?(?:(?!\?>)[\s\S]){0,2000}\?>\s*|<!--(?:(?!-->)[\s\S]){0,8000}-->\s*"
    r"|<!doctype[^>\[]{0,1000}(?:\[[^\]]{0,8000}\]\s*)?>\s*)*<([a-zA-Z][\w.:-]*)",
    re.IGNORECASE,
)
_HTML_START = re.compile(r"\s*<!doctype\s+html", re.IGNORECASE)
_HTML_TAGS = frozenset(
    ("head", "body", "meta", "title", "div", "p", "article", "main", "section", "h1", "table", "span", "a", "script")
)
_NINJS = frozenset(
    (
        "headline",
        "headlines",
        "body_text",
        "body_html",
        "body_xhtml",
        "bodies",
        "versioncreated",
        "versionCreated",
        "pubstatus",
        "pubStatus",
    )
)
_HEADERS = re.compile(
    r"(?:^|\n)(from|to|subject|date|message-id|mime-version|received|return-path|delivered-to|content-type|"
    r"content-transfer-encoding|reply-to|x-[\w-]+)[ \t]*:",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(r"(?:[!-9;-~]+[ \t]*:|[ \t]|From )")
_OPENING = re.compile(r"[\s\ufeff]*(?:\{\s*[\"}]|\[\s*[{\"\]])")
_KEY = re.compile(r'"((?:[^"\\\n]|\\.){1,100})"\s*:')


def detect(head: bytes, suffix: str) -> str:
    """The name of a format, `text` for want of another; `xml` for XML that is of none of them.

    `head` is the start of the source, 64 kB of it or all; `suffix` is lower case, with its dot.
    """
    by_name = SUFFIXES.get(suffix, "")
    if head.startswith(b"PAR1"):
        return "parquet"
    text = _readable(head)
    first = text.lstrip("\ufeff \t\r\n")[:1]
    found = None
    if first == "<":
        found = _marked_up(text, by_name)
    elif first in {"{", "["}:
        found = _json(text, by_name)
    elif by_name not in _PROSE | {"csv", "tsv", "html"}:
        found = _mail(text) or _table(text)
    elif by_name in _PROSE:
        found = _mail(text)
    return found or by_name or "text"


def _readable(head: bytes) -> str:
    """The start of the source as text, good enough to look at."""
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return head[: len(head) // 4 * 4].decode("utf-32", "replace")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if b"\0" in head[:64]:
        return head.replace(b"\0", b"").decode("latin-1")
    return head.decode("utf-8", "replace")


def _marked_up(text: str, by_name: str) -> str | None:
    text = text.lstrip("\ufeff")
    if _HTML_START.match(text):
        return "html"
    match = _ROOT.match(text)
    if match is None:
        return None
    name = match[1].rpartition(":")[2].lower()
    if name in _ROOTS:
        return _ROOTS[name]
    if by_name in _PROSE or by_name == "html":
        # Markdown may begin with a tag, and a page with any.
        return None
    return "html" if name in _HTML_TAGS else "xml"


def _json(text: str, by_name: str) -> str | None:
    """Told by keys, since the head is mostly no whole document."""
    if by_name not in {"json", "jsonl"} and not _OPENING.match(text):
        return None
    line = text.lstrip("\ufeff \t\r\n").partition("\n")[0]
    try:
        alone = isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        alone = False
    if "jsonfeed.org/version" in text[:8192]:
        return "json-feed"
    keys = set(_KEY.findall(text[:16_384]))
    if "uri" in keys and keys & _NINJS and not (alone and by_name == "jsonl"):
        return "ninjs"
    if alone:
        return "jsonl"
    if by_name in _PROSE and not has_text(keys):
        return None
    return by_name if by_name == "jsonl" else "json"


def _mail(text: str) -> str | None:
    """A message has headers and nothing else up to the first empty line, two that all messages have among them."""
    block = re.split(r"\r?\n\r?\n", text.lstrip("\ufeff"), maxsplit=1)[0]
    if not all(_HEADER_LINE.match(line) for line in block.splitlines()):
        return None
    names = {name.lower() for name in _HEADERS.findall(block)}
    return "eml" if len(names & {"from", "subject", "date", "message-id", "received"}) >= 2 else None


def _table(text: str) -> str | None:
    """A first line of column names, one of which is the text's and another some other field's."""
    line, _, rest = text.lstrip("\ufeff").partition("\n")
    if not rest or len(line) > 2000:
        return None
    mark = separator(line)
    names = [name.strip().strip('"').lower() for name in line.split(mark)]
    known = {alias for aliases in ALIASES.values() for alias in aliases}
    if len(names) < 2 or not has_text(names) or len(known.intersection(names)) < 2:
        return None
    return "tsv" if mark == "\t" else "csv"
