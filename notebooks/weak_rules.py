"""How often people and machines heap up weak signs: the share of texts that show some, by how many are asked for.

    python notebooks/weak_rules.py [CHUNKS [TEXTS]]

Reads the chunks of 2008 to 2011 of the development data (some 250 words each), CHUNKS of one system joined to a text.
Texts of 490 words: one in eight of the human ones has a heavy turn, one in sixty has two; of the machine ones every
second and every fifth. So two are asked for, and one more for each 600 words: texts of 970 words with two are one in
twenty of the human ones and nearly every second of the machine ones.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from itertools import groupby
from pathlib import Path

import msgspec

from mtaudit.evaluation import Item, plain, read_gold
from mtaudit.model import Article
from mtaudit.pipeline import prepare
from mtaudit.rules import load_rules, packaged_rules

DATA = Path(__file__).resolve().parents[2] / "shared/data/mt_vs_human/wmt08-13_chunks.jsonl.gz"
TUNED_ON = {"wmt08", "wmt09", "wmt10", "wmt11"}
ASKED = (1, 2, 3, 4, 5)


def texts(chunks: int) -> list[Item]:
    """Neighbouring chunks of one system joined, in plain typography."""
    items = [plain(item) for item in read_gold(DATA) if item.group.partition("/")[0] in TUNED_ON]
    joined = []
    for group, members in groupby(sorted(items, key=lambda item: item.group), key=lambda item: item.group):
        every = [item.article.text for item in members]
        for start in range(0, len(every), chunks):
            joined.append(Item(Article(f"{group}/{start}", "\n".join(every[start : start + chunks])), (), group, False))
    return joined


def main() -> None:
    if not DATA.exists():
        sys.exit(f"{DATA}: the development data is not here")
    chunks = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    items = texts(chunks)
    if len(sys.argv) > 2:
        items = items[:: max(1, len(items) // int(sys.argv[2]))]
    ruleset = load_rules([packaged_rules()])
    weak = [msgspec.structs.replace(rule, weak=False) for rule in ruleset.rules if rule.weak]
    found: dict[str, Counter[int]] = defaultdict(Counter)
    words: Counter[str] = Counter()
    for item, report in zip(items, prepare(ruleset, weak).run(item.article for item in items), strict=True):
        system = item.group.rpartition("/")[2]
        found[system][len(report.issues)] += 1
        words[system] += report.score.words
    print(f"{'at least':24}{'words':>8}" + "".join(f"{number:>8}" for number in ASKED))
    for system, counts in sorted(found.items()):
        total = sum(counts.values())
        shares = [sum(times for number, times in counts.items() if number >= asked) / total for asked in ASKED]
        print(f"{system:24}{words[system] // total:>8}" + "".join(f"{share:>8.1%}" for share in shares))


if __name__ == "__main__":
    main()
