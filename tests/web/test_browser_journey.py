"""The main job in a real browser: two agencies, from asking to the page of nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cases.services import add_item, open_case
from tests.cast import Cast, two_agencies

PASSWORD = "correct horse battery staple"
WAIT = 20_000


def people() -> Cast:
    """Return Alpha, Bravo and Ash, a stranger, all of whom can sign in."""
    cast = two_agencies()
    cast.agency("charlie")
    cast.person("ash", "charlie", "analyst")
    for post in cast.posts.values():
        post.person.set_password(PASSWORD)
        post.person.save()
    return cast


class Desk:
    """One person at a browser of their own."""

    def __init__(self, context: BrowserContext, portal: str, cast: Cast, name: str) -> None:
        self.portal = portal
        self.page: Page = context.new_page()
        self.page.set_default_timeout(WAIT)
        self.go("/account/login/")
        self.page.locator("[name=login]").fill(cast.posts[name].person.email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.press("Sign in")

    def go(self, path: str) -> int:
        """Open an address and return its status."""
        response = self.page.goto(self.portal + path)
        return response.status if response else 0

    def press(self, name: str) -> None:
        """Press the button in the page that is called exactly so."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def follow(self, name: str) -> None:
        """Follow the first link in the page whose words begin so."""
        named = re.compile("^" + re.escape(name))
        self.page.locator("main").get_by_role("link", name=named).first.click()
        self.page.wait_for_load_state()

    def sees(self, words: str) -> None:
        """Wait until the page says so."""
        expect(self.page.locator("main")).to_contain_text(words, timeout=WAIT)


def attach(desk: Desk, address: str) -> None:
    """Say which case a request is about."""
    desk.go(address)
    desk.page.locator("[name=number]").fill("24-1832")
    desk.press("Attach")


def choose_reason(page: Page) -> None:
    """Choose why sharing stops, from a list or from buttons."""
    page.locator("[name=reason_code]").first.wait_for()
    reasons = page.locator("select[name=reason_code]")
    if reasons.count():
        reasons.select_option("need_ended")
    else:
        page.locator("[name=reason_code][value=need_ended]").check(force=True)


@pytest.fixture
def contexts(live_portal: str, browser: Browser) -> Iterator[list[BrowserContext]]:
    """Give a list whose browsers are closed before the portal they keep connections to."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_main_job_ends_with_the_stranger_s_page(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], script: bool
) -> None:
    cast = people()

    def desk(name: str) -> Desk:
        contexts.append(browser.new_context(java_script_enabled=script))
        return Desk(contexts[-1], live_portal, cast, name)

    ana = cast.actor("ana")
    case = open_case(ana, title="Alder Street", type="burglary", own_number="24-1832")
    add_item(ana, case.pk, kind="vehicle", title="Blue Civic", role="seen")
    add_item(ana, case.pk, kind="person", title="Jane Roe", role="victim")
    address = f"/cases/{case.pk}/"

    bo = desk("bo")
    assert bo.go(address) == 404
    bo.go("/requests/ask/")
    bo.page.locator("[name=agency_id]").select_option(label="Alpha Police")
    bo.page.locator("[name=own_number]").fill("24-1832")
    bo.page.locator("[name=reason]").fill("Same pry marks on four entries")
    bo.page.locator("[name=for_case]").fill("BR-77")
    bo.press("Send")
    bo.sees("Submitted")
    asked = bo.page.url.removeprefix(live_portal)

    sam = desk("sam")
    sam.go("/requests/")
    sam.follow("SR-")
    if sam.page.locator("[name=number]").count() == 0:
        attach(desk("lee"), asked)
        sam.go(asked)
    else:
        attach(sam, asked)
    sam.sees("1 of 2 items")
    sam.press("Approve")
    sam.sees("Approved")

    assert bo.go(f"{address}items/") == 200
    bo.sees("Blue Civic")
    expect(bo.page.locator("body")).not_to_contain_text("Jane Roe")

    owner = desk("ana")
    owner.go(f"{address}history/")
    owner.sees("Bo")
    owner.go(f"{address}sharing/")
    owner.follow("Stop sharing")
    choose_reason(owner.page)
    owner.press("Stop sharing now")

    assert bo.go(address) == 404
    revoked = bo.page.content()
    stranger = desk("ash")
    assert stranger.go(address) == 404
    assert revoked == stranger.page.content()
