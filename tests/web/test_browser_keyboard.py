"""The main job by keyboard alone: sign in, look, ask, decide and read, and always see where one is.

Nothing here points, clicks, fills or focuses: every act is a key, after the address is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cases.services import add_item, open_case
from sharing.models import Grant
from tests.cast import Cast
from tests.web.test_browser_journey import PASSWORD, WAIT, people

FAR = 80
"""Presses of Tab after which a thing counts as not reachable."""

FOCUSED = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), look = getComputedStyle(at);
  const inside = at.type === "date" && !at.matches(":focus");
  const ringed = inside || (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2);
  const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const words = (at.textContent || "").trim().replace(/\\s+/g, " ");
  const seen = at === document.body || (ringed && inView), main = at.matches("main *");
  return { seen, main, words, name: at.name || "", tag: at.localName };
}"""
"""What has the focus, and whether a ring in the part of the page that is on screen says so.

The button inside a date field takes the focus from its field; the browser rings that by itself."""

MOVING = 20
"""Looks, 50 ms apart, in which a thing that slides into view must have come to rest."""


class Keyboard:
    """One person at a browser, without a mouse."""

    def __init__(self, context: BrowserContext, portal: str, cast: Cast, name: str) -> None:
        self.page: Page = context.new_page()
        self.portal = portal
        self.page.goto(f"{portal}/account/login/")
        self.into("login", cast.posts[name].person.email)
        self.into("password", PASSWORD)
        self.press("Enter")
        self.page.wait_for_url(f"{portal}/")

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def into(self, name: str, text: str) -> None:
        """Go to the field of that name and type in place of what is there."""
        self.tab_to(name=name)
        if self.here()["tag"] != "select":
            self.press("Control+a")
        self.page.keyboard.type(text)

    def tab_to(self, words: str = "", *, name: str = "") -> None:
        """Go from stop to stop until one in the page has that name or begins with those words;
        each stop on the way shows that it has the focus.
        """
        for _ in range(FAR):
            self.press("Tab")
            at = self.here()
            wanted = at["name"] == name if name else at["words"].startswith(words)
            if at["main"] and wanted:
                return
        pytest.fail(f"By keyboard one does not get to {words or name} on {self.page.url}")

    def here(self) -> dict[str, Any]:
        """Return what has the focus, which must be seen."""
        for _ in range(MOVING):
            found: dict[str, Any] = self.page.evaluate(FOCUSED)
            if found["seen"]:
                return found
            self.page.wait_for_timeout(50)
        pytest.fail(f"On {self.page.url} this has the focus unseen: {found}")

    def arrives(self, address: str) -> None:
        """Wait until the page is another."""
        self.page.wait_for_url(re.compile(address))
        self.page.wait_for_load_state()

    def sees(self, words: str) -> None:
        """Wait until the page says so."""
        expect(self.page.locator("main")).to_contain_text(words, timeout=WAIT)


@pytest.fixture
def contexts(live_portal: str, browser: Browser) -> Iterator[list[BrowserContext]]:
    """Give two browsers that are closed before the portal they keep connections to."""
    opened = [browser.new_context() for _ in range(2)]
    for context in opened:
        context.set_default_timeout(WAIT)
    yield opened
    for context in opened:
        context.close()


def ask(bo: Keyboard) -> None:
    """Look for a number, find nothing, and ask the agency that one heard it from."""
    bo.press("/")
    bo.page.keyboard.type("24-1832")
    bo.press("Enter")
    bo.arrives("/search/")
    bo.sees("Nothing that you can see matches")
    bo.tab_to("Ask an agency")
    bo.press("Enter")
    bo.arrives("/requests/ask/")
    bo.into("agency_id", "Alpha")
    bo.tab_to(name="own_number")
    assert bo.page.evaluate("document.activeElement.value") == "24-1832"
    bo.into("reason", "Same pry marks on four entries")
    bo.into("for_case", "BR-77")
    bo.tab_to("Send")
    bo.press("Enter")
    bo.arrives("/requests/[0-9a-f-]{36}/$")
    bo.sees("Submitted")


def approve(sam: Keyboard) -> None:
    """Go to what waits, open the first, attach the case that was meant, and release it."""
    sam.press("g", "r")
    sam.arrives("/requests/$")
    sam.press("j")
    assert sam.here()["words"].startswith("SR-")
    sam.press("Enter")
    sam.arrives("/requests/[0-9a-f-]{36}/$")
    sam.into("number", "24-1832")
    sam.press("Enter")
    sam.sees("1 of 2 items")
    sam.press("a")
    sam.sees("Approved")


def read(bo: Keyboard) -> None:
    """Open the case from the list, and its vehicle."""
    bo.press("g", "c")
    bo.arrives("/cases/$")
    bo.sees("Alder Street")
    bo.press("j", "Enter")
    bo.arrives("/cases/[0-9a-f-]{36}/$")
    bo.sees("Received")
    bo.tab_to("Items")
    bo.press("Enter")
    bo.arrives("/items/$")
    bo.sees("Blue Civic")
    expect(bo.page.locator("body")).not_to_contain_text("Jane Roe")


@pytest.mark.slow
def test_the_main_job_needs_no_mouse(live_portal: str, contexts: list[BrowserContext]) -> None:
    cast = people()
    ana = cast.actor("ana")
    case = open_case(ana, title="Alder Street", type="burglary", own_number="24-1832")
    add_item(ana, case.pk, kind="vehicle", title="Blue Civic", role="seen")
    add_item(ana, case.pk, kind="person", title="Jane Roe", role="victim")
    bo = Keyboard(contexts[0], live_portal, cast, "bo")
    ask(bo)
    approve(Keyboard(contexts[1], live_portal, cast, "sam"))
    read(bo)
    [grant] = Grant.objects.filter(record_id=case.pk)
    assert (grant.roster_id, grant.issued_by) == (cast.id("bravo"), cast.posts["sam"])
    shown = bo.page.locator("main").inner_text()
    assert ("Blue Civic" in shown, "Jane Roe" in shown) == (True, False)
