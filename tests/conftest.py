"""Markers and what several tests need."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from mtaudit.analysis import Engines
from mtaudit.lang import LANGUAGES
from mtaudit.model import Need
from mtaudit.rules import RuleSet, load_rules, packaged_rules

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "parser: needs spaCy and its French pipeline")


@pytest.fixture(scope="session")
def ruleset() -> RuleSet:
    return load_rules([packaged_rules()])


@pytest.fixture(scope="session")
def engines() -> Engines:
    """All engines, started once for the whole test run."""
    started = Engines(LANGUAGES["fr"])
    assert not started.start([Need.TOKENS, Need.LEXICON, Need.LANGID]), started.failures
    return started


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"


@pytest.fixture(autouse=True)
def _no_search_among_what_stays() -> None:
    """Rules and engines live as long as the tests: looking through them for garbage costs a timed test 0.3 s."""
    gc.freeze()
