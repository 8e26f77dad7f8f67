"""Wire copy that came by e-mail (`.eml`): the text of the message, or of its HTML; subject, sender and date."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email import policy
from email.message import Message
from email.utils import parseaddr

from mtaudit.errors import InputError
from mtaudit.model import Article, Region, RegionKind, Span
from mtaudit.readers.dates import iso_date
from mtaudit.readers.encodings import decode
from mtaudit.readers.markup import Flat, fragment, one_line, trimmed
from mtaudit.readers.material import Material

#: The line that mail programs put before a signature.
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_BOUNDARY = re.compile(rb"\bboundary\s*[*=]", re.IGNORECASE)
_MOST_PARTS = 100
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def read(material: Material) -> Iterator[Article | InputError]:
    """One article. Attachments are not read. Raises InputError when the message has no text."""
    data = material.whole()
    # `email` takes a time that grows with the square of the parts within parts.
    if len(_BOUNDARY.findall(data)) > _MOST_PARTS:
        raise InputError(material.id, f"the message has more than {_MOST_PARTS} parts within parts")
    try:
        message = email.message_from_bytes(data, policy=policy.default)
        body = _body(message)
    except RecursionError:
        raise InputError(material.id, "its parts are nested too deeply") from None
    if not body.text:
        raise InputError(material.id, "the message has no text")
    title = _header(message, "subject")
    name, address = parseaddr(_header(message, "from"))
    regions = list(body.regions)
    if signature := _SIGNATURE.search(body.text):
        regions.append(Region(RegionKind.BOILERPLATE, Span(signature.start(), len(body.text))))
    yield Article(
        id=material.id,
        text=body.text,
        path=material.path,
        title=title or None,
        outlet=name or address or None,
        published=iso_date(_header(message, "date") or None),
        regions=tuple(regions),
    )


def _body(message: Message) -> Flat:
    """The first plain text with something in it, else the first HTML."""
    pages: list[str] = []
    for part in message.walk():
        kind = part.get_content_type()
        if kind not in {"text/plain", "text/html"} or _is_attachment(part):
            continue
        text = _text(part)
        if kind == "text/html":
            pages.append(text)
        elif text.strip():
            return trimmed(Flat(_CONTROL.sub(" ", text.replace("\r\n", "\n"))))
    return next((flat for flat in map(fragment, pages) if flat.text), Flat(""))


def _is_attachment(part: Message) -> bool:
    return str(_raw(part, "content-disposition")).strip().lower().startswith("attachment")


def _text(part: Message) -> str:
    """A part's text in the encoding that it states, or in the one that it is found to be in."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return ""
    try:
        stated = part.get_content_charset()
        if stated:
            return data.decode(stated)
    except (LookupError, ValueError, TypeError, AttributeError):
        pass
    try:
        return decode(data, "").text
    except InputError:
        return data.decode("utf-8", "replace")


def _header(message: Message, name: str) -> str:
    return one_line(_CONTROL.sub(" ", str(_raw(message, name))))[:1000]


def _raw(message: Message, name: str) -> object:
    # The parser of headers trips over some that are badly broken; then they are taken as they stand.
    try:
        return message.get(name) or ""
    except Exception:
        values = [value for key, value in message.raw_items() if key.lower() == name]
        return values[0] if values else ""
