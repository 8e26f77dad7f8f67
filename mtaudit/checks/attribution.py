"""Quotation after quotation attributed with the same verb: `a déclaré … a déclaré …`, as English repeats *said*."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from mtaudit.model import Analysis, Issue, Need, Rule, Span

if TYPE_CHECKING:
    import re


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options of an attribution rule.

    verb: the past participle that is repeated. others: the verbs, as participle or finite form, of other attributions;
    one between two of the same breaks the series. instead: participles to suggest, in turn. within: sentences from one
    attribution to the next; notebooks/attribution.py counts what each value finds on either side.
    """

    verb: str
    others: tuple[str, ...]
    instead: tuple[str, ...]
    within: int

    def __post_init__(self) -> None:
        if self.within < 1:
            raise ValueError("`within` must be at least 1")


class _Series(NamedTuple):
    """A rule made ready: `found` matches any attribution, with the group `same` around one by the rule's verb."""

    rule: Rule
    options: Options
    found: re.Pattern[str]


class _Attribution(NamedTuple):
    span: Span
    sentence: int
    is_same: bool


def needs(rule: Rule) -> frozenset[Need]:  # noqa: ARG001 (the protocol's signature)
    """Nothing: the surface is enough."""
    return frozenset()


def compile(rules: Sequence[Rule]) -> tuple[_Series, ...]:
    """Each rule with its pattern; raises ValueError naming the rule on a bad option."""
    compiled = []
    for rule in rules:
        try:
            options = msgspec.convert(rule.options, Options)
        except (msgspec.ValidationError, ValueError) as error:
            raise ValueError(f"{rule.id}: {error}") from error
        compiled.append(_Series(rule, options, _pattern(options)))
    return tuple(compiled)


def run(analysis: Analysis, compiled: tuple[_Series, ...]) -> Iterable[Issue]:
    """One issue for each attribution that repeats the verb of the one before."""
    for series in compiled:
        if analysis.lower.count(f" {series.options.verb}") > 1:
            yield from _repeated(analysis, series)


def _repeated(analysis: Analysis, series: _Series) -> Iterator[Issue]:
    before: _Attribution | None = None
    turn = 0
    for attribution in _attributions(analysis, series):
        if (
            before is not None
            and before.is_same
            and attribution.is_same
            and attribution.sentence - before.sentence <= series.options.within
        ):
            text = analysis.text[slice(*attribution.span)]
            participle = series.options.instead[turn % len(series.options.instead)]
            turn += 1
            yield series.rule.issue(attribution.span, text, (text[: -len(series.options.verb)] + participle,), 0.7)
        before = attribution


def _attributions(analysis: Analysis, series: _Series) -> Iterator[_Attribution]:
    for match in series.found.finditer(analysis.lower):
        sentence: Any = analysis.sentence_at(match.end() - 1)
        if sentence is not None:
            is_same = match["same"] is not None
            span = Span(*match.span("same" if is_same else 0))
            yield _Attribution(span, sentence.index, is_same)


def _pattern(options: Options) -> re.Pattern[str]:
    """An attribution follows a comma or the end of a quotation; the text is lower-cased."""
    import re

    pronoun = r"(?:-t-(?:il|elle|on)|-(?:ils|elles))"
    auxiliary = rf"(?:a|ont|avait|avaient){pronoun}?"
    others = "|".join(map(re.escape, options.others))
    return re.compile(
        # "Le ministre, élu du Nord, a déclaré que": an apposition, not a quotation.
        rf"""[,»"?!] (?:(?P<same>{auxiliary} {re.escape(options.verb)})(?! qu(?:e\b|'))"""
        rf"""|(?:l')?(?:{auxiliary} )?(?:{others}){pronoun}?)\b(?! (?:la guerre|forfait|coupable|ouvert))"""
    )
