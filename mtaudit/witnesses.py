"""What a second opinion on an article consists of: LanguageTool's matches, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

#: The Frenches that LanguageTool tells apart.
VARIETIES = ("fr", "fr-CA", "fr-BE", "fr-CH")


class Match(NamedTuple):
    """One thing that LanguageTool found; `start` and `end` are code points of the untouched text.

    `rule`, `sub` and `category` are LanguageTool's own ids, `message` is its advice, in French.
    """

    rule: str
    sub: str
    category: str
    start: int
    end: int
    message: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """LanguageTool's answer on one article: its matches in order of place, or the reason why there is none."""

    matches: tuple[Match, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which LanguageTool is asked: `where` is the URL of a server, a folder of jars, or None for what is installed."""

    where: str | None = None
    variety: str = "fr"


#: What is installed, in the French of France.
INSTALLED = Choice()
