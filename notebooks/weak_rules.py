"""How often people and machines heap up weak signs: the share of texts that show some, by how many are asked for; and
how many are shown where the phrasing of a text must be a machine's with some probability.

    python notebooks/weak_rules.py [CHUNKS [TEXTS]]

Reads the chunks of 2008 to 2011 of the development data (some 250 words each), CHUNKS of one system joined to a text.
Texts of 490 words: one in eight of the human ones has a heavy turn, one in sixty has two; of the machine ones every
second and every fifth. So two are asked for, and one more for each 600 words: texts of 970 words with two are one in
twenty of the human ones and nearly every second of the machine ones.

For the second table a text is one chunk, the probabilities are those of `detection_scores.tsv`, by models that had seen
neither the text nor its system; a sign is shown where there are several, too. From 0.6, people are shown one in 8,000
words and machines one in 650; from lower probabilities people are shown more and machines hardly, from higher ones
machines lose more than people.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from statistics import fmean

import msgspec

from mtaudit.evaluation import Item, plain, read_gold
from mtaudit.model import Article, Report
from mtaudit.pipeline import prepare
from mtaudit.refine import FEWEST_WEAK, WORDS_A_WEAK
from mtaudit.rules import load_rules, packaged_rules

DATA = Path(__file__).resolve().parents[2] / "shared/data/mt_vs_human/wmt08-13_chunks.jsonl.gz"
TUNED_ON = {"wmt08", "wmt09", "wmt10", "wmt11"}
ASKED = (1, 2, 3, 4, 5)
SCORES = Path(__file__).with_name("detection_scores.tsv")
PROBABILITIES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.01)


def texts(chunks: int) -> list[Item]:
    """Neighbouring chunks of one system joined, in plain typography."""
    items = [plain(item) for item in read_gold(DATA) if item.group.partition("/")[0] in TUNED_ON]
    joined = []
    for group, members in groupby(sorted(items, key=lambda item: item.group), key=lambda item: item.group):
        own = list(members)
        every = [item.article.text for item in own]
        for start in range(0, len(every), chunks):
            name = own[start].article.id if chunks == 1 else f"{group}/{start}"
            joined.append(Item(Article(name, "\n".join(every[start : start + chunks])), (), group, False))
    return joined


def probabilities() -> dict[str, float]:
    """By chunk, the mean over the models that had not seen it."""
    told: dict[str, list[float]] = defaultdict(list)
    with SCORES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            told[f"{row['set']}:{row['doc']}:{row['system']}"].append(float(row["probability"]))
    return {chunk: fmean(several) for chunk, several in told.items()}


def by_probability(reports: Iterable[tuple[Item, Report]]) -> None:
    """Prints the weak issues shown in 1,000 words, by side and by the probability that is asked for."""
    known = probabilities()
    words: Counter[str] = Counter()
    shown: Counter[tuple[str, float]] = Counter()
    for item, report in reports:
        if item.article.id not in known:
            continue
        side = "human" if item.group.endswith("/human") else "machine"
        words[side] += report.score.words
        found = len(report.issues)
        several = found >= max(FEWEST_WEAK, report.score.words / WORDS_A_WEAK)
        for asked in PROBABILITIES:
            shown[side, asked] += found * (several or known[item.article.id] >= asked)
    print(f"\n{'probability from':24}{'words':>8}" + "".join(f"{asked:>8}" for asked in PROBABILITIES))
    for side, length in sorted(words.items()):
        rates = (f"{1000 * shown[side, asked] / length:>8.3f}" for asked in PROBABILITIES)
        print(f"{side:24}{length:>8}" + "".join(rates))


def main() -> None:
    if not DATA.exists():
        sys.exit(f"{DATA}: the development data is not here")
    chunks = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    items = texts(chunks)
    if len(sys.argv) > 2:
        items = items[:: max(1, len(items) // int(sys.argv[2]))]
    ruleset = load_rules([packaged_rules()])
    weak = [msgspec.structs.replace(rule, weak=False) for rule in ruleset.rules if rule.weak]
    reports = list(zip(items, prepare(ruleset, weak).run(item.article for item in items), strict=True))
    found: dict[str, Counter[int]] = defaultdict(Counter)
    words: Counter[str] = Counter()
    for item, report in reports:
        system = item.group.rpartition("/")[2]
        found[system][len(report.issues)] += 1
        words[system] += report.score.words
    print(f"{'at least':24}{'words':>8}" + "".join(f"{number:>8}" for number in ASKED))
    for system, counts in sorted(found.items()):
        total = sum(counts.values())
        shares = [sum(times for number, times in counts.items() if number >= asked) / total for asked in ASKED]
        print(f"{system:24}{words[system] // total:>8}" + "".join(f"{share:>8.1%}" for share in shares))
    if chunks == 1:
        by_probability(reports)


if __name__ == "__main__":
    main()
