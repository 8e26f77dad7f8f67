"""No test sentence may reach training."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from training.cleaning import Pair
from training.overlap import HeldOut, held_out_sentences

SENTENCE = "Le club breton a annoncé mardi soir le départ de son entraîneur après trois défaites de suite."


def test_exact_sentences_go_whatever_their_typography() -> None:
    held_out = HeldOut([SENTENCE])
    assert held_out.reason(Pair.of(SENTENCE.upper().rstrip("."), "Something else.")) == "test-sentence"
    assert held_out.reason(Pair.of("Autre chose.", SENTENCE)) == "test-sentence"


def test_sentences_cut_or_joined_go() -> None:
    held_out = HeldOut([SENTENCE])
    joined = SENTENCE.replace("Le club", "Selon nos informations, le club") + " Il sera remplacé."
    assert held_out.reason(Pair.of(joined, "Something else.")) == "test-overlap"


def test_common_wording_stays() -> None:
    held_out = HeldOut([SENTENCE])
    pair = Pair.of("Le club breton a annoncé mardi une hausse de son budget.", "The club announced a bigger budget.")
    assert held_out.reason(pair) is None


def test_both_kinds_of_files_are_read(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "set.tsv.gz", "wt", encoding="utf-8") as stream:
        stream.write("Une phrase.\tA sentence.\n")
    with gzip.open(tmp_path / "chunks.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write(json.dumps({"sentences": ["Première.", "Deuxième."]}) + "\n")
    assert list(held_out_sentences(tmp_path, tmp_path)) == ["Une phrase.", "A sentence.", "Première.", "Deuxième."]
