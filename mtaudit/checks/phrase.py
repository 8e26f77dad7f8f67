"""Fixed phrases: surface literals, regexes and sequences of lemmas, with what they should read.

Phrases may hold alternatives in braces (see `alternatives`).
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from mtaudit.alternatives import REFERENCE, literals_of, parse_phrase
from mtaudit.elision import contracted
from mtaudit.errors import EngineError
from mtaudit.matching import WINDOW_SECONDS, Hit, Pattern, PatternSet, compile_patterns, trigger_of
from mtaudit.model import EMPTY, Analysis, Issue, Need, Rule, Span
from mtaudit.regexes import compile_regex, groups_of
from mtaudit.trust import are_validated

if TYPE_CHECKING:
    import regex
    from spacy.tokens import Doc

#: Code points before and after a match that `unless_before` and `unless_after` look at.
REACH = 80


class RegexOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A regex with what belongs to it alone. A group named `span` marks the words at fault."""

    pattern: str
    swap: str | list[str] | None = None
    trigger: str | list[str] | None = None


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a phrase rule.

    phrases: literals, with alternatives in braces; with `lemma`, sequences of lemmas.
    swap: the suggestion of every phrase or regex, or a map from phrases (which need not be repeated) to suggestions.
    entries: rows of a list, `phrase`, and optionally `suggestion` (several part by ` ; `) and `note`.
    regex: regexes, matched on lower-cased text unless `case`; `trigger` as in `matching.Pattern`.
    exceptions: literals or `/regexes/` that silence the rule in a sentence that holds one.
    unless_before, unless_after: the same, directly before or after the match.
    """

    phrases: list[str] = []
    swap: str | dict[str, str | list[str]] | None = None
    entries: list[dict[str, str]] = []
    regex: list[str | RegexOption] = []
    trigger: str | list[str] | None = None
    lemma: bool = False
    case: bool = False
    exceptions: list[str] = []
    unless_before: list[str] = []
    unless_after: list[str] = []

    def __post_init__(self) -> None:
        if are_validated():
            return
        if not (self.phrases or self.regex or self.entries or isinstance(self.swap, dict)):
            raise ValueError("a phrase rule needs `phrases`, `swap` as a map, `entries` or `regex`")
        if self.lemma and (self.regex or self.case):
            raise ValueError("`lemma` goes with `phrases`, `swap` and `entries` only")
        for entry in self.entries:
            unknown = set(entry) - {"phrase", "suggestion", "note"}
            if unknown or not entry.get("phrase"):
                raise ValueError(f"an entry has the columns phrase, suggestion and note, not {sorted(entry)}")
        for source in _sources(self):
            source.check(self)
        for item in (*self.exceptions, *self.unless_before, *self.unless_after):
            _condition(item)


class _Source(NamedTuple):
    """A phrase or regex as its author wrote it."""

    text: str
    swaps: tuple[str, ...]
    is_regex: bool = False
    trigger: tuple[str, ...] = ()
    note: str = ""

    def check(self, options: Options) -> None:
        """Raises ValueError when the text or its suggestions cannot be used."""
        if self.is_regex:
            trigger_of(Pattern(self.text, True, options.case, self.trigger))
            for reference in {name for swap in self.swaps for name in REFERENCE.findall(swap)} - groups_of(self.text):
                raise ValueError(f"a suggestion repeats ${reference}, a group that {self.text!r} does not have")
        else:
            parse_phrase(self.text, self.swaps)


class _Target(NamedTuple):
    """What one phrase or regex reports: the rule by index, a note for the message, and the suggestions: those of a
    regex, or those of a phrase, which depend on the form of it that was found."""

    rule: int
    note: str
    swaps: tuple[str, ...] = ()
    phrase: str | None = None


class _Sequence(NamedTuple):
    """A sequence of lemmas, and what it reports: a target, in the form of that number."""

    words: tuple[str, ...]
    target: _Target
    form: int


@dataclass(frozen=True, slots=True)
class _Ready:
    rule: Rule
    case: bool
    exceptions: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


class Compiled(NamedTuple):
    """All phrase rules of a run.

    The first patterns are regexes and cased literals, each with its target and the number of the form. Then come the
    other literals, those of one phrase after those of another; `starts` tells where each of `phrases` begins. `lemmas`
    maps the first lemma of a sequence to the sequences.
    """

    rules: tuple[_Ready, ...]
    patterns: PatternSet
    targets: tuple[tuple[_Target, int], ...]
    phrases: tuple[_Target, ...]
    starts: tuple[int, ...]
    lemmas: Mapping[str, list[_Sequence]]

    def target(self, hit: Hit) -> tuple[_Target, int]:
        """What a hit of the patterns reports, and in which form."""
        number = hit.pattern - len(self.targets)
        if number < 0:
            return self.targets[hit.pattern]
        index = bisect_right(self.starts, number) - 1
        return self.phrases[index], number - self.starts[index]


def needs(rule: Rule) -> frozenset[Need]:
    """Only sequences of lemmas need the parser."""
    return frozenset({Need.TOKENS}) if rule.options.get("lemma") else frozenset()


def compile(rules: Sequence[Rule]) -> Compiled:
    """Raises ValueError, naming the rule, when an option or a message cannot be used."""
    ready = []
    patterns: list[Pattern] = []
    targets: list[tuple[_Target, int]] = []
    literals: list[str] = []
    phrases: list[_Target] = []
    starts: list[int] = []
    lemmas: dict[str, list[_Sequence]] = {}
    for number, rule in enumerate(rules):
        try:
            options = msgspec.convert(rule.options, Options)
            for source in _sources(options):
                if not source.swaps and "{suggestion}" in rule.message:
                    raise ValueError(f"the message asks for a suggestion and {source.text!r} has none")
                if source.is_regex:
                    patterns.append(Pattern(source.text, True, options.case, source.trigger))
                    targets.append((_Target(number, source.note, source.swaps), 0))
                    continue
                texts, target = (
                    literals_of(source.text),
                    _Target(number, source.note, source.swaps, source.text),
                )
                if options.lemma:
                    for form, text in enumerate(texts):
                        words = tuple(text.lower().split())
                        lemmas.setdefault(words[0], []).append(_Sequence(words, target, form))
                elif options.case:
                    patterns += (Pattern(text, case=True) for text in texts)
                    targets += ((target, form) for form in range(len(texts)))
                else:
                    phrases.append(target)
                    starts.append(len(literals))
                    literals += map(str.lower, texts)
        except ValueError as error:
            raise ValueError(f"{rule.id}: {error}") from error
        ready.append(
            _Ready(
                rule,
                options.case,
                tuple(options.exceptions),
                tuple(options.unless_before),
                tuple(options.unless_after),
            )
        )
    compiled = compile_patterns(patterns, literals)
    return Compiled(tuple(ready), compiled, tuple(targets), tuple(phrases), tuple(starts), lemmas)


def run(analysis: Analysis, compiled: Compiled) -> Iterator[Issue]:
    """Raises EngineError, after all issues, when a regex of a rule ran out of time."""
    hits, slow = compiled.patterns.scan(analysis.view, analysis.lower, analysis.sentences)
    late = {compiled.rules[compiled.targets[number][0].rule].rule.id for number in slow}
    found = [(*compiled.target(hit), hit) for hit in hits]
    if compiled.lemmas:
        found += _lemma_hits(analysis, compiled)
    seen = set()
    for target, number, hit in found:
        ready = compiled.rules[target.rule]
        span = Span(*hit.match.span("span")) if hit.match and "span" in hit.match.re.groupindex else Span(*hit[1:3])
        if (target.rule, span) in seen or span.start < 0:
            continue
        try:
            if _silenced(ready, analysis, span):
                continue
        except TimeoutError:
            late.add(ready.rule.id)
            continue
        seen.add((target.rule, span))
        text = analysis.text[span.start : span.end]
        if target.phrase is None:
            swaps = [_filled(swap, hit, analysis.text) for swap in target.swaps]
        else:
            swaps = _suggested(target.phrase, target.swaps, number)
        suggestions = [contracted(swap if ready.case else _cased(swap, text)) for swap in swaps]
        yield ready.rule.issue(span, text, suggestions, evidence={"note": target.note} if target.note else EMPTY)
    if late:
        raise EngineError("regex", f"over the time limit: {', '.join(sorted(late))}", len(late))


def _sources(options: Options) -> Iterator[_Source]:
    shared = (options.swap,) if isinstance(options.swap, str) else ()
    mapped = options.swap if isinstance(options.swap, dict) else {}
    for phrase in options.phrases:
        if phrase not in mapped:
            yield _Source(phrase, shared)
    for phrase, swap in mapped.items():
        yield _Source(phrase, tuple(_listed(swap)))
    for entry in options.entries:
        swaps = tuple(part for part in entry.get("suggestion", "").split(" ; ") if part)
        yield _Source(entry["phrase"], swaps or shared, note=entry.get("note", ""))
    for item in options.regex:
        one = RegexOption(item) if isinstance(item, str) else item
        trigger = options.trigger if one.trigger is None else one.trigger
        yield _Source(one.pattern, tuple(_listed(one.swap)) or shared, True, tuple(_listed(trigger)))


def _listed(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def _condition(item: str) -> str:
    """The regex of a literal or a `/regex/`; raises ValueError when it is wrong."""
    if len(item) > 2 and item.startswith("/") and item.endswith("/"):
        compile_regex(item[1:-1])
        return item[1:-1]
    return "|".join(re.escape(text.lower()) for text in literals_of(item))


@lru_cache(maxsize=4096)
def _any_of(items: tuple[str, ...], frame: str) -> regex.Pattern[str]:
    """Compiled at the first hit of a rule that has them: few rules ever have one."""
    return compile_regex(frame.replace("{}", "|".join(map(_condition, items))))


def _silenced(ready: _Ready, analysis: Analysis, span: Span) -> bool:
    lower = analysis.lower
    if ready.before:
        before = _any_of(ready.before, r"(?<!\w)(?:{})\s*$")
        if before.search(lower, max(0, span.start - REACH), span.start, timeout=WINDOW_SECONDS):
            return True
    if ready.after:
        after = _any_of(ready.after, r"\s*(?:{})(?!\w)")
        if after.match(lower, span.end, span.end + REACH, timeout=WINDOW_SECONDS):
            return True
    if not ready.exceptions:
        return False
    sentence = analysis.sentence_at(span.start)
    start, end = sentence.span if sentence else span
    exceptions = _any_of(ready.exceptions, r"(?<!\w)(?:{})(?!\w)")
    return exceptions.search(lower, start, end, timeout=WINDOW_SECONDS) is not None


def _lemma_hits(analysis: Analysis, compiled: Compiled) -> Iterator[tuple[_Target, int, Hit]]:
    for sentence, doc in analysis.parsed():
        for start, end, sequence in _sequences(doc, compiled.lemmas):
            hit = Hit(-1, sentence.span.start + start, sentence.span.start + end)
            yield sequence.target, sequence.form, hit


def _sequences(doc: Doc, lemmas: Mapping[str, list[_Sequence]]) -> Iterator[tuple[int, int, _Sequence]]:
    """Places of sequences in a parsed sentence; a token counts as its lemma and as its form."""
    forms = [(token.lemma_.lower(), token.lower_) for token in doc]
    for place, names in enumerate(forms):
        for sequence in itertools.chain.from_iterable(lemmas.get(name, ()) for name in set(names)):
            stop = place + len(sequence.words)
            if stop <= len(forms) and all(a in b for a, b in zip(sequence.words, forms[place:stop], strict=True)):
                yield doc[place].idx, doc[stop - 1].idx + len(doc[stop - 1]), sequence


@lru_cache(maxsize=4096)
def _suggested(phrase: str, swaps: tuple[str, ...], number: int) -> list[str]:
    """The suggestions for a form of a phrase, which is parsed anew: few of the many phrases are ever found."""
    parsed = parse_phrase(phrase, swaps)
    form = parsed.form(number)
    return [template.fill(form) for template in parsed.templates]


def _filled(swap: str, hit: Hit, text: str) -> str:
    """A regex's suggestion with its groups, `$1` or `$name`, put in."""

    def group(found: re.Match[str]) -> str:
        if hit.match is None:
            return found[0]
        start, end = hit.match.span(int(found[1]) if found[1].isdigit() else found[1])
        return text[start:end] if start >= 0 else ""

    return REFERENCE.sub(group, swap)


def _cased(swap: str, text: str) -> str:
    """The suggestion with the capitals of the text: the first letter, or all of them."""
    if len(text) > 3 and text.isupper():
        return swap.upper()
    return swap[:1].upper() + swap[1:] if text[:1].isupper() else swap
