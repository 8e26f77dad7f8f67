"""What the votes say of the source language where it is known: named rightly, wrongly, or not at all.

    python notebooks/source_language.py [TEXTS]

Reads the machine sides of the development data of 2008 to 2011, which were all translated from English, and the human
sides of the same articles, translated from five languages. Machine translations from other languages are not among the
data, so the figures tell of abstention and of false namings only.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from itertools import groupby
from pathlib import Path

from mtaudit.evaluation import Item, read_gold
from mtaudit.model import Article
from mtaudit.pipeline import prepare
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.selection import select_rules

DATA = Path(__file__).resolve().parents[2] / "shared/data/mt_vs_human/wmt08-13_chunks.jsonl.gz"
TUNED_ON = {"wmt08", "wmt09", "wmt10", "wmt11"}
#: Chunks of some 250 words are put together to texts of the length of a long article.
CHUNKS = 4


def texts() -> list[Item]:
    """Neighbouring chunks of one system joined."""
    items = [item for item in read_gold(DATA) if item.group.partition("/")[0] in TUNED_ON]
    joined = []
    for group, members in groupby(sorted(items, key=lambda item: item.group), key=lambda item: item.group):
        chunks = list(members)
        for start in range(0, len(chunks), CHUNKS):
            text = "\n".join(item.article.text for item in chunks[start : start + CHUNKS])
            joined.append(Item(Article(f"{group}/{start}", text), (), group, False))
    return joined


def main() -> None:
    if not DATA.exists():
        sys.exit(f"{DATA}: the development data is not here")
    items = texts()
    if len(sys.argv) > 1:
        items = items[:: max(1, len(items) // int(sys.argv[1]))]
    ruleset = load_rules([packaged_rules()])
    run = prepare(ruleset, select_rules(ruleset.rules))
    named: dict[str, Counter[str]] = defaultdict(Counter)
    for item, report in zip(items, run.run(item.article for item in items), strict=True):
        origin = (report.detection or {}).get("source_language", {})
        named[item.group.rpartition("/")[2]][origin.get("guess") or ("undecided" if origin else "no vote")] += 1
    for system, counts in sorted(named.items()):
        print(f"{system:24}" + ", ".join(f"{name} {count}" for name, count in counts.most_common()))


if __name__ == "__main__":
    main()
