"""A browser for the tests of the page: Debian's chromium, or whichever CHROMIUM names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from mtaudit.model import Report
from mtaudit.reports.html_report import write
from tests.reports.test_html_report import NOW, RULES

DESKTOP = {"width": 1400, "height": 900}
Opener = Callable[..., Page]
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
        pytest.skip("no chromium here; apt-get install chromium")  # it is no Python package that we could ask for
    with sync_playwright() as playwright:
        try:
            # In a container root has no sandbox; the page under test is our own.
            started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        except Error as error:
            # A container without shared memory or rights cannot start one; that says nothing about the page.
            pytest.skip(f"chromium does not start: {error.message.splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Opens a page of reports, and fails the test for an error in it or a request to anywhere."""
    seen: list[str] = []
    contexts = []

    def open_page(reports: list[Report], **context: Any) -> Page:
        path = tmp_path / "rapport.html"
        with path.open("w", encoding="utf-8") as file:
            write(reports, file, now=NOW, rules=RULES)
        made = browser.new_context(**{"viewport": DESKTOP, **context})
        contexts.append(made)
        page = made.new_page()
        page.on("request", lambda request: seen.append(request.url) if request.url != path.as_uri() else None)
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("console", lambda message: seen.append(message.text) if message.type == "error" else None)
        page.on("dialog", lambda dialog: seen.append(dialog.message))
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in seen if not url.startswith("data:")] == []
