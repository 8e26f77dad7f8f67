"""What a newsroom decides for itself: `mtaudit config`, `mtaudit dismiss`, `mtaudit baseline`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtaudit.console import counted, faults
from mtaudit.errors import InputError, UsageError
from mtaudit.options import (
    AllowPrivate,
    Columns,
    Drafts,
    FailOn,
    Ignore,
    InputFormat,
    LanguageToolAt,
    MaxBytes,
    MtModel,
    MtThreads,
    NoCache,
    Paths,
    RuleFolders,
    Seen,
    Select,
    Variety,
    Without,
    engines_of,
    job_of,
    read_articles,
    reading_of,
    ruleset_of,
    tell,
    verdict,
)

if TYPE_CHECKING:
    from mtaudit.model import Article
    from mtaudit.settings import Configuration


def baseline(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    paths: Paths,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The log, of SARIF, to keep under version control.")
    ] = Path("mtaudit-baseline.sarif"),
    input_format: InputFormat = None,
    column: Columns = None,
    allow_private: AllowPrivate = False,
    max_bytes: MaxBytes = None,
    select: Select = None,
    ignore: Ignore = None,
    drafts: Drafts = False,
    rules: RuleFolders = None,
    no_engine: Without = None,
    languagetool: LanguageToolAt = None,
    french: Variety = "fr",
    mt_model: MtModel = None,
    mt_threads: MtThreads = None,
    no_cache: NoCache = False,
) -> None:
    """Note all issues there are now, so that `audit --baseline` shows only what is new."""
    from mtaudit.outputs import Output, write_outputs

    with faults():
        job = job_of(context, rules, select, ignore, drafts)
        unread: list[InputError] = []
        seen = Seen()
        reading = reading_of(input_format, column, allow_private, max_bytes)
        articles = read_articles(paths, reading, unread, [output])
        engines = engines_of(
            no_engine=no_engine,
            languagetool=languagetool,
            french=french,
            mt_model=mt_model,
            mt_threads=mt_threads,
            no_cache=no_cache,
        )
        run = job.prepare(**engines)
        outputs = [Output("sarif", output)]
        write_outputs(seen.watch(run.run(articles)), outputs, unreadable=unread, rules=run.rules)
        tell(unread)
    raise typer.Exit(verdict(seen, unread, FailOn.NEVER, []))


def config(context: typer.Context) -> None:
    """Show the settings in force, and the file that they come from."""
    from mtaudit.settings import shown

    typer.echo(shown(_configuration(context)), nl=False)


def dismiss(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    path: Annotated[str, typer.Argument(metavar="PATH", help="The article.")],
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The rule whose issues are to stand.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; for those who come after you.")],
    line: Annotated[int | None, typer.Option(min=1, metavar="N", help="Only what begins in this line.")] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The last day that it holds.")
    ] = None,
    rules: RuleFolders = None,
) -> None:
    """Let what a rule finds in an article stand, wherever the same sentence comes again."""
    from mtaudit.pipeline import prepare
    from mtaudit.policies import Dismissal
    from mtaudit.positions import Positions
    from mtaudit.selection import find_rule
    from mtaudit.settings import add_dismissals, read_dismissals

    with faults():
        if not reason.strip():
            raise UsageError("--reason must say why")
        configuration = _configuration(context)
        target = configuration.located(configuration.settings.dismissed)
        ruleset = ruleset_of(rules)
        found = find_rule(ruleset.rules, rule)
        article = _article(path)
        positions = Positions(article.text)
        report = next(prepare(ruleset, [found]).run([article]))
        known = {dismissal.key for dismissal in read_dismissals(target)}
        new = {}
        for issue in report.issues:
            if line is not None and positions.place(issue.span.start).line != line:
                continue
            sentence = next((one for one in report.sentences if one.span.overlaps(issue.span)), None)
            words = article.text[slice(*(sentence.span if sentence else issue.span))]
            one = Dismissal(found.id, words, reason.strip(), article.id, until.date() if until else None)
            new[one.key] = one
        if not new:
            where = f" in line {line}" if line else ""
            raise UsageError(f"{article.id}: {found.id} finds nothing{where}; there is nothing to dismiss")
        added = [one for key, one in new.items() if key not in known]
        if added:
            add_dismissals(target, added)
        tell([f"{counted(len(added), 'sentence')} added to {target}, {len(new) - len(added)} there already"])


def _configuration(context: typer.Context) -> Configuration:
    from mtaudit.settings import Configuration

    return context.find_object(Configuration) or Configuration.empty()


def _article(path: str) -> Article:
    from mtaudit.readers import read_paths

    found = list(read_paths([path]))
    for one in found:
        if isinstance(one, InputError):
            raise one
    if len(found) != 1:
        raise UsageError(f"{path}: holds {len(found)} articles; name one")
    [article] = found
    assert not isinstance(article, InputError)
    return article
