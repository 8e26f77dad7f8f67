"""Scoring."""

from __future__ import annotations

import math
import random

import pytest

from mtaudit.model import Issue, Severity, Span
from mtaudit.mqm import gamma_quantile, interval, score, triage


def issue(category: str, severity: Severity) -> Issue:
    return Issue("fr/x/y", Span(0, 1), "", category, severity)


def test_weights_are_those_of_the_profile() -> None:
    issues = [
        issue("linguistic/spacing", Severity.MINOR),
        issue("style/calque", Severity.MINOR),
        issue("linguistic/agreement", Severity.MAJOR),
        issue("accuracy/untranslated", Severity.CRITICAL),
        issue("content/mt-disclaimer", Severity.CRITICAL),
    ]
    wmt = score(issues, 500, "s")
    assert wmt.penalty == pytest.approx(31.1)
    assert wmt.per_thousand == pytest.approx(62.2)
    assert wmt.by_category == {
        "accuracy/untranslated": 25.0,
        "linguistic/agreement": 5.0,
        "linguistic/spacing": 0.1,
        "style/calque": 1.0,
    }
    assert score(issues, 500, "s", "mqm").penalty == pytest.approx(32.0)


def test_an_article_without_words_has_no_rate() -> None:
    empty = score([], 0, "s")
    assert (empty.per_thousand, empty.interval, empty.triage) == (0.0, (0.0, 0.0), "clean")


def test_the_interval_is_the_exact_poisson_one_when_all_weights_are_one() -> None:
    # Garwood's interval: 2 events -> (0.2422, 7.2247), 10 events -> (4.7954, 18.3904), 0 events -> (0, 3.6889).
    assert interval([1.0, 1.0], at_least=1.0) == pytest.approx((0.2422, 7.2247), abs=1e-4)
    assert interval([1.0] * 10, at_least=1.0) == pytest.approx((4.7954, 18.3904), abs=1e-4)
    assert interval([], at_least=1.0) == pytest.approx((0.0, 3.6889), abs=1e-4)
    assert interval([]) == pytest.approx((0.0, 18.4444), abs=1e-3)


def test_the_interval_covers_the_true_rate_of_a_weighted_sum() -> None:
    chance = random.Random(5)

    def poisson(rate: float) -> int:
        limit, product, count = math.exp(-rate), chance.random(), 0
        while product > limit:
            product *= chance.random()
            count += 1
        return count

    rates = {1.0: 4.0, 5.0: 2.0}
    truth = sum(weight * rate for weight, rate in rates.items())
    covered = 0
    for _ in range(400):
        low, high = interval([weight for weight, rate in rates.items() for _ in range(poisson(rate))])
        covered += low <= truth <= high
    assert covered / 400 > 0.93


def test_gamma_quantiles() -> None:
    # chi-square with 2k degrees of freedom is twice a gamma of shape k: 0.95 quantile for 4 degrees is 9.4877.
    assert gamma_quantile(0.95, 2.0) == pytest.approx(9.4877 / 2, abs=1e-4)
    assert gamma_quantile(0.5, 100.0) == pytest.approx(99.6669, abs=1e-3)


def test_a_short_line_with_one_fault_is_not_to_be_translated_again() -> None:
    assert score([issue("style/calque", Severity.MINOR)], 8, "s").triage != "retranslate"
    assert score([issue("linguistic/agreement", Severity.MAJOR)] * 12, 400, "s").triage == "retranslate"


def test_triage_never_calls_a_critical_article_clean() -> None:
    assert triage(0.0, evident=False) == "clean"
    assert triage(0.0, evident=True) == "edit"
    assert triage(1000.0, evident=False) == "retranslate"
