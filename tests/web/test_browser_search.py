"""The search field as a combobox, by keyboard and by mouse, and as a plain form without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, expect

from cases.services import add_item, open_case
from tests.cast import Cast
from tests.web.test_browser_journey import Desk, people

pytestmark = pytest.mark.slow


@pytest.fixture
def cast(live_portal: str) -> Cast:
    """Return the people, and three cases of Ana's."""
    made = people()
    ana = made.actor("ana")
    for street in ("Alder", "Birch", "Cedar"):
        case = open_case(ana, title=f"Garage on {street}", type="burglary")
    add_item(
        ana, case.pk, kind="vehicle", title="Blue Civic", role="used", fields={"plate": "8KTR417"}
    )
    return made


@pytest.fixture
def contexts(live_portal: str, browser: Browser) -> Iterator[list[BrowserContext]]:
    """Give a list whose browsers are closed before the portal they keep connections to."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def field_of(desk: Desk) -> Locator:
    return desk.page.get_by_role("combobox")


def options(desk: Desk) -> Locator:
    return desk.page.get_by_role("option")


def typed(desk: Desk, text: str, count: int) -> None:
    """Type into the field and wait until so many suggestions are there."""
    field_of(desk).fill("")
    field_of(desk).press_sequentially(text)
    expect(options(desk)).to_have_count(count)


def test_suggestions_are_walked_through_by_keyboard(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], cast: Cast
) -> None:
    contexts.append(browser.new_context())
    ana = Desk(contexts[0], live_portal, cast, "ana")
    field = field_of(ana)
    expect(field).to_have_attribute("aria-expanded", "false")
    asked: list[str] = []
    ana.page.on("request", lambda request: asked.append(request.url))

    field.focus()
    typed(ana, "garage", 3)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(ana.page.locator("#suggestions-status")).to_contain_text("3 suggestions")
    assert field.get_attribute("aria-activedescendant") is None

    for key, place in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("ArrowUp", 3)):
        field.press(key)
        expect(field).to_have_attribute("aria-activedescendant", f"suggestion-{place}")
        chosen = ana.page.locator("[role=option][aria-selected=true]")
        expect(chosen).to_have_id(f"suggestion-{place}")
    expect(field).to_be_focused()

    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(options(ana)).to_have_count(0)
    assert field.input_value() == "garage"
    assert field.get_attribute("aria-activedescendant") is None

    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    title = ana.page.locator("[role=option][aria-selected=true] .suggestions__title").inner_text()
    with ana.page.expect_navigation():
        field.press("Enter")
    expect(ana.page.locator("h1")).to_contain_text(title)
    assert not [url for url in asked if "garage" in url.lower() and "/static/" not in url]


def test_enter_with_nothing_chosen_searches_and_no_address_tells_what_for(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], cast: Cast
) -> None:
    contexts.append(browser.new_context())
    ana = Desk(contexts[0], live_portal, cast, "ana")
    typed(ana, "8ktr 417", 1)
    with ana.page.expect_navigation(url="**/search/?s=*"):
        field_of(ana).press("Enter")
    ana.sees("Matched the plate 8ktr 417 as 8KTR417")
    assert "417" not in ana.page.url
    ana.page.reload()
    ana.sees("Blue Civic")
    ana.page.go_back()
    ana.page.go_forward()
    ana.sees("Blue Civic")


def test_a_suggestion_is_opened_with_the_mouse(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], cast: Cast
) -> None:
    contexts.append(browser.new_context())
    ana = Desk(contexts[0], live_portal, cast, "ana")
    typed(ana, "alder", 1)
    with ana.page.expect_navigation():
        options(ana).first.click()
    expect(ana.page.locator("h1")).to_contain_text("Garage on Alder")


def test_without_script_the_field_is_a_form(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], cast: Cast
) -> None:
    contexts.append(browser.new_context(java_script_enabled=False))
    ana = Desk(contexts[0], live_portal, cast, "ana")
    field_of(ana).fill("garage")
    field_of(ana).press("Enter")
    ana.sees("3 found")
    ana.follow("Garage on Birch")
    expect(ana.page.locator("h1")).to_contain_text("Garage on Birch")
