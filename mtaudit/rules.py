"""Rule packs: folders of rule files -> a checked set of rules, with a compiled copy kept between runs."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import msgspec
import platformdirs

from mtaudit import __version__
from mtaudit.errors import RuleError, RuleProblem
from mtaudit.model import Rule
from mtaudit.rulefile import parse_rule

SUFFIXES = (".yml", ".tsv")


class RuleSet(NamedTuple):
    """Rules in order of their ids, and a hash of the files that they come from."""

    rules: tuple[Rule, ...]
    hash: str


class _Stamp(NamedTuple):
    path: str
    size: int
    mtime: int


class _Compiled(NamedTuple):
    version: str
    stamps: tuple[_Stamp, ...]
    hash: str
    rules: tuple[Rule, ...]


def packaged_rules() -> Path:
    """The rules that come with mtaudit: inside the installed package, or beside it in a checkout."""
    installed = Path(str(resources.files("mtaudit"))) / "rules_data"
    return installed if installed.is_dir() else Path(__file__).resolve().parent.parent / "rules"


def load_rules(roots: Sequence[Path], cache: Path | None = None) -> RuleSet:
    """All rules under the folders.

    A compiled copy is kept per folder. It is used when every file has the size and the time that the copy was made
    from (as git's index does), or, failing that, when the files' contents hash to the same.

    Args:
        roots: folders of `<language>/<pack>/<name>.yml`.
        cache: folder for compiled copies; None takes the user's cache folder. One that cannot be written is no error.

    Raises:
        RuleError: with every fault of every file, or when a folder has no rules.
    """
    loaded = [_load_root(root, cache or Path(platformdirs.user_cache_dir("mtaudit"))) for root in roots]
    rules = sorted((rule for compiled in loaded for rule in compiled.rules), key=lambda rule: rule.id)
    owners: dict[str, Rule] = {}
    problems = []
    for rule in rules:
        for name in (rule.id, *rule.aka):
            if name in owners:
                problems.append(RuleProblem(rule.path, 1, f"the id {name!r} is taken by {owners[name].path}"))
            owners[name] = rule
    if problems:
        raise RuleError(problems)
    joined = hashlib.sha256("".join(compiled.hash for compiled in loaded).encode()).hexdigest()
    return RuleSet(tuple(rules), joined[:12])


def _load_root(root: Path, cache: Path) -> _Compiled:
    if not root.is_dir():
        raise RuleError([RuleProblem(str(root), 1, "no such folder of rules")])
    stamps = tuple(sorted(_stamps(root, "")))
    if not any(stamp.path.endswith(".yml") for stamp in stamps):
        raise RuleError([RuleProblem(str(root), 1, "no rules here; they are named language/pack/name.yml")])
    name = hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:16]
    path = cache / f"rules-{name}.msgpack"
    kept = _read(path)
    if kept and kept.stamps == stamps:
        return kept
    contents = {stamp.path: (root / stamp.path).read_bytes() for stamp in stamps}
    digest = hashlib.sha256()
    for name_, content in contents.items():
        digest.update(f"{name_}\0{len(content)}\0".encode())
        digest.update(content)
    if kept and kept.hash == digest.hexdigest():
        compiled = kept._replace(stamps=stamps)
    else:
        compiled = _Compiled(__version__, stamps, digest.hexdigest(), _parse(root, contents))
    _write(path, compiled)
    return compiled


def _stamps(folder: Path, prefix: str) -> Iterator[_Stamp]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                yield from _stamps(Path(entry.path), f"{prefix}{entry.name}/")
            elif entry.name.endswith(SUFFIXES):
                status = entry.stat()
                yield _Stamp(prefix + entry.name, status.st_size, status.st_mtime_ns)


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
    return tuple(sorted(rules, key=lambda rule: rule.id))


def _read(path: Path) -> _Compiled | None:
    try:
        kept = msgspec.msgpack.decode(path.read_bytes(), type=_Compiled)
    except (OSError, msgspec.DecodeError):
        return None
    return kept if kept.version == __version__ else None


def _write(path: Path, compiled: _Compiled) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(msgspec.msgpack.encode(compiled))
        Path(file.name).replace(path)
    except OSError:
        return  # a read-only home costs time, not the run
