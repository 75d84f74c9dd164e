"""The page about the interface, in a browser that is told to trust nothing but its own origin."""

from __future__ import annotations

from playwright.sync_api import Page


def test_the_page_shows_every_call_under_the_strict_policy(live_portal: str, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_portal}/api/v1/docs/")
    page.wait_for_selector("text=Open a case", timeout=30_000)
    assert page.locator(".opblock").count() >= 30
    assert complaints == []
