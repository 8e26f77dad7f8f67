"""Plain text: the article is the text, and nothing in it is markup."""

from __future__ import annotations

from collections.abc import Iterator

from mtaudit.model import Article


def read(text: str, article_id: str, path: str | None) -> Iterator[Article]:
    """One article. `path` is None for standard input."""
    yield Article(id=article_id, text=text, path=path)
