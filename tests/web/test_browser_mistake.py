"""Shared by mistake in a real browser: the preview while typing, then stop, recall and answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from cases.services import add_item, open_case
from sharing import services
from tests.cast import terms
from tests.web.test_browser_journey import WAIT, Desk, people


@pytest.fixture
def contexts(live_portal: str, browser: Browser) -> Iterator[list[BrowserContext]]:
    """Give a list whose browsers are closed before the portal they keep connections to."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_what_was_shared_by_mistake_is_stopped_called_back_and_answered_for(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], script: bool
) -> None:
    cast = people()

    def desk(name: str) -> Desk:
        contexts.append(browser.new_context(java_script_enabled=script))
        return Desk(contexts[-1], live_portal, cast, name)

    ana = cast.actor("ana")
    case = open_case(ana, title="Alder Street", type="burglary", own_number="24-1832")
    add_item(ana, case.pk, kind="vehicle", title="Blue Civic", role="seen")
    name = add_item(ana, case.pk, kind="person", title="Jane Roe", role="associate")
    request = services.offer_record(
        ana, record_id=case.pk, roster_id=cast.id("bravo"), terms=terms()
    )
    services.approve_request(cast.actor("sam"), request.pk)
    address = f"/cases/{case.pk}/"

    bo = desk("bo")
    bo.go(f"{address}items/")
    bo.sees("Jane Roe")

    owner = desk("ana")
    owner.go(f"{address}items/")
    owner.page.locator(f"a[href='/records/{name.pk}/mistake/']").first.click()
    owner.sees("Bravo Police")
    owner.press("Stop sharing now")
    owner.sees("Stopped. Nobody outside can open it now.")

    assert bo.go(f"{address}items/") == 200
    bo.sees("Blue Civic")
    expect(bo.page.locator("body")).not_to_contain_text("Jane Roe")

    owner.press("Send the recall")
    owner.sees("1 answer to come")

    bo.go("/recalls/")
    bo.follow("RC-")
    bo.sees("stop using")
    expect(bo.page.locator("body")).not_to_contain_text("Jane Roe")
    bo.page.locator("input[name$=-answer][value=destroyed]").check(force=True)
    bo.press("Send answer")
    bo.sees("Destroyed")

    owner.go(f"/records/{name.pk}/mistake/")
    owner.sees("Acknowledged by every holder")


@pytest.mark.slow
def test_the_preview_follows_the_form_without_a_button(
    live_portal: str, browser: Browser, contexts: list[BrowserContext]
) -> None:
    cast = people()
    ana = cast.actor("ana")
    case = open_case(ana, title="Alder Street", type="burglary")
    add_item(ana, case.pk, kind="vehicle", title="Blue Civic", role="seen")
    add_item(ana, case.pk, kind="person", title="Jane Roe", role="victim")
    contexts.append(browser.new_context())
    owner = Desk(contexts[-1], live_portal, cast, "ana")
    owner.go(f"/cases/{case.pk}/share/")
    owner.sees("Choose who gets it")
    owner.page.locator("[name=find]").press_sequentially("stella")
    stella = owner.page.locator("#id_who option", has_text="Stella, Bravo Police")
    expect(stella).to_have_count(1, timeout=WAIT)
    owner.page.locator("#id_who").select_option(label="Stella, Bravo Police")
    panel = owner.page.locator("#offer-panel")
    expect(panel).to_contain_text("will see 1 of 2 items", timeout=WAIT)
    expect(panel).to_contain_text(re.compile("Victim 1"), timeout=WAIT)
    owner.page.locator("[name=find]").fill("charlie")
    charlie = owner.page.locator("#id_who option", has_text="Charlie Police").first
    expect(charlie).to_have_count(1, timeout=WAIT)
    owner.page.locator("#id_who").select_option(label="Charlie Police")
    expect(panel).to_contain_text("has no agreement with Charlie", timeout=WAIT)
    send = owner.page.locator("button[value=send]")
    expect(send).to_be_disabled(timeout=WAIT)
