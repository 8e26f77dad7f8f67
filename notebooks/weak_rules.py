"""How often people and machines heap up weak signs, how many are shown where the phrasing of a text must be a machine's
with some probability, and how many common faults in what company.

    python notebooks/weak_rules.py [CHUNKS [TEXTS]]

Reads the chunks of 2008 to 2011 of the development data (some 250 words each), CHUNKS of one system joined to a text.
Texts of 490 words: three in ten of the human ones have a heavy turn, one in fifty has three; of the machine ones three
in four and every fourth. So three are asked for, and one in 250 words: texts of 970 words with four are one in forty of
the human ones and nearly every second of the machine ones.

For the second and third table a text is one chunk, the probabilities are those of `detection_scores.tsv`, by models
that had seen neither the text nor its system. A weak sign is shown where there are several, too. From 0.6, people are
shown one in 3,700 words and machines one in 290; from lower probabilities people are shown more and machines hardly,
from higher ones machines lose more than people. Of common faults, where the probability is lower and two telling ones
are asked for, people are shown one in four and machines two in three; with one, people are shown one in three.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from itertools import groupby
from pathlib import Path
from statistics import fmean

import msgspec

from mtaudit.evaluation import Item, plain, read_gold
from mtaudit.model import Article, Report
from mtaudit.pipeline import prepare
from mtaudit.refine import FEWEST_WEAK, WEAK_FROM, WORDS_A_TELLING, WORDS_A_WEAK
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.selection import select_rules

DATA = Path(__file__).resolve().parents[2] / "shared/data/mt_vs_human/wmt08-13_chunks.jsonl.gz"
TUNED_ON = {"wmt08", "wmt09", "wmt10", "wmt11"}
ASKED = (1, 2, 3, 4, 5)
SCORES = Path(__file__).with_name("detection_scores.tsv")
PROBABILITIES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.01)
ASIDE = ("fr/languagetool", "fr/roundtrip", "fr/fidelity")
TELLING = (0, 1, 2, 3, 4, 1000)


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


def by_company(reports: Iterable[tuple[Item, Report]], weak: Set[str], common: Set[str]) -> None:
    """Prints what is shown in 1,000 words, by side: weak signs by the probability that is asked for, and common faults
    by the number of telling ones where the probability is too low.
    """
    known = probabilities()
    words: Counter[str] = Counter()
    signs: Counter[tuple[str, float]] = Counter()
    faults: Counter[tuple[str, float]] = Counter()
    for item, report in reports:
        if item.article.id not in known:
            continue
        side = "human" if item.group.endswith("/human") else "machine"
        words[side] += report.score.words
        kinds = Counter((issue.rule in weak) + 2 * (issue.rule in common) for issue in report.issues)
        telling, heavy, usual = kinds[0], kinds[1], kinds[2]
        several = heavy >= max(FEWEST_WEAK, report.score.words / WORDS_A_WEAK)
        for asked in PROBABILITIES:
            signs[side, asked] += heavy * (several or known[item.article.id] >= asked)
        for fewest in TELLING:
            enough = telling >= max(fewest, report.score.words / WORDS_A_TELLING if fewest else 0)
            faults[side, fewest] += usual * (enough or known[item.article.id] >= WEAK_FROM)
    for title, columns, shown in (("probability from", PROBABILITIES, signs), ("telling faults from", TELLING, faults)):
        print(f"\n{title:24}{'words':>8}" + "".join(f"{asked:>8}" for asked in columns))
        for side, length in sorted(words.items()):
            rates = (f"{1000 * shown[side, asked] / length:>8.3f}" for asked in columns)
            print(f"{side:24}{length:>8}" + "".join(rates))


def main() -> None:
    if not DATA.exists():
        sys.exit(f"{DATA}: the development data is not here")
    chunks = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    items = texts(chunks)
    if len(sys.argv) > 2:
        items = items[:: max(1, len(items) // int(sys.argv[2]))]
    ruleset = load_rules([packaged_rules()])
    rules = [rule for rule in select_rules(ruleset.rules, ignore=ASIDE) if rule.weak or chunks == 1]
    alone = [msgspec.structs.replace(rule, weak=False, common=False) for rule in rules]
    reports = list(zip(items, prepare(ruleset, alone).run(item.article for item in items), strict=True))
    weak = {rule.id for rule in rules if rule.weak}
    found: dict[str, Counter[int]] = defaultdict(Counter)
    words: Counter[str] = Counter()
    for item, report in reports:
        system = item.group.rpartition("/")[2]
        found[system][sum(issue.rule in weak for issue in report.issues)] += 1
        words[system] += report.score.words
    print(f"{'at least':24}{'words':>8}" + "".join(f"{number:>8}" for number in ASKED))
    for system, counts in sorted(found.items()):
        total = sum(counts.values())
        shares = [sum(times for number, times in counts.items() if number >= asked) / total for asked in ASKED]
        print(f"{system:24}{words[system] // total:>8}" + "".join(f"{share:>8.1%}" for share in shares))
    if chunks == 1:
        by_company(reports, weak, {rule.id for rule in rules if rule.common})


if __name__ == "__main__":
    main()
