"""The similarity of a whole round trip is sacreBLEU's, whatever the typography."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sacrebleu.metrics.chrf import CHRF

from mtaudit.similarity import plain_typography, signatures, similarity

N = "\u00a0"


def test_typography_makes_no_difference() -> None:
    sentence = f"«{N}L’œuvre{N}», dit-il{N}: trop chère{N}!"
    assert plain_typography(sentence) == '"L\'oeuvre", dit-il: trop chère!'
    assert similarity('"L\'oeuvre", dit-il: trop chère!', sentence) == (100, 100, 0)


def test_it_is_sacrebleus() -> None:
    sentence, back = "Le conseil a voté la fermeture de la piscine.", "Le conseil a décidé de fermer la piscine."
    found = similarity(back, sentence)
    assert found.chrf == pytest.approx(CHRF().sentence_score(back, [sentence]).score, abs=0.01)
    assert 0 < found.bleu < 60
    assert found.ter == pytest.approx(100 * 4 / 9, abs=12), "about four edits in nine words"


def test_nothing_came_back() -> None:
    assert similarity("", "Le conseil a voté.") == (0, 0, 100)


def test_the_signatures_say_how() -> None:
    assert set(signatures()) == {"chrf", "bleu", "ter"}
    assert all("version:" in signature and "nrefs:1" in signature for signature in signatures().values())
    assert "eff:yes" in signatures()["bleu"]


def test_nothing_is_loaded_before_it_is_asked() -> None:
    code = "import sys, mtaudit.pipeline; assert not {'sacrebleu', 'ctranslate2', 'sqlite3'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
