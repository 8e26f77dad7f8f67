"""A browser for the tests of the page: Debian's chromium, or whichever CHROMIUM names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "browser: needs chromium (`apt-get install chromium`), and is skipped without it"
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each makes its own pages."""
    # A browser comes from the system and not from pip, so that a new machine has none.
    if CHROMIUM is None:
        pytest.skip("no chromium here; apt-get install chromium")
    with sync_playwright() as playwright:
        try:
            # In a container root has no sandbox; the page under test is our own.
            started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        except Error as error:
            # A container without shared memory or rights cannot start one; that says nothing about the page.
            pytest.skip(f"chromium does not start: {error.message.splitlines()[0]}")
        yield started
        started.close()
