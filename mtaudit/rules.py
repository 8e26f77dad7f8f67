"""Rule packs: folders of rule files -> a checked set of rules, with a compiled copy kept between runs."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib import resources
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
import platformdirs

from mtaudit import __version__, facts
from mtaudit.checks import CHECKERS
from mtaudit.errors import RuleError, RuleProblem
from mtaudit.facts import Facts
from mtaudit.memory import collection_paused
from mtaudit.model import Example, Rule
from mtaudit.regexes import meet_demands
from mtaudit.rulefile import parse_rule
from mtaudit.trust import validated_rules

SUFFIXES = (".yml", ".tsv")

#: The table of measures, which is no list of a rule.
MEASURES = "MEASURES.tsv"


class RuleSet(NamedTuple):
    """Rules in order of their ids, and a hash of the files that they come from."""

    rules: tuple[Rule, ...]
    hash: str


class _Compiled(NamedTuple):
    """What is kept of a folder: `version` names the code, and `manifest` the files, that it was compiled from."""

    version: str
    manifest: bytes
    hash: str
    rules: tuple[Rule, ...]


_Examples = dict[str, tuple[tuple[Example, ...], tuple[Example, ...]]]


def packaged_rules() -> Path:
    """The rules that come with mtaudit: inside the installed package, or beside it in a checkout."""
    installed = Path(str(resources.files("mtaudit"))) / "rules_data"
    return installed if installed.is_dir() else Path(__file__).resolve().parent.parent / "rules"


def load_rules(roots: Sequence[Path], cache: Path | None = None, examples: bool = False) -> RuleSet:
    """All rules under the folders.

    A compiled copy is kept per folder. It is used when every file has the size and the time that the copy was made
    from (as git's index does), or, failing that, when the files' contents hash to the same.

    Args:
        roots: folders of `<language>/<pack>/<name>.yml`.
        cache: folder for compiled copies; None takes the user's cache folder. One that cannot be written is no error.
        examples: whether the rules' examples are wanted; an audit goes without, for they are half of what is read.

    Raises:
        RuleError: with every fault of every file, or when a folder has no rules.
    """
    folder = cache or Path(platformdirs.user_cache_dir("mtaudit"))
    loaded = [_load_root(root, folder, examples) for root in roots]
    rules = loaded[0].rules
    if len(loaded) > 1:
        rules = tuple(sorted((rule for compiled in loaded for rule in compiled.rules), key=attrgetter("id")))
        _refuse_collisions(rules)
    joined = hashlib.sha256("".join(compiled.hash for compiled in loaded).encode()).hexdigest()
    return RuleSet(rules, joined[:12])


def _load_root(root: Path, cache: Path, examples: bool) -> _Compiled:
    if not root.is_dir():
        raise RuleError([RuleProblem(str(root), 1, "no such folder of rules")])
    manifest = _listing(root)
    # Rules keep their paths as the user typed them, so one folder under two names is compiled twice.
    name = hashlib.sha256(f"{root.resolve()}\0{root}".encode("utf-8", "surrogateescape")).hexdigest()[:16]
    path, beside, aside = (cache / f"{content}-{name}.msgpack" for content in ("rules", "examples", "facts"))
    kept, version = _read(path, _Compiled), f"{__version__} {_code()}"
    if kept and kept.version == version:
        facts.learn_later(lambda: _facts(aside, version))
    if kept and kept.version == version and kept.manifest == manifest:
        if not examples:
            return kept
        known = _read(beside, tuple[str, _Examples])
        if known and known[0] == kept.hash:
            return kept._replace(rules=tuple(_with_examples(rule, known[1]) for rule in kept.rules))
    files = manifest.decode("utf-8", "surrogateescape").split("\n")
    contents = {name: _content(root / name) for name in (file.partition("\0")[0] for file in files if file)}
    if not any(name.endswith(".yml") for name in contents):
        raise RuleError([RuleProblem(str(root), 1, "no rules here; they are named language/pack/name.yml")])
    digest = hashlib.sha256()
    for inner, content in contents.items():
        digest.update(f"{inner}\0{len(content)}\0".encode())
        digest.update(content)
    if kept and kept.version == version and kept.hash == digest.hexdigest() and not examples:
        compiled = kept._replace(manifest=manifest)
        _write(path, compiled)
        return compiled
    rules = _parse(root, contents)
    bare = tuple(msgspec.structs.replace(rule, bad=(), good=()) for rule in rules)
    compiled = _Compiled(version, manifest, digest.hexdigest(), bare)
    _find_facts(rules)
    _write(aside, (version, facts.known()))
    _write(beside, (digest.hexdigest(), {rule.id: (rule.bad, rule.good) for rule in rules}))
    _write(path, compiled)
    return compiled._replace(rules=rules) if examples else compiled


def _facts(path: Path, version: str) -> Facts | None:
    kept = _read(path, tuple[str, Facts])
    return kept[1] if kept and kept[0] == version else None


def _find_facts(rules: Sequence[Rule]) -> None:
    """Compiles the rules for what that finds out about their regexes and phrases."""
    for kind in {rule.check for rule in rules}:
        # What is wrong with rules together is for the run to tell, which may use but some of them.
        with suppress(ValueError), validated_rules():
            CHECKERS[kind].compile([rule for rule in rules if rule.check == kind])
    meet_demands()


def _with_examples(rule: Rule, examples: _Examples) -> Rule:
    bad, good = examples[rule.id]
    return msgspec.structs.replace(rule, bad=bad, good=good)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RuleError([RuleProblem(str(path), 1, f"cannot be read ({error.strerror})")]) from error


def _listing(root: Path) -> bytes:
    """The files of a folder of rules in order, a line each: name, null character, size and time."""
    found: list[str] = []
    folders = [""]
    while folders:
        inner = folders.pop()
        try:
            # Files are looked up from their open folder, which spares the system the way to it for each.
            folder = os.open(root / inner, os.O_RDONLY)
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        name = entry.name
                        if name[0] == "." or name == MEASURES:
                            continue
                        if name[-4:] in SUFFIXES and not entry.is_dir():
                            status = entry.stat()
                            found.append(f"{inner}{name}\0{status.st_size} {status.st_mtime_ns}")
                        elif entry.is_dir():
                            folders.append(f"{inner}{name}/")
            finally:
                os.close(folder)
        except OSError as error:
            raise RuleError([RuleProblem(str(root / inner), 1, f"cannot be read ({error.strerror})")]) from error
    found.sort()
    return "\n".join(found).encode("utf-8", "surrogateescape")


def _parse(root: Path, contents: dict[str, bytes]) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    problems: list[RuleProblem] = []
    lists = {name.removesuffix(".tsv") for name in contents if name.endswith(".tsv")}
    for name, content in contents.items():
        stem, shown = name.rpartition(".")[0], str(root / name)
        try:
            source = content.decode("utf-8")
        except UnicodeDecodeError as error:
            problems.append(RuleProblem(shown, content.count(b"\n", 0, error.start) + 1, "not UTF-8"))
            continue
        if name.endswith(".tsv"):
            if f"{stem}.yml" not in contents:
                problems.append(RuleProblem(shown, 1, "a list without the rule of the same name beside it"))
            continue
        table = contents[f"{stem}.tsv"].decode("utf-8", "replace") if stem in lists else None
        try:
            rules.append(parse_rule(stem, shown, source, table))
        except* RuleProblem as group:
            problems += (problem for problem in group.exceptions if isinstance(problem, RuleProblem))
    if problems:
        raise RuleError(problems)
    ordered = tuple(sorted(rules, key=attrgetter("id")))
    _refuse_collisions(ordered)
    return ordered


def _refuse_collisions(rules: Sequence[Rule]) -> None:
    owners: dict[str, Rule] = {}
    problems = []
    for rule in rules:
        for name in (rule.id, *rule.aka):
            if name in owners:
                problems.append(RuleProblem(rule.path, 1, f"the id {name!r} is taken by {owners[name].path}"))
            owners[name] = rule
    if problems:
        raise RuleError(problems)


def _code() -> str:
    """Sizes and times of the code that validates rules: what it accepted may not be what it accepts now."""
    package = Path(__file__).parent
    names = ("rulefile", "alternatives", "regexes", "regextree", "regexwork", "rarity")
    named = [package / f"{name}.py" for name in names]
    files = [*named, *sorted((package / "checks").glob("*.py"))]
    return " ".join(f"{status.st_size}-{status.st_mtime_ns}" for status in map(os.stat, files))


_T = TypeVar("_T")


def _read(path: Path, kind: type[_T]) -> _T | None:
    try:
        with collection_paused():
            return msgspec.msgpack.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError):
        return None


def _write(path: Path, content: object) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            try:
                file.write(msgspec.msgpack.encode(content))
                Path(file.name).replace(path)
            finally:
                Path(file.name).unlink(missing_ok=True)
    except OSError:
        return  # a read-only home costs time, not the run
