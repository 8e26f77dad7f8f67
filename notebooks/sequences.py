"""The model of word classes, and from what score and in what company a sequence of words is reported.

    python notebooks/sequences.py count     # writes mtaudit/data/sequences.npz; a quarter of an hour
    python notebooks/sequences.py choose    # the tables that the options of fr/sequence/odd-words were chosen by

`count` reads the French side of the training text from beside the repository: parliament, government, what news there
is, manuals, prose; some four million words. A class seen fewer than 20 times counts as its part of speech.

`choose` prints, by the options, which share of the stretches overlaps what an annotator marked in the product texts,
and which share of the marks they overlap, on the lines that choose and on those that check; and how many in 1,000 texts
are reported on that people wrote, or machines in good French: sentences of pairs that differ in gender, chunks of news
of 2008 to 2011 by their system, chunks of later news and of native press, and these sentence by sentence.
"""

from __future__ import annotations

import io
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import numpy as np

from mtaudit.analysis import Engines, analyse
from mtaudit.checks.sequence import Options, is_unusual
from mtaudit.engines.parser import load_parser
from mtaudit.evaluation import Item, plain, read_gold
from mtaudit.lang import LANGUAGES
from mtaudit.model import Need, RegionKind, Span
from mtaudit.segmentation import fold_view
from mtaudit.sequences import DATA, END, START, class_of, packaged_sequences, stretches

SHARED = Path(__file__).resolve().parents[2] / "shared"
#: Source to the most sentences taken of it.
SOURCES = {
    "news-commentary-5k": 10_000,
    "news-lig-postedit": 10_000,
    "canada-news-quotes": 10_000,
    "europarl-sample": 20_000,
    "hansard36": 40_000,
    "canada-gov-docs": 7_000,
    "canada-infosource": 15_000,
    "canada-infobase": 10_000,
    "canada-proactive-disclosure": 10_000,
    "debian-web": 40_000,
    "gnome-help": 10_000,
    "darktable-docs": 7_000,
    "mozilla-org": 2_000,
    "matos-science": 20_000,
    "tatoeba": 30_000,
}
SHORTEST, LONGEST = 30, 400
FEWEST_OF_CLASS = 20
SEED = 5

PAIRS = SHARED / "data/errors/mtgeneval_enfr_gender_pairs.jsonl.gz"
PRODUCTS = SHARED / "data/errors/wmt19_docqe_enfr_traindev.jsonl.gz"
NEWS = SHARED / "data/mt_vs_human"
CHUNKS = ("wmt08-13", "wmt19-20_defr_human", "sequoia_estrepublicain_native")
HELD_OUT = {"wmt12", "wmt13"}
SYSTEMS = {"human", "bergamot-tiny", "google"}
SIDES = ("choosing", "checking")
MARGINS = (0.0, 2.0, 3.0, 4.0)
MEANS = (1.2, 1.4, 1.5, 1.6, 1.7, 1.8)
SCORES = (-1.0, 0.0, 1.0)
SILENT = {RegionKind.BOILERPLATE, RegionKind.METADATA, RegionKind.MARKUP, RegionKind.VERSE, RegionKind.LIST}


def sentences() -> Iterator[str]:
    """French sentences of all sources."""
    chance = random.Random(SEED)
    for name, most in SOURCES.items():
        path = SHARED / "parallel" / f"{name}.tsv.zst"
        text = subprocess.run(["zstd", "-dc", str(path)], capture_output=True, check=True).stdout.decode()
        french = [line.split("\t")[0] for line in io.StringIO(text)]
        fitting = [line for line in french if SHORTEST <= len(line) <= LONGEST]
        yield from (fold_view(line) for line in chance.sample(fitting, min(most, len(fitting))))


def count() -> None:
    """Counts and writes the model."""
    # Neither the tags nor the morphology come from the parser.
    nlp = load_parser("fr_core_news_md")
    read = [
        [name for token in doc if (name := class_of(token.pos_, str(token.morph), token.lower_))]
        for doc in nlp.pipe(sentences(), batch_size=128, disable=["parser", "lemmatizer", "ner"])
    ]
    frequent = Counter(name for sentence in read for name in sentence)
    names = {name for name, times in frequent.items() if times >= FEWEST_OF_CLASS}
    names |= {name.partition("=")[0] for name in frequent} | {START, END, "X"}
    numbers = {name: number for number, name in enumerate(sorted(names))}
    base = len(numbers)
    pairs: Counter[int] = Counter()
    triples: Counter[int] = Counter()
    for sentence in read:
        own = [START, *(name if name in numbers else name.partition("=")[0] for name in sentence), END]
        row = [numbers[name] for name in own]
        pairs.update(a * base + b for a, b in pairwise(row))
        triples.update((a * base + b) * base + c for a, b, c in zip(row, row[1:], row[2:], strict=False))
    two, three = sorted(pairs.items()), sorted(triples.items())
    np.savez_compressed(
        DATA,
        classes=np.array(sorted(names)),
        pairs=np.array([key for key, _ in two], dtype=np.int32),
        pair_times=np.array([times for _, times in two], dtype=np.int32),
        triples=np.array([key for key, _ in three], dtype=np.int64),
        triple_times=np.array([times for _, times in three], dtype=np.int32),
    )
    words = sum(map(len, read))
    print(f"{len(read)} sentences, {words} tokens; {base} classes, {len(two)} pairs, {len(three)} triples")


def news() -> Iterator[Item]:
    """Chunks of news in plain typography, their group the side, or the set where only people wrote it."""
    for name in CHUNKS:
        for item in read_gold(NEWS / f"{name}_chunks.jsonl.gz"):
            of, _, system = item.group.partition("/")
            if of not in HELD_OUT and system in SYSTEMS:
                yield plain(item)._replace(group=system if of < "wmt12" and of != "sequoia-annodis" else of)


def single(items: Iterable[Item]) -> Iterator[Item]:
    """The sentences of chunks that only people wrote, each for itself: a text can be as short."""
    for item in items:
        if item.group not in SYSTEMS:
            for line in item.article.text.splitlines():
                yield item._replace(article=replace(item.article, text=line), group="sentences")


def choose() -> None:
    """Prints the tables."""
    engines = Engines(LANGUAGES["fr"])
    engines.start([Need.TOKENS])
    items = [item._replace(group=SIDES[n % 2]) for n, item in enumerate(read_gold(PRODUCTS))]
    marks = Counter({side: sum(len(item.gold) for item in items if item.group == side) for side in SIDES})
    chunks = list(news())
    pairs = [item._replace(group="pairs") for item in read_gold(PAIRS)]
    every = [*items, *pairs, *chunks, *single(chunks)]
    texts: Counter[str] = Counter()
    told: dict[tuple[float, float, float], Counter[tuple[str, str]]] = defaultdict(Counter)
    model = packaged_sequences()
    for item, (analysis, _) in zip(every, analyse((item.article for item in every), engines), strict=True):
        texts[item.group] += 1
        read = [
            (sentence.span.start, *model.score(doc))
            for sentence, doc in analysis.parsed()
            if sentence.region not in SILENT
        ]
        whole = [score for _, scores, _ in read for score in scores]
        for margin, mean in product(MARGINS, MEANS):
            if not is_unusual(whole, Options(mean, margin)):
                continue
            for below in SCORES:
                spans = [
                    Span(start + one.start, start + one.end)
                    for start, scores, places in read
                    for one in stretches(scores, places, below)
                ]
                shown = told[margin, mean, below]
                shown[item.group, "texts"] += bool(spans)
                shown[item.group, "shown"] += len(spans)
                shown[item.group, "right"] += sum(any(span.overlaps(mark.span) for mark in item.gold) for span in spans)
                shown[item.group, "met"] += sum(any(span.overlaps(mark.span) for span in spans) for mark in item.gold)
    others = sorted(texts.keys() - set(SIDES))
    print(f"{'margin':>6}{'mean':>6}{'below':>6}" + "".join(f"{side:>16}" for side in SIDES))
    print(f"{'':18}{'right':>8}{'met':>8}{'right':>8}{'met':>8}  texts reported on, in 1,000, of {', '.join(others)}")
    for (margin, mean, below), shown in sorted(told.items()):
        shares = "".join(
            f"{shown[side, 'right'] / max(1, shown[side, 'shown']):>8.3f}{shown[side, 'met'] / marks[side]:>8.3f}"
            for side in SIDES
        )
        rates = "".join(f"{1000 * shown[group, 'texts'] / texts[group]:>8.1f}" for group in others)
        print(f"{margin:>6}{mean:>6}{below:>6}{shares}{rates}")


if __name__ == "__main__":
    if not SHARED.exists() or sys.argv[1:] not in (["count"], ["choose"]):
        sys.exit(__doc__)
    count() if sys.argv[1] == "count" else choose()
