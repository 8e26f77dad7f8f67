"""One rule file: YAML and the list beside it -> `Rule`, with every fault at its line."""

from __future__ import annotations

import csv
import difflib
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from mtaudit.categories import CATEGORIES
from mtaudit.checks import CHECKERS, MESSAGE_FIELDS
from mtaudit.errors import RuleProblem
from mtaudit.model import Example, RegionKind, Rule, Severity, Span, Status

#: A rule's id: language, pack, name.
ID = re.compile(r"[a-z]{2,3}/[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*")

#: Where rules about the text itself stay silent: nobody translates what lies there.
DEFAULT_SKIP = (RegionKind.BOILERPLATE, RegionKind.METADATA, RegionKind.MARKUP, RegionKind.VERSE)

#: Languages (ISO 639-1) that a rule may name as the one the text was translated from.
SOURCE_LANGUAGES = frozenset(
    "ar de en es fa he hi id it ja ko ms nl pl pt ro ru sv tr uk vi zh".split(" ")  # noqa: SIM905 - one line
)

#: Options that hold one entry of the pack each.
ENTRY_OPTIONS = ("entries", "phrases", "swap", "regex", "patterns", "dependency", "pairs")

_MARK = re.compile(r"\[\[([^\[\]|]+)(?:\|([^\[\]]*))?\]\]")
_PATH = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")


class ExampleFile(msgspec.Struct, forbid_unknown_fields=True):
    """An example written out, to record that it is known to fail, or to give the text that it was translated from."""

    text: str
    expected_failure: str | None = None
    source: str | None = None


class ExamplesFile(msgspec.Struct, forbid_unknown_fields=True):
    """The in-rule tests."""

    bad: list[str | ExampleFile] = []
    good: list[str | ExampleFile] = []


class RuleFile(msgspec.Struct, forbid_unknown_fields=True):
    """A rule as it stands in YAML."""

    check: str
    title: str
    message: str
    why: str
    category: str
    severity: Severity
    status: Status = Status.STABLE
    references: list[str] = []
    skip: list[RegionKind] | None = None
    options: dict[str, Any] = {}
    examples: ExamplesFile = msgspec.field(default_factory=ExamplesFile)
    aka: list[str] = []
    votes: list[str] = []
    frequent: str = ""
    weak: bool = False
    common: bool = False
    safe: bool = False
    gloss: list[str] = []


Step = str | int
Lines = dict[tuple[Step, ...], int]


def parse_rule(identifier: str, path: str, source: str, table: str | None = None) -> Rule:
    """The rule of one file.

    `table` is the text of the TSV list beside it, if there is one; its rows become `options["entries"]`.

    Raises:
        ExceptionGroup: of RuleProblem, every fault of the file.
    """
    try:
        data, lines, faults = _load(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or f"not YAML ({str(error).splitlines()[0]})"
        raise ExceptionGroup(path, [RuleProblem(path, mark.line + 1 if mark else 1, str(reason))]) from None
    problems = [RuleProblem(path, line, reason) for line, reason in faults]
    if problems:
        raise ExceptionGroup(path, problems)
    if not isinstance(data, dict):
        raise ExceptionGroup(path, [RuleProblem(path, 1, "a rule is a mapping of keys to values")])

    def add(steps: tuple[Step, ...], reason: str) -> None:
        problems.append(RuleProblem(path, _line(lines, steps), reason))

    if not ID.fullmatch(identifier):
        add((), f"the path gives the id {identifier!r}; an id is language/pack/name in lower case with hyphens")
    if table is not None:
        _add_entries(data, path, table, problems, add)
    for steps, reason in (*_field_faults(data), *_meaning_faults(data)):
        add(steps, reason)
    if problems:
        raise ExceptionGroup(path, problems)
    file = msgspec.convert(data, RuleFile)
    skip = DEFAULT_SKIP if file.skip is None and not file.category.startswith("content/") else tuple(file.skip or ())
    return Rule(
        id=identifier,
        check=file.check,
        title=file.title,
        message=file.message,
        why=file.why,
        category=file.category,
        severity=file.severity,
        status=file.status,
        references=tuple(file.references),
        options=file.options,
        skip=skip,
        bad=tuple(_example(example) for example in file.examples.bad),
        good=tuple(_example(example) for example in file.examples.good),
        aka=tuple(file.aka),
        votes=tuple(file.votes),
        frequent=file.frequent,
        weak=file.weak,
        common=file.common,
        safe=file.safe,
        gloss=tuple(gloss.lower() for gloss in file.gloss),
        entries=max(1, sum(_size(file.options.get(key)) for key in ENTRY_OPTIONS)),
        path=path,
    )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` when a known word is close, else the empty string."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


def marked(text: str) -> Example:
    """An example with its `[[span|suggestion]]` marks taken out and turned into spans.

    Raises:
        ValueError: when a mark is not closed.
    """
    plain: list[str] = []
    spans: list[Span] = []
    suggestions: list[str | None] = []
    at = length = 0
    for match in _MARK.finditer(text):
        before = text[at : match.start()]
        plain += (before, match[1])
        length += len(before)
        spans.append(Span(length, length + len(match[1])))
        suggestions.append(match[2])
        length += len(match[1])
        at = match.end()
    plain.append(text[at:])
    joined = "".join(plain)
    if "[[" in joined or "]]" in joined:
        raise ValueError("a mark is not closed; write [[span]] or [[span|suggestion]]")
    return Example(joined, tuple(spans), tuple(suggestions))


def _example(example: str | ExampleFile) -> Example:
    if isinstance(example, str):
        return marked(example)
    return marked(example.text)._replace(expected_failure=example.expected_failure, source=example.source)


def _size(value: object) -> int:
    return len(value) if isinstance(value, (list, dict)) else 0


def _load(source: str) -> tuple[Any, Lines, list[tuple[int, str]]]:
    loader = yaml.CSafeLoader(source)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, {}, []
        lines: Lines = {}
        faults: list[tuple[int, str]] = []
        _walk(node, (), lines, faults, ())
        return (None if faults else loader.construct_document(node)), lines, faults
    finally:
        loader.dispose()


def _walk(
    node: yaml.Node, steps: tuple[Step, ...], lines: Lines, faults: list[tuple[int, str]], above: tuple[yaml.Node, ...]
) -> None:
    """Notes where each value stands, and what YAML allows but a rule does not."""
    lines.setdefault(steps, node.start_mark.line + 1)
    if any(node is ancestor for ancestor in above):
        faults.append((node.start_mark.line + 1, "an alias (*) stands inside what it repeats"))
        return
    above = (*above, node)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                faults.append((key.start_mark.line + 1, f"the key {name!r} stands twice"))
            seen.add(name)
            lines[*steps, name] = key.start_mark.line + 1
            _walk(value, (*steps, name), lines, faults, above)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*steps, index), lines, faults, above)


def _line(lines: Lines, steps: tuple[Step, ...]) -> int:
    while steps and steps not in lines:
        steps = steps[:-1]
    return lines.get(steps, 1)


def _add_entries(data: dict[str, Any], path: str, table: str, problems: list[RuleProblem], add: Any) -> None:
    options = data.setdefault("options", {})
    if not isinstance(options, dict):
        return
    if "entries" in options:
        add(("options", "entries"), "the entries stand here and in the .tsv beside the rule; keep one")
        return
    rows = list(csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    list_path = str(Path(path).with_suffix(".tsv"))
    if not rows:
        problems.append(RuleProblem(list_path, 1, "the list is empty; its first line names the columns"))
        return
    header, entries = rows[0], []
    for number, row in enumerate(rows[1:], start=2):
        if not row or (len(row) == 1 and not row[0].strip()):
            continue
        if len(row) != len(header):
            problems.append(
                RuleProblem(list_path, number, f"{len(row)} columns where the first line names {len(header)}")
            )
            continue
        entries.append({key: cell for key, cell in zip(header, row, strict=True) if cell})
    options["entries"] = entries


def _field_faults(data: Mapping[str, Any]) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Unknown, missing and mistyped keys, each field by itself so that all are told at once."""
    yield from _struct_faults(data, RuleFile, ())
    check, options = data.get("check"), data.get("options", {})
    if isinstance(check, str) and check in CHECKERS and isinstance(options, dict):
        kind = CHECKERS[check].Options
        found = False
        for fault in _struct_faults(options, kind, ("options",)):
            found = True
            yield fault
        if not found:
            yield from _conversion_faults(options, kind, ("options",))


def _struct_faults(
    data: Mapping[str, Any], kind: Any, base: tuple[Step, ...]
) -> Iterator[tuple[tuple[Step, ...], str]]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key in data:
        if key not in fields:
            yield (*base, str(key)), f"unknown key {key!r}{did_you_mean(str(key), fields)}"
    for name, field in fields.items():
        if name in data:
            yield from _conversion_faults(data[name], field.type, (*base, name))
        elif field.required:
            yield base, f"the key {name!r} is missing"


def _conversion_faults(value: Any, kind: Any, base: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], str]]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message = str(error)
        steps = base
        if match := _PATH.search(message):
            message = message[: match.start()]
            steps = (*base, *(name or int(index) for name, index in _STEP.findall(match["path"])))
        yield steps, f"{'.'.join(map(str, steps))}: {message}"


def _template_faults(message: str, known: set[str]) -> Iterator[str]:
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(message) if field is not None]
    except ValueError as error:
        yield f"message: {error}"
        return
    for field in fields:
        if field not in known:
            names = ", ".join(f"{{{name}}}" for name in sorted(known))
            yield f"message: {{{field}}} is not filled by this check, which fills {names}{did_you_mean(field, known)}"


def _meaning_faults(data: Mapping[str, Any]) -> Iterator[tuple[tuple[Step, ...], str]]:
    """What types cannot say: names from closed lists, templates, marks."""
    check = data.get("check")
    if isinstance(check, str) and check not in CHECKERS:
        yield ("check",), f"unknown kind of check {check!r}{did_you_mean(check, CHECKERS)}"
    category = data.get("category")
    if isinstance(category, str) and category not in CATEGORIES:
        yield ("category",), f"unknown category {category!r}{did_you_mean(category, CATEGORIES)}"
    message = data.get("message")
    if isinstance(message, str):
        known = {"match", "suggestion", *MESSAGE_FIELDS.get(str(check), ())}
        yield from ((("message",), fault) for fault in _template_faults(message, known))
    if data.get("common") is True and (data.get("weak") is True or data.get("severity") != Severity.MINOR.value):
        yield ("common",), "common: only minor faults that are not weak may be left unshown as common"
    votes = data.get("votes")
    for index, vote in enumerate(votes if isinstance(votes, list) else ()):
        if vote not in SOURCE_LANGUAGES:
            yield (
                ("votes", index),
                f"votes: {vote!r} is no source language; known are {', '.join(sorted(SOURCE_LANGUAGES))}",
            )
    examples = data.get("examples")
    if not isinstance(examples, dict):
        return
    for side in ("bad", "good"):
        listed = examples.get(side)
        for index, example in enumerate(listed if isinstance(listed, list) else ()):
            text = example.get("text") if isinstance(example, dict) else example
            if not isinstance(text, str):
                continue
            steps = ("examples", side, index)
            try:
                spans = marked(text).spans
            except ValueError as error:
                yield steps, f"{'.'.join(map(str, steps))}: {error}"
                continue
            if side == "bad" and not spans:
                yield steps, "a bad example marks what is to be found: [[span]] or [[span|suggestion]]"
            if side == "good" and spans:
                yield steps, "a good example has no marks"
