"""The command line. Imports stay inside commands so that `--version` and `--help` cost nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, NoReturn

import typer

from mtaudit import __version__
from mtaudit.errors import InputError, MtauditError, UsageError
from mtaudit.exits import Exit
from mtaudit.model import Need, Report, Severity

if TYPE_CHECKING:
    from mtaudit.evaluation import Item
    from mtaudit.model import Article, Rule
    from mtaudit.rules import RuleSet

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Finds, sentence by sentence, what betrays machine translation in French news copy.",
)
rules_app = typer.Typer(no_args_is_help=True, help="List, show and test the rules.")
app.add_typer(rules_app, name="rules")


class Format(StrEnum):
    """How the reports are written."""

    TERMINAL = "terminal"
    JSON = "json"
    JSONL = "jsonl"


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


ENGINE_NEEDS = {Engine.PARSER: Need.TOKENS, Engine.LEXICON: Need.LEXICON, Engine.LANGID: Need.LANGID}

Paths = Annotated[list[str], typer.Argument(metavar="PATHS…", help="Files, folders, globs, or - for standard input.")]
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
HoldOut = Annotated[
    list[str] | None, typer.Option("--hold-out", metavar="SET", help="Leave this set out; may be repeated.")
]
Require = Annotated[
    list[Engine] | None, typer.Option("--engine", help="This engine must run; without it the exit code is 3.")
]
Without = Annotated[list[Engine] | None, typer.Option("--no-engine", help="Leave this engine off.")]


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False) -> None:
    if version:
        typer.echo(f"mtaudit {__version__}")
        raise typer.Exit


@app.command()
def audit(  # noqa: PLR0913 - one parameter an option
    paths: Paths,
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write the reports.")] = Format.TERMINAL,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here.")] = None,
    select: Select = None,
    ignore: Ignore = None,
    drafts: Drafts = False,
    rules: RuleFolders = None,
    min_severity: Annotated[
        Severity, typer.Option(help="Show issues from this severity on; the score counts them all.")
    ] = Severity.MINOR,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Drop issues under this confidence, from the score too.")
    ] = 0.0,
    fail_on: Annotated[FailOn, typer.Option(help="Exit with 1 from this severity on.")] = FailOn.MAJOR,
    engine: Require = None,
    no_engine: Without = None,
    profile: Annotated[str, typer.Option(help="Weights of the score: wmt or mqm.")] = "wmt",
    max_bytes: Annotated[int | None, typer.Option(metavar="N", help="Refuse files larger than this.")] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Terminal: show sentences without issues too.")] = False,
) -> None:
    """Audit articles and report, sentence by sentence, what betrays the machine."""
    from mtaudit.mqm import PROFILES
    from mtaudit.pipeline import prepare
    from mtaudit.reports import WRITERS

    if profile not in PROFILES:
        raise typer.BadParameter(f"{profile!r} is not one of {', '.join(PROFILES)}", param_hint="--profile")
    with faults():
        ruleset = _ruleset(rules)
        chosen = _chosen(ruleset, select, ignore, drafts)
        unread: list[InputError] = []
        seen = _Seen()
        # The first article is read before any engine starts: who mistypes a path need not wait for that.
        articles = _peeked(_articles(paths, max_bytes, unread, output))
        run = prepare(
            ruleset,
            chosen,
            disabled=_disabled(no_engine) if articles else frozenset(Need),
            profile=profile,
            min_severity=min_severity,
            min_confidence=min_confidence,
        )
        with _stream(output) as stream:
            # On a terminal, standard error says it already.
            options = {"show_all": show_all} if format_ is Format.TERMINAL else {"unreadable": unread}
            WRITERS[format_.value](seen.watch(run.run(articles or ())), stream, **options)
        for error in unread:
            typer.echo(f"mtaudit: {error}", err=True)
    raise typer.Exit(_verdict(seen, unread, fail_on, engine or []))


@app.command()
def explain(rule: Annotated[str, typer.Argument(metavar="RULE")], rules: RuleFolders = None) -> None:
    """Say what a rule finds and why, with its examples and references."""
    from mtaudit.measures import digest, read_measures
    from mtaudit.reports.rulebook import write_rule
    from mtaudit.rules import MEASURES, packaged_rules
    from mtaudit.selection import find_rule

    with faults():
        found = find_rule(_ruleset(rules, examples=True).rules, rule)
        measure = read_measures(packaged_rules() / MEASURES).get(found.id)
        # A rule that was changed since, or comes from another folder under the same id, was not measured.
        write_rule(found, sys.stdout, measure if measure and measure.digest == digest(found) else None)


@app.command("eval")
def evaluate_(  # noqa: PLR0913 - one parameter an option
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD", help="Annotated spans, or human and machine chunks, as JSON Lines.")
    ],
    select: Select = None,
    ignore: Ignore = None,
    drafts: Drafts = False,
    rules: RuleFolders = None,
    no_engine: Without = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N texts.")] = None,
    hold_out: HoldOut = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="SET", help="Only this set; may be repeated.")
    ] = None,
    plain_typography: Annotated[
        bool, typer.Option("--plain-typography", help="Straight quotes, hyphens and blanks on every side first.")
    ] = False,
    alarms: Annotated[bool, typer.Option("--alarms", help="Print every false alarm and every miss.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Write the figures as JSON.")] = False,
    min_severity: Annotated[Severity, typer.Option(help="Count issues from this severity on.")] = Severity.MINOR,
) -> None:
    """Compare a run with annotated spans, or count false alarms on clean text."""
    from mtaudit.evaluation import evaluate, plain
    from mtaudit.pipeline import prepare
    from mtaudit.reports.figures import write_evaluation

    with faults():
        ruleset = _ruleset(rules)
        chosen = _chosen(ruleset, select, ignore, drafts)
        items = list(islice(_items([gold], hold_out, only), limit))
        items = [plain(item) for item in items] if plain_typography else items
        run = prepare(ruleset, chosen, disabled=_disabled(no_engine), min_severity=min_severity)
        result = evaluate(items, run.run(item.article for item in items))
        write_evaluation(result, sys.stdout, as_json=json_, alarms=alarms)


@rules_app.command("list")
def list_rules(select: Select = None, ignore: Ignore = None, rules: RuleFolders = None) -> None:
    """One line a rule: id, check, category, severity, status, title."""
    from mtaudit.reports.rulebook import write_list
    from mtaudit.selection import select_rules

    with faults():
        write_list(select_rules(_ruleset(rules).rules, select or (), ignore or (), drafts=True), sys.stdout)


@rules_app.command("show")
def show_rule(rule: Annotated[str, typer.Argument(metavar="RULE")], rules: RuleFolders = None) -> None:
    """The rule's file as it stands, and the list beside it."""
    from mtaudit.selection import find_rule

    with faults():
        path = Path(find_rule(_ruleset(rules).rules, rule).path)
        typer.echo(path.read_text(encoding="utf-8"), nl=False)
        if (table := path.with_suffix(".tsv")).exists():
            typer.echo(f"\n# {table.name}\n{table.read_text(encoding='utf-8')}", nl=False)


@rules_app.command("test")
def check_rules(
    prefixes: Annotated[list[str] | None, typer.Argument(metavar="[PREFIX…]")] = None, rules: RuleFolders = None
) -> None:
    """Run rules against their own examples."""
    from mtaudit.examples import check_examples
    from mtaudit.selection import select_rules

    with faults():
        ruleset = _ruleset(rules, examples=True)
        chosen = select_rules(ruleset.rules, prefixes or (), drafts=True)
        failed: set[str] = set()
        expected = 0
        for failure in check_examples(ruleset, chosen):
            if failure.expected:
                expected += 1
                continue
            failed.add(failure.rule)
            typer.echo(f"{failure.rule}: {failure.reason}" + (f"\n    {failure.text}" if failure.text else ""))
        typer.echo(f"{len(chosen) - len(failed)} rules pass, {len(failed)} fail, {expected} failures expected")
    raise typer.Exit(Exit.ISSUES if failed else Exit.CLEAN)


@rules_app.command("measure")
def measure_rules(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD…", help="Human and machine chunks, as JSON Lines.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here.")] = None,
    hold_out: HoldOut = None,
    rules: RuleFolders = None,
) -> None:
    """Count how often every rule, drafts too, fires on the human and the machine sides."""
    import msgspec

    from mtaudit.measures import measure, write_measures
    from mtaudit.pipeline import prepare
    from mtaudit.selection import select_rules

    with faults():
        ruleset = _ruleset(rules)
        every = select_rules(ruleset.rules, drafts=True)
        items = list(_items(gold, hold_out))
        # Each rule is counted for itself, a weak one without company too.
        run = prepare(ruleset, [msgspec.structs.replace(rule, weak=False) for rule in every])
        measures = measure(items, run.run(item.article for item in items), every)
        with _stream(output) as stream:
            write_measures(measures, stream, sorted({item.group for item in items}))


class _Seen:
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


def _verdict(seen: _Seen, unread: list[InputError], fail_on: FailOn, required: list[Engine]) -> Exit:
    missing = [engine.value for engine in required if engine.value in seen.skipped]
    if missing:
        typer.echo(f"mtaudit: required but could not run: {', '.join(missing)}", err=True)
    if unread or missing:
        return Exit.INCOMPLETE
    if fail_on is not FailOn.NEVER and seen.worst >= Severity(fail_on.value).rank:
        return Exit.ISSUES
    return Exit.CLEAN


def _ruleset(folders: list[Path] | None, examples: bool = False) -> RuleSet:
    from mtaudit.rules import load_rules, packaged_rules

    return load_rules([packaged_rules(), *(folders or ())], examples=examples)


def _chosen(ruleset: RuleSet, select: list[str] | None, ignore: list[str] | None, drafts: bool) -> tuple[Rule, ...]:
    from mtaudit.selection import select_rules

    chosen = select_rules(ruleset.rules, select or (), ignore or (), drafts)
    if not chosen:
        raise UsageError("--select and --ignore leave no rule to run; an audit by no rule would call anything clean")
    return chosen


def _disabled(without: list[Engine] | None) -> frozenset[Need]:
    return frozenset(ENGINE_NEEDS[engine] for engine in without or ())


def _items(paths: list[Path], hold_out: list[str] | None, only: list[str] | None = None) -> Iterator[Item]:
    from mtaudit.evaluation import read_gold

    for item in (item for path in paths for item in read_gold(path)):
        name = item.group.partition("/")[0]
        if name not in (hold_out or ()) and (not only or name in only):
            yield item


def _articles(
    paths: list[str], max_bytes: int | None, unread: list[InputError], output: Path | None
) -> Iterator[Article]:
    from mtaudit.readers import read_paths

    for found in read_paths(paths) if max_bytes is None else read_paths(paths, max_bytes=max_bytes):
        if isinstance(found, InputError):
            unread.append(found)
        elif output and found.path and output.exists() and output.samefile(found.path):
            raise UsageError(f"{output} is one of the articles; write the report to another file")
        else:
            yield found


def _peeked(articles: Iterator[Article]) -> Iterator[Article] | None:
    """The same articles with the first one read already, or None when there is none."""
    first = next(articles, None)
    return None if first is None else chain([first], articles)


@contextmanager
def _stream(output: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a file that takes its name once it is whole."""
    name = "standard output" if output is None else str(output)
    special = output is not None and output.exists() and not output.is_file()
    written = output.with_name(f".{output.name}.part") if output is not None and not special else output
    try:
        if written is None or output is None:
            yield sys.stdout
            sys.stdout.flush()
            return
        with written.open("w", encoding="utf-8") as stream:
            yield stream
        if written != output:
            written.replace(output)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(name, f"cannot be written ({error.strerror})") from error
    finally:
        if written is not None and written != output:
            written.unlink(missing_ok=True)


@contextmanager
def faults() -> Iterator[None]:
    """Turns what a user can cause into lines on stderr and exit code 2; the rest is our bug and keeps its traceback."""
    try:
        yield
    except MtauditError as error:
        _give_up(error)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Exit.CLEAN) from None


def _give_up(error: MtauditError) -> NoReturn:
    for line in str(error).splitlines():
        typer.echo(f"mtaudit: {line}", err=True)
    raise typer.Exit(Exit.USAGE) from error
