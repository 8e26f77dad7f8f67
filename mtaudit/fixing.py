"""Puts in the suggestions that need no reader: typography, blanks, dates, doubled words.

A pass puts in what does not overlap, audits the result, and takes back each change beside which something new was
found. Passes follow until one has nothing to put in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from mtaudit.model import Article, Issue, RegionKind, Report, Rule, Span

#: What one change uncovers the next pass mends; more passes than this mean that two rules undo each other's work.
MOST_PASSES = 8


class Auditor(Protocol):
    """What `pipeline.Audit` offers: rules that run, and a report for each article."""

    @property
    def rules(self) -> Mapping[str, Rule]: ...

    def run(self, articles: Iterable[Article]) -> Iterator[Report]: ...


class Edit(NamedTuple):
    """`new` instead of `old` at `span` of the text of its pass, as a rule suggests."""

    span: Span
    old: str
    new: str
    rule: str


class Fixed(NamedTuple):
    """A text with its safe suggestions put in; `edits` pass by pass, and those taken back again."""

    text: str
    edits: tuple[Edit, ...]
    refused: tuple[Edit, ...]


def fix(article: Article, auditor: Auditor, reread: Callable[[str], Article], quotations: bool = False) -> Fixed:
    """The article's text with what is safe put in.

    `reread` makes the article of a changed text, with the regions that its reader states. A quotation is left as it
    was said, unless `quotations`.
    """
    done: list[Edit] = []
    refused: list[Edit] = []
    barred: set[tuple[str, str, str]] = set()
    report = next(iter(auditor.run([article])))
    for _ in range(MOST_PASSES):
        edits = [edit for edit in _safe(report, auditor.rules, quotations) if _key(report, edit) not in barred]
        if not edits:
            break
        kept, after, taken = _accepted(report, edits, auditor, reread)
        barred |= {_key(report, edit) for edit in taken}
        refused += taken
        done += kept
        report = after
    return Fixed(report.article.text, tuple(done), tuple(refused))


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with edits put in that are in order and do not overlap."""
    parts = []
    last = 0
    for edit in edits:
        parts += [text[last : edit.span.start], edit.new]
        last = edit.span.end
    return "".join([*parts, text[last:]])


def _safe(report: Report, rules: Mapping[str, Rule], quotations: bool) -> list[Edit]:
    """The safe suggestions in order; of two that overlap the first."""
    text = report.article.text
    quoted = [region.span for region in report.regions if region.kind is RegionKind.QUOTE]
    edits: list[Edit] = []
    for issue in sorted(report.issues, key=lambda issue: issue.span):
        new = issue.suggestions[0] if issue.suggestions else ""
        old = text[slice(*issue.span)]
        if not rules[issue.rule].safe or not new or new == old or (edits and issue.span.start < edits[-1].span.end):
            continue
        if quotations or not any(span.contains(issue.span) and span != issue.span for span in quoted):
            edits.append(Edit(issue.span, old, new, issue.rule))
    return edits


def _accepted(
    before: Report, edits: Sequence[Edit], auditor: Auditor, reread: Callable[[str], Article]
) -> tuple[list[Edit], Report, list[Edit]]:
    """The edits after which nothing new is found, the report on the text with them, and the others."""
    kept = list(edits)
    taken: list[Edit] = []
    while kept:
        after = next(iter(auditor.run([reread(apply(before.article.text, kept))])))
        guilty = _guilty(before, after, kept)
        if not guilty:
            return kept, after, taken
        taken += [edit for edit in kept if edit in guilty]
        kept = [edit for edit in kept if edit not in guilty]
    return [], before, taken


def _guilty(before: Report, after: Report, edits: Sequence[Edit]) -> set[Edit]:
    """The edits beside which something is found that was not there before, or is there still."""
    was, now = (Counter(_found(report, issue) for issue in report.issues) for report in (before, after))
    places = _places(edits)
    guilty: set[Edit] = set()
    for issue in after.issues:
        found = _found(after, issue)
        if now[found] < was[found]:
            continue
        still = {edit for edit, span in places if edit.rule == issue.rule and issue.span.overlaps(span)}
        guilty |= still
        if now[found] > was[found] and not still:
            sentence = next((one.span for one in after.sentences if one.span.overlaps(issue.span)), issue.span)
            near = {edit for edit, span in places if span.start <= sentence.end and sentence.start <= span.end}
            # What is counted over a whole article can come from any of them.
            guilty |= near or set(edits)
    return guilty


def _places(edits: Sequence[Edit]) -> list[tuple[Edit, Span]]:
    """Where each edit stands in the text with all of them."""
    places = []
    shift = 0
    for edit in edits:
        start = edit.span.start + shift
        places.append((edit, Span(start, start + len(edit.new))))
        shift += len(edit.new) - len(edit.old)
    return places


def _found(report: Report, issue: Issue) -> tuple[str, str]:
    return issue.rule, report.article.text[slice(*issue.span)]


def _key(report: Report, edit: Edit) -> tuple[str, str, str]:
    """What an edit is known by from pass to pass: rule, words, and the words before them."""
    start = edit.span.start
    return edit.rule, edit.old, report.article.text[max(0, start - 20) : start]
