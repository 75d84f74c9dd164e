"""The three stories of the demonstration, followed from its first page by what screens say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cases.world import load_world
from tests.databases import ROOT
from tests.web.test_browser_journey import WAIT

WORLD = ROOT / "portal" / "demo" / "world.json"
STORIES = {"alder", "route9", "garageclub", "shop"}


def small_part() -> dict[str, Any]:
    """Return the people of the demonstration and the cases of its stories, without the others."""
    world: dict[str, Any] = json.loads(WORLD.read_text("utf-8"))
    members = {key for case in world["cases"] for key in case.get("members", ())}
    world["cases"] = [case for case in world["cases"] if case["key"] in STORIES | members]
    for part in ("grants", "requests"):
        world[part] = [one for one in world[part] if one.get("case") in STORIES]
    return world


@pytest.fixture
def context(live_portal: str, browser: Browser) -> Iterator[BrowserContext]:
    """Give a browser that is closed before the portal it keeps connections to."""
    load_world(small_part())
    opened = browser.new_context()
    opened.set_default_timeout(WAIT)
    yield opened
    opened.close()


def begin(context: BrowserContext, portal: str, name: str) -> Page:
    """Open the first page and begin the story of that person."""
    page = context.new_page()
    page.goto(f"{portal}/demo/")
    page.get_by_role("button", name=f"Begin as {name}").click()
    page.wait_for_load_state()
    return page


def change_sides(page: Page, name: str) -> None:
    """Take the strip's offer to be somebody else."""
    page.get_by_role("button", name=re.compile(f"See it as {name}")).click()
    expect(page.locator(".top")).to_contain_text(name)


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


@pytest.mark.slow
def test_i_ask(live_portal: str, context: BrowserContext) -> None:
    page = begin(context, live_portal, "Ana Ames")
    page.locator("[name=agency_id]").select_option(label="Harlan City Police")
    page.locator("[name=own_number]").fill("26-2077")
    page.locator("[name=for_case]").fill("BC-26-0917")
    page.locator("[name=reason]").fill("Same hours, same kind of garage.")
    press(page, "Send")
    expect(page.locator("main")).to_contain_text("Submitted")
    asked = page.url

    change_sides(page, "Sam Ortiz")
    assert page.url == asked
    page.locator("[name=number]").first.fill("26-2077")
    press(page, "Attach")
    press(page, "Approve")
    if page.url != asked:
        page.goto(asked)
    change_sides(page, "Ana Ames")
    expect(page.locator("main")).to_contain_text("pproved")
    page.goto(f"{live_portal}/cases/?q=26-2077")
    page.get_by_role("link", name=re.compile("Garage remote clones")).first.click()
    expect(page.locator("main")).to_contain_text("Received")


@pytest.mark.slow
def test_i_decide(live_portal: str, context: BrowserContext) -> None:
    page = begin(context, live_portal, "Sam Ortiz")
    expect(page.locator("h1")).to_contain_text("haring requests")
    expect(page.locator("main")).to_contain_text("Look closer")
    page.locator("main").get_by_role("link", name=re.compile("^SR-")).first.click()
    expect(page.locator("main")).to_contain_text("Port Ashby Police Department")
    press(page, "Approve")
    change_sides(page, "Mei-Ling Achterberg")
    expect(page.locator("main")).to_contain_text("pproved")


@pytest.mark.slow
def test_i_must_prove_it(live_portal: str, context: BrowserContext) -> None:
    page = begin(context, live_portal, "Ida Novak")
    page.locator("[name=number]").fill("26-1832")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    for words in ("Priya Rao", "State Bureau of Investigation", "SBI-26-0118", "Sam Ortiz"):
        expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("main")).not_to_contain_text("Luis Andrade")
