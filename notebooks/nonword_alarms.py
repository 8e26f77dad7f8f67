"""What the rules of fr/words tell on human-written and on machine-translated news, alarm by alarm.

    python notebooks/nonword_alarms.py [-v] [--max-frequency ZIPF]

Chose the thresholds of `mtaudit.checks.words` and `mtaudit.derivations`, and the options of rules/fr/words: with
`--max-frequency` the rules' own is replaced, and the table shows what a form may be on record for before the human side
fires. With -v every alarm is printed with its surroundings, to be read. Data: ../shared/data/mt_vs_human (wmt12-13
are left alone).
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from mtaudit.analysis import Engines, analyse
from mtaudit.checks import words
from mtaudit.lang import LANGUAGES
from mtaudit.model import Article, Need
from mtaudit.rules import load_rules, packaged_rules

DATA = Path(__file__).resolve().parent.parent.parent / "shared/data/mt_vs_human"
FILES = ("sequoia_estrepublicain_native_chunks", "wmt19-20_defr_human_chunks", "wmt08-13_chunks")
LEFT_ALONE = ("wmt12", "wmt13")


def articles() -> Iterator[tuple[str, Article]]:
    for name in FILES:
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
            for row in map(json.loads, stream):
                if row["set"] not in LEFT_ALONE:
                    side = row["system"] if row["is_mt"] else f"human {name.partition('_')[0]}"
                    yield side, Article(row["id"], "\n".join(row["sentences"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--max-frequency", type=float)
    arguments = parser.parse_args()
    rules = [rule for rule in load_rules([packaged_rules()]).rules if rule.check == "words"]
    if arguments.max_frequency is not None:
        rules = [replace(rule, options={**rule.options, "max_frequency": arguments.max_frequency}) for rule in rules]
    compiled = words.compile(rules)
    engines = Engines(LANGUAGES["fr"])
    engines.start([Need.LEXICON])
    sizes: Counter[str] = Counter()
    alarms: Counter[tuple[str, str]] = Counter()
    for side, article in articles():
        for analysis, _ in analyse([article], engines):
            sizes[side] += len(analysis.words)
            for issue in words.run(analysis, compiled):
                alarms[side, issue.rule] += 1
                if arguments.verbose:
                    around = analysis.view[max(issue.span.start - 30, 0) : issue.span.end + 30]
                    print(f"{side:24} {issue.rule:22} {around}  -> {', '.join(issue.suggestions)}")
    for side, size in sizes.items():
        told = "  ".join(
            f"{rule.id.rpartition('/')[2]} {alarms[side, rule.id]} ({1000 * alarms[side, rule.id] / size:.3f})"
            for rule in rules
        )
        print(f"{side:24} {size:7} words, alarms (per 1,000): {told}")


if __name__ == "__main__":
    main()
