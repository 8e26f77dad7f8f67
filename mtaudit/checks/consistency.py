"""One article, one spelling: the same word written in two ways.

A rule's `phenomenon` says which: `capital-accents` (*Etat* beside *État*), or `variants`, where each entry of the
rule's list is a set of spellings of one word (*Kiev|Kyiv*).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from mtaudit.model import Analysis, Issue, Need, Rule, Span, Word


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Spellings of one word, parted by `|`, in lower case, each a single word of the text."""

    variants: str


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`entries` belong to `variants` alone."""

    phenomenon: Literal["capital-accents", "variants"]
    entries: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError when the entries do not fit the phenomenon."""
        if (self.phenomenon == "variants") != bool(self.entries):
            raise ValueError("`variants` needs entries, and `capital-accents` has none")
        for entry in self.entries:
            if len(entry.variants.split("|")) < 2:
                raise ValueError(f"{entry.variants!r} is one spelling; write at least two, parted by |")


#: Capitals whose accent is often left out.
_CAPITALS = "ÀÂÇÈÉÊËÎÏÔÙÛÜ"


class _Compiled(NamedTuple):
    """`spellings` are the keys of `groups` as a set: its intersection with another costs no more than the smaller."""

    accents: Rule | None
    groups: Mapping[str, tuple[Rule, str]]
    spellings: frozenset[str]


def needs(_rule: Rule) -> frozenset[Need]:
    """Nothing but the words of the text."""
    return frozenset()


def compile(rules: Sequence[Rule]) -> _Compiled:
    """The rule on accents, and for each listed spelling its rule and its set."""
    accents = None
    groups: dict[str, tuple[Rule, str]] = {}
    for rule in rules:
        options = msgspec.convert(dict(rule.options), Options)
        if options.phenomenon == "capital-accents":
            accents = rule
        for entry in options.entries:
            groups |= dict.fromkeys(entry.variants.split("|"), (rule, entry.variants))
    return _Compiled(accents, groups, frozenset(groups))


def run(analysis: Analysis, compiled: _Compiled) -> Iterable[Issue]:
    """An issue for each bare capital whose accent the article writes elsewhere, and each use of the rarer variant."""
    # Few articles have such a capital, or two of the spellings: both are known before any word is looked at.
    if compiled.accents is not None and any(map(analysis.view.__contains__, _CAPITALS)):
        yield from _accents(analysis, compiled.accents)
    present = compiled.spellings & analysis.lowered_forms
    if len(present) > 1:
        yield from _variants(analysis, compiled.groups, present)


def _accents(analysis: Analysis, rule: Rule) -> Iterator[Issue]:
    accented = sorted(form for form in analysis.forms if form[0] in _CAPITALS and len(form) > 1)
    bare = {_bare(form): form for form in accented}
    if analysis.forms.isdisjoint(bare):
        return
    for word in analysis.words:
        # At the start of a sentence too: the accent belongs to the word and not to its place.
        if word.text in bare:
            yield _issue(rule, word, bare[word.text])


def _bare(form: str) -> str:
    """The form with its first letter stripped of its accent."""
    return unicodedata.normalize("NFD", form[0])[0] + form[1:]


def _variants(analysis: Analysis, groups: Mapping[str, tuple[Rule, str]], present: frozenset[str]) -> Iterator[Issue]:
    used: dict[str, dict[str, list[Word]]] = defaultdict(lambda: defaultdict(list))
    for word, key in zip(analysis.words, analysis.lowered, strict=True):
        # Who is quoted has a usage of his own.
        if key in present and not analysis.in_quote(Span(word.start, word.end)):
            used[groups[key][1]][key].append(word)
    for spellings in used.values():
        if len(spellings) < 2:
            continue
        # The first spelling wins a tie.
        usual = max(spellings.values(), key=lambda words: (len(words), -words[0].start))
        for key, words in spellings.items():
            if words is not usual:
                yield from (_issue(groups[key][0], word, usual[0].text) for word in words)


def _issue(rule: Rule, word: Word, other: str) -> Issue:
    return rule.issue(Span(word.start, word.end), word.text, [other], evidence={"other": other})
