"""Patterns over lemma, part of speech, morphology and dependency, in spaCy's own languages.

`patterns` are those of spaCy's `Matcher`, `dependency` those of its `DependencyMatcher`, with two keys more per token:
`mark: true` (the issue covers the marked tokens only) and `without: [obj, …]` (the token governs nothing by these
dependencies). The words that a pattern cannot do without are looked up first, so that most patterns never run on a
sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from mtaudit.model import Analysis, Issue, Need, Rule, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

ATTRIBUTES = frozenset(
    {
        *(
            "ORTH",
            "TEXT",
            "NORM",
            "LOWER",
            "SHAPE",
            "PREFIX",
            "SUFFIX",
            "LENGTH",
            "LEMMA",
            "POS",
            "TAG",
            "MORPH",
            "DEP",
        ),
        *("ENT_TYPE", "ENT_IOB", "IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER", "IS_UPPER", "IS_TITLE", "IS_PUNCT"),
        *("IS_SPACE", "IS_STOP", "IS_SENT_START", "IS_QUOTE", "LIKE_NUM", "LIKE_URL", "LIKE_EMAIL"),
    }
)
PREDICATES = frozenset(
    ["IN", "NOT_IN", "IS_SUBSET", "IS_SUPERSET", "INTERSECTS", "REGEX", "FUZZY", "==", "!=", ">=", "<=", ">", "<"]
)
OPERATORS = re.compile(r"[!?+*]|\{(?:\d+|\d+,|,\d+|\d+,\d+)\}")
RELATIONS = frozenset(
    {
        *("<", ">", "<<", ">>", ".", ".*", ";", ";*", "$+", "$-", "$++", "$--"),
        *(">+", ">-", ">++", ">--", "<+", "<-", "<++", "<--"),
    }
)
_OPTIONAL = re.compile(r"[!?*]|\{0,\d*\}|\{,\d+\}|\{0\}")
_FIELD = re.compile(r"\{(\w+)(?:\.(lemma))?\}")

TokenPattern = dict[str, Any]


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a token rule.

    patterns: each a list of tokens, as for spaCy's `Matcher`; the longest of overlapping matches counts.
    dependency: each a list of nodes, as for spaCy's `DependencyMatcher`.
    unless: `Matcher` patterns that silence the rule in a sentence that holds one.
    suggestions: templates; `{0}` is the text that the first token of a pattern took, `{name}` that of a node, and
        `{0.lemma}` its lemma.
    """

    patterns: list[list[TokenPattern]] = []
    dependency: list[list[TokenPattern]] = []
    unless: list[list[TokenPattern]] = []
    suggestions: list[str] = []

    def __post_init__(self) -> None:
        if not self.patterns and not self.dependency:
            raise ValueError("a token rule needs `patterns` or `dependency`")
        for pattern in (*self.patterns, *self.unless):
            if not pattern:
                raise ValueError("a pattern needs tokens")
            for token in pattern:
                _check_token(token, frozenset({"OP", "mark", "without"}))
            _check_fields(self.suggestions, {str(number) for number in range(len(pattern))}, pattern in self.patterns)
        for nodes in self.dependency:
            _check_nodes(nodes)
            _check_fields(self.suggestions, {node["RIGHT_ID"] for node in nodes}, True)


class _Variant(NamedTuple):
    """One pattern of a rule. `demands` has the lemmas or lower-case forms of which a sentence must hold one of each."""

    rule: int
    tokens: list[TokenPattern]
    is_dependency: bool
    demands: tuple[frozenset[str], ...]


class _Found(NamedTuple):
    """A match: for each token of the pattern the tokens of the sentence that it took."""

    names: Mapping[str, list[Token]]
    marked: list[Token]


@dataclass(frozen=True, slots=True)
class Compiled:
    """All token rules of a run. `index` maps a word to the variants that it may start; the matchers are spaCy's, made
    on first use from the vocabulary of the first parse."""

    rules: tuple[tuple[Rule, Options], ...]
    variants: tuple[_Variant, ...]
    index: Mapping[str, tuple[int, ...]]
    always: tuple[int, ...]
    matchers: dict[int, Any] = field(default_factory=dict)
    exceptions: dict[int, Any] = field(default_factory=dict)


def needs(rule: Rule) -> frozenset[Need]:  # noqa: ARG001 (the same for every rule of the kind)
    """The parser."""
    return frozenset({Need.TOKENS})


def compile(rules: Sequence[Rule]) -> Compiled:
    """Raises ValueError, naming the rule, when an option cannot be used."""
    ready = []
    variants: list[_Variant] = []
    index: dict[str, list[int]] = {}
    always = []
    for number, rule in enumerate(rules):
        try:
            options = msgspec.convert(rule.options, Options)
        except ValueError as error:
            raise ValueError(f"{rule.id}: {error}") from error
        if "{suggestion}" in rule.message and not options.suggestions:
            raise ValueError(f"{rule.id}: the message asks for a suggestion and the rule has none")
        ready.append((rule, options))
        for tokens in options.patterns:
            variants.append(_Variant(number, tokens, False, _demands(tokens)))
        for nodes in options.dependency:
            variants.append(_Variant(number, nodes, True, _demands([node["RIGHT_ATTRS"] for node in nodes])))
    for place, variant in enumerate(variants):
        if not variant.demands:
            always.append(place)
            continue
        # The demand with the fewest words is likely the rarest.
        for word in min(variant.demands, key=len):
            index.setdefault(word, []).append(place)
    return Compiled(
        tuple(ready), tuple(variants), {word: tuple(places) for word, places in index.items()}, tuple(always)
    )


def run(analysis: Analysis, compiled: Compiled) -> Iterator[Issue]:
    """Issues of the parsed sentences."""
    for sentence, doc in analysis.parsed():
        words = {token.lower_ for token in doc}
        words.update(token.lemma_ for token in doc)
        wanted = set(compiled.always)
        for word in compiled.index.keys() & words:
            wanted.update(compiled.index[word])
        spans: set[tuple[int, Span]] = set()
        for place in sorted(wanted):
            variant = compiled.variants[place]
            if any(words.isdisjoint(demand) for demand in variant.demands):
                continue
            rule, options = compiled.rules[variant.rule]
            for found in _matches(doc, place, compiled):
                start = min(token.idx for token in found.marked)
                end = max(token.idx + len(token) for token in found.marked)
                span = Span(sentence.span.start + start, sentence.span.start + end)
                if (variant.rule, span) in spans or _silenced(doc, variant.rule, compiled):
                    continue
                spans.add((variant.rule, span))
                text = analysis.text[span.start : span.end]
                swaps = [_filled(template, found, text) for template in options.suggestions]
                yield rule.issue(span, text, swaps)


def _matches(doc: Doc, place: int, compiled: Compiled) -> Iterator[_Found]:
    variant = compiled.variants[place]
    if place not in compiled.matchers:
        compiled.matchers[place] = _build(doc, variant)
    matcher = compiled.matchers[place]
    if variant.is_dependency:
        for _, places in matcher(doc):
            groups = [[doc[at]] for at in places]
            names = [node["RIGHT_ID"] for node in variant.tokens]
            yield from _judged(variant, names, groups)
        return
    for _, start, _, alignment in matcher(doc, with_alignments=True):
        groups = [[] for _ in variant.tokens]
        for offset, number in enumerate(alignment):
            groups[number].append(doc[start + offset])
        yield from _judged(variant, [str(number) for number in range(len(groups))], groups)


def _judged(variant: _Variant, names: list[str], groups: list[list[Token]]) -> Iterator[_Found]:
    """The match, unless a token governs what it must not."""
    for item, tokens in zip(variant.tokens, groups, strict=True):
        barred = item.get("without")
        if barred and any(child.dep_ in barred for token in tokens for child in token.children):
            return
    marked = [
        token for item, tokens in zip(variant.tokens, groups, strict=True) if item.get("mark") for token in tokens
    ]
    yield _Found(dict(zip(names, groups, strict=True)), marked or [token for tokens in groups for token in tokens])


def _build(doc: Doc, variant: _Variant) -> Any:
    from spacy.matcher import DependencyMatcher, Matcher

    if variant.is_dependency:
        trees = DependencyMatcher(doc.vocab)
        trees.add("m", [_plain(variant.tokens)])
        return trees
    matcher = Matcher(doc.vocab)
    matcher.add("m", [_plain(variant.tokens)], greedy="LONGEST")
    return matcher


def _plain(tokens: Sequence[TokenPattern]) -> list[TokenPattern]:
    return [{key: value for key, value in token.items() if key not in ("mark", "without")} for token in tokens]


def _silenced(doc: Doc, number: int, compiled: Compiled) -> bool:
    _, options = compiled.rules[number]
    if not options.unless:
        return False
    if number not in compiled.exceptions:
        from spacy.matcher import Matcher

        compiled.exceptions[number] = Matcher(doc.vocab)
        compiled.exceptions[number].add("m", [_plain(tokens) for tokens in options.unless])
    return bool(compiled.exceptions[number](doc))


def _filled(template: str, found: _Found, text: str) -> str:
    def part(field_: re.Match[str]) -> str:
        tokens = found.names[field_[1]]
        if field_[2]:
            return " ".join(token.lemma_ for token in tokens)
        return "".join(token.text_with_ws for token in tokens).strip()

    swap = _FIELD.sub(part, template)
    return swap[:1].upper() + swap[1:] if text[:1].isupper() else swap


def _demands(tokens: Sequence[TokenPattern]) -> tuple[frozenset[str], ...]:
    """The sets of words, as lemma or lower-case form, of which any match holds one each."""
    found = []
    for token in tokens:
        if _OPTIONAL.fullmatch(token.get("OP", "1")):
            continue
        for key in ("LEMMA", "LOWER"):
            value = token.get(key)
            if isinstance(value, str):
                found.append(frozenset({value}))
            elif isinstance(value, dict) and "IN" in value:
                found.append(frozenset(value["IN"]))
    return tuple(found)


def _check_token(token: TokenPattern, extra: frozenset[str]) -> None:
    for key, value in token.items():
        if key in extra:
            _check_extra(key, value)
        elif key not in ATTRIBUTES:
            raise ValueError(f"unknown token attribute {key!r}; known are {', '.join(sorted(ATTRIBUTES | extra))}")
        elif isinstance(value, dict):
            if unknown := set(value) - PREDICATES:
                raise ValueError(
                    f"unknown predicate {sorted(unknown)} of {key}; known are {', '.join(sorted(PREDICATES))}"
                )
        elif not isinstance(value, str | bool | int):
            raise ValueError(f"{key} takes a string, a number, a truth value or a predicate, not {value!r}")


def _check_extra(key: str, value: Any) -> None:
    if key == "OP" and not (isinstance(value, str) and OPERATORS.fullmatch(value)):
        raise ValueError(f"unknown OP {value!r}; known are ! ? + * {{n}} {{n,}} {{,m}} {{n,m}}")
    if key == "mark" and not isinstance(value, bool):
        raise ValueError(f"mark is true or false, not {value!r}")
    if key == "without" and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        raise ValueError(f"without takes a list of dependencies, not {value!r}")


def _check_nodes(nodes: Sequence[TokenPattern]) -> None:
    names: set[str] = set()
    for number, node in enumerate(nodes):
        stated = {"RIGHT_ID", "RIGHT_ATTRS"} | ({"LEFT_ID", "REL_OP"} if number else set())
        if stated - set(node) or set(node) - stated - {"mark", "without"}:
            raise ValueError(f"node {number} of a dependency pattern has the keys {', '.join(sorted(stated))}")
        if number and (node["LEFT_ID"] not in names or node["REL_OP"] not in RELATIONS):
            raise ValueError(f"node {number} hangs on {node['LEFT_ID']!r} by {node['REL_OP']!r}, which is not known")
        if not isinstance(node["RIGHT_ATTRS"], dict) or not re.fullmatch(r"\w+", str(node["RIGHT_ID"])):
            raise ValueError(f"node {number} needs a name of letters and a mapping of attributes")
        for key in ("mark", "without"):
            if key in node:
                _check_extra(key, node[key])
        _check_token(node["RIGHT_ATTRS"], frozenset())
        names.add(node["RIGHT_ID"])


def _check_fields(suggestions: Sequence[str], names: set[str], is_wanted: bool) -> None:
    for template in suggestions if is_wanted else ():
        for name, _ in _FIELD.findall(template):
            if name not in names:
                raise ValueError(f"the suggestion {template!r} names {name!r}, which a pattern does not have")
