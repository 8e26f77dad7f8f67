"""The command line. Imports stay inside commands so that `--version` and `--help` cost nothing."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from mtaudit import __version__
from mtaudit.console import faults
from mtaudit.errors import InputError
from mtaudit.feed_cli import feed
from mtaudit.fix_cli import fix
from mtaudit.house_cli import baseline as write_baseline
from mtaudit.house_cli import config, dismiss
from mtaudit.languagetool_cli import app as languagetool_app
from mtaudit.model import Severity
from mtaudit.models_cli import app as models_app
from mtaudit.options import (
    AllowPrivate,
    Columns,
    Drafts,
    FailFrom,
    FailOn,
    Formats,
    HoldOut,
    Ignore,
    InputFormat,
    LanguageToolAt,
    MaxBytes,
    MinConfidence,
    MinSeverity,
    MtModel,
    MtThreads,
    NoCache,
    Outputs,
    Paths,
    Require,
    RuleFolders,
    Seen,
    Select,
    Variety,
    Without,
    chosen_rules,
    engines_of,
    failing_severity,
    gold_items,
    job_of,
    peeked,
    read_articles,
    reading_of,
    ruleset_of,
    tell,
    verdict,
)
from mtaudit.rules_cli import app as rules_app

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Finds, sentence by sentence, what betrays machine translation in French news copy.",
)
app.command("baseline")(write_baseline)
app.command()(config)
app.command()(dismiss)
app.command()(feed)
app.command()(fix)
app.add_typer(rules_app, name="rules")
app.add_typer(languagetool_app, name="languagetool")
app.add_typer(models_app, name="models")


#: The commands that the configuration is for.
CONFIGURED = ("audit", "baseline", "config", "dismiss", "feed", "fix")


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
    configuration: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", envvar="MTAUDIT_CONFIG", help="Instead of the one found upward."),
    ] = None,
    no_configuration: Annotated[bool, typer.Option("--no-config", help="Take no configuration.")] = False,
) -> None:
    if version:
        typer.echo(f"mtaudit {__version__}")
        raise typer.Exit
    if no_configuration or context.invoked_subcommand not in CONFIGURED:
        return
    from mtaudit.settings import find_configuration, option_defaults

    with faults():
        context.obj = find_configuration(Path(), configuration)
    given = option_defaults(context.obj)
    context.default_map = dict.fromkeys(CONFIGURED, given)


@app.command()
def audit(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    paths: Paths,
    input_format: InputFormat = None,
    column: Columns = None,
    allow_private: AllowPrivate = False,
    format_: Formats = None,
    output: Outputs = None,
    select: Select = None,
    ignore: Ignore = None,
    drafts: Drafts = False,
    rules: RuleFolders = None,
    min_severity: MinSeverity = Severity.MINOR,
    min_confidence: MinConfidence = 0.0,
    fail_on: FailFrom = FailOn.MAJOR,
    engine: Require = None,
    no_engine: Without = None,
    languagetool: LanguageToolAt = None,
    french: Variety = "fr",
    mt_model: MtModel = None,
    mt_threads: MtThreads = None,
    no_cache: NoCache = False,
    profile: Annotated[str, typer.Option(help="Weights of the score: wmt or mqm.")] = "wmt",
    max_bytes: MaxBytes = None,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A log of `mtaudit baseline`, whose issues are not shown again."),
    ] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Terminal: show sentences without issues too.")] = False,
) -> None:
    """Audit articles and report, sentence by sentence, what betrays the machine."""
    from mtaudit.mqm import PROFILES
    from mtaudit.outputs import outputs_of, write_outputs
    from mtaudit.reports.baselines import against, read_log

    if profile not in PROFILES:
        raise typer.BadParameter(f"{profile!r} is not one of {', '.join(PROFILES)}", param_hint="--profile")
    with faults():
        outputs = outputs_of(output or (), [wanted.value for wanted in format_ or ()])
        earlier = read_log(baseline) if baseline else None
        job = job_of(context, rules, select, ignore, drafts)
        unread: list[InputError] = []
        seen = Seen()
        # The first article is read before any engine starts: who mistypes a path need not wait for that.
        reading = reading_of(input_format, column, allow_private, max_bytes)
        articles = peeked(read_articles(paths, reading, unread, [*filter(None, (to.file for to in outputs))]))
        run = job.prepare(
            profile=profile,
            min_severity=min_severity,
            min_confidence=min_confidence,
            **engines_of(
                no_engine=no_engine,
                languagetool=languagetool,
                french=french,
                mt_model=mt_model,
                mt_threads=mt_threads,
                no_cache=no_cache,
                idle=articles is None,
            ),
        )
        reports = run.run(articles or ())
        write_outputs(
            seen.watch(reports if earlier is None else against(reports, earlier)),
            outputs,
            unreadable=unread,
            rules=run.rules,
            baseline=earlier,
            fail_on=failing_severity(fail_on),
            show_all=show_all,
        )
        tell(unread, job.policy.faults, job.policy.unused())
    raise typer.Exit(verdict(seen, unread, fail_on, engine or []))


@app.command()
def explain(rule: Annotated[str, typer.Argument(metavar="RULE")], rules: RuleFolders = None) -> None:
    """Say what a rule finds and why, with its examples and references."""
    from mtaudit.measures import digest, read_measures
    from mtaudit.reports.rulebook import write_rule
    from mtaudit.rules import MEASURES, packaged_rules
    from mtaudit.selection import find_rule

    with faults():
        found = find_rule(ruleset_of(rules, examples=True).rules, rule)
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
    languagetool: LanguageToolAt = None,
    mt_model: MtModel = None,
    mt_threads: MtThreads = None,
    no_cache: NoCache = False,
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
        ruleset = ruleset_of(rules)
        chosen = chosen_rules(ruleset, select, ignore, drafts)
        items = list(islice(gold_items([gold], hold_out, only), limit))
        items = [plain(item) for item in items] if plain_typography else items
        run = prepare(
            ruleset,
            chosen,
            min_severity=min_severity,
            **engines_of(
                no_engine=no_engine,
                languagetool=languagetool,
                mt_model=mt_model,
                mt_threads=mt_threads,
                no_cache=no_cache,
            ),
        )
        result = evaluate(items, run.run(item.article for item in items))
        write_evaluation(result, sys.stdout, as_json=json_, alarms=alarms)
