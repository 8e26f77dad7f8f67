"""What a round trip tells of who translated: similarity of what comes back, and forced decoding, piece by piece.

    python notebooks/detection_roundtrip.py PIECES... [--articles 60] [--mt-model NAME]

After Nguyen-Son et al. 2019 and 2021 (similarity of the round trip: a machine's text comes back less changed) and Wastl
et al. 2025 (a machine's text is likelier under a model of translation). Takes that many source articles of wmt12-13,
evenly spread, in the versions of people, google and bergamot-tiny, and prints the AUC of each measure by itself, and of
all together under a logistic regression (five folds by source article). It writes nothing: with the embedded model no
measure is worth a place in the detector.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from detection_model import lines
from detection_stages import JUDGED_ON, auc
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mtaudit.analysis import Engines
from mtaudit.lang import LANGUAGES
from mtaudit.model import Need
from mtaudit.options import model_of
from mtaudit.roundtrips import round_trips
from mtaudit.translations import RoundTrip

SYSTEMS = ("google", "bergamot-tiny")
MEASURES = (
    *(f"{name}, {how}" for name in ("chrF", "BLEU", "TER", "words kept") for how in ("mean", "spread")),
    *(
        f"ln p a piece, {what}"
        for what in ("the text given its pivot", "the pivot", "what came back", "text less back")
    ),
)


def measures(trips: Sequence[RoundTrip]) -> list[float]:
    """A number for each of MEASURES, over the sentences of a piece."""
    whole = [trip for trip in trips if trip.is_whole and trip.given.pieces]
    shares = [(*trip.similarity, 100 * trip.kept) for trip in whole]
    given = _mean(trip.given.log_probability / (len(trip.given.pieces) + 1) for trip in whole)
    pivot, back = (
        _mean(way.log_probability / max(way.pieces, 1) for way in ways)
        for ways in ([trip.pivot for trip in whole], [trip.back for trip in whole])
    )
    of_shares = [float(number) for column in zip(*shares, strict=True) for number in (np.mean(column), np.std(column))]
    return [*of_shares, given, pivot, back, given - back]


def _mean(numbers: object) -> float:
    return float(np.mean(list(numbers)))  # type: ignore[call-overload]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pieces", type=Path, nargs="+")
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--mt-model")
    given = parser.parse_args()
    found = [
        piece
        for path in given.pieces
        for piece in lines(path)
        if piece["set"] in JUDGED_ON and piece["system"] in (*SYSTEMS, "human")
    ]
    articles = sorted({(piece["set"], piece["doc"]) for piece in found})
    asked = set(articles[:: max(1, len(articles) // given.articles)][: given.articles])
    chosen = [piece for piece in found if (piece["set"], piece["doc"]) in asked]
    engines = Engines(LANGUAGES["fr"], model_choice=model_of(given.mt_model, None), remembers=False)
    unmet = engines.start([Need.ROUNDTRIP])
    if unmet or engines.translator is None:
        raise SystemExit(f"no translator: {engines.failures}")
    texts = [text for piece in chosen for text, _ in piece["sentences"]]
    # Without a lexicon no repairs are sought, which are not asked for here.
    trips = iter(round_trips(texts, engines.translator, None))
    table = np.array([measures([next(trips) for _ in piece["sentences"]]) for piece in chosen])
    system = np.array([piece["system"] for piece in chosen])
    is_mt = np.array([int(piece["is_mt"]) for piece in chosen])
    article = np.array([piece["set"] + piece["doc"] for piece in chosen])
    print(f"{len(asked)} articles, {len(texts)} sentences; AUC of the machine's side, {' and '.join(SYSTEMS)}")
    for name, column in zip(MEASURES, table.T, strict=True):
        rows = [np.isin(system, [own, "human"]) for own in SYSTEMS]
        print(f"  {name:36}", *(f"{auc(is_mt[own], column[own]):.3f}" for own in rows))
    for own in SYSTEMS:
        rows = np.isin(system, [own, "human"])
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1))
        folds = GroupKFold(5).split(table[rows], is_mt[rows], article[rows])
        told = cross_val_predict(model, table[rows], is_mt[rows], cv=list(folds), method="decision_function")
        print(f"  all together, {own:22} {auc(is_mt[rows], told):.3f}")


if __name__ == "__main__":
    main()
