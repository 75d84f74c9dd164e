"""People in a real browser: another post taken up in the top bar, and an end that was set ahead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import F
from django.db.models.functions import Now
from playwright.sync_api import Browser, BrowserContext, expect

from agencies.models import Membership
from cases.services import open_case
from tests.agencies.cast import days
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
def test_a_post_is_switched_in_the_top_bar_and_ends_at_the_moment_set_ahead(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], script: bool
) -> None:
    cast = people()
    cast.person("bo at alpha", "alpha", "analyst", also="bo")
    case = open_case(cast.actor("ana"), title="Alder Street", type="burglary")

    def desk(name: str) -> Desk:
        contexts.append(browser.new_context(java_script_enabled=script))
        return Desk(contexts[-1], live_portal, cast, name)

    bo = desk("bo")
    bo.go("/cases/")
    expect(bo.page.locator("main")).not_to_contain_text("Alder Street")
    bar = bo.page.locator(".top__me details.menu").first
    expect(bar).to_contain_text("Bravo Police", timeout=WAIT)
    bar.locator("summary").click()
    bar.get_by_label("Alpha Police").check()
    bar.get_by_role("button", name="Switch").click()
    bo.page.wait_for_load_state()
    bo.go(f"/cases/{case.pk}/")
    bo.sees("Alder Street")
    expect(bo.page.locator(".top__me")).to_contain_text("Alpha Police", timeout=WAIT)

    cora, post = desk("cora"), cast.posts["bo at alpha"]
    cora.go("/people/")
    cora.follow("Bo")
    cora.follow("End")
    cora.page.locator("[name=when][value=later]").check(force=True)
    cora.page.locator("[name=on]").fill(f"{days(3):%Y-%m-%d}")
    cora.press("End the post")
    cora.sees("Done. Access ends with the post")
    assert bo.go(f"/cases/{case.pk}/") == 200

    three_days = days(4) - days(0)
    Membership.objects.filter(pk=post.pk).update(
        started_at=F("started_at") - three_days, ended_at=F("ended_at") - three_days
    )
    assert Membership.objects.filter(pk=post.pk, ended_at__lt=Now()).exists()
    assert bo.go(f"/cases/{case.pk}/") == 403
    bo.sees("Your post at Alpha Police has ended.")
    bo.press("Bravo Police")
    assert bo.go(f"/cases/{case.pk}/") == 404
