"""What the detector is measured against, what it has not learnt, and what its parts are worth.

    python notebooks/detection_controls.py PIECES...

1. Controls: labels swapped at random between the two versions of a source (nothing is to be learnt: 0.5); how often the
   machine's version scores above the human version of the same source, where topic, outlet and date are the same.
2. Ablations of the views, on wmt12-13, each system left out of training.
3. Signals that are not in the model: lexical richness, parts of speech, words with signs; alone, and beside it.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from detection_model import Floats, Pieces, Trainer, lines, read
from detection_stages import (
    JUDGED_ON,
    SYSTEMS,
    TUNED_ON,
    Scored,
    auc,
    held_out,
    out_of_fold,
    recall_at,
    together,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from mtaudit.phraseology import VIEWS

WORDS = r"\w+(?:-\w+)*'?|[^\w\s]"
TAGS = r"\S+"
SHUFFLES = 6


def bag_of_words(pieces: Pieces, scored: Scored, text: Any, pattern: str = WORDS, longest: int = 3) -> Floats:
    """The log-odds by tf-idf of n-grams, trained on news with the same year and system left out; NaN for other sets."""
    told = np.full(len(scored.piece), np.nan)
    for held, here in _held(scored):
        rows = np.flatnonzero(np.isin(pieces.set, TUNED_ON) & (pieces.set != held))
        counts = TfidfVectorizer(ngram_range=(1, longest), min_df=3, sublinear_tf=True, token_pattern=pattern)
        table = counts.fit_transform(text[rows])
        for system in SYSTEMS:
            seen = pieces.system[rows] != system
            own = here & (scored.left_out == system)
            model = LogisticRegression(C=10, solver="liblinear", dual=True, class_weight="balanced", tol=0.01)
            model.fit(table[seen], pieces.is_mt[rows][seen])
            told[own] = model.decision_function(counts.transform(text[scored.piece[own]]))
    return told


def dense(pieces: Pieces, scored: Scored, table: Floats) -> Floats:
    """The same for a few numbers a piece."""
    told = np.full(len(scored.piece), np.nan)
    for held, here in _held(scored):
        rows = np.flatnonzero(np.isin(pieces.set, TUNED_ON) & (pieces.set != held))
        scaler = StandardScaler().fit(table[rows])
        for system in SYSTEMS:
            seen = rows[pieces.system[rows] != system]
            own = here & (scored.left_out == system)
            model = LogisticRegression(class_weight="balanced").fit(scaler.transform(table[seen]), pieces.is_mt[seen])
            told[own] = model.decision_function(scaler.transform(table[scored.piece[own]]))
    return told


def _held(scored: Scored) -> list[tuple[str, Any]]:
    """What is left out of training, and which rows are scored then."""
    return [("", np.isin(scored.fold, JUDGED_ON)), *((year, scored.fold == year) for year in TUNED_ON)]


def richness(text: str, common: frozenset[str]) -> list[float]:
    """Type/token ratio (of the first 150 words), MTLD (McCarthy & Jarvis 2010), Yule's I, share of words that occur
    once, share of common words, mean length of a word: Vanmassenhove et al. 2021."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = Counter(words)
    twice = sum(number**2 for number in counts.values())
    return [
        len(set(words[:150])) / max(len(words[:150]), 1),
        (_mtld(words) + _mtld(words[::-1])) / 2,
        len(counts) ** 2 / max(twice - len(counts), 1),
        sum(number == 1 for number in counts.values()) / max(len(words), 1),
        sum(word in common for word in words) / max(len(words), 1),
        sum(map(len, words)) / max(len(words), 1),
    ]


def _mtld(words: list[str], least: float = 0.72) -> float:
    factors, seen, number = 0.0, set[str](), 0
    ratio = 1.0
    for word in words:
        number += 1
        seen.add(word)
        ratio = len(seen) / number
        if ratio < least:
            factors, seen, number, ratio = factors + 1, set(), 0, 1.0
    factors += (1 - ratio) / (1 - least)
    return len(words) / factors if factors else float(len(words))


def swapped(trainer: Trainer) -> list[float]:
    """AUC on wmt11 of models that learnt from wmt08-10 with labels swapped at random within a source."""
    pieces, random = trainer.pieces, np.random.default_rng(0)
    rows = np.flatnonzero(np.isin(pieces.set, TUNED_ON[:3]) & np.isin(pieces.system, ["human", "microsoft"]))
    test = np.flatnonzero((pieces.set == "wmt11") & np.isin(pieces.system, ["human", "google"]))
    trainer.prepare(rows)
    _, article = np.unique(pieces.article, return_inverse=True)
    told = []
    for _ in range(SHUFFLES):
        swap = random.random(article.max() + 1) < 0.5
        model = trainer.fit(rows, np.where(swap[article], 1 - pieces.is_mt, pieces.is_mt))
        told.append(auc(pieces.is_mt[test], model.score(trainer.whole)[test]))
    model = trainer.fit(rows)
    return [*told, auc(pieces.is_mt[test], model.score(trainer.whole)[test])]


def topic_matched(pieces: Pieces, scored: Scored, score: Floats, system: str) -> float:
    """How often the machine's version of a source scores above the human one."""
    own = scored.left_out == system
    article = pieces.article[scored.piece[own]]
    is_mt, told = scored.is_mt[own], score[own]
    human = dict(zip(article[is_mt == 0], told[is_mt == 0], strict=True))
    return float(
        np.mean([told_ > human[key] for key, told_ in zip(article[is_mt == 1], told[is_mt == 1], strict=True)])
    )


def line(name: str, scored: Scored, score: Floats) -> str:
    """AUC by system and in the mean, and recall at 2 % of human pieces."""
    areas, recalls = [], []
    for system in SYSTEMS:
        own = scored.left_out == system
        areas.append(auc(scored.is_mt[own], score[own]))
        recalls.append(recall_at(score[own], scored.is_mt[own]))
    numbers = " ".join(f"{area:.3f}" for area in (*areas, np.mean(areas)))
    return f"{name:34} {numbers}   {np.mean(recalls):.3f}"


def beside(scored: Scored, score: Floats, other: Floats) -> Floats:
    """Both, weighed by a logistic regression on the years tuned on, each year by the others."""
    both = np.column_stack([score, other])
    told = np.full(len(score), np.nan)
    for held, here in _held(scored):
        rest = np.isin(scored.fold, TUNED_ON) & (scored.fold != held)
        told[here] = LogisticRegression(C=1e3).fit(both[rest], scored.is_mt[rest]).decision_function(both[here])
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pieces", type=Path, nargs="+")
    given = parser.parse_args()
    trainer = Trainer(*read(given.pieces))
    pieces = trainer.pieces
    *shuffled, true = swapped(trainer)
    print(
        "labels swapped within the source, AUC:",
        np.round(shuffled, 3),
        "mean",
        np.mean(shuffled).round(3),
        "true",
        round(true, 3),
    )

    print(f"{'wmt12-13':34} " + " ".join(system[:5] for system in SYSTEMS) + "  mean   recall at 2 %")
    tested = held_out(trainer)
    print(line("four views", tested, tested.score))
    for system in SYSTEMS:
        above = topic_matched(pieces, tested, tested.score, system)
        print(f"  machine above human of the same source, {system}: {above:.3f}")
    for place, view in enumerate(VIEWS):
        rest = tuple(other for other in range(len(VIEWS)) if other != place)
        for name, views in ((f"only {view}", (place,)), (f"without {view}", rest)):
            own = held_out(trainer, views)
            print(line(name, own, own.score), flush=True)

    ten = out_of_fold(trainer, sizes=(10,))[10]
    everything = together([ten.only(np.isin(ten.fold, TUNED_ON)), tested])
    frequent = Counter(
        word
        for text in np.array(pieces.text)[np.isin(pieces.set, TUNED_ON)]
        for word in re.findall(r"[^\W\d_]+", text.lower())
    )
    common = frozenset(word for word, _ in frequent.most_common(2000))
    rich = np.array([richness(text, common) for text in pieces.text])
    tags = np.array(
        [
            " ".join(token[2] for _, parse in piece["sentences"] for token in [*parse, ("", "", "|")])
            for path in given.pieces
            for piece in lines(path)
        ],
        dtype=object,
    )
    signals = {
        "words 1-3, signs in, tf-idf": bag_of_words(pieces, everything, np.array(pieces.text, dtype=object)),
        "lexical richness": dense(pieces, everything, rich),
        "parts of speech 1-4": bag_of_words(pieces, everything, tags, TAGS, 4),
    }
    for name, sets in (("wmt08-11, out of fold", TUNED_ON), ("wmt12-13", JUDGED_ON)):
        here = np.isin(everything.fold, sets)
        own = everything.only(here)
        print(name)
        print(line("  phrasing", own, own.score))
        for signal, told in signals.items():
            print(line(f"  {signal}, alone", own, told[here]))
            print(line(f"  {signal}, beside", own, beside(everything, everything.score, told)[here]))


if __name__ == "__main__":
    main()
