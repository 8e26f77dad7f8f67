"""`mtaudit rules`: list, show, test and measure them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from mtaudit.console import faults, stream
from mtaudit.exits import Exit
from mtaudit.options import HoldOut, Ignore, LanguageToolAt, RuleFolders, Select, choice_of, gold_items, ruleset_of

app = typer.Typer(no_args_is_help=True, help="List, show and test the rules.")


@app.command("list")
def list_rules(select: Select = None, ignore: Ignore = None, rules: RuleFolders = None) -> None:
    """One line a rule: id, check, category, severity, status, title."""
    from mtaudit.reports.rulebook import write_list
    from mtaudit.selection import select_rules

    with faults():
        write_list(select_rules(ruleset_of(rules).rules, select or (), ignore or (), drafts=True), sys.stdout)


@app.command("show")
def show_rule(rule: Annotated[str, typer.Argument(metavar="RULE")], rules: RuleFolders = None) -> None:
    """The rule's file as it stands, and the list beside it."""
    from mtaudit.selection import find_rule

    with faults():
        path = Path(find_rule(ruleset_of(rules).rules, rule).path)
        typer.echo(path.read_text(encoding="utf-8"), nl=False)
        if (table := path.with_suffix(".tsv")).exists():
            typer.echo(f"\n# {table.name}\n{table.read_text(encoding='utf-8')}", nl=False)


@app.command("test")
def check_rules(
    prefixes: Annotated[list[str] | None, typer.Argument(metavar="[PREFIX…]")] = None,
    languagetool: LanguageToolAt = None,
    rules: RuleFolders = None,
) -> None:
    """Run rules against their own examples."""
    from mtaudit.examples import check_examples
    from mtaudit.selection import select_rules

    with faults():
        ruleset = ruleset_of(rules, examples=True)
        chosen = select_rules(ruleset.rules, prefixes or (), drafts=True)
        failed: set[str] = set()
        expected = unrun = 0
        for failure in check_examples(ruleset, chosen, choice_of(languagetool)):
            if failure.unrun:
                unrun += 1
                typer.echo(f"mtaudit: {failure.rule} was not run: {failure.reason}", err=True)
                continue
            if failure.expected:
                expected += 1
                continue
            failed.add(failure.rule)
            typer.echo(f"{failure.rule}: {failure.reason}" + (f"\n    {failure.text}" if failure.text else ""))
        passed = len(chosen) - len(failed) - unrun
        typer.echo(f"{passed} rules pass, {len(failed)} fail, {expected} failures expected")
    raise typer.Exit(Exit.ISSUES if failed else Exit.CLEAN)


@app.command("measure")
def measure_rules(  # noqa: PLR0913 - one parameter an option
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD…", help="Human and machine chunks, as JSON Lines.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here.")] = None,
    hold_out: HoldOut = None,
    select: Select = None,
    ignore: Ignore = None,
    languagetool: LanguageToolAt = None,
    rules: RuleFolders = None,
) -> None:
    """Count how often every rule, drafts too, fires on the human and the machine sides.

    Rules that are not selected, or whose engine cannot run, keep what the packaged table has of them. Those of round
    trips, which would take hours, are measured when they are calibrated.
    """
    import msgspec

    from mtaudit.measures import kept_measures, measure, write_measures
    from mtaudit.model import Need
    from mtaudit.pipeline import prepare
    from mtaudit.rules import MEASURES, packaged_rules
    from mtaudit.selection import select_rules

    with faults():
        ruleset = ruleset_of(rules)
        chosen = select_rules(ruleset.rules, select or (), ignore or (), drafts=True)
        items = list(gold_items(gold, hold_out))
        # Each rule is counted for itself, whatever company it has.
        alone = [msgspec.structs.replace(rule, weak=False, common=False) for rule in chosen]
        run = prepare(ruleset, alone, disabled=frozenset({Need.ROUNDTRIP}), languagetool=choice_of(languagetool))
        counted = [rule for rule in chosen if rule.id in run.rules]
        measures = measure(items, run.run(item.article for item in items), counted)
        others = [rule for rule in select_rules(ruleset.rules, drafts=True) if rule.id not in measures]
        if others:
            kept, unmeasured = kept_measures(packaged_rules() / MEASURES, others, measures)
            measures |= kept
            for name in unmeasured:
                typer.echo(f"mtaudit: {name} has no current figures and is left out", err=True)
        with stream(output) as out:
            write_measures(measures, out, sorted({item.group for item in items}))
