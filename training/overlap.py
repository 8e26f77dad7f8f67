"""Keeps test sentences out of training.

A pair goes when either side is a held-out sentence (case, punctuation and spacing aside), or when `SHARE` or more of
the word 8-grams of a side occur in held-out text: that catches a test sentence that was cut, joined or lightly edited.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from training.cleaning import Pair, key

ORDER = 8
SHARE = 0.3


class HeldOut:
    """The sentences of the test sets, both languages together."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.keys: set[str] = set()
        self.grams: set[int] = set()
        for sentence in sentences:
            identity = key(sentence)
            if identity:
                self.keys.add(identity)
                self.grams.update(_grams(identity))

    def reason(self, pair: Pair) -> str | None:
        """ "test-sentence", "test-overlap" or None."""
        sides = (pair.french_key, pair.english_key)
        if any(side in self.keys for side in sides):
            return "test-sentence"
        for side in sides:
            grams = _grams(side)
            if grams and len(self.grams.intersection(grams)) >= SHARE * len(grams):
                return "test-overlap"
        return None


def _grams(identity: str) -> set[int]:
    words = identity.split()
    return set(map(hash, zip(*(words[shift:] for shift in range(ORDER)), strict=False)))


def read_pairs(path: Path) -> Iterator[tuple[str, str]]:
    """(French, English) of a gzipped two-column test file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            french, _, english = line.rstrip("\n").partition("\t")
            yield french, english


def held_out_sentences(tests: Path, chunks: Path) -> Iterator[str]:
    """Every sentence of tests/*.tsv.gz (both columns) and of chunks/*.jsonl.gz (human and machine sides)."""
    for path in sorted(tests.glob("*.tsv.gz")):
        for pair in read_pairs(path):
            yield from pair
    for path in sorted(chunks.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield from json.loads(line)["sentences"]
