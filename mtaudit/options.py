"""Options that commands share, and what they make of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from mtaudit.errors import InputError, UsageError
from mtaudit.exits import Exit
from mtaudit.model import Need, Report, Severity
from mtaudit.translations import ModelChoice, Threads
from mtaudit.witnesses import VARIETIES, Choice

if TYPE_CHECKING:
    from mtaudit.evaluation import Item
    from mtaudit.model import Article, Rule
    from mtaudit.pipeline import Audit
    from mtaudit.policies import Policy
    from mtaudit.readers import Reading
    from mtaudit.rules import RuleSet


class Format(StrEnum):
    """How the reports are written."""

    TERMINAL = "terminal"
    HTML = "html"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    RDJSONL = "rdjsonl"


class FailOn(StrEnum):
    """From which severity on `audit` ends with exit code 1."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    NEVER = "never"


class Engine(StrEnum):
    """The engines that can be required or switched off."""

    PARSER = "parser"
    LEXICON = "lexicon"
    LANGID = "langid"
    LANGUAGETOOL = "languagetool"
    TRANSLATOR = "translator"


ENGINE_NEEDS = {
    Engine.PARSER: Need.TOKENS,
    Engine.LEXICON: Need.LEXICON,
    Engine.LANGID: Need.LANGID,
    Engine.LANGUAGETOOL: Need.LANGUAGETOOL,
    Engine.TRANSLATOR: Need.ROUNDTRIP,
}

Paths = Annotated[
    list[str], typer.Argument(metavar="PATHS…", help="Files, folders, globs, URLs, or - for standard input.")
]
Formats = Annotated[
    list[Format] | None,
    typer.Option("--format", "-f", help="How to write the reports, whatever the file is called."),
]
Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write here, in the format that the name ends with; may be repeated."
    ),
]
InputFormat = Annotated[
    str | None, typer.Option(metavar="NAME", help="The format of the input, which is told from its content otherwise.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column", metavar="FIELD=NAME", help="Where a table holds text, id, title, lang, url, published, source, …"
    ),
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Fetch URLs that lead to private addresses, such as your own server's.")
]
MaxBytes = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Refuse larger files, pages, single records of a table.")
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="PREFIX", help="Only rules whose id or category begins so; may be repeated."),
]
Ignore = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="PREFIX", help="Not these rules; may be repeated.")
]
Drafts = Annotated[bool, typer.Option("--drafts", help="Run draft rules too.")]
RuleFolders = Annotated[
    list[Path] | None, typer.Option("--rules", metavar="DIR", help="More rules, beside the packaged ones.")
]
MinSeverity = Annotated[Severity, typer.Option(help="Show issues from this severity on; the score counts them all.")]
MinConfidence = Annotated[
    float, typer.Option(min=0, max=1, help="Drop issues under this confidence, from the score too.")
]
FailFrom = Annotated[FailOn, typer.Option("--fail-on", help="Exit with 1 from this severity on.")]
HoldOut = Annotated[
    list[str] | None, typer.Option("--hold-out", metavar="SET", help="Leave this set out; may be repeated.")
]
Require = Annotated[
    list[Engine] | None, typer.Option("--engine", help="This engine must run; without it the exit code is 3.")
]
Without = Annotated[list[Engine] | None, typer.Option("--no-engine", help="Leave this engine off.")]
LanguageToolAt = Annotated[
    str | None,
    typer.Option(
        "--languagetool",
        metavar="URL|DIR",
        envvar="MTAUDIT_LANGUAGETOOL",
        help="A running LanguageTool server, or the folder of its jars; otherwise what is installed.",
    ),
]
Variety = Annotated[
    str,
    typer.Option(
        metavar="|".join(VARIETIES), envvar="MTAUDIT_FRENCH", help="Which French LanguageTool holds the text to."
    ),
]
MtModel = Annotated[
    str | None,
    typer.Option(
        "--mt-model",
        metavar="NAME|DIR",
        envvar="MTAUDIT_MT_MODEL",
        help="Another translation model (`mtaudit models list`); two with a comma between them, fr-en first.",
    ),
]
MtThreads = Annotated[
    int | None,
    typer.Option(
        "--mt-threads",
        min=1,
        metavar="N",
        help="Batches that the translation model computes at once; else a core each.",
    ),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Translate everything anew, and keep no translation for the next run.")
]


class Seen:
    """What went past on the way to the writer."""

    def __init__(self) -> None:
        self.worst = -1
        self.skipped: set[str] = set()

    def watch(self, reports: Iterator[Report]) -> Iterator[Report]:
        for report in reports:
            if report.worst is not None:
                self.worst = max(self.worst, report.worst.rank)
            self.skipped |= {skip.engine for skip in report.skipped if skip.rules}
            yield report


def verdict(seen: Seen, unread: list[InputError], fail_on: FailOn, required: list[Engine]) -> Exit:
    """The exit code of a run, and a line on stderr for what was required and could not run."""
    missing = [engine.value for engine in required if engine.value in seen.skipped]
    if missing:
        typer.echo(f"mtaudit: required but could not run: {', '.join(missing)}", err=True)
    if unread or missing:
        return Exit.INCOMPLETE
    failing = failing_severity(fail_on)
    if failing is not None and seen.worst >= failing.rank:
        return Exit.ISSUES
    return Exit.CLEAN


def ruleset_of(folders: list[Path] | None, examples: bool = False) -> RuleSet:
    """The packaged rules with those of the user's folders."""
    from mtaudit.rules import load_rules, packaged_rules

    return load_rules([packaged_rules(), *(folders or ())], examples=examples)


def chosen_rules(
    ruleset: RuleSet, select: list[str] | None, ignore: list[str] | None, drafts: bool
) -> tuple[Rule, ...]:
    """The rules that run; raises UsageError when none is left."""
    from mtaudit.selection import select_rules

    chosen = select_rules(ruleset.rules, select or (), ignore or (), drafts)
    if not chosen:
        raise UsageError("--select and --ignore leave no rule to run; an audit by no rule would call anything clean")
    return chosen


class Job(NamedTuple):
    """The rules of a run, all of them and those chosen, and what the house lets stand."""

    ruleset: RuleSet
    rules: tuple[Rule, ...]
    policy: Policy

    def prepare(self, **settings: Any) -> Audit:
        """The engines started; `settings` are those of `pipeline.prepare`."""
        from mtaudit.pipeline import prepare

        return prepare(self.ruleset, self.rules, policy=self.policy, **settings)


def job_of(
    context: typer.Context,
    folders: list[Path] | None,
    select: list[str] | None,
    ignore: list[str] | None,
    drafts: bool = False,
) -> Job:
    """What a command runs by. Raises RuleError or UsageError, before anything is read or started."""
    ruleset = ruleset_of(folders)
    return Job(ruleset, chosen_rules(ruleset, select, ignore, drafts), _policy(context, ruleset))


def _policy(context: typer.Context, ruleset: RuleSet) -> Policy:
    """What the configuration lets stand."""
    from datetime import UTC, datetime

    from mtaudit.selection import rules_under
    from mtaudit.settings import Configuration, policy_of

    found = context.find_object(Configuration) or Configuration.empty()
    overrides = enumerate(found.settings.overrides)
    overridden = {n: rules_under(ruleset.rules, override.ignore) for n, override in overrides}
    return policy_of(found, overridden, datetime.now(UTC).date())


def failing_severity(fail_on: FailOn) -> Severity | None:
    """The severity that fails a run, None for never."""
    return None if fail_on is FailOn.NEVER else Severity(fail_on.value)


def tell(*said: Iterable[object]) -> None:
    """A line on standard error for each."""
    for line in chain.from_iterable(said):
        typer.echo(f"mtaudit: {line}", err=True)


def disabled_needs(without: list[Engine] | None) -> frozenset[Need]:
    """What the engines that are left off would have given."""
    return frozenset(ENGINE_NEEDS[engine] for engine in without or ())


def choice_of(where: str | None, variety: str = "fr") -> Choice:
    """Where LanguageTool is to be found, and for which French."""
    if variety not in VARIETIES:
        raise typer.BadParameter(f"{variety!r} is not one of {', '.join(VARIETIES)}", param_hint="--french")
    return Choice(where or None, variety)


def model_of(where: str | None, threads: int | None) -> ModelChoice:
    """Which model translates, and with how many threads: by default one for each core that this process may use."""
    return ModelChoice(where or None, Threads(at_once=threads or usable_cores()))


def engines_of(  # noqa: PLR0913 - one parameter an option
    *,
    no_engine: list[Engine] | None = None,
    languagetool: str | None = None,
    french: str = "fr",
    mt_model: str | None = None,
    mt_threads: int | None = None,
    no_cache: bool = False,
    idle: bool = False,
) -> dict[str, Any]:
    """The settings of `pipeline.prepare` for what the options say of engines; `idle` when there is nothing to audit."""
    return {
        "disabled": frozenset(Need) if idle else disabled_needs(no_engine),
        "languagetool": choice_of(languagetool, french),
        "model": model_of(mt_model, mt_threads),
        "remembers": not no_cache,
    }


def usable_cores() -> int:
    """How many cores this process may run on, which a container may set below what the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def gold_items(paths: list[Path], hold_out: list[str] | None, only: list[str] | None = None) -> Iterator[Item]:
    """The items of gold files, by set."""
    from mtaudit.evaluation import read_gold

    for item in (item for path in paths for item in read_gold(path)):
        name = item.group.partition("/")[0]
        if name not in (hold_out or ()) and (not only or name in only):
            yield item


def reading_of(
    input_format: str | None, columns: list[str] | None, allow_private: bool, max_bytes: int | None
) -> Reading:
    """How sources are read. Raises UsageError for a format or a field that there is not."""
    from mtaudit.readers import MAX_BYTES, Reading
    from mtaudit.readers.columns import mapping

    return Reading(
        input_format=input_format,
        columns=mapping(columns or ()),
        allow_private=allow_private,
        max_bytes=max_bytes or MAX_BYTES,
    )


def read_articles(
    paths: list[str], reading: Reading, unread: list[InputError], outputs: Sequence[Path]
) -> Iterator[Article]:
    """The articles; what cannot be read goes to `unread`. Raises UsageError when the report would overwrite one."""
    from mtaudit.readers import read_paths

    for found in read_paths(paths, reading=reading):
        if isinstance(found, InputError):
            unread.append(found)
            continue
        for output in outputs:
            if found.path and output.exists() and Path(found.path).exists() and output.samefile(found.path):
                raise UsageError(f"{output} is one of the articles; write the report to another file")
        yield found


def peeked(articles: Iterator[Article]) -> Iterator[Article] | None:
    """The same articles with the first one read already, or None when there is none."""
    first = next(articles, None)
    return None if first is None else chain([first], articles)
