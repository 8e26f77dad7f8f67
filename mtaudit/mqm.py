"""Issues -> Score. The typology is MQM-mapped; the weights are the WMT annotators' or MQM's own."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from mtaudit.model import Issue, Score, Severity

#: Penalty of an issue by severity.
PENALTIES: Mapping[Severity, float] = MappingProxyType(
    {Severity.MINOR: 1.0, Severity.MAJOR: 5.0, Severity.CRITICAL: 25.0}
)

#: Categories of which a minor issue counts as a tenth, by profile.
#: `wmt` follows the README of google/wmt-mqm-human-evaluation.
PROFILES: Mapping[str, frozenset[str]] = MappingProxyType(
    {"wmt": frozenset({"linguistic/punctuation", "linguistic/spacing"}), "mqm": frozenset()}
)
LIGHT_PENALTY = 0.1

#: Triage, by the lower end of the interval in penalty per 1,000 words; chosen by `notebooks/triage.py`.
EDIT_FROM = 1.5
RETRANSLATE_FROM = 20.0


def penalty(issue: Issue, profile: str = "wmt") -> float:
    """What one issue costs. `content/*` costs nothing: it is about the page, not the translation."""
    if issue.category.startswith("content/"):
        return 0.0
    if issue.severity is Severity.MINOR and issue.category in PROFILES[profile]:
        return LIGHT_PENALTY
    return PENALTIES[issue.severity]


def score(issues: Iterable[Issue], words: int, signature: str, profile: str = "wmt") -> Score:
    """The article's score over `words` words, 95 % interval included."""
    by_category: dict[str, float] = defaultdict(float)
    weights: list[float] = []
    evident = False
    for issue in issues:
        cost = penalty(issue, profile)
        evident |= issue.category == "content/mt-disclaimer" or (cost > 0 and issue.severity is not Severity.MINOR)
        if cost:
            by_category[issue.category] += cost
            weights.append(cost)
    total = sum(weights)
    per = 1000 / words if words else 0.0
    low, high = interval(weights)
    per_thousand = round(total * per, 1)
    return Score(
        words=words,
        penalty=round(total, 1),
        per_thousand=per_thousand,
        interval=(round(low * per, 1), round(high * per, 1)),
        by_category={category: round(cost, 1) for category, cost in sorted(by_category.items())},
        triage=triage(low * per, evident),
        signature=signature,
    )


def unscored(signature: str) -> Score:
    """The score of an article in another language, at which nobody looked: no word, no penalty, the lane `foreign`."""
    return Score(0, 0.0, 0.0, (0.0, 0.0), {}, "foreign", signature)


def triage(at_least: float, evident: bool) -> str:
    """`clean`, `edit` or `retranslate`, from the lower end of the score's interval.

    The lower end, because a line of ten words with one fault has a high score and proves nothing. With an `evident`
    fault, one major issue or more, nothing is clean.
    """
    if at_least >= RETRANSLATE_FROM:
        return "retranslate"
    return "edit" if evident or at_least >= EDIT_FROM else "clean"


def interval(weights: Iterable[float], confidence: float = 0.95, at_least: float = 5.0) -> tuple[float, float]:
    """Interval of a weighted sum of Poisson counts, in the unit of the weights.

    Fay and Feuer, "Confidence intervals for directly standardized rates: a method based on the gamma distribution",
    Statistics in Medicine 16 (1997) 791-801. Their upper end allows for one more event of the largest weight there is;
    ours, for one of the largest weight seen and at least a major one, since an unseen critical issue would otherwise
    set the upper end of every short article. With criticals that are rare and unseen, the interval is too narrow.
    """
    counted = list(weights)
    total, variance = sum(counted), sum(weight * weight for weight in counted)
    largest = max([*counted, at_least])
    tail = (1 - confidence) / 2
    low = variance / total * gamma_quantile(tail, total * total / variance) if total else 0.0
    total, variance = total + largest, variance + largest * largest
    return low, variance / total * gamma_quantile(1 - tail, total * total / variance)


def gamma_quantile(probability: float, shape: float) -> float:
    """Quantile of the gamma distribution of scale 1, by bisection of the regularised lower incomplete gamma."""
    low, high = 0.0, shape + 1.0
    while _gamma_cdf(high, shape) < probability:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        if _gamma_cdf(middle, shape) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _gamma_cdf(x: float, shape: float) -> float:
    """P(shape, x): series below shape + 1, continued fraction above (Abramowitz and Stegun 6.5.29, 6.5.31)."""
    if x <= 0:
        return 0.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        step = shape
        while abs(term) > abs(total) * 1e-14:
            step += 1
            term *= x / step
            total += term
        return front * total
    b = x + 1 - shape
    c, d = 1e300, 1 / b
    fraction = d
    for n in range(1, 10_000):
        a = -n * (n - shape)
        b += 2
        d = 1 / (a * d + b)
        c = b + a / c
        delta = c * d
        fraction *= delta
        if abs(delta - 1) < 1e-14:
            break
    return 1 - front * fraction
