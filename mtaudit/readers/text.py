"""Plain text: the article is the text, and nothing in it is markup."""

from __future__ import annotations

from collections.abc import Iterator

from mtaudit.model import Article
from mtaudit.readers.material import Material


def read(material: Material) -> Iterator[Article]:
    """One article."""
    yield Article(
        id=material.id, text=material.text(), path=material.path, url=material.url, verbatim=material.path is not None
    )
