"""How much of human-written news each French word list covers: the table in `mtaudit.engines.lexicon`.

    python notebooks/lexicon_coverage.py [LIST.txt …]

Counts the words in small letters of the human sides of the development data (../shared/data/mt_vs_human, see its
README; wmt12-13 are left alone) that a list lacks, per 1,000; parts of a compound count one by one. The two packages
that mtaudit uses are read where they are installed; further lists, one form a line, are named on the command line.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mtaudit.engines import lexicon

DATA = Path(__file__).resolve().parent.parent.parent / "shared/data/mt_vs_human"
HUMAN = ("sequoia_estrepublicain_native_chunks", "wmt19-20_defr_human_chunks", "wmt08-13_chunks")
LEFT_ALONE = ("wmt12", "wmt13")
WORD = re.compile(r"(?<!\w)[^\W\d_A-ZÀ-Þ][^\W\d_]*(?:-[^\W\d_]+)*(?![\w'’])")
#: wordfreq's list is cut where it holds more names and slips than words.
LEAST_ZIPF = 2.5


def sentences() -> Iterator[str]:
    for name in HUMAN:
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
            for row in map(json.loads, stream):
                if not row["is_mt"] and row["set"] not in LEFT_ALONE:
                    yield from row["sentences"]


def lacks(known: set[str], word: str) -> bool:
    plain = word.replace("œ", "oe").replace("æ", "ae")
    return plain not in known and not ("-" in plain and all(part in known for part in plain.split("-")))


def main() -> None:
    words = Counter(match.group() for sentence in sentences() for match in WORD.finditer(sentence))
    total = words.total()
    dela = {line.partition(",")[0] for line in lexicon._dela().decode().replace("\\-", "-").split("\n") if line}
    french, _ = lexicon._frequencies()
    common = {word for bin_ in french[: 900 - round(100 * LEAST_ZIPF)] for word in bin_}
    lists = {"DELA": dela, f"wordfreq >= {LEAST_ZIPF}": common, "both": dela | common}
    for path in map(Path, sys.argv[1:]):
        lists[path.stem] = set(path.read_text(encoding="utf-8").split("\n"))
        lists[f"both and {path.stem}"] = dela | common | lists[path.stem]
    print(f"{total} words, {len(words)} forms")
    for name, known in lists.items():
        missing = {word: count for word, count in words.items() if lacks(known, word)}
        share = 1000 * sum(missing.values()) / total
        print(f"{name:24} {len(known):8} forms, lacks {len(missing):5} of them, {share:5.1f} per 1,000 words")


if __name__ == "__main__":
    main()
