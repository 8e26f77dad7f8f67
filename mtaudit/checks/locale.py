"""Dates, hours, numbers and units written as another language writes them.

A rule gives regexes with named groups and, in `suggest`, what the match should read: `"{day:nth} {month:lower}"` fills
each field from the group of its name, passed through the named transform. Transforms know what a regex cannot: that
3 p.m. is 15 h, that 12,000 is 12 000, that 10 miles are 16 km.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from string import Formatter
from typing import NamedTuple

import msgspec

from mtaudit.errors import EngineError
from mtaudit.matching import Pattern, PatternSet, compile_patterns
from mtaudit.model import Analysis, Issue, Need, Rule, Span

NBSP = "\u00a0"

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

#: Word lists that a pattern or a trigger may name as `%name%`.
WORD_LISTS: Mapping[str, tuple[str, ...]] = {
    "month": MONTHS,
    "Month": tuple(month.capitalize() for month in MONTHS),
    "english-month": ENGLISH_MONTHS,
    "weekday": WEEKDAYS,
    "Weekday": tuple(day.capitalize() for day in WEEKDAYS),
    "digit": tuple("0123456789"),
}

#: Pieces of regex that a pattern may name as `%name%`: a day of the month, a year, a number in any notation.
PIECES: Mapping[str, str] = {
    "day": r"(?:0?[1-9]|[12]\d|3[01])",
    "year": r"(?:19|20)\d\d",
    "hour": r"(?:1[0-2]|0?[1-9])",
    "minute": r"[0-5]\d",
    "number": r"\d(?:[\d.,]|\x20(?=\d{3}(?!\d)))*(?<=\d)",
    "multiple": r"(?:millions?|milliards?)",
}
#: Codes and signs that stand before an amount in other languages, and the currency they mean.
CURRENCIES: Mapping[str, str] = {
    "USD": "dollars",
    "EUR": "euros",
    "GBP": "livres sterling",
    "JPY": "yens",
    "CNY": "yuans",
    "RMB": "yuans",
    "INR": "roupies",
    "IDR": "roupies indonésiennes",
    "BRL": "reais",
    "RUB": "roubles",
    "CAD": "dollars canadiens",
    "AUD": "dollars australiens",
    "NZD": "dollars néo-zélandais",
    "HKD": "dollars de Hongkong",
    "SGD": "dollars de Singapour",
    "TWD": "dollars taïwanais",
    "Rs": "roupies",
    "Rp": "roupies indonésiennes",
    "₹": "roupies",
    "¥": "yens",
    "₽": "roubles",
    "₩": "wons",
    "₺": "livres turques",
}
_MACRO = re.compile(r"%([A-Za-z-]+)%")
_GROUP = re.compile(r"\(\?P<(\w+)>")
_BLANKS = re.compile(r" {2,}")
_BLANK_BEFORE_STOP = re.compile(r"\s+(?=[,.])")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`patterns`: regexes; without `case` they see lower-cased text. The group `span`, if any, is what the issue
    covers.

    `suggest`: templates over the named groups, best first. `trigger`: literals, one of which every match holds, where
    the regex itself hides them. Both `patterns` and `trigger` may use %lists%.
    """

    patterns: tuple[str, ...]
    suggest: tuple[str, ...] = ()
    trigger: tuple[str, ...] = ()
    case: bool = False

    def __post_init__(self) -> None:
        if not self.patterns:
            raise ValueError("`patterns` must hold at least one regex")
        groups = set(_GROUP.findall(" ".join(self.patterns)))
        for name, transform in (field for template in self.suggest for field in _fields(template)):
            if name not in groups:
                raise ValueError(f"`suggest` names the group {name!r}, which no pattern has")
            if transform not in TRANSFORMS:
                raise ValueError(f"no transform {transform!r}; known: {', '.join(sorted(filter(None, TRANSFORMS)))}")
        for text in self.patterns:
            _expand(text)
        for text in self.trigger:
            _spread(text)


class Compiled(NamedTuple):
    """All patterns as one set; `owners[i]` is the rule and the templates of pattern i."""

    patterns: PatternSet
    owners: tuple[tuple[Rule, tuple[str, ...]], ...]


def needs(rule: Rule) -> frozenset[Need]:  # noqa: ARG001 (the protocol's signature)
    """Nothing: the surface is enough."""
    return frozenset()


def compile(rules: Sequence[Rule]) -> Compiled:
    """All rules as one pattern set; raises ValueError naming the rule on a bad option."""
    patterns: list[Pattern] = []
    owners: list[tuple[Rule, tuple[str, ...]]] = []
    for rule in rules:
        options = _options(rule)
        trigger = tuple(literal for text in options.trigger for literal in _spread(text))
        for text in options.patterns:
            patterns.append(Pattern(_expand(text), is_regex=True, case=options.case, trigger=trigger))
            owners.append((rule, options.suggest))
    return Compiled(compile_patterns(patterns), tuple(owners))


def run(analysis: Analysis, compiled: Compiled) -> Iterable[Issue]:
    """One issue for each match. Raises EngineError, after all issues, when a regex of a rule ran out of time."""
    hits, slow = compiled.patterns.scan(analysis.view, analysis.lower, analysis.sentences)
    seen: set[tuple[str, Span]] = set()
    for hit in hits:
        rule, templates = compiled.owners[hit.pattern]
        assert hit.match is not None
        names = hit.match.re.groupindex
        span = Span(*hit.match.span("span" if "span" in names else 0))
        if (rule.id, span) in seen:
            continue
        seen.add((rule.id, span))
        groups = {name: analysis.view[slice(*hit.match.span(name))] for name in names if hit.match[name]}
        suggestions = [text for template in templates if (text := fill(template, groups))]
        # A number that no transform can read is not written as the rule thinks.
        if suggestions or not templates:
            yield rule.issue(span, analysis.text[span.start : span.end], suggestions)
    if slow:
        late = sorted({compiled.owners[number][0].id for number in slow})
        raise EngineError("regex", f"over the time limit: {', '.join(late)}", len(late))


def fill(template: str, groups: Mapping[str, str]) -> str:
    """The template with its fields filled; empty when a transform cannot make sense of its group."""
    parts = []
    for literal, name, transform, _ in Formatter().parse(template):
        parts.append(literal)
        if name is not None and (value := groups.get(name, "")):
            changed = TRANSFORMS[transform or ""](value)
            if changed is None:
                return ""
            parts.append(changed)
    text = _BLANKS.sub(" ", "".join(parts)).replace(" de euros", " d'euros")
    return _BLANK_BEFORE_STOP.sub("", text).strip()


def _options(rule: Rule) -> Options:
    try:
        return msgspec.convert(rule.options, Options)
    except (msgspec.ValidationError, ValueError) as error:
        raise ValueError(f"{rule.id}: {error}") from error


def _fields(template: str) -> list[tuple[str, str]]:
    return [(name, transform or "") for _, name, transform, _ in Formatter().parse(template) if name is not None]


def _expand(text: str) -> str:
    """A pattern with its %lists% and %pieces% written out."""

    def written(match: re.Match[str]) -> str:
        name = match[1]
        if name in PIECES:
            return PIECES[name]
        if name not in WORD_LISTS:
            raise ValueError(f"no list %{name}%; known: {', '.join(sorted({*WORD_LISTS, *PIECES}))}")
        return "(?:" + "|".join(WORD_LISTS[name]) + ")"

    return _MACRO.sub(written, text)


def _spread(text: str) -> list[str]:
    """A trigger with its %lists% spread out into literals."""
    macro = _MACRO.search(text)
    if macro is None:
        return [text]
    if macro[1] not in WORD_LISTS:
        raise ValueError(f"no list %{macro[1]}% for a trigger; known: {', '.join(sorted(WORD_LISTS))}")
    return [one for word in WORD_LISTS[macro[1]] for one in _spread(text[: macro.start()] + word + text[macro.end() :])]


def french_number(value: str) -> str | None:
    """A number in English or French notation, in French notation: `1,234.5` -> `1 234,5`."""
    value = value.replace(" ", "").replace(NBSP, "")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", value):
        whole, _, decimals = value.replace(",", "").partition(".")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}|\d{1,3}\.\d00", value):
        whole, decimals = value.replace(".", ""), ""
    else:
        whole, _, decimals = value.replace(",", ".").partition(".")
    if not whole.isdigit() or (decimals and not decimals.isdigit()):
        return None
    grouped = f"{int(whole):,}".replace(",", NBSP)
    return f"{grouped},{decimals}" if decimals else grouped


def _amount(value: str) -> float | None:
    french = french_number(value)
    return None if french is None else float(french.replace(NBSP, "").replace(",", "."))


def _scaled(factor: float, offset: float = 0.0) -> Callable[[str], str | None]:
    """A conversion rounded to what a reader needs: whole from 10 on, one decimal below, two digits from 1,000 on."""

    def convert(value: str) -> str | None:
        amount = _amount(value)
        if amount is None:
            return None
        result = (amount + offset) * factor
        if abs(result) >= 1000:
            result = round(result, -2)
        return french_number(f"{result:.0f}" if abs(result) >= 10 else f"{result:.1f}".removesuffix(".0"))

    return convert


def _celsius(value: str) -> str | None:
    amount = _amount(value)
    return None if amount is None else f"{(amount - 32) / 1.8:.0f}".replace("-", "−")


def _month_name(value: str) -> str | None:
    """`3`, `03` or `March` -> `mars`."""
    if value.isdigit():
        return MONTHS[int(value) - 1] if 1 <= int(value) <= 12 else None
    english = [name.lower() for name in ENGLISH_MONTHS]
    return MONTHS[english.index(value.lower())] if value.lower() in english else value.lower()


def _whole(value: str) -> int:
    """The figures of `18th` or `07`."""
    return int("".join(filter(str.isdigit, value)) or 0)


def _clock(first: int) -> Callable[[str], str | None]:
    """An hour of the twelve-hour clock that starts at `first`: noon is 12, midnight is 0."""
    return lambda value: str(_whole(value) % 12 + first)


def _times(factor: float, unit: str = "", thousand: str = "") -> Callable[[str], str | None]:
    """An amount times `factor`, followed by `unit`, or from 1,000 units on by `thousand`: 2,5 crores -> 25 millions."""

    def convert(value: str) -> str | None:
        amount = _amount(value)
        if amount is None:
            return None
        result, name = amount * factor, unit
        if thousand and result >= 1000:
            result, name = result / 1000, thousand
        number = french_number(f"{result:.2f}".rstrip("0").rstrip("."))
        return f"{number} {name}{'s' if result >= 2 else ''}" if name else number

    return convert


def _multiple(value: str) -> str:
    """What an English multiple is called in French: `bn` and `billion` are milliards."""
    value = value.strip().lower()
    if value.startswith(("b", "milliard")):
        return "milliard" if value in ("billion", "milliard") else "milliards"
    if value.startswith("trillion"):
        return "mille milliards"
    if value.startswith("crore"):
        return "dizaines de millions"
    if value.startswith("lakh"):
        return "centaines de milliers"
    return value if value.startswith("million") else "millions"


def _constant(text: str) -> Callable[[str], str | None]:
    return lambda value: text  # noqa: ARG005 (a transform takes its group)


#: What a field of `suggest` may do to its group: value -> new value, or None when it makes no sense.
TRANSFORMS: Mapping[str, Callable[[str], str | None]] = {
    "": lambda value: value,
    "lower": str.lower,
    "nth": lambda value: "1er" if _whole(value) == 1 else str(_whole(value)),
    "ordinal": lambda value: "1er" if _whole(value) == 1 else f"{_whole(value)}e",
    "pad": lambda value: value.zfill(2),
    "month": _month_name,
    "am": _clock(0),
    "pm": _clock(12),
    "hour": lambda value: str(_whole(value)),
    "minute": lambda value: "" if value == "00" else value,
    "number": french_number,
    "plural": lambda value: value.rstrip("sS") + "s",
    "milliard": _constant("milliard"),
    "milliards": _constant("milliards"),
    "kilometres": _scaled(1.609344),
    "metres": _scaled(0.3048),
    "kilograms": _scaled(0.45359237),
    "hectares": _scaled(0.40468564),
    "litres": _scaled(3.785412),
    "square-metres": _scaled(0.09290304),
    "celsius": _celsius,
    "of": lambda value: f"{_multiple(value)} de",
    "trillions": _times(1000),
    "currency": CURRENCIES.get,
    **{code: _constant(name) for code, name in CURRENCIES.items() if len(code) == 3},
    "crores": _times(10, "million", "milliard"),
    "lakhs": _times(100_000),
}
