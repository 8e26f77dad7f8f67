"""chrF (Popović, 2015) without dependencies, for development scores where training runs.

Character n-grams to order 6, beta 2, blanks ignored, counts summed over the corpus: sacreBLEU's `chrF2` with its
default signature, which a test holds it to. Published scores come from sacreBLEU itself (`training.evaluate`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

ORDER, BETA = 6, 2.0


def chrf(hypotheses: Iterable[str], references: Iterable[str]) -> float:
    """Corpus chrF2, 0 to 100. Raises ValueError when there are not as many hypotheses as references."""
    totals = [[0, 0, 0] for _ in range(ORDER)]
    for hypothesis, reference in zip(hypotheses, references, strict=True):
        left, right = "".join(hypothesis.split()), "".join(reference.split())
        for order in range(1, ORDER + 1):
            ours, theirs = _grams(left, order), _grams(right, order)
            counts = totals[order - 1]
            counts[0] += ours.total() if theirs else 0
            counts[1] += theirs.total()
            counts[2] += (ours & theirs).total()
    return _score(totals)


def _grams(text: str, order: int) -> Counter[str]:
    return Counter(text[at : at + order] for at in range(len(text) - order + 1))


def _score(totals: list[list[int]]) -> float:
    """F of the precision and the recall averaged over the orders that both sides have."""
    kept = [counts for counts in totals if counts[0] and counts[1]]
    if not kept:
        return 0.0
    precision = sum(matches / ours for ours, _, matches in kept) / len(kept)
    recall = sum(matches / theirs for _, theirs, matches in kept) / len(kept)
    denominator = BETA**2 * precision + recall
    return 100 * (1 + BETA**2) * precision * recall / denominator if denominator else 0.0
