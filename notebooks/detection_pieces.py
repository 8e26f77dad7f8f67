"""Analyses the development data for `notebooks/detection.py`: writes what the detector may look at, piece by piece.

    python notebooks/detection_pieces.py OUT.jsonl.gz [--only SET]... [--part K/N]

Reads ../shared/data/mt_vs_human (see its README), normalises typography with ../shared/data/normalise.py, and audits
each piece of ten sentences as any article is audited, with the packaged stable rules. A line of OUT is `{set, system,
doc, is_mt, words, issues: {rule: count}, sentences: [[text, [[text, lemma, pos, morph, dep, head], ...]], ...]}`.
`--part` takes every Nth piece, from the Kth on, so that several processes can share the work: some 1,500 words a
second each for 2.8 million words.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from mtaudit.analysis import analyse
from mtaudit.model import Article
from mtaudit.phraseology import tokens_of
from mtaudit.pipeline import Audit, prepare
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.selection import select_rules

DATA = Path(__file__).resolve().parent.parent.parent / "shared/data"
FILES = ("wmt08-13", "flores", "wmt15", "sequoia", "wmt19-20")
#: Systems of which the development data have every set, and people.
SYSTEMS = ("google", "microsoft", "bergamot-base-memory", "bergamot-tiny", "human")


def rows(only: list[str]) -> Iterator[dict[str, Any]]:
    """The pieces of the development data, typography normalised."""
    sys.path.insert(0, str(DATA))
    from normalise import norm

    for name in FILES:
        (path,) = (DATA / "mt_vs_human").glob(f"{name}*.gz")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                system = row["system"] if row["is_mt"] else "human"
                if system in SYSTEMS and (not only or row["set"] in only):
                    yield row | {"system": system, "sentences": [norm(sentence) for sentence in row["sentences"]]}


def described(pieces: list[dict[str, Any]], audit: Audit) -> Iterator[dict[str, Any]]:
    """The line of each piece, which has `{set, system, doc, is_mt, sentences: [text, ...]}`."""
    articles = (Article(str(number), "\n".join(row["sentences"])) for number, row in enumerate(pieces))
    for row, (analysis, _) in zip(pieces, analyse(articles, audit.engines), strict=True):
        report = audit.report(analysis)
        yield {key: row[key] for key in ("set", "system", "doc", "is_mt")} | {
            "words": report.score.words,
            "issues": Counter(issue.rule for issue in report.issues),
            "sentences": [
                [analysis.text[slice(*sentence.span)], tokens_of(doc)]
                for sentence, doc in zip(analysis.sentences, analysis.parses, strict=True)
                if doc is not None
            ],
        }


def packaged_audit() -> Audit:
    """The stable rules that come with mtaudit, and their engines."""
    ruleset = load_rules([packaged_rules()])
    return prepare(ruleset, select_rules(ruleset.rules))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", action="append", default=[], metavar="SET")
    parser.add_argument("--part", default="0/1", metavar="K/N")
    given = parser.parse_args()
    if not DATA.is_dir():
        sys.exit("the development data are not beside the repository; nothing was read")
    first, step = map(int, given.part.split("/"))
    pieces = list(islice(rows(given.only), first, None, step))
    with gzip.open(given.out, "wt", encoding="utf-8", compresslevel=4) as out:
        for said in described(pieces, packaged_audit()):
            out.write(json.dumps(said, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
