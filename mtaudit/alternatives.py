"""Phrases with alternatives in braces, and suggestions that follow the alternative that was found.

`{a|ont} fait sens` stands for two phrases; braces nest. A suggestion takes the alternative of the same place from its
own braces, `{a|ont} eu du sens`; or says which group of the phrase it follows, `{2:à|aux}`; or repeats what was chosen,
`$1 eu du sens`.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mtaudit import facts

#: Literals that one phrase may stand for.
MOST_EXPANSIONS = 2_000

#: What a suggestion repeats: a group of alternatives by number, or a group of a regex by number or name.
REFERENCE = re.compile(r"\$(\d|[a-z]\w*)")

_ELIDED = re.compile(r"(?:^|[ '])(?:de|que|le|la|ne|se|je|me|te|ce|jusque|lorsque|puisque|quoique)$")
_ELIDABLE = ("e", "a")
_BRACE = re.compile(r"[{|}]")
_FOLD = str.maketrans({"’": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " "})
_NUMBERED = re.compile(r"\{(\d):")
_NUMBER = re.compile(r"(\d):")

Part = str | tuple[str, ...]


class Form(NamedTuple):
    """One literal of a phrase: the alternative picked in each part, and whether its last word is elided."""

    text: str
    picks: tuple[int, ...]
    is_elided: bool


class Template(NamedTuple):
    """A suggestion. `at` has, for each group of it in turn, the part of the phrase that it follows; `groups` has the
    parts that `$1`, `$2`… stand for."""

    parts: tuple[Part, ...]
    choices: tuple[tuple[str, ...], ...]
    at: tuple[int, ...]
    groups: tuple[int, ...]

    def fill(self, form: Form) -> str:
        """The suggestion for one literal of the phrase."""
        places = iter(self.at)
        text = "".join(part if isinstance(part, str) else part[form.picks[next(places)]] for part in self.parts)
        swap = REFERENCE.sub(lambda found: self._picked(int(found[1]), form), text)
        return swap[:-1] + "’" if form.is_elided and _ELIDED.search(swap.translate(_FOLD)) else swap

    def _picked(self, number: int, form: Form) -> str:
        group = self.groups[number - 1]
        return self.choices[group][form.picks[group]].replace("'", "’")


class Phrase(NamedTuple):
    """A phrase with its suggestions."""

    choices: tuple[tuple[str, ...], ...]
    templates: tuple[Template, ...]

    def forms(self) -> Iterator[Form]:
        """The literals of the phrase. One that ends in a word that elides (*de*, *que*, *la*) also has its elided form,
        unless the phrase states that itself."""
        texts: dict[str, tuple[int, ...]] = {}
        for picks in itertools.product(*map(range, map(len, self.choices))):
            text = "".join(choice[pick] for choice, pick in zip(self.choices, picks, strict=True))
            texts.setdefault(" ".join(text.split()), picks)
        for text, picks in texts.items():
            yield Form(text, picks, False)
            if _ELIDED.search(text) and text[:-1] + "'" not in texts:
                yield Form(text[:-1] + "'", picks, True)

    def texts(self) -> list[str]:
        """The texts of `forms`, in order, at a tenth of the cost."""
        texts = [""]
        for choice in self.choices:
            texts = [text + item for text in texts for item in choice]
        tidy = dict.fromkeys([" ".join(text.split()) for text in texts])
        found = []
        for text in tidy:
            found.append(text)
            if text.endswith(_ELIDABLE) and _ELIDED.search(text) and text[:-1] + "'" not in tidy:
                found.append(text[:-1] + "'")
        return found

    def form(self, number: int) -> Form:
        """The form of that number."""
        return next(itertools.islice(self.forms(), number, None))


def literals_of(phrase: str) -> list[str]:
    """What a phrase stands for: the texts of its forms, in order; raises ValueError as `parse_phrase` does."""
    known = facts.known().phrases
    if phrase not in known:
        known[phrase] = parse_phrase(phrase).texts()
    return known[phrase]


def parse_phrase(phrase: str, swaps: Sequence[str] = ()) -> Phrase:
    """Raises ValueError for braces that do not pair, that stand for too much or for nothing, or that do not fit."""
    parts = _parse(phrase.translate(_FOLD).strip())
    choices = tuple(part if isinstance(part, tuple) else (part,) for part in parts)
    if all(any(not item.strip() for item in choice) for choice in choices):
        raise ValueError(f"{phrase!r} may be empty")
    return Phrase(choices, tuple(_aligned(_parse(swap.strip()), choices, phrase, swap) for swap in swaps))


def _parse(template: str) -> list[Part]:
    """Text and groups of alternatives in turn; a nested group is multiplied out into the group around it."""
    parts: list[Part] = []
    rest = template
    while rest:
        opening = rest.find("{")
        plain = rest if opening < 0 else rest[:opening]
        if "}" in plain:
            raise ValueError(f"braces do not pair in {template!r}")
        if plain:
            parts.append(plain)
        if opening < 0:
            break
        items, rest = _group(rest[opening + 1 :], template)
        parts.append(tuple(flat for item in items for flat in _flat(item)))
    count = math.prod(len(part) for part in parts if isinstance(part, tuple))
    if count > MOST_EXPANSIONS:
        raise ValueError(f"{template!r} stands for {count} phrases; the limit is {MOST_EXPANSIONS}")
    return parts


def _group(rest: str, template: str) -> tuple[list[str], str]:
    """The alternatives up to the brace that closes their group, and what follows it."""
    items: list[str] = []
    depth = 1
    begin = 0
    for brace in _BRACE.finditer(rest):
        character, place = brace[0], brace.start()
        if character != "|":
            depth += 1 if character == "{" else -1
        if depth == 0 or (depth == 1 and character == "|"):
            items.append(rest[begin:place])
            begin = place + 1
        if depth == 0:
            return items, rest[begin:]
    raise ValueError(f"braces do not pair in {template!r}")


def _flat(item: str) -> list[str]:
    if "{" not in item:
        return [item]
    parts = [part if isinstance(part, tuple) else (part,) for part in _parse(item)]
    return ["".join(pick) for pick in itertools.product(*parts)]


def _aligned(parts: Sequence[Part], choices: tuple[tuple[str, ...], ...], phrase: str, swap: str) -> Template:
    """Groups of the suggestion follow the groups that they number, or in turn those that nothing else names."""
    groups = tuple(index for index, choice in enumerate(choices) if len(choice) > 1)
    named = [int(number) for number in (*REFERENCE.findall(swap), *_NUMBERED.findall(swap)) if number.isdigit()]
    if any(not 1 <= number <= len(groups) for number in named):
        raise ValueError(f"{swap!r} names a group of alternatives that {phrase!r} does not have")
    free = iter([group for number, group in enumerate(groups, 1) if number not in named])
    own: list[Part] = []
    at = []
    for part in parts:
        if isinstance(part, str):
            own.append(part)
            continue
        number = _NUMBER.match(part[0])
        group = groups[int(number[1]) - 1] if number else next(free, None)
        if group is None or len(part) != len(choices[group]):
            raise ValueError(f"the alternatives of {swap!r} are not those of {phrase!r}, one for one")
        at.append(group)
        own.append((part[0][number.end() :] if number else part[0], *part[1:]))
    return Template(tuple(own), choices, tuple(at), groups)
