"""Trains, calibrates and judges the detector of machine translation, and writes its data file.

    python notebooks/detection_pieces.py PIECES.jsonl.gz      (half an hour, once)
    python notebooks/detection.py PIECES... [-o mtaudit/data/detection.json] [--scores notebooks/detection_scores.tsv]

Ten-sentence pieces of the development data (../shared/data/mt_vs_human), typography normalised. Everything is chosen on
wmt08-11, each year scored by models that saw neither the year nor the system in question; flores and wmt15 are trained
on as well, and scored in parts in the same way. wmt12-13 is judged at the end, each system by a model that saw nothing
of it. The file that is written has the model of all four systems. `detection_controls.py` shows what the model has not
learnt, and what its parts are worth; `detection.ipynb` draws the curves from the scores.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
from detection_model import Floats, Linear, Trainer, read
from detection_stages import (
    JUDGED_ON,
    SYSTEMS,
    TUNED_ON,
    UNFAMILIAR_NEWS,
    Scored,
    auc,
    by_length,
    calibrated,
    calibration_error,
    common_words,
    evidence_weights,
    familiarity_of,
    faults_of,
    held_out,
    issue_weights,
    logits,
    out_of_fold,
    rates,
    recall_at,
    scored_by,
    sigmoid,
    thresholds,
    together,
    trained_on,
)

from mtaudit.detection import DATA, FORMAT, DetectionModel
from mtaudit.model import Rule
from mtaudit.phraseology import VIEWS
from mtaudit.phrasing import PhrasingModel
from mtaudit.rules import load_rules, packaged_rules

WORDS_ALONE = (VIEWS.index("words"),)
SCORES = Path(__file__).parent / "detection_scores.tsv"
#: Where the edges of the bins by length lie, in words, and what a bin must reach for texts of its length to be judged.
EDGES = (20, 40, 60, 80, 100, 125, 150, 200, 250, 300, 400, 500)
LEAST_AUC, MOST_ERROR = 0.8, 0.06


def second_stage(trainer: Trainer, rules: dict[str, Rule], scored: dict[int, Scored]) -> DetectionModel:
    """All of the model but the weights of the phrasing."""
    pieces, ten = trainer.pieces, scored[10]
    bias, slope = calibrated(scored)
    families, rate = rates(pieces, rules, trainer.whole.words)
    weights = issue_weights(ten, logits(ten, bias, slope), rate, families)
    print("bias", bias, "slope", slope, "issues", weights, sep="\n  ")
    common = common_words(trainer, np.flatnonzero(np.isin(pieces.set, TUNED_ON)))
    model = DetectionModel(
        format=FORMAT,
        script="notebooks/detection.py",
        data="mt_vs_human (WMT 2008-11 news, newsdiscuss 2015, FLORES): people, " + ", ".join(SYSTEMS),
        date=date.today().isoformat(),
        phrasing=PhrasingModel(0.0, {}),
        bias=bias,
        slope=slope,
        issues=weights,
        evidence=evidence_weights(pieces, rules),
        faults=faults_of(pieces, rules),
        likely=1.0,
        no_sign=0.0,
        least_words=least_words(scored, [sigmoid(logits(own, bias, slope)) for own in scored.values()]),
        least_familiar=least_familiar(trainer, familiarity_of(trainer.counts, pieces.sentences, common)),
        common=frozenset(trainer.counts.names[common]),
    )
    told = {size: sigmoid(logits(own, bias, slope)) for size, own in scored.items()}
    told[10] = probabilities(model, ten, issue_logits(trainer, rules, model))
    likely, no_sign = thresholds(scored, told)
    print(f"likely from {likely:.4f}, no sign below {no_sign:.4f}")
    print("evidence", model.evidence, "faults", sorted(model.faults))
    return msgspec.structs.replace(model, likely=round(likely, 4), no_sign=round(no_sign, 4))


def least_words(scored: dict[int, Scored], told: list[Floats]) -> int:
    """The length from which on all lengths are told well enough, in words."""
    news = [np.isin(own.fold, TUNED_ON) for own in scored.values()]
    rows = by_length(
        [own.only(here) for own, here in zip(scored.values(), news, strict=True)],
        [own[here] for own, here in zip(told, news, strict=True)],
        EDGES,
    )
    print("words from, stretches, AUC, ECE (phrasing alone, wmt08-11, out of fold)")
    for low, number, area, error in rows:
        print(f"  {low:>4} {number:>7} {area:.3f} {error:.3f}")
    good = [area >= LEAST_AUC and error < MOST_ERROR for *_, area, error in rows]
    return next(row[0] for place, row in enumerate(rows) if all(good[place:]))


def least_familiar(trainer: Trainer, familiar: Floats) -> float:
    """What all but UNFAMILIAR_NEWS of the news has."""
    sets = trainer.pieces.set
    least = round(float(np.quantile(familiar[np.isin(sets, TUNED_ON)], UNFAMILIAR_NEWS)), 3)
    print("share of common words: median, and pieces below", least)
    for own in np.unique(sets):
        print(f"  {own:20} {np.median(familiar[sets == own]):.3f} {(familiar[sets == own] < least).mean():.4f}")
    return least


def issue_logits(trainer: Trainer, rules: dict[str, Rule], model: DetectionModel) -> Floats:
    """What the issues of each piece add."""
    families, rate = rates(trainer.pieces, rules, trainer.whole.words)
    return rate @ np.array([model.issues.get(family, 0.0) for family in families])


def probabilities(model: DetectionModel, scored: Scored, issues: Floats) -> Floats:
    """As `mtaudit.detection` gives them, hard evidence aside, of which the data have next to none."""
    return sigmoid(logits(scored, model.bias, model.slope) + issues[scored.piece])


def baseline(trainer: Trainer, everything: Scored) -> Floats:
    """The score by words alone, 1 to 3 in a row, learnt and left out in the same way: the model that is to be beaten.

    NaN for the sets of people alone.
    """
    alone = together([out_of_fold(trainer, (10,), WORDS_ALONE)[10], held_out(trainer, WORDS_ALONE)])
    score = dict(zip(zip(alone.piece, alone.left_out, strict=True), alone.score, strict=True))
    return np.array([score.get(key, np.nan) for key in zip(everything.piece, everything.left_out, strict=True)])


def tell(name: str, scored: Scored, model: DetectionModel, probability: Floats, baseline: Floats) -> None:
    """One line for each system, and their mean."""
    rows = []
    for system in SYSTEMS:
        own = scored.left_out == system
        is_mt, told, base = scored.is_mt[own], probability[own], baseline[own]
        human, machine = told[is_mt == 0], told[is_mt == 1]
        rows.append(
            [
                auc(is_mt, told),
                auc(is_mt, base),
                recall_at(told, is_mt),
                recall_at(base, is_mt),
                calibration_error(told, is_mt),
                (human >= model.likely).mean(),
                (machine >= model.likely).mean(),
                (human < model.no_sign).mean(),
                (machine < model.no_sign).mean(),
            ]
        )
    columns = ("AUC", "(base)", "recall", "(base)", "ECE", "likely/h", "likely/m", "nosign/h", "nosign/m")
    print(f"{name:24}" + "".join(f"{column:>9}" for column in columns))
    for system, row in zip((*SYSTEMS, "mean"), [*rows, np.mean(rows, 0)], strict=True):
        print(f"  {system:22}" + "".join(f"{value:>9.3f}" for value in row))


def write_scores(path: Path, trainer: Trainer, scored: Scored, columns: dict[str, Floats]) -> None:
    """A line for each piece and system left out: numbers only."""
    pieces = trainer.pieces
    with path.open("w", encoding="utf-8") as out:
        out.write("\t".join(("set", "doc", "system", "left_out", "is_mt", "words", *columns)) + "\n")
        for place, piece in enumerate(scored.piece):
            said = (pieces.set[piece], pieces.doc[piece], pieces.system[piece], scored.left_out[place] or "-")
            numbers = (f"{scored.is_mt[place]}", f"{scored.words[place]:.0f}")
            out.write("\t".join((*said, *numbers, *(f"{column[place]:.3f}" for column in columns.values()))) + "\n")


def print_heaviest(final: Linear, trainer: Trainer, most: int = 200) -> None:
    """The features that move most in all, for reading."""
    train = np.flatnonzero(trained_on(trainer.pieces))
    often = np.asarray((trainer.whole.matrix[train][:, final.space.columns] > 0).sum(0)).ravel()
    weight = final.coefficients * final.space.scale
    names = trainer.counts.names[final.space.columns]
    order = np.argsort(-np.abs(final.coefficients) * np.sqrt(often))[:most]
    for side, sign in (("machine", 1), ("human", -1)):
        print(
            f"{side}:", " | ".join(f"{VIEWS[final.space.view[k]][0]}:{names[k]}" for k in order if sign * weight[k] > 0)
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pieces", type=Path, nargs="+")
    parser.add_argument("-o", "--out", type=Path, default=DATA)
    parser.add_argument("--scores", type=Path, default=SCORES)
    given = parser.parse_args()
    rules = {rule.id: rule for rule in load_rules([packaged_rules()]).rules}
    trainer = Trainer(*read(given.pieces))
    pieces = trainer.pieces
    scored = out_of_fold(trainer)
    model = second_stage(trainer, rules, scored)
    tested = held_out(trainer)
    train = np.flatnonzero(trained_on(pieces))
    final = trainer.fit(train)
    model = msgspec.structs.replace(model, phrasing=final.packed(trainer.counts.names))
    given.out.write_bytes(msgspec.json.encode(model, order="sorted"))
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.2f} MB")
    print_heaviest(final, trainer)

    unseen = scored_by(final, trainer, np.flatnonzero(~trained_on(pieces) & ~np.isin(pieces.set, JUDGED_ON)), "")
    issues = issue_logits(trainer, rules, model)
    everything = together([scored[10], tested, unseen])
    probability = probabilities(model, everything, issues)
    base = baseline(trainer, everything)
    for name, sets in (
        ("wmt08-11, out of fold", TUNED_ON),
        *((year, (year,)) for year in TUNED_ON),
        ("wmt12-13", JUDGED_ON),
    ):
        own = np.isin(everything.fold, sets)
        tell(name, everything.only(own), model, probability[own], base[own])
    print("called likely of stretches of so many sentences, wmt08-11, phrasing alone: human, machine")
    for size, own in scored.items():
        told = sigmoid(logits(own, model.bias, model.slope))
        sides = [told[np.isin(own.fold, TUNED_ON) & (own.is_mt == side)] >= model.likely for side in (0, 1)]
        human = [(told[(own.fold == year) & (own.is_mt == 0)] >= model.likely).mean() for year in TUNED_ON]
        print(f"  {size:>4} {sides[0].mean():.4f} {sides[1].mean():.3f}  human by year", np.round(human, 4))
    print("human pieces: called likely, no sign")
    sets = pieces.set[everything.piece]
    for own in np.unique(sets):
        told = probability[(sets == own) & (everything.is_mt == 0)]
        print(f"  {own:20} {len(told):>6} {(told >= model.likely).mean():.4f} {(told < model.no_sign).mean():.3f}")
    columns = {
        "score": everything.score,
        "logit": logits(everything, model.bias, model.slope),
        "issues": issues[everything.piece],
        "probability": probability,
        "baseline": base,
    }
    write_scores(given.scores, trainer, everything, columns)


if __name__ == "__main__":
    main()
