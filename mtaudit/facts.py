"""What was found out about the regexes and phrases of rules, kept from run to run: it takes seconds to find out."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Facts(NamedTuple):
    """By the text of a regex or phrase.

    triggers: the literals by which a regex is looked for, and how far from them a match may reach.
    demands: sets of literals of each of which every match of a regex holds one.
    openings: what every match of a regex begins with.
    lengths: how long a stretch may be in which a regex is searched for without a clock.
    phrases: the literals that a phrase with alternatives stands for.
    """

    triggers: dict[str, tuple[tuple[str, ...], int, int]]
    demands: dict[str, tuple[tuple[str, ...], ...]]
    openings: dict[str, tuple[str, ...]]
    lengths: dict[str, int]
    phrases: dict[str, list[str]]


_FACTS = Facts({}, {}, {}, {}, {})
_UNREAD: list[Callable[[], Facts | None]] = []


def known() -> Facts:
    """All that is known; what is found out is added to it."""
    while _UNREAD:
        if found := _UNREAD.pop()():
            _FACTS.triggers.update(found.triggers)
            _FACTS.demands.update(found.demands)
            _FACTS.openings.update(found.openings)
            _FACTS.lengths.update(found.lengths)
            _FACTS.phrases.update(found.phrases)
    return _FACTS


def learn_later(read: Callable[[], Facts | None]) -> None:
    """Takes over what an earlier run kept, read as soon as something is asked: not every run asks."""
    _UNREAD.append(read)
