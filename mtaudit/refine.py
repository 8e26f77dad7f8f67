"""Raw issues -> the list that is shown: silent regions, content that swallows, duplicates, overlaps, order."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mtaudit.intervals import Cover
from mtaudit.model import Analysis, Issue, RegionKind, Rule, Sentence, Span

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

#: Issues of weak rules are shown from so many in an article on, and from one in so many words; or where the article is
#: so probably a machine's by its phrasing. A heavy turn alone is anybody's; `notebooks/weak_rules.py` counts how often
#: people and machines heap them, and how many are shown to whom. Common faults, which people make as often, are not
#: shown where the probability is lower, unless the article has so many that are neither weak nor common.
FEWEST_WEAK = 3
WORDS_A_WEAK = 250
WEAK_FROM = 0.6
FEWEST_TELLING = 2
WORDS_A_TELLING = 600

#: The kinds of check that pass on what another program or a model found: ours go first, and these are their witnesses.
WITNESSES = ("languagetool", "roundtrip")
#: The kinds of check that judge by how the parser builds a sentence.
PARSED = ("agreement", "tokens")
#: Two spans are of the same words when they share so much of the longer one.
SAME_WORDS = 0.5

#: Categories that say nothing new about words already shown as foreign.
SPELLING = frozenset({"linguistic/nonword", "linguistic/spelling"})


def refine(
    issues: Iterable[Issue],
    analysis: Analysis,
    rules: Mapping[str, Rule],
    min_confidence: float = 0.0,
    probability: float | None = None,
) -> tuple[Issue, ...]:
    """The issues of an article, in order of place; `probability` that a machine translated it, if that is known.

    1. An issue in a region that its rule skips goes, and one that was told from the parse of a headline without a verb.
    2. Whatever lies inside a `content/*` issue goes with it: nobody corrects a disclaimer.
    3. Of issues of one category that overlap, or of any on the very same span, the best stays and keeps the ids of
       the others in `evidence["also"]`.
    4. What is less certain than `min_confidence` goes.
    5. Issues of weak rules go unless the article has several, or reads like a machine's; of common faults where it
       reads otherwise and has few telling ones. Nothing is known of how a short article reads.
    6. What a witness found too becomes evidence of ours; what it alone found stays its own.
    """
    heard = _swallow(_outside(issues, analysis, rules))
    kept = _merge([issue for issue in heard if rules[issue.rule].check not in WITNESSES])
    sure = [issue for issue in kept if issue.confidence >= min_confidence]
    shown = _in_company(sure, rules, len(analysis.words), probability)
    for witness in WITNESSES:
        told = _merge([issue for issue in heard if rules[issue.rule].check == witness])
        shown = _witnessed(shown, [issue for issue in told if issue.confidence >= min_confidence], witness)
    return tuple(sorted(shown, key=lambda issue: (issue.span, issue.rule)))


def _in_company(issues: list[Issue], rules: Mapping[str, Rule], words: int, probability: float | None) -> list[Issue]:
    """Without weak signs where little speaks for a machine, or common faults where much speaks for a person."""
    if probability is not None and probability >= WEAK_FROM:
        return issues
    ruled = [rules[issue.rule] for issue in issues]
    hears_weak = sum(rule.weak for rule in ruled) >= max(FEWEST_WEAK, words / WORDS_A_WEAK)
    telling = sum(not (rule.weak or rule.common) for rule in ruled)
    hears_common = probability is None or telling >= max(FEWEST_TELLING, words / WORDS_A_TELLING)
    return [
        issue
        for issue, rule in zip(issues, ruled, strict=True)
        if (hears_weak or not rule.weak) and (hears_common or not rule.common)
    ]


def _outside(issues: Iterable[Issue], analysis: Analysis, rules: Mapping[str, Rule]) -> Iterator[Issue]:
    """The issues that do not lie in a region which their rule skips, nor rest on a parse that is not to be trusted."""
    spans: dict[RegionKind, list[Span]] = defaultdict(list)
    for region in analysis.regions:
        spans[region.kind].append(region.span)
    covers = {kind: Cover(found) for kind, found in spans.items()}
    for issue in issues:
        rule = rules[issue.rule]
        skip = rule.skip
        sentence = analysis.sentence_at(issue.span.start) if skip or rule.check in PARSED else None
        if sentence is not None and (
            sentence.region in skip or (rule.check in PARSED and _is_verbless_headline(sentence, analysis))
        ):
            continue
        if not any(kind in covers and covers[kind].contains(*issue.span) for kind in skip):
            yield issue


def _is_verbless_headline(sentence: Sentence, analysis: Analysis) -> bool:
    """True for one like "Grève à la SNCF, trafic perturbé", of which a parser makes what it can."""
    if sentence.region is not RegionKind.HEADLINE or not analysis.parses:
        return False
    doc = analysis.parses[sentence.index]
    return doc is not None and not any("Fin" in token.morph.get("VerbForm", []) for token in doc)


def _swallow(issues: Iterable[Issue]) -> list[Issue]:
    every = list(issues)
    content = Cover(issue.span for issue in every if issue.category.startswith("content/"))
    foreign = Cover(issue.span for issue in every if issue.category == "accuracy/untranslated")
    return [
        issue
        for issue in every
        if issue.category.startswith("content/")
        or not (content.contains(*issue.span) or (issue.category in SPELLING and foreign.overlaps(*issue.span)))
    ]


def _merge(issues: Sequence[Issue]) -> list[Issue]:
    kept: list[Issue] = []
    also: dict[int, set[str]] = defaultdict(set)
    at_span: dict[Span, int] = {}
    #: By category, the kept issues by start; of one category they never overlap.
    lines: dict[str, list[tuple[Span, int]]] = defaultdict(list)
    for issue in sorted(issues, key=_standing):
        line = lines[issue.category]
        twin = at_span.get(issue.span)
        if twin is None:
            twin = _overlapping(line, issue.span)
        if twin is None:
            at_span[issue.span] = len(kept)
            insort(line, (issue.span, len(kept)))
            kept.append(issue)
        elif issue.rule != kept[twin].rule:
            also[twin].add(issue.rule)
    return [
        replace(issue, evidence={**issue.evidence, "also": sorted(also[n])}) if n in also else issue
        for n, issue in enumerate(kept)
    ]


def _witnessed(ours: Sequence[Issue], theirs: Sequence[Issue], witness: str) -> list[Issue]:
    """Ours, each with what the witness says of the same words, and what the witness alone has found."""
    if not theirs:
        return list(ours)
    lines: dict[str, list[tuple[Span, int]]] = defaultdict(list)
    for n, issue in enumerate(ours):
        insort(lines[issue.category], (issue.span, n))
    said: dict[int, dict[str, object]] = {}
    alone = []
    for issue in theirs:
        near = (_overlapping(line, issue.span) for line in lines.values())
        twin = next((n for n in near if n is not None and _is_same(ours[n], issue)), None)
        if twin is None:
            alone.append(issue)
        else:
            words = {"rule": issue.rule, **issue.evidence, "suggestions": list(issue.suggestions)}
            said.setdefault(twin, words)
    confirmed = (
        replace(issue, evidence={**issue.evidence, witness: said[n]}) if n in said else issue
        for n, issue in enumerate(ours)
    )
    return [*confirmed, *alone]


def _is_same(ours: Issue, theirs: Issue) -> bool:
    """Whether two issues that overlap tell of the same thing: in one category, or about the same words."""
    shared = min(ours.span.end, theirs.span.end) - max(ours.span.start, theirs.span.start)
    longer = max(ours.span.end - ours.span.start, theirs.span.end - theirs.span.start)
    return ours.category == theirs.category or shared >= SAME_WORDS * longer


def _overlapping(line: Sequence[tuple[Span, int]], span: Span) -> int | None:
    """The kept issue of the line that overlaps the span: the one that starts last before its end, if any."""
    place = bisect_left(line, (Span(span.end, -1), -1))
    if place and line[place - 1][0].end > span.start:
        return line[place - 1][1]
    return None


def _standing(issue: Issue) -> tuple[int, int, float, int, int, str]:
    rank = next((n for n, prefix in enumerate(PRECEDENCE) if issue.category.startswith(prefix)), len(PRECEDENCE))
    length = issue.span.end - issue.span.start
    return -issue.severity.rank, rank, -issue.confidence, -length, issue.span.start, issue.rule
