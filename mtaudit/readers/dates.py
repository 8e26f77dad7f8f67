"""Dates of publication as they come to dates as ISO 8601 writes them."""

from __future__ import annotations

from datetime import date, datetime
from email.utils import parsedate_to_datetime

#: Longer values are no dates.
_LONGEST = 100


def iso_date(value: object) -> str | None:
    """`2026-11-22T06:40:00+01:00` for dates, and for those of e-mail and RSS; any other in one line, as it stands."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    text = " ".join(str(value).split())[:_LONGEST] if value is not None else ""
    if not text:
        return None
    if text[0].isdigit() and text[4:5] == "-":
        return text
    try:
        return parsedate_to_datetime(text).isoformat()
    except (TypeError, ValueError, OverflowError, IndexError):
        return text
