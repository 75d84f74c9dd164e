"""Fourteen requests decided on a phone of 400 by 700: nothing to scroll or to wait for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cases.services import add_item, open_case
from sharing import services
from sharing.models import ShareRequest
from tests.cast import Cast, in_days, terms
from tests.web.test_browser_journey import PASSWORD, WAIT, people

SIZE = {"width": 400, "height": 700}
DECISIONS = 14


@pytest.fixture
def contexts(live_portal: str, browser: Browser) -> Iterator[list[BrowserContext]]:
    """Give a list whose browsers are closed before the portal they keep connections to."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def ask_for_all(cast: Cast) -> list[ShareRequest]:
    """Return fourteen offers to Bravo, five of them with something to look at closer."""
    made = []
    ana = cast.actor("ana")
    for number in range(DECISIONS):
        case = open_case(ana, title=f"Garage burglaries on Alder Street, {number}", type="burglary")
        add_item(ana, case.pk, kind="vehicle", title="Blue Civic", role="seen")
        if number % 3 == 2:
            add_item(ana, case.pk, kind="person", title="Jane Roe", role="victim")
        reason = "Same Civic and pry marks on four entries in our county, all of them at night."
        wanted = terms(reason=reason, for_case="BC-24-0917, burglary")
        made.append(
            services.offer_record(ana, record_id=case.pk, roster_id=cast.id("bravo"), terms=wanted)
        )
    return made


def sign_in(context: BrowserContext, portal: str, cast: Cast, name: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.goto(f"{portal}/account/login/")
    page.locator("[name=login]").fill(cast.posts[name].person.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()
    return page


def fits(page: Page) -> None:
    """Hold the page to its screen: the bar in sight before any scrolling, nothing to the side."""
    bar = page.locator(".decide-bar").bounding_box()
    assert bar is not None
    assert bar["y"] >= 0
    assert bar["y"] + bar["height"] <= SIZE["height"] + 1
    assert bar["height"] >= 48
    assert page.evaluate("document.scrollingElement.scrollWidth") <= SIZE["width"]
    for words in ("If you approve:", "Agreement", "Bravo Police"):
        assert words in page.locator("main").inner_text()


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def follow(page: Page, name: str) -> None:
    page.locator(".decide-bar").get_by_role("link", name=name, exact=True).click()


def approve(page: Page) -> None:
    press(page, "Approve")


def deny(page: Page) -> None:
    follow(page, "Deny")
    page.locator("[name=reason_code][value=active_operation]").check(force=True)
    press(page, "Deny this request")


def approve_less(page: Page) -> None:
    follow(page, "Approve less…")
    page.locator(".presets").get_by_role("link", name="Summary only").click()
    page.wait_for_load_state()
    press(page, "Approve with these terms")


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_fourteen_requests_are_decided_on_a_phone(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], script: bool, settings: Any
) -> None:
    settings.APPROVAL_UNDO_SECONDS = 60
    cast = people()
    made = ask_for_all(cast)
    contexts.append(browser.new_context(viewport=SIZE, java_script_enabled=script))
    page = sign_in(contexts[0], live_portal, cast, "sam")
    page.goto(f"{live_portal}/requests/")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= SIZE["width"]
    page.locator("main .lane a").first.click()
    for number in range(DECISIONS):
        page.wait_for_load_state()
        fits(page)
        {3: deny, 5: approve_less}.get(number, approve)(page)
    expect(page.locator("main")).to_contain_text("No request waits for your agency.", timeout=WAIT)
    states = list(ShareRequest.objects.values_list("state", flat=True))
    assert (states.count("approved"), states.count("denied")) == (12, 1)
    assert states.count("approved_conditional") == 1
    undone = page.locator(".undo a").first.inner_text()
    page.locator(".undo button").first.click()
    expect(page.locator("main")).to_contain_text("waits for a decision again", timeout=WAIT)
    fits(page)
    assert ShareRequest.objects.get(number=undone).state == "submitted"
    assert undone in {request.number for request in made}


@pytest.mark.slow
def test_a_request_is_decided_by_keys_alone(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], settings: Any
) -> None:
    settings.APPROVAL_UNDO_SECONDS = 60
    cast = people()
    first, second = ask_for_all(cast)[:2]
    for days, request in enumerate((first, second)):
        ShareRequest.objects.filter(pk=request.pk).update(due_at=in_days(days - 2))
    contexts.append(browser.new_context(viewport=SIZE))
    page = sign_in(contexts[0], live_portal, cast, "sam")
    page.goto(f"{live_portal}/requests/{first.pk}/")
    page.keyboard.press("a")
    page.wait_for_url(f"**/requests/{second.pk}/")
    page.keyboard.press("r")
    expect(page.locator("#deny")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("#ask")).to_be_visible()
    expect(page.locator("#deny")).to_be_hidden()
    page.keyboard.press("u")
    page.wait_for_url(f"**/requests/{first.pk}/")
    first.refresh_from_db()
    assert first.state == "submitted"
