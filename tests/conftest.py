"""Markers and what several tests need."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from mtaudit.analysis import Engines
from mtaudit.engines.languagetool import LanguageTool, Limits, LocalServer
from mtaudit.engines.languagetool.maven import locked
from mtaudit.engines.languagetool.places import JARS_VARIABLE, NOT_INSTALLED, Place, find
from mtaudit.lang import LANGUAGES
from mtaudit.model import Need
from mtaudit.rules import RuleSet, load_rules, packaged_rules

ROOT = Path(__file__).resolve().parent.parent
#: Where `make test` has put LanguageTool.
LANGUAGETOOL = Path(sys.prefix) / "languagetool" / locked()[0]


# Machines that run tests are busy; what hangs is caught by the time limit of the test.
hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "parser: needs spaCy and its French pipeline")
    config.addinivalue_line("markers", "languagetool: needs Java and the LanguageTool that `make test` fetches")
    # No test but those that ask for it finds the LanguageTool of whoever runs them.
    nowhere = ROOT / ".pytest_cache" / "no-languagetool"
    os.environ |= {"XDG_DATA_HOME": str(nowhere), "LTP_PATH": str(nowhere)}
    for name in (JARS_VARIABLE, "MTAUDIT_LANGUAGETOOL", "MTAUDIT_FRENCH", "MTAUDIT_MT_MODEL"):
        os.environ.pop(name, None)
    config.addinivalue_line("markers", "translator: needs CTranslate2 and the embedded model")


@pytest.fixture(scope="session")
def ruleset() -> RuleSet:
    return load_rules([packaged_rules()])


@pytest.fixture(scope="session")
def engines() -> Engines:
    """All engines but LanguageTool, started once for the whole test run."""
    started = Engines(LANGUAGES["fr"], failures={Need.LANGUAGETOOL: NOT_INSTALLED})
    assert not started.start([Need.TOKENS, Need.LEXICON, Need.LANGID]), started.failures
    return started


@pytest.fixture(scope="session")
def languagetool_place() -> Place:
    """LanguageTool's jars, and a Java that runs them."""
    # LanguageTool is a witness that users may go without, so a developer may: only its own tests are skipped.
    if shutil.which("java") is None:
        pytest.skip("no Java on this machine")  # an optional engine: a user may go without, and so may a developer
    # When pytest is run by itself, before `make test` ever was.
    if not LANGUAGETOOL.is_dir():
        # `make test`, and so CI, always has it.
        pytest.skip(f"no LanguageTool in {LANGUAGETOOL}; `make test` fetches it")
    return find(str(LANGUAGETOOL))


@pytest.fixture(scope="session")
def languagetool(languagetool_place: Place) -> Iterator[LanguageTool]:
    """A real server on a free port, for the whole test run."""
    limits = Limits(attempts=30)  # a test kills it ten times
    tool = LanguageTool(LocalServer(languagetool_place, limits.start, limits.request), "fr", limits)
    tool.wait()
    yield tool
    tool.close()


@pytest.fixture(scope="session")
def languagetool_url(languagetool: LanguageTool) -> str:
    """Where that server answers."""
    return str(languagetool.server.home().address)


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"


@pytest.fixture(autouse=True)
def _own_translations(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the tests translate is not kept with what their user does."""
    place = tmp_path_factory.getbasetemp() / "translations.sqlite"
    monkeypatch.setattr("mtaudit.engines.translation_cache.own_place", lambda: place)


@pytest.fixture(autouse=True)
def _no_search_among_what_stays() -> Iterator[None]:
    """Rules and engines live as long as the tests: looking through them for garbage costs a timed test 0.3 s.

    Between two tests it is looked for all the same, lest what each leaves behind heap up to gigabytes.
    """
    gc.freeze()
    yield
    gc.unfreeze()
