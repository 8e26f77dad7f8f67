"""`mtaudit feed`: audits what is new in feeds since the last run, for jobs that watch them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtaudit.console import counted, faults
from mtaudit.errors import InputError
from mtaudit.exits import Exit
from mtaudit.model import Severity
from mtaudit.options import (
    AllowPrivate,
    Drafts,
    FailFrom,
    FailOn,
    Formats,
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
    Require,
    RuleFolders,
    Seen,
    Select,
    Variety,
    Without,
    engines_of,
    failing_severity,
    job_of,
    reading_of,
    tell,
    verdict,
)

if TYPE_CHECKING:
    from mtaudit.model import Report


def feed(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    feeds: Annotated[list[str], typer.Argument(metavar="URL|FILE…", help="RSS, Atom or JSON Feed; or any file.")],
    state: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What was seen is kept here; otherwise in your state folder, by feed."),
    ] = None,
    input_format: InputFormat = None,
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
    max_per_thousand: Annotated[
        float | None,
        typer.Option(min=0, help="Exit with 1 when the new entries together score more per 1,000 words."),
    ] = None,
    engine: Require = None,
    no_engine: Without = None,
    languagetool: LanguageToolAt = None,
    french: Variety = "fr",
    mt_model: MtModel = None,
    mt_threads: MtThreads = None,
    no_cache: NoCache = False,
    max_bytes: MaxBytes = None,
) -> None:
    """Audit the entries of feeds that are new since the last run."""
    from mtaudit.outputs import outputs_of, write_outputs
    from mtaudit.subscriptions import State, Subscription, news, read_state, write_state

    with faults():
        outputs = outputs_of(output or (), [wanted.value for wanted in format_ or ()])
        job = job_of(context, rules, select, ignore, drafts)
        reading = reading_of(input_format, None, allow_private, max_bytes)
        place = state or _own_place(feeds)
        before = read_state(place)
        found = {name: news(name, before.feeds.get(name, Subscription()), reading) for name in dict.fromkeys(feeds)}
        unread: list[InputError] = [error for new in found.values() for error in new.unread]
        articles = [article for new in found.values() for article in new.articles]
        run = job.prepare(
            min_severity=min_severity,
            min_confidence=min_confidence,
            **engines_of(
                no_engine=no_engine,
                languagetool=languagetool,
                french=french,
                mt_model=mt_model,
                mt_threads=mt_threads,
                no_cache=no_cache,
                idle=not articles,
            ),
        )
        tally = _Tally()
        write_outputs(
            tally.watch(run.run(articles)),
            outputs,
            unreadable=unread,
            rules=run.rules,
            fail_on=failing_severity(fail_on),
            show_all=False,
        )
        # Only now, so that entries of a run that broke off are new again.
        write_state(place, State(before.feeds | {name: new.after for name, new in found.items()}))
        without_text = chain.from_iterable(new.without_text for new in found.values())
        summary = f"{counted(len(articles), 'new entry', 'new entries')} in {counted(len(found), 'feed')}"
        tell(unread, without_text, job.policy.faults, [summary])
    code = verdict(tally, unread, fail_on, engine or [])
    if code is Exit.CLEAN and max_per_thousand is not None and tally.per_thousand > max_per_thousand:
        tell([f"{tally.per_thousand:.1f} points per 1,000 words are more than {max_per_thousand:g}"])
        code = Exit.ISSUES
    raise typer.Exit(code)


class _Tally(Seen):
    """The words and the penalty of a run too."""

    def __init__(self) -> None:
        super().__init__()
        self.words = 0
        self.penalty = 0.0

    @property
    def per_thousand(self) -> float:
        return 1000 * self.penalty / self.words if self.words else 0.0

    def watch(self, reports: Iterator[Report]) -> Iterator[Report]:
        for report in super().watch(reports):
            self.words += report.score.words
            self.penalty += report.score.penalty
            yield report


def _own_place(feeds: list[str]) -> Path:
    """A file for these feeds in the user's state folder."""
    import platformdirs

    name = hashlib.sha256("\n".join(sorted(set(feeds))).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return Path(platformdirs.user_state_dir("mtaudit")) / "feeds" / f"{name}.json"
