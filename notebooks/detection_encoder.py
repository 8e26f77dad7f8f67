"""What the encoder of the embedded model tells of who translated: its states under a small head.

    python notebooks/detection_encoder.py PIECES... --marian DIR [--every 3]

DIR is the folder that `training.export` writes for transformers (`marian`); PyTorch and transformers are needed (the
extra `training`). The states of the last encoder layer are averaged over the pieces of text of a piece; logistic
regression over them, standardised, is trained on wmt08-11 without the judged system and judged on wmt12-13, alone and
beside the phrasing, whose held-out scores `detection.py` has written. Every third article is taken. It prints figures
and writes nothing: see README.md for what came of it.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from detection_model import Floats, lines
from detection_stages import JUDGED_ON, SYSTEMS, TUNED_ON, auc
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SCORES = Path(__file__).parent / "detection_scores.tsv"
#: The packaged model's token for translation out of French.
DIRECTION = ">>eng<<"
STRENGTHS = (0.0003, 0.003, 0.03)
MOST_PIECES = 200


def states(folder: Path, sentences: Sequence[str]) -> Floats:
    """(sentences, width): the mean of the last encoder layer's states over each sentence's pieces."""
    import sentencepiece
    import torch
    from transformers import MarianMTModel

    encoder = MarianMTModel.from_pretrained(folder).get_encoder().eval()
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    unknown, end, padding = vocabulary["<unk>"], vocabulary["</s>"], vocabulary["<pad>"]
    rows = [
        [vocabulary[DIRECTION], *(vocabulary.get(one, unknown) for one in row[:MOST_PIECES]), end]
        for row in pieces.encode(list(sentences), out_type=str)
    ]
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    found: list[Floats | None] = [None] * len(rows)
    with torch.inference_mode():
        for start in range(0, len(order), 64):
            batch = order[start : start + 64]
            longest = max(len(rows[number]) for number in batch)
            ids = torch.tensor([rows[number] + [padding] * (longest - len(rows[number])) for number in batch])
            mask = (ids != padding).long()
            last = encoder(input_ids=ids, attention_mask=mask).last_hidden_state * mask[..., None]
            for number, vector in zip(batch, (last.sum(1) / mask.sum(1, keepdim=True)).numpy(), strict=True):
                found[number] = vector
    return np.array(found)


def head(strength: float) -> LogisticRegression:
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, class_weight="balanced", max_iter=2000))


def phrasing_scores() -> Iterator[tuple[tuple[str, str, str, str], float]]:
    """The score of the phrasing by set, article, system and the system left out."""
    with SCORES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield (row["set"], row["doc"], row["system"], row["left_out"]), float(row["score"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pieces", type=Path, nargs="+")
    parser.add_argument("--marian", type=Path, required=True)
    parser.add_argument("--every", type=int, default=3)
    given = parser.parse_args()
    found = [piece for path in given.pieces for piece in lines(path) if piece["set"] in (*TUNED_ON, *JUDGED_ON)]
    articles = set(sorted({(piece["set"], piece["doc"]) for piece in found})[:: given.every])
    chosen = [piece for piece in found if (piece["set"], piece["doc"]) in articles]
    each = iter(states(given.marian, [text for piece in chosen for text, _ in piece["sentences"]]))
    table = np.array([np.mean([next(each) for _ in piece["sentences"]], axis=0) for piece in chosen])
    system, sets = (np.array([piece[name] for piece in chosen]) for name in ("system", "set"))
    is_mt = np.array([int(piece["is_mt"]) for piece in chosen])
    tuning, judged = np.isin(sets, TUNED_ON), np.isin(sets, JUDGED_ON)
    phrasing = dict(phrasing_scores())
    print(f"{len(articles)} articles, {len(chosen)} pieces; AUC on wmt12-13: strength, states, phrasing, both")
    for own in SYSTEMS:
        of_phrasing = np.array(
            [phrasing.get((one["set"], one["doc"], one["system"], own), np.nan) for one in chosen], dtype=float
        )
        # Phrasing has a score for the human side and the system left out, but for texts too short to be judged; the
        # stack is fitted on these of wmt08-11.
        scored = np.isin(system, [own, "human"]) & np.isfinite(of_phrasing)
        seen, pair, asked = tuning & (system != own), tuning & scored, judged & scored
        strength = max(
            STRENGTHS,
            key=lambda strength: auc(is_mt[pair], _transferred(table, is_mt, sets, (seen, pair), strength)[pair]),
        )
        of_states = np.where(
            judged,
            head(strength).fit(table[seen], is_mt[seen]).decision_function(table),
            _transferred(table, is_mt, sets, (seen, pair), strength),
        )
        both = np.column_stack([of_phrasing, of_states])
        stacked = head(1.0).fit(both[pair], is_mt[pair]).decision_function(both[asked])
        figures = (auc(is_mt[asked], one) for one in (of_states[asked], of_phrasing[asked], stacked))
        print(f"  {own:22} {strength:6}", *(f"{figure:.3f}" for figure in figures))


def _transferred(table: Floats, is_mt: Floats, sets: Floats, rows: tuple[Floats, Floats], strength: float) -> Floats:
    """The scores of the second rows, each year's by a head fitted on the first rows of the other years."""
    scores = np.zeros(len(is_mt))
    for year in TUNED_ON:
        seen, own = rows[0] & (sets != year), rows[1] & (sets == year)
        scores[own] = head(strength).fit(table[seen], is_mt[seen]).decision_function(table[own])
    return scores


if __name__ == "__main__":
    main()
