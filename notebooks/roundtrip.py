"""Chooses from where on a round trip is evidence, for one translation model, and shows what that costs and finds.

    python notebooks/roundtrip.py [--limit TEXTS] [--mt-model NAME] [--mt-threads N] [--examples N] [-o FILE]

Reads the development data (../shared/data, see its README): human news (regional press, the human sides of 2008-11 and
2019-20), the machine sides of 2008-11, and the annotated machine translations of `wmt19_docqe`; the sets of 2012 and
2013 stay aside. Of each so many TEXTS are taken (annotated sentences, 12 times as many), evenly spread; without a
limit all, which takes hours.

Every piece of evidence has a strength (`checks.roundtrip.Found`). A kind's threshold is the lowest strength from which
on it is found at most BUDGET times in 1,000 words of native press, and as rarely in all human news: the ten kinds
together keep to the 0.4 alarms in 1,000 words that the round trip may add. That bounds the alarms, whatever the model;
whether a kind is worth its alarms is for the precision to say, which the calibration records and an issue has as its
confidence. A rule becomes stable by hand, once its precision is good and its issues on 2012-13 have been read.

Writes `mtaudit/data/roundtrip.json` for the packaged model (any other's goes to the user's data folder), and the
curves, one line a kind and threshold, to `notebooks/roundtrip.tsv` beside this file.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from mtaudit.analysis import Engines, analyse
from mtaudit.calibration import FORMAT, PACKAGED, Calibration, Gloss, Threshold, own_place, write_calibration
from mtaudit.checks.roundtrip import evidence_of
from mtaudit.engines.translator import packaged_folder
from mtaudit.evaluation import Item, read_gold
from mtaudit.lang import LANGUAGES
from mtaudit.model import Analysis, Issue, Need, Span
from mtaudit.options import model_of
from mtaudit.pipeline import prepare
from mtaudit.roundtrips import LEAST_DOUBT
from mtaudit.rules import load_rules, packaged_rules

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data"
TUNED_ON = ("wmt08", "wmt09", "wmt10", "wmt11")
NATIVE, HUMAN, MACHINE, ANNOTATED = "native", "human", "machine", "annotated"
#: The annotated texts are sentences, some 20 words each where a chunk has 230.
SENTENCES = 12
#: Alarms of one kind in 1,000 words of human text: a tenth, for ten kinds, of the 0.4 that are allowed.
BUDGET = 0.04
NATS = [LEAST_DOUBT + step / 2 for step in range(80)]
SHARES = [step / 20 for step in range(21)]
KINDS = {
    **dict.fromkeys(
        (f"repair/{kind}" for kind in ("agreement", "preposition", "nonword", "wrong-word", "order", "date")), NATS
    ),
    "improbable": NATS,
    **dict.fromkeys(("number", "name", "negation"), SHARES),
}
#: Issues of rules with a gloss, on either side, from which on the gloss is weighed.
FEWEST_GLOSSED = 30


class Sighting(NamedTuple):
    """A piece of evidence on one side; `right` says whether the annotators marked what it lies on."""

    side: str
    kind: str
    strength: float
    text: str
    span: Span
    right: bool


def spread(items: Sequence[Item], limit: int | None) -> list[Item]:
    """So many, evenly spread."""
    if limit is None or len(items) <= limit:
        return list(items)
    return [items[number * len(items) // limit] for number in range(limit)]


def sides(limit: int | None) -> dict[str, list[Item]]:
    """The texts, by side."""
    chunks = DATA / "mt_vs_human"
    mixed = [item for item in read_gold(chunks / "wmt08-13_chunks.jsonl.gz") if item.group.startswith(TUNED_ON)]
    human = [item for item in mixed if item.group.endswith("/human")]
    human += read_gold(chunks / "wmt19-20_defr_human_chunks.jsonl.gz")
    return {
        NATIVE: spread(list(read_gold(chunks / "sequoia_estrepublicain_native_chunks.jsonl.gz")), limit),
        HUMAN: spread(human, limit),
        MACHINE: spread([item for item in mixed if not item.group.endswith("/human")], limit),
        ANNOTATED: spread(
            list(read_gold(DATA / "errors/wmt19_docqe_enfr_traindev.jsonl.gz")), limit and SENTENCES * limit
        ),
    }


def sightings(side: str, item: Item, analysis: Analysis) -> Iterator[Sighting]:
    for sentence, trip in zip(analysis.sentences, analysis.round_trips, strict=True):
        if trip is None or not trip.is_whole:
            continue
        for found in evidence_of(trip, analysis.lexicon):
            span = Span(*(sentence.span.start + place for place in found.span))
            right = any(span.overlaps(mark.span) for mark in item.gold)
            text = f"{trip.sentence[slice(*found.span)]} -> {found.suggestion}" if found.suggestion else ""
            yield Sighting(side, found.name, found.strength, text or trip.sentence[slice(*found.span)], span, right)


class Row(NamedTuple):
    """What one kind does from one threshold on; rates are per 1,000 words, recall is of all marks."""

    kind: str
    least: float
    native: float
    human: float
    machine: float
    found: int
    right: int
    marks: int

    @property
    def precision(self) -> float:
        return (self.right + 1) / (self.found + 2)

    @property
    def recall(self) -> float:
        return self.right / self.marks if self.marks else 0.0


def curve(kind: str, seen: Sequence[Sighting], words: Counter[str], marks: int) -> Iterator[Row]:
    ours = [one for one in seen if one.kind == kind]
    for least in KINDS[kind]:
        above = [one for one in ours if one.strength >= least]
        sided = Counter(one.side for one in above)
        native, human, machine = (1000 * sided[side] / max(1, words[side]) for side in (NATIVE, HUMAN, MACHINE))
        right = sum(one.right for one in above if one.side == ANNOTATED)
        yield Row(kind, least, native, human, machine, sided[ANNOTATED], right, marks)


def threshold(rows: Iterable[Row], words: Counter[str]) -> tuple[Threshold, Row | None]:
    """The lowest that keeps within the budget on human text, and its line."""
    for row in rows:
        human = (row.native * words[NATIVE] + row.human * words[HUMAN]) / (words[NATIVE] + words[HUMAN])
        if row.native <= BUDGET and human <= BUDGET:
            return Threshold(row.least, round(row.precision, 3), round(human, 3)), row
    return Threshold(None, 0.5), None


def gloss_of(texts: dict[str, list[Item]], engines: Engines) -> Gloss:
    """How much likelier a pivot shows a rule's gloss where a machine wrote the words than where a human did."""
    ruleset = load_rules([packaged_rules()])
    rules = [rule for rule in ruleset.rules if rule.gloss]
    counts: dict[str, Counter[bool]] = {HUMAN: Counter(), MACHINE: Counter()}
    if rules:
        audit = prepare(ruleset, rules, engines=engines)
        for side, names in ((HUMAN, (NATIVE, HUMAN)), (MACHINE, (MACHINE,))):
            items = [item for name in names for item in texts[name]]
            for report in audit.run(item.article for item in items):
                counts[side].update(shown(issue) for issue in report.issues if "gloss_shown" in issue.evidence)
    if min(counts[HUMAN].total(), counts[MACHINE].total()) < FEWEST_GLOSSED:
        sys.stdout.write(f"gloss: {dict(counts)}, too few to weigh one\n")
        return Gloss()
    share = {side: (count[True] + 1) / (count.total() + 2) for side, count in counts.items()}
    likelier, less = share[MACHINE] / share[HUMAN], (1 - share[MACHINE]) / (1 - share[HUMAN])
    return Gloss(round(max(0.0, 1 - 1 / likelier), 3), round(max(0.0, 1 - less), 3))


def shown(issue: Issue) -> bool:
    return bool(issue.evidence["gloss_shown"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, metavar="TEXTS")
    parser.add_argument("--mt-model", metavar="NAME", help="as `mtaudit audit` takes it")
    parser.add_argument("--mt-threads", type=int, metavar="N")
    parser.add_argument(
        "--examples", type=int, default=0, metavar="N", help="show the N strongest of each kind and side"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="the calibration, instead of its own place")
    given = parser.parse_args()
    if not DATA.is_dir():
        sys.exit(f"{DATA}: the development data is not here; nothing was chosen")
    texts = sides(given.limit)
    engines = Engines(LANGUAGES["fr"], model_choice=model_of(given.mt_model, given.mt_threads))
    if engines.start([Need.ROUNDTRIP, Need.LEXICON]) or engines.translator is None:
        sys.exit(f"nothing was chosen: {engines.failures}")
    model = engines.translator.digest
    seen: list[Sighting] = []
    words: Counter[str] = Counter()
    marks = sum(len(item.gold) for item in texts[ANNOTATED])
    for side, items in texts.items():
        analyses = analyse((item.article for item in items), engines)
        for item, (analysis, left) in zip(items, analyses, strict=True):
            for skip in left:
                sys.stderr.write(f"{item.article.id}: {skip.reason}\n")
            words[side] += len(analysis.words)
            seen += sightings(side, item, analysis)
    sys.stdout.write(f"model {model[:12]}; words {dict(words)}; {marks} marks\n")
    thresholds: dict[str, Threshold] = {}
    lines = ["kind\tleast\tnative\thuman\tmachine\tfound\tright\tprecision\trecall"]
    for kind in KINDS:
        rows = list(curve(kind, seen, words, marks))
        thresholds[kind], chosen = threshold(rows, words)
        for row in rows:
            rates = "\t".join(f"{rate:.3f}" for rate in row[2:5])
            lines.append(
                f"{kind}\t{row.least:g}\t{rates}\t{row.found}\t{row.right}\t{row.precision:.3f}\t{row.recall:.4f}"
            )
        sys.stdout.write(f"{kind:20} {described(chosen)}\n")
    if given.examples:
        show(seen, given.examples)
    gloss = gloss_of(texts, engines)
    data = {f"words/{side}": number for side, number in sorted(words.items())} | {"marks": marks}
    calibration = Calibration(FORMAT, model, "notebooks/roundtrip.py", data, thresholds, gloss)
    packaged = model == packaged_folder().digest
    output = given.output or (PACKAGED if packaged else own_place(model))
    write_calibration(calibration, output)
    sys.stdout.write(f"written: {output}\n")
    if packaged and not given.output:
        Path(__file__).with_suffix(".tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    engines.close()


def described(row: Row | None) -> str:
    if row is None:
        return "never rare enough on human text"
    rates = f"native {row.native:.3f}, human {row.human:.3f}, machine {row.machine:.3f} per 1,000 words"
    return f"from {row.least:g}: {rates}; annotated {row.right} right of {row.found}, recall {row.recall:.2%}"


def show(seen: Sequence[Sighting], number: int) -> None:
    groups: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for one in seen:
        groups[one.kind, one.side].append(one)
    for (kind, side), found in sorted(groups.items()):
        for one in sorted(found, key=lambda one: -one.strength)[:number]:
            sys.stdout.write(f"  {kind} {side} {one.strength:.2f}{' +' if one.right else ''}: {one.text}\n")


if __name__ == "__main__":
    main()
