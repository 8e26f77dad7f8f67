"""Our chrF is sacreBLEU's."""

from __future__ import annotations

import pytest

from training.scoring import chrf

REFERENCES = ["Le tribunal a relaxé l'ancien maire.", "La grève continue mardi.", "Oui."]
HYPOTHESES = ["Le tribunal relaxe l'ancien maire", "La grève se poursuit mardi.", "Non."]


def test_identical_text_scores_a_hundred_and_strangers_nothing() -> None:
    assert chrf(REFERENCES, REFERENCES) == pytest.approx(100)
    assert chrf(["xyz"], ["abc"]) == 0
    assert 0 < chrf(HYPOTHESES, REFERENCES) < 100


def test_it_is_sacrebleus() -> None:
    metrics = pytest.importorskip(
        "sacrebleu.metrics.chrf", reason="sacrebleu is not installed (pip install .[training])"
    )
    assert chrf(HYPOTHESES, REFERENCES) == pytest.approx(metrics.CHRF().corpus_score(HYPOTHESES, [REFERENCES]).score)
