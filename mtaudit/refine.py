"""Raw issues -> the list that is shown: silent regions, content that swallows, duplicates, overlaps, order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mtaudit.model import Analysis, Issue, RegionKind, Rule, Severity, Span

#: Of two issues on the same words, the kind that explains more comes first.
PRECEDENCE = (
    "content/",
    "accuracy/untranslated",
    "accuracy/",
    "linguistic/unintelligible",
    "linguistic/fragment",
    "linguistic/agreement",
    "linguistic/grammar",
    "linguistic/",
    "locale/",
    "style/",
)

#: Categories that say nothing new about words already shown as foreign.
SPELLING = frozenset({"linguistic/nonword", "linguistic/spelling"})


def refine(
    issues: Iterable[Issue],
    analysis: Analysis,
    rules: Mapping[str, Rule],
    min_severity: Severity = Severity.MINOR,
    min_confidence: float = 0.0,
) -> tuple[Issue, ...]:
    """The issues to show, in order of place.

    1. An issue in a region that its rule skips goes.
    2. Whatever lies inside a `content/*` issue goes with it: nobody corrects a disclaimer.
    3. Of issues of one category that overlap, or of any on the very same span, the best stays and keeps the ids of
       the others in `evidence["also"]`.
    4. What is under the thresholds goes.
    """
    kept = [issue for issue in issues if not _silenced(issue, analysis, rules[issue.rule].skip)]
    kept = _swallow(kept)
    kept = _merge(kept)
    shown = [issue for issue in kept if issue.severity.rank >= min_severity.rank and issue.confidence >= min_confidence]
    return tuple(sorted(shown, key=lambda issue: (issue.span, issue.rule)))


def _silenced(issue: Issue, analysis: Analysis, skip: Sequence[RegionKind]) -> bool:
    if not skip:
        return False
    sentence = analysis.sentence_at(issue.span.start)
    if sentence is not None and sentence.region in skip:
        return True
    return any(region.kind in skip and region.span.contains(issue.span) for region in analysis.regions)


def _swallow(issues: Sequence[Issue]) -> list[Issue]:
    content = [issue.span for issue in issues if issue.category.startswith("content/")]
    foreign = [issue.span for issue in issues if issue.category == "accuracy/untranslated"]
    return [
        issue
        for issue in issues
        if issue.category.startswith("content/")
        or not (
            any(span.contains(issue.span) for span in content)
            or (issue.category in SPELLING and any(span.overlaps(issue.span) for span in foreign))
        )
    ]


def _merge(issues: Sequence[Issue]) -> list[Issue]:
    kept: list[Issue] = []
    also: dict[int, list[str]] = {}
    for issue in sorted(issues, key=_standing):
        twin = next((n for n, other in enumerate(kept) if _same(issue, other)), None)
        if twin is None:
            kept.append(issue)
        elif issue.rule != kept[twin].rule:
            also.setdefault(twin, []).append(issue.rule)
    return [
        replace(issue, evidence={**issue.evidence, "also": sorted(set(also[n]))}) if n in also else issue
        for n, issue in enumerate(kept)
    ]


def _same(issue: Issue, other: Issue) -> bool:
    if issue.span == other.span:
        return True
    return issue.category == other.category and _overlap(issue.span, other.span)


def _overlap(one: Span, other: Span) -> bool:
    return one.overlaps(other) or one.start == other.start


def _standing(issue: Issue) -> tuple[int, int, float, int, int, str]:
    rank = next((n for n, prefix in enumerate(PRECEDENCE) if issue.category.startswith(prefix)), len(PRECEDENCE))
    length = issue.span.end - issue.span.start
    return -issue.severity.rank, rank, -issue.confidence, -length, issue.span.start, issue.rule
