"""A series from six incidents, chosen in the list, with script and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from cases.services import open_case
from tests.cast import Cast, two_agencies
from tests.web.test_browser_journey import PASSWORD, Desk

SIX = [f"Garage entered on Fifth {number}" for number in range(1, 7)]


def people() -> Cast:
    """Return Alpha and Bravo with seven incidents of Alpha, all people able to sign in."""
    cast = two_agencies()
    for post in cast.posts.values():
        post.person.set_password(PASSWORD)
        post.person.save()
    for title in (*SIX, "Shop entered on Ninth"):
        open_case(cast.actor("ana"), title=title, type="burglary", grouping="incident")
    return cast


@pytest.fixture
def contexts(live_portal: str, browser: Browser) -> Iterator[list[BrowserContext]]:
    """Give a list whose browsers are closed before the portal they keep connections to."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_six_incidents_become_a_series(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], script: bool
) -> None:
    cast = people()
    contexts.append(browser.new_context(java_script_enabled=script))
    ana = Desk(contexts[-1], live_portal, cast, "ana")
    ana.go("/cases/?class=incident")
    rows = ana.page.locator("main tbody tr")
    expect(rows).to_have_count(7)
    for title in SIX:
        rows.filter(has_text=title).get_by_role("checkbox").check()
    ana.press("Make a series from 6 selected" if script else "Make a series from selected")
    ana.sees("Make a series from 6 cases")
    ana.page.locator("[name=title]").fill("Garages on Fifth at noon")
    ana.press("Make the series")
    ana.sees("Cases of this series")
    for title in SIX:
        ana.sees(title)
    expect(ana.page.locator("main")).not_to_contain_text("Shop entered on Ninth")
    ana.follow("ALPHA-")
    ana.sees("Part of a series")


@pytest.mark.slow
def test_the_head_of_the_list_ticks_every_case_of_the_page(
    live_portal: str, browser: Browser, contexts: list[BrowserContext]
) -> None:
    cast = people()
    contexts.append(browser.new_context())
    ana = Desk(contexts[-1], live_portal, cast, "ana")
    ana.go("/cases/")
    button = ana.page.get_by_role("button", name="Export 0 selected")
    expect(button).to_be_disabled()
    every = ana.page.get_by_role("checkbox", name="Choose every case on this page")
    every.check()
    expect(ana.page.get_by_role("button", name="Export 7 selected")).to_be_enabled()
    ana.page.locator("main tbody").get_by_role("checkbox").first.uncheck()
    expect(every).not_to_be_checked()
    ana.press("Export 6 selected")
    ana.sees("Export 6 cases")
    with ana.page.expect_download() as download:
        ana.press("Plain table (CSV)")
    assert download.value.suggested_filename.endswith(".csv")
