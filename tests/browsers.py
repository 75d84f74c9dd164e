"""Chromium for the tests that need one, found where the machine has it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ABSENT = "No Chromium found: browser tests do not run. Install it: apt-get install chromium"


def chromium() -> str | None:
    """Return the path of a Chromium: by the variable CHROMIUM, on PATH, in the usual places."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    on_path = (shutil.which(name) for name in NAMES)
    usual = (place for place in PLACES if Path(place).is_file())
    return next((path for path in (*on_path, *usual) if path), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what drives a browser; where there is none, skip it loudly or, in CI, let it fail."""
    driving = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    for item in driving:
        item.add_marker(pytest.mark.browser)
    if driving and chromium() is None and os.environ.get("REQUIRE_BROWSER") != "1":
        for item in driving:
            item.add_marker(pytest.mark.skip(reason=ABSENT))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line that browser tests did not run."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if ABSENT in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(f"{ABSENT} ({len(skipped)} skipped)", yellow=True, bold=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once per process; each test opens contexts of its own in it."""
    path = chromium()
    if path is None:
        pytest.fail(f"{ABSENT} (REQUIRE_BROWSER=1 makes this a failure)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open one page in a context of its own, with ten seconds for everything."""
    context = browser.new_context()
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
