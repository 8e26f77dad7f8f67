"""Chooses the thresholds of triage from human-written news: prints what stands in `mtaudit.mqm`.

    python notebooks/triage.py [LIMIT]

Reads the human sides of the development data (../shared/data/mt_vs_human, see its README), some 230 words a chunk.
Both thresholds are for the lower end of the score's interval, in penalty per 1,000 words. `EDIT_FROM` is the lowest
multiple of 0.5 that no more than one in 100 of the chunks without major or critical issues reaches: human copy is
`clean`. `RETRANSLATE_FROM` is the lowest multiple of 2.5 that no more than one chunk in 1,000 reaches: hardly anybody
is told to have a human's copy translated again. What machine copy gets under both is shown beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from mtaudit.evaluation import Item, read_gold
from mtaudit.model import Report, Severity
from mtaudit.pipeline import prepare
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.selection import select_rules

DATA = Path(__file__).resolve().parent.parent.parent / "shared/data/mt_vs_human"
HUMAN = ("sequoia_estrepublicain_native_chunks", "wmt19-20_defr_human_chunks")
MIXED = "wmt08-13_chunks"
TUNED_ON = ("wmt08", "wmt09", "wmt10", "wmt11")


def items(limit: int | None) -> Iterator[Item]:
    """Chunks of the human sets, and of both sides of the years that may be tuned on."""
    for name in HUMAN:
        yield from islice(read_gold(DATA / f"{name}.jsonl.gz"), limit)
    years = (item for item in read_gold(DATA / f"{MIXED}.jsonl.gz") if item.group.startswith(TUNED_ON))
    yield from islice(years, limit and 5 * limit)


def grave(report: Report) -> bool:
    return any(issue.severity is not Severity.MINOR for issue in report.issues)


def lowest(rates: Iterable[float], share: float, step: float) -> float:
    """The lowest multiple of `step` that at most `share` of the rates reach."""
    ordered = sorted(rates)
    threshold = step
    while sum(rate >= threshold for rate in ordered) > share * len(ordered):
        threshold += step
    return threshold


def main() -> None:
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else None
    if not DATA.is_dir():
        sys.exit("the development data are not beside the repository; nothing was chosen")
    ruleset = load_rules([packaged_rules()])
    chosen = list(items(limit))
    reports = prepare(ruleset, select_rules(ruleset.rules)).run(item.article for item in chosen)
    sides: dict[str, list[Report]] = {}
    for item, report in zip(chosen, reports, strict=True):
        side = item.group.split("/")[-1]
        sides.setdefault(side, []).append(report)
    human = sides["human"]
    edit = lowest((report.score.interval[0] for report in human if not grave(report)), 0.01, 0.5)
    retranslate = lowest((report.score.interval[0] for report in human), 0.001, 2.5)
    sys.stdout.write(f"EDIT_FROM = {edit}\nRETRANSLATE_FROM = {retranslate}\n")
    for side, found in sorted(sides.items()):
        lanes = [report.score.triage for report in found]
        shares = ", ".join(f"{lane} {lanes.count(lane) / len(lanes):.1%}" for lane in ("clean", "edit", "retranslate"))
        sys.stdout.write(f"{side:24}{len(found):>6} chunks: {shares}\n")


if __name__ == "__main__":
    main()
