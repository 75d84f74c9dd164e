"""Without a mouse: places, rows and the sheet of shortcuts, never while one types, and put off."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cases.services import open_case
from tests.web.test_browser_journey import PASSWORD, WAIT, people


@pytest.fixture
def context(live_portal: str, browser: Browser) -> Iterator[BrowserContext]:
    """Give a browser that is closed before the portal it keeps connections to."""
    opened = browser.new_context()
    opened.set_default_timeout(WAIT)
    yield opened
    opened.close()


def signed_in_by_keys(context: BrowserContext, portal: str, email: str) -> Page:
    """Sign in with the keyboard alone."""
    page = context.new_page()
    page.goto(f"{portal}/account/login/")
    page.locator("[name=login]").focus()
    page.keyboard.type(email)
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.locator("[name=password]:focus").count():
            break
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{portal}/")
    return page


def keys(page: Page, *pressed: str) -> None:
    """Press keys one after the other."""
    for key in pressed:
        page.keyboard.press(key)


@pytest.mark.slow
def test_everything_is_reached_by_keys(live_portal: str, context: BrowserContext) -> None:
    cast = people()
    for number in range(3):
        open_case(cast.actor("ana"), title=f"Series {number}", type="burglary")
    page = signed_in_by_keys(context, live_portal, cast.posts["ana"].person.email)

    keys(page, "g", "c")
    page.wait_for_url(re.compile("/cases/$"))
    keys(page, "j", "j")
    focused = page.locator("tbody tr").nth(1).locator(":focus")
    expect(focused).to_have_count(1)
    keys(page, "k")
    expect(page.locator("tbody tr").nth(0).locator(":focus")).to_have_count(1)

    keys(page, "/")
    expect(page.locator("#top-search")).to_be_focused()
    page.keyboard.type("gh?")
    expect(page.locator("#top-search")).to_have_value("gh?")
    assert page.url.endswith("/cases/")

    page.locator("h1").click()
    keys(page, "?")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("Next row")
    expect(sheet).to_contain_text("Sharing requests")
    keys(page, "g", "h")
    expect(sheet).to_be_visible()
    keys(page, "Escape")
    expect(sheet).to_have_count(0)

    keys(page, "g", "h")
    page.wait_for_url(f"{live_portal}/")


@pytest.mark.slow
def test_keys_that_are_turned_off_do_nothing(live_portal: str, context: BrowserContext) -> None:
    cast = people()
    page = signed_in_by_keys(context, live_portal, cast.posts["ana"].person.email)
    page.goto(f"{live_portal}/preferences/")
    page.get_by_label("Single keys do something").focus()
    keys(page, "Space")
    page.locator("main").get_by_role("button", name="Save").focus()
    keys(page, "Enter")
    expect(page.locator("main")).to_contain_text("Saved.")
    keys(page, "g", "c", "?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url.endswith("/preferences/")
    page.locator(".top__help").focus()
    keys(page, "Enter")
    page.wait_for_url(re.compile("/help/shortcuts/$"))
    expect(page.locator("main")).to_contain_text("You turned them off.")


@pytest.mark.slow
def test_what_a_word_means_is_shown_on_focus_and_put_away(
    live_portal: str, context: BrowserContext
) -> None:
    cast = people()
    case = open_case(cast.actor("ana"), title="Series", type="burglary")
    page = signed_in_by_keys(context, live_portal, cast.posts["ana"].person.email)
    page.goto(f"{live_portal}/cases/{case.pk}/sharing/")
    term = page.locator(".term").first
    means = term.locator(".term__means")
    expect(means).to_be_hidden()
    term.locator("button").focus()
    expect(means).to_be_visible()
    keys(page, "Escape")
    expect(means).to_be_hidden()
    expect(term.locator("button")).to_be_focused()
