"""In a browser: a page that nothing is done on hides itself, a lock is released, access ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect

from agencies.models import BrowserSession, Person
from agencies.services import set_agency_status
from cases.services import open_case
from ledger.doer import Portal
from tests.cast import Cast, two_agencies

PASSWORD = "a long walk by the river"
TITLE = "Garage burglaries on Fifth"


@pytest.fixture
def context(live_portal: str, browser: Browser) -> Iterator[BrowserContext]:
    """Give a browser that is closed before the portal it keeps connections to."""
    opened = browser.new_context(base_url=live_portal)
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture
def cast(live_portal: str) -> Cast:
    """Return two agencies whose people have passwords."""
    made = two_agencies()
    for name in ("ana", "kim"):
        if name == "kim":
            made.person("kim", "alpha", "coordinator")
        person = made.posts[name].person
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    return made


def sign_in(page: Page, person: Person, password: str = PASSWORD) -> None:
    """Fill in the form and send it."""
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def leave_alone() -> None:
    """Have nothing been done in any session for half an hour, as the database reckons."""
    BrowserSession.objects.update(active_at=datetime.now(UTC) - timedelta(minutes=31))
    connection.close()


def confirm(page: Page) -> None:
    """Show by the password that it is still the same person."""
    password = page.locator("input[name=password]")
    if not password.is_visible():
        page.get_by_role("link", name=re.compile("password", re.IGNORECASE)).click()
    password.fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def test_a_page_that_nothing_is_done_on_hides_itself_and_comes_back_as_it_was(
    context: BrowserContext, cast: Cast
) -> None:
    ana = cast.posts["ana"].person
    case = open_case(cast.actor("ana"), title=TITLE, type="burglary")
    page, other = context.new_page(), context.new_page()
    sign_in(page, ana)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"/cases/{case.pk}/edit/")
    other.goto(f"/cases/{case.pk}/")
    summary = page.locator("[name=summary]").first
    summary.fill("Pried with a flat tool")
    page.clock.install()
    page.clock.fast_forward("31:00")
    expect(page.get_by_role("heading", name="This session is locked")).to_be_visible()
    assert TITLE not in page.content()
    assert page.title() == "Locked · Liaison"
    expect(other.get_by_role("heading", name="This session is locked")).to_be_visible()
    assert TITLE not in other.content()
    assert BrowserSession.objects.filter(locked_at__isnull=False).count() == 1
    with context.expect_page() as opened:
        page.get_by_role("link", name="Unlock").click()
    unlocking = opened.value
    unlocking.get_by_role("link", name=re.compile("password", re.IGNORECASE)).first.click()
    confirm(unlocking)
    expect(unlocking.get_by_role("heading", name="Unlocked")).to_be_visible()
    page.bring_to_front()
    page.clock.run_for(5000)
    expect(page.locator("[name=summary]").first).to_have_value("Pried with a flat tool")


def test_without_script_the_next_click_shows_nothing_and_unlocking_goes_on(
    live_portal: str, browser: Browser, cast: Cast
) -> None:
    case = open_case(cast.actor("ana"), title=TITLE, type="burglary")
    context = browser.new_context(base_url=live_portal, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast.posts["ana"].person)
    page.goto(f"/cases/{case.pk}/")
    leave_alone()
    page.goto(f"/cases/{case.pk}/items/")
    expect(page.get_by_role("heading", name="This session is locked")).to_be_visible()
    assert TITLE not in page.content()
    page.get_by_role("link", name=re.compile("password", re.IGNORECASE)).first.click()
    confirm(page)
    expect(page).to_have_url(re.compile(f"/cases/{case.pk}/items/$"))
    context.close()


def test_five_failures_lock_an_account_and_the_coordinator_releases_it(
    live_portal: str, browser: Browser, context: BrowserContext, cast: Cast
) -> None:
    ana, page = cast.posts["ana"].person, context.new_page()
    for _ in range(5):
        sign_in(page, ana, "not it")
    sign_in(page, ana)
    expect(page.get_by_role("alert")).to_contain_text("or the account is locked")
    second = browser.new_context(base_url=live_portal)
    desk: Any = second.new_page()
    sign_in(desk, cast.posts["kim"].person)
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    desk.goto(f"/people/{ana.pk}/release/")
    desk.get_by_role("button", name="Release", exact=True).click()
    expect(desk.get_by_text("can sign in again")).to_be_visible()
    second.close()
    sign_in(page, ana)
    expect(page).not_to_have_url(re.compile("login"))


def test_a_suspended_agency_s_people_see_nothing_at_the_next_click(
    context: BrowserContext, cast: Cast
) -> None:
    case = open_case(cast.actor("ana"), title=TITLE, type="burglary")
    page = context.new_page()
    sign_in(page, cast.posts["ana"].person)
    page.goto(f"/cases/{case.pk}/")
    expect(page.get_by_text(TITLE).first).to_be_visible()
    set_agency_status(Portal(), cast.agencies["alpha"], status="suspended")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Cases").click()
    expect(page.get_by_text("cannot use Liaison at present")).to_be_visible()
    for path in (f"/cases/{case.pk}/", "/search/?q=garage", f"/cases/{case.pk}/briefing/"):
        page.goto(path)
        assert TITLE not in page.content()
