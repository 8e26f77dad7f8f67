"""The configuration: `mtaudit.toml`, or `[tool.mtaudit]` of `pyproject.toml`, found upward; and the dismissals."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from mtaudit.errors import UsageError
from mtaudit.model import Severity
from mtaudit.policies import Dismissal, Override, Policy
from mtaudit.rulefile import did_you_mean

#: Looked for in a folder, then in the one above it.
NAMES = ("mtaudit.toml", "pyproject.toml")
#: Where dismissals are kept when the configuration does not say: beside it, or in the working folder.
DISMISSED = "mtaudit-dismissed.toml"

_HEAD = "# Issues that were looked at and let stand; written by `mtaudit dismiss`, and free to be edited.\n"


class OverrideSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """`[[overrides]]`: what holds for articles of some paths or outlets alone, named as for all of them."""

    paths: list[str] = []
    outlets: list[str] = []
    ignore: list[str] = []
    words: list[str] = []
    min_severity: Literal["minor", "major", "critical"] = "minor"
    min_confidence: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0

    def __post_init__(self) -> None:
        if not (self.paths or self.outlets):
            raise ValueError("an override names `paths` or `outlets`")
        if not (self.ignore or self.words or self.min_severity != "minor" or self.min_confidence):
            raise ValueError("an override says what is otherwise there: ignore, words, min-severity, min-confidence")


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """What the configuration may say. Those named as options of the command line mean the same.

    words, word_files: words and phrases that the house accepts; a file has one a line.
    dismissed: the file of dismissals. baseline: the log of `mtaudit baseline` whose issues are not shown again.
    """

    select: list[str] = []
    ignore: list[str] = []
    drafts: bool = False
    rules: list[str] = []
    min_severity: Literal["minor", "major", "critical"] = "minor"
    min_confidence: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    fail_on: Literal["minor", "major", "critical", "never"] = "major"
    profile: str = "wmt"
    engine: list[str] = []
    no_engine: list[str] = []
    languagetool: str = ""
    french: str = "fr"
    mt_model: str = ""
    mt_threads: Annotated[int, msgspec.Meta(ge=1)] | None = None
    no_cache: bool = False
    words: list[str] = []
    word_files: list[str] = []
    input_format: str = ""
    column: list[str] = []
    allow_private: bool = False
    max_bytes: Annotated[int, msgspec.Meta(ge=1)] | None = None
    max_per_thousand: Annotated[float, msgspec.Meta(ge=0)] | None = None
    dismissed: str = DISMISSED
    baseline: str = ""
    overrides: list[OverrideSetting] = []


class Configuration(NamedTuple):
    """Settings and the file that they come from, None where there is none."""

    settings: Settings
    path: Path | None = None

    @classmethod
    def empty(cls) -> Configuration:
        """The defaults."""
        return cls(Settings())

    def located(self, name: str) -> Path:
        """A path of the configuration, which is relative to its file."""
        return (self.path.parent if self.path else Path()) / name


#: Settings that are options of commands.
_OPTIONS = (
    *("select", "ignore", "drafts", "rules", "min_severity", "min_confidence", "fail_on", "profile"),
    *("engine", "no_engine", "languagetool", "french", "mt_model", "mt_threads", "no_cache", "baseline"),
    *("input_format", "column", "allow_private", "max_bytes", "max_per_thousand"),
)
_PATHS = frozenset(("rules", "baseline"))


def find_configuration(start: Path, named: Path | None = None) -> Configuration:
    """The nearest configuration at or above a folder, or the one named.

    Raises:
        UsageError: when it cannot be read, or says what no setting is.
    """
    if named is not None:
        table = _table(named)
        if table is None:
            raise UsageError(f"{named}: has no [tool.mtaudit]")
        return Configuration(_settings(named, table), named)
    for folder in (start.resolve(), *start.resolve().parents):
        for path in map(folder.joinpath, NAMES):
            if path.is_file() and (table := _table(path)) is not None:
                return Configuration(_settings(path, table), path)
    return Configuration.empty()


def option_defaults(configuration: Configuration) -> dict[str, Any]:
    """The defaults that the configuration gives to options of commands, by parameter."""
    given: dict[str, Any] = {}
    for name in _OPTIONS:
        value = getattr(configuration.settings, name)
        if value is None or value in ([], "") or value is False:
            continue
        if name in _PATHS:
            located = [str(configuration.located(one)) for one in ([value] if isinstance(value, str) else value)]
            value = located[0] if isinstance(value, str) else located
        if name == "mt_model":
            # Folders are relative to the configuration; names of models are nowhere.
            folders = [(one.strip(), configuration.located(one.strip())) for one in value.split(",")]
            value = ",".join(str(folder) if folder.is_dir() else one for one, folder in folders)
        given[name] = value
    return given


def policy_of(configuration: Configuration, overridden: Mapping[int, frozenset[str]], today: date) -> Policy:
    """The decisions of the configuration; `overridden` has the ids of the rules that each override names, in order.

    Raises:
        UsageError: when a file of words or of dismissals cannot be read.
    """
    settings = configuration.settings
    words = list(settings.words)
    for name in settings.word_files:
        words += (line.partition("#")[0].strip() for line in _text(configuration.located(name)).splitlines())
    dismissals = read_dismissals(configuration.located(settings.dismissed))
    return Policy(
        overrides=tuple(
            Override(
                overridden[n],
                tuple(one.paths),
                tuple(one.outlets),
                _folded(one.words),
                Severity(one.min_severity),
                one.min_confidence,
            )
            for n, one in enumerate(settings.overrides)
        ),
        dismissals={dismissal.key: dismissal for dismissal in dismissals},
        words=_folded(words),
        today=today,
    )


def _folded(words: Iterable[str]) -> frozenset[str]:
    """As they are looked up: straight apostrophes, no capitals."""
    return frozenset(word.replace("’", "'").casefold() for word in words if word)


def read_dismissals(path: Path) -> list[Dismissal]:
    """What was dismissed; nothing when there is no such file. Raises UsageError for one that is wrong."""
    if not path.exists():
        return []
    try:
        rows = tomllib.loads(_text(path)).get("dismissed", [])
        return msgspec.convert(rows, list[Dismissal])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"{path}: {error}") from error


def add_dismissals(path: Path, dismissals: Iterable[Dismissal]) -> None:
    """Writes dismissals below those of the file. Raises UsageError when it cannot be written."""
    blocks = [_HEAD] if not path.exists() else []
    for dismissal in dismissals:
        rows = [f"{name} = {_quoted(value)}" for name, value in asdict(dismissal).items() if value]
        blocks.append("\n".join(["[[dismissed]]", *rows, ""]))
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write("\n".join(blocks if not path.exists() or not path.stat().st_size else ["", *blocks]))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def shown(configuration: Configuration) -> str:
    """The settings in force as TOML, those that differ from the default marked with their file."""
    default = Settings()
    lines = [f"# {configuration.path or 'no configuration found; these are the defaults'}"]
    settings = configuration.settings
    for field in msgspec.structs.fields(Settings):
        value = getattr(settings, field.name)
        if field.name == "overrides":
            continue
        mark = "" if value == getattr(default, field.name) else "  # set"
        lines.append(f"{field.encode_name} = {_quoted(value)}{mark}")
    for override in settings.overrides:
        lines += ["", "[[overrides]]", *(f"{key} = {_quoted(value)}" for key, value in _items(override))]
    return "\n".join(lines) + "\n"


def _items(override: OverrideSetting) -> Sequence[tuple[str, Any]]:
    return [(key, value) for key, value in msgspec.to_builtins(override).items() if value]


def _quoted(value: Any) -> str:
    """A value in TOML, of which a string, a list and a boolean are written as in JSON."""
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(path: Path) -> Mapping[str, Any] | None:
    """The settings of a file as it has them; None for a pyproject.toml that is not about us."""
    try:
        content = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: {error}") from error
    if path.name != "pyproject.toml":
        return content
    table = content.get("tool", {}).get("mtaudit")
    return table if isinstance(table, dict) else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error


def _settings(path: Path, table: Mapping[str, Any]) -> Settings:
    known = [field.encode_name for field in msgspec.structs.fields(Settings)]
    unknown = [f"unknown setting {key!r}{did_you_mean(key, known)}" for key in table if key not in known]
    if unknown:
        raise UsageError("\n".join(f"{path}: {fault}" for fault in unknown))
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}: {error}") from error
