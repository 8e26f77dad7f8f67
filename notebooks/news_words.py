"""Counts the commonest words of French news, by which regexes are given triggers that are rare (mtaudit/rarity.py).

    python notebooks/news_words.py > mtaudit/data/news_words.tsv

Reads the human and the machine sides of 2008 to 2011 of the development data: what is scanned is both. Writes the words
found at least five times in a million, with their occurrences in a million code points.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from mtaudit.evaluation import read_gold
from mtaudit.rarity import TOKEN

DATA = Path(__file__).resolve().parents[2] / "shared/data/mt_vs_human/wmt08-13_chunks.jsonl.gz"
COUNTED = {"wmt08", "wmt09", "wmt10", "wmt11"}
#: Occurrences in a million code points.
FEWEST = 5.0


def main() -> None:
    if not DATA.exists():
        sys.exit(f"{DATA}: the development data is not here")
    counts: Counter[str] = Counter()
    size = 0
    for item in read_gold(DATA):
        if item.group.partition("/")[0] in COUNTED:
            text = item.article.text.lower().replace("’", "'")
            size += len(text)
            counts.update(TOKEN.findall(text))
    print("word\tper_million")
    for word, count in counts.most_common():
        if count * 1e6 / size >= FEWEST:
            print(f"{word}\t{count * 1e6 / size:.0f}")


if __name__ == "__main__":
    main()
