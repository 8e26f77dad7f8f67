"""From scores to probabilities and verdicts: what `notebooks/detection.py` fits on scores of held-out pieces.

Everything here is chosen on wmt08-11, each year scored by models that saw neither it nor the system in question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from detection_model import ALL_VIEWS, Counts, Floats, Linear, Pieces, Rows, Trainer, gathered, stretches
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from mtaudit.detection import ByLength, family_of, rate
from mtaudit.model import Rule, Severity
from mtaudit.phraseology import MARKS

SYSTEMS = ("google", "microsoft", "bergamot-base-memory", "bergamot-tiny")
TUNED_ON = ("wmt08", "wmt09", "wmt10", "wmt11")
JUDGED_ON = ("wmt12", "wmt13")
#: Sentences to a stretch; ten are a piece, twenty are two neighbours.
SIZES = (2, 3, 5, 10, 20)

#: Families that are typography and house style.
TYPOGRAPHY = frozenset({"boilerplate", "consistency", "locale", "punctuation", "spacing"})
#: Families whose rules were chosen for what they find in wmt08-11: eleven times as often in machine pieces there, 1.2
#: times as often in flores and wmt15. What they weigh cannot be measured on the same pieces.
CHOSEN_THERE = frozenset({"padding"})

#: The shares that thresholds are set by: human pieces called `likely`, machine pieces called `no sign`, human pieces
#: with a fault that forbids `no sign`, news that is taken for something else.
HUMAN_LIKELY, MACHINE_NO_SIGN, HUMAN_FAULTS, UNFAMILIAR_NEWS = 0.02, 0.10, 0.01, 0.005
#: The words that stand in most articles.
COMMON = 2000


@dataclass
class Scored:
    """Stretches scored by models that saw neither their year nor `left_out`; `piece` is where each is from."""

    piece: Rows
    score: Floats
    words: Floats
    is_mt: Rows
    fold: np.ndarray[Any, Any]
    left_out: np.ndarray[Any, Any]

    def only(self, rows: np.ndarray[Any, Any]) -> Scored:
        """Some of them."""
        return Scored(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def folds_of(pieces: Pieces) -> np.ndarray[Any, Any]:
    """News by year, flores by half, the comments of wmt15 in three."""
    fold = pieces.set.astype(object)
    talk = np.char.startswith(pieces.set, "wmt15")
    place = {doc: number for number, doc in enumerate(np.unique(pieces.doc[talk]))}
    fold[talk] = [f"wmt15/{3 * place[doc] // len(place)}" for doc in pieces.doc[talk]]
    return fold


def trained_on(pieces: Pieces) -> np.ndarray[Any, Any]:
    """News of the tuning years, flores and wmt15: sets of which there are all four systems and people."""
    return (
        np.isin(pieces.set, TUNED_ON)
        | np.char.startswith(pieces.set, "flores")
        | np.char.startswith(pieces.set, "wmt15")
    )


def out_of_fold(trainer: Trainer, sizes: Sequence[int] = SIZES, views: Sequence[int] = ALL_VIEWS) -> dict[int, Scored]:
    """Every fold of the training sets scored without it and, in turn, without each system; by size of the stretches."""
    pieces, fold, train = trainer.pieces, folds_of(trainer.pieces), trained_on(trainer.pieces)
    cut = {size: stretches(pieces, size) for size in sizes}
    counts = {size: gathered(trainer.counts, groups) for size, (groups, _) in cut.items()}
    scored: dict[int, list[Scored]] = {size: [] for size in sizes}
    for held in sorted(set(fold[train])):
        rows = np.flatnonzero(train & (fold != held))
        trainer.prepare(rows, views)
        for system in SYSTEMS:
            model = trainer.fit(rows[pieces.system[rows] != system])
            asked = np.isin(pieces.system, [system, "human"]) & (fold == held)
            for size, (_, piece) in cut.items():
                here = np.flatnonzero(asked[piece])
                part = rows_of(counts[size], here)
                own = piece[here]
                scored[size].append(
                    Scored(
                        own,
                        model.score(part),
                        part.words,
                        pieces.is_mt[own],
                        fold[own],
                        np.full(len(own), system, dtype=object),
                    )
                )
    return {size: together(parts) for size, parts in scored.items()}


def held_out(trainer: Trainer, views: Sequence[int] = ALL_VIEWS) -> Scored:
    """The years that nothing was chosen on, each system by a model that saw nothing of it."""
    pieces = trainer.pieces
    train = np.flatnonzero(trained_on(pieces))
    trainer.prepare(train, views)
    parts = []
    for system in SYSTEMS:
        model = trainer.fit(train[pieces.system[train] != system])
        rows = np.flatnonzero(np.isin(pieces.set, JUDGED_ON) & np.isin(pieces.system, [system, "human"]))
        parts.append(scored_by(model, trainer, rows, system))
    return together(parts)


def scored_by(model: Linear, trainer: Trainer, rows: Rows, left_out: str) -> Scored:
    """Whole pieces, scored."""
    pieces, part = trainer.pieces, rows_of(trainer.whole, rows)
    fold = pieces.set[rows].astype(object)
    return Scored(
        rows, model.score(part), part.words, pieces.is_mt[rows], fold, np.full(len(rows), left_out, dtype=object)
    )


def together(parts: Sequence[Scored]) -> Scored:
    """One after the other."""
    return Scored(*(np.concatenate([getattr(part, name) for part in parts]) for name in Scored.__dataclass_fields__))


def rows_of(counts: Counts, rows: Rows) -> Counts:
    """Some rows of the counts."""
    return Counts(
        counts.matrix[rows], counts.names, counts.view, counts.totals[rows], counts.words[rows], counts.plain[rows]
    )


def calibrated(scored: Mapping[int, Scored]) -> tuple[ByLength, ByLength]:
    """Bias and slope by length, by logistic regression over stretches of all sizes, which count alike."""
    news = {size: own.only(np.isin(own.fold, TUNED_ON)) for size, own in scored.items()}
    sizes = sorted(news)
    middle, shortest, longest = (round(float(np.median(news[size].words))) for size in (10, sizes[0], sizes[-1]))
    score = np.concatenate([own.score for own in news.values()])
    growth = np.log(np.concatenate([own.words for own in news.values()]).clip(shortest, longest) / middle)
    weight = np.concatenate([np.full(len(own.piece), 1 / len(own.piece)) for own in news.values()])
    fitted = LogisticRegression(C=1e6).fit(
        np.column_stack([score, score * growth, growth]),
        np.concatenate([own.is_mt for own in news.values()]),
        sample_weight=weight / weight.mean(),
    )
    slope, steeper, shift = (round(float(value), 4) for value in fitted.coef_[0])
    return (
        ByLength(round(float(fitted.intercept_[0]), 4), shift, middle, shortest, longest),
        ByLength(slope, steeper, middle, shortest, longest),
    )


def logits(scored: Scored, bias: ByLength, slope: ByLength) -> Floats:
    """What the phrasing says, and the bias."""
    return np.array(
        [
            bias.of(int(words)) + slope.of(int(words)) * score
            for words, score in zip(scored.words, scored.score, strict=True)
        ]
    )


def rates(pieces: Pieces, rules: Mapping[str, Rule], words: Floats) -> tuple[list[str], Floats]:
    """Families, and the rate of each in each piece, as `mtaudit.detection` counts them."""
    families = sorted({family_of(rule) for rule in rules} - TYPOGRAPHY - CHOSEN_THERE)
    table = np.zeros((len(pieces), len(families)))
    for row, issues in zip(table, pieces.issues, strict=True):
        for rule, number in issues.items():
            family = family_of(rule)
            if family in families and not rules[rule].weak:
                row[families.index(family)] += number
    return families, np.array(
        [[rate(int(number), int(size)) for number in row] for row, size in zip(table, words, strict=True)]
    )


def fit_issues(offset: Floats, rate_: Floats, is_mt: Rows, penalty: float = 10.0) -> Floats:
    """Weights, none below 0, of a logistic regression (L2) beside what the phrasing says."""
    sign = 1 - 2 * is_mt

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = sign * (offset + rate_ @ weights)
        slope = sign / (1 + np.exp(-margin))
        return (
            float(np.logaddexp(0, margin).sum() + penalty * (weights**2).sum()),
            rate_.T @ slope + 2 * penalty * weights,
        )

    number = rate_.shape[1]
    return minimize(loss, np.zeros(number), jac=True, method="L-BFGS-B", bounds=[(0, None)] * number).x


def issue_weights(scored: Scored, offset: Floats, rate_: Floats, families: Sequence[str]) -> dict[str, float]:
    """Weights of the families that are above 0 whichever year is left out, if these make that year's log-loss less."""
    news = np.isin(scored.fold, TUNED_ON)
    own = rate_[scored.piece]
    fitted = {
        year: fit_issues(offset[rest], own[rest], scored.is_mt[rest])
        for year in TUNED_ON
        for rest in [news & (scored.fold != year)]
    }
    kept = np.flatnonzero(np.all(np.array(list(fitted.values())) > 0.01, axis=0))
    print("weights of families with each year left out:")
    for place, family in enumerate(families):
        if any(weights[place] > 0.01 for weights in fitted.values()):
            print(f"  {family:16}", *(f"{weights[place]:.3f}" for weights in fitted.values()))
    before, after = [], []
    for year in TUNED_ON:
        held, rest = news & (scored.fold == year), news & (scored.fold != year)
        weights = fit_issues(offset[rest], own[rest][:, kept], scored.is_mt[rest])
        for losses, logit in ((before, offset[held]), (after, offset[held] + own[held][:, kept] @ weights)):
            losses.append(float(np.logaddexp(0, (1 - 2 * scored.is_mt[held]) * logit).mean()))
    print(
        "log-loss of each year without issues",
        np.round(before, 4),
        "with",
        [families[k] for k in kept],
        np.round(after, 4),
    )
    if np.mean(after) >= np.mean(before):
        return {}
    weights = fit_issues(offset[news], own[news][:, kept], scored.is_mt[news])
    return {families[place]: round(float(weight), 3) for place, weight in zip(kept, weights, strict=True)}


def likelihood_ratio(machine: int, machines: int, human: int, humans: int) -> float:
    """ln of the ratio of the two shares, one half added to each count (Haldane 1956), and never below 0."""
    return max(0.0, log((machine + 0.5) / (machines + 1)) - log((human + 0.5) / (humans + 1)))


def shares(pieces: Pieces, rules: Mapping[str, Rule], wanted: Any) -> tuple[int, int, int, int]:
    """Machine pieces that have an issue of a wanted rule, all machine pieces, and the same of human ones."""
    known = np.isin(pieces.set, JUDGED_ON, invert=True)
    has = np.array([any(rule in rules and wanted(rules[rule]) for rule in issues) for issues in pieces.issues])
    sides = [known & (pieces.is_mt == 1), known & (pieces.is_mt == 0)]
    return tuple(int(number) for side in sides for number in ((has & side).sum(), side.sum()))  # type: ignore[return-value]


def evidence_weights(pieces: Pieces, rules: Mapping[str, Rule]) -> dict[str, float]:
    """Log-odds of hard evidence.

    The development data have no disclaimer on either side. One states the thing itself, so that the only doubt is how
    often the rules see one in a text of people: none in all the human pieces, to which one half is added.
    """
    disclaimed = shares(pieces, rules, lambda rule: rule.category == "content/mt-disclaimer" and _critical(rule))
    left = shares(pieces, rules, lambda rule: rule.category == "accuracy/untranslated" and _critical(rule))
    return {
        "disclaimer": round(-log((disclaimed[2] + 0.5) / (disclaimed[3] + 1)), 3),
        "untranslated": round(likelihood_ratio(*left), 3),
    }


def _critical(rule: Rule) -> bool:
    return rule.severity is Severity.CRITICAL


def faults_of(pieces: Pieces, rules: Mapping[str, Rule]) -> frozenset[str]:
    """The categories of accuracy whose graver issues stand in at most HUMAN_FAULTS of the human pieces."""
    graver = {rule.category for rule in rules.values() if rule.category.startswith("accuracy/")}
    return frozenset(category for category in graver if _human_share(pieces, rules, category) <= HUMAN_FAULTS) | {
        "content/mt-disclaimer"
    }


def _human_share(pieces: Pieces, rules: Mapping[str, Rule], category: str) -> float:
    *_, human, humans = shares(
        pieces, rules, lambda rule: rule.category == category and rule.severity is not Severity.MINOR
    )
    return human / humans


def thresholds(scored: Mapping[int, Scored], told: Mapping[int, Floats]) -> tuple[float, float]:
    """`likely` and `no_sign`, of the probabilities of held-out stretches by size.

    `likely` is reached by at most HUMAN_LIKELY of the human pieces of ten sentences of any tuning year, and of the
    human stretches of any size in all years together; under `no_sign` lie MACHINE_NO_SIGN of the machine pieces.
    """

    def quantile(size: int, years: Sequence[str]) -> float:
        own = np.isin(scored[size].fold, years) & (scored[size].is_mt == 0)
        return float(np.quantile(told[size][own], 1 - HUMAN_LIKELY, method="higher"))

    likely = max(*(quantile(10, (year,)) for year in TUNED_ON), *(quantile(size, TUNED_ON) for size in scored))
    machine = np.isin(scored[10].fold, TUNED_ON) & (scored[10].is_mt == 1)
    return likely + 1e-4, float(np.quantile(told[10][machine], MACHINE_NO_SIGN))


def common_words(trainer: Trainer, rows: Rows) -> np.ndarray[Any, Any]:
    """The columns of the words that stand in most source articles of these pieces."""
    counts = trainer.counts
    single = np.array(
        [
            view == 0 and " " not in name and name not in MARKS
            for name, view in zip(counts.names, counts.view, strict=True)
        ]
    )
    columns = np.flatnonzero(single)
    _, article = np.unique(trainer.pieces.article[rows], return_inverse=True)
    frequency = np.zeros(len(columns))
    present = (trainer.whole.matrix[rows][:, columns] > 0).tocoo()
    pairs = np.unique(article[present.row].astype(np.int64) * len(columns) + present.col)
    np.add.at(frequency, pairs % len(columns), 1)
    return columns[np.argsort(-frequency, kind="stable")[:COMMON]]


def familiarity_of(counts: Counts, groups: Sequence[Rows], columns: Rows) -> Floats:
    """The share of common words in each group of sentences."""
    known = np.asarray(counts.matrix[:, columns].sum(1)).ravel()
    return np.array([known[rows].sum() / max(counts.plain[rows].sum(), 1) for rows in groups])


def calibration_error(probability: Floats, is_mt: Rows, bins: int = 10) -> float:
    """The expected calibration error (ECE) over bins of equal width (Naeini et al. 2015)."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    return float(sum(abs((probability - is_mt)[place == own].sum()) for own in range(bins)) / len(is_mt))


def recall_at(score: Floats, is_mt: Rows, human: float = HUMAN_LIKELY) -> float:
    """The share of machine pieces above what `human` of the human ones lie above."""
    return float((score[is_mt == 1] > np.quantile(score[is_mt == 0], 1 - human)).mean())


def auc(is_mt: Rows, score: Floats) -> float:
    """The area under the ROC curve; NaN where there is one side only."""
    return float(roc_auc_score(is_mt, score)) if 0 < is_mt.sum() < len(is_mt) else float("nan")


def sigmoid(logit: Floats) -> Floats:
    """Log-odds to probabilities."""
    return 1 / (1 + np.exp(-logit))


def by_length(
    scored: Iterable[Scored], probability: Iterable[Floats], edges: Sequence[int]
) -> list[tuple[int, int, float, float]]:
    """By words, from each edge to the next: stretches, AUC, calibration error."""
    own = list(scored)
    words, is_mt = (np.concatenate([getattr(part, name) for part in own]) for name in ("words", "is_mt"))
    told = np.concatenate(list(probability))
    rows = []
    for low, high in zip(edges, [*edges[1:], 10**9], strict=True):
        here = (words >= low) & (words < high)
        if here.sum() > 200:
            rows.append(
                (low, int(here.sum()), auc(is_mt[here], told[here]), calibration_error(told[here], is_mt[here]))
            )
    return rows
