"""An evaluation as tables, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from mtaudit.evaluation import Evaluation, Tally, lift
from mtaudit.model import Severity

#: Rules shown in the table of the worst.
WORST = 20


def write_evaluation(result: Evaluation, stream: IO[str], as_json: bool = False, alarms: bool = False) -> None:
    """The figures of an evaluation; `alarms` adds each false alarm and each miss."""
    if as_json:
        json.dump(_figures(result, alarms), stream, ensure_ascii=False, indent=2)
        stream.write("\n")
        return
    stream.write("\n".join(_lines(result, alarms)) + "\n")


def _lines(result: Evaluation, alarms: bool) -> Iterator[str]:
    counted = f"{'minor':>8}{'major':>8}{'critical':>10}"
    yield f"{'side':44}{'texts':>7}{'flagged':>9}{'words':>9}{counted}   per 1,000 words (major+critical)"
    for group in sorted(result.words):
        counts, words = result.issues[group], result.words[group]
        grave = counts[Severity.MAJOR] + counts[Severity.CRITICAL]
        every = sum(counts.values())
        yield (
            f"{group:44}{result.texts[group]:>7}{result.flagged[group]:>9}{words:>9}{counts[Severity.MINOR]:>8}{counts[Severity.MAJOR]:>8}"
            f"{counts[Severity.CRITICAL]:>10}   {_rate(every, words):.2f} ({_rate(grave, words):.2f})"
        )
    if rates := lift(result):
        yield ""
        yield f"{'system':44}{'issues per 1,000 words':>25}{'over human':>12}"
        yield from (f"{system:44}{rate:>25.2f}{ratio:>12.2f}" for system, (rate, ratio) in rates.items())
    if result.spans.gold:
        yield from _span_lines(result)
    yield from _rule_lines(result)
    if alarms:
        yield ""
        yield from (
            f"alarm\t{where}\t{issue.rule}\t{issue.severity.value}\t{text}" for where, text, issue in result.alarms
        )
        yield from (f"missed\t{where}\t{mark.category}\t{mark.level}\t{text}" for where, text, mark in result.missed)


def _span_lines(result: Evaluation) -> Iterator[str]:
    yield ""
    yield f"{'category':44}{'issues':>7}{'marked':>9}{'precision':>11}{'recall':>8}{'F1':>7}"
    for name, tally in (*sorted(result.categories.items()), ("any category", result.spans)):
        yield (
            f"{name or '(none)':44}{tally.predicted:>7}{tally.gold:>9}{tally.precision:>11.2f}{tally.recall:>8.2f}"
            f"{tally.f1:>7.2f}"
        )
    right, issues = (sum(getattr(tally, name) for tally in result.rules.values()) for name in ("right", "predicted"))
    yield (
        f"by overlap alone: {result.overlapped} of {result.spans.gold} marked found, "
        f"{right} of {issues} issues lie on a mark"
    )
    for level, tally in sorted(result.levels.items()):
        if level:
            yield f"{level}: {tally.found} of {tally.gold} found (span overlaps, same top-level category)"


def _rule_lines(result: Evaluation) -> Iterator[str]:
    worst = _worst(result)[:WORST]
    if worst:
        yield ""
        yield f"{'worst rules':52}{'issues':>7}{'unmarked':>10}   by side"
    for rule, fired, unmarked in worst:
        sides = ", ".join(f"{group} {count}" for group, count in sorted(result.rule_groups[rule].items()))
        yield f"{rule:52}{fired:>7}{unmarked:>10}   {sides}"


def _worst(result: Evaluation) -> list[tuple[str, int, int]]:
    rows = []
    for rule, groups in result.rule_groups.items():
        fired = sum(groups.values())
        rows.append((rule, fired, fired - result.rules[rule].right if rule in result.rules else fired))
    return sorted(rows, key=lambda row: (-row[2], row[0]))


def _rate(count: int, words: int) -> float:
    return 1000 * count / words if words else 0.0


def _figures(result: Evaluation, alarms: bool) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "sides": {
            group: {
                "texts": result.texts[group],
                "flagged": result.flagged[group],
                "words": result.words[group],
                "issues": {severity.value: result.issues[group][severity] for severity in Severity},
            }
            for group in sorted(result.words)
        },
        "lift": {system: {"per_thousand": rate, "over_human": ratio} for system, (rate, ratio) in lift(result).items()},
        "spans": _tally(result.spans)
        | {"overlapped": result.overlapped, "on_mark": sum(tally.right for tally in result.rules.values())},
        "categories": {name: _tally(tally) for name, tally in sorted(result.categories.items())},
        "levels": {name: {"found": tally.found, "marked": tally.gold} for name, tally in sorted(result.levels.items())},
        "rules": {
            rule: {"issues": fired, "unmarked": unmarked, "sides": dict(sorted(result.rule_groups[rule].items()))}
            for rule, fired, unmarked in _worst(result)
        },
    }
    if alarms:
        figures["alarms"] = [
            {"where": where, "rule": issue.rule, "severity": issue.severity.value, "text": text}
            for where, text, issue in result.alarms
        ]
        figures["missed"] = [
            {"where": where, "category": mark.category, "level": mark.level, "text": text}
            for where, text, mark in result.missed
        ]
    return figures


def _tally(tally: Tally) -> dict[str, float]:
    return {
        "issues": tally.predicted,
        "marked": tally.gold,
        "precision": round(tally.precision, 4),
        "recall": round(tally.recall, 4),
        "f1": round(tally.f1, 4),
    }
