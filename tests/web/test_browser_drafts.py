"""In a real browser: text outlives a lost session, for its writer alone; two edit one case."""

from __future__ import annotations

import re
from time import monotonic
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, expect

from cases.models import Case
from cases.services import amend_case, open_case
from tests.cast import Cast
from tests.web.test_browser_journey import PASSWORD, WAIT, Desk, contexts, people

__all__ = ["contexts"]

TEXT = "A long account, typed for half an hour."
DRAFTS = "() => Object.keys(localStorage).filter((name) => name.startsWith('liaison-draft:'))"


@pytest.fixture
def cast(cloned_database: str) -> Cast:
    """Return people who can sign in."""
    return people()


@pytest.fixture
def case(cast: Cast) -> Case:
    """Return a case of Ana's."""
    return open_case(cast.actor("ana"), title="Alder Street", type="burglary")


def end_sessions() -> None:
    """End every session, as time does."""
    Session.objects.all().delete()


def kept(desk: Desk) -> list[str]:
    """Return the names under which the browser keeps drafts."""
    found: list[str] = desk.page.evaluate(DRAFTS)
    return found


def wait_for_drafts(desk: Desk, number: int) -> None:
    """Wait until the browser keeps so many drafts."""
    end = monotonic() + WAIT / 1000
    while len(kept(desk)) != number:
        assert monotonic() < end, kept(desk)
        desk.page.wait_for_timeout(50)


def write(desk: Desk, case: Case) -> None:
    """Open the form of a case, type, and wait until the browser keeps it."""
    desk.go(f"/cases/{case.pk}/edit/")
    desk.page.locator("[name=summary]").fill(TEXT)
    wait_for_drafts(desk, 1)


def sign_in(desk: Desk, cast: Cast, name: str) -> None:
    """Sign in where the page that asks who one is leads to."""
    asked = urlsplit(desk.page.url)
    assert asked.path in ("/account/login/", "/demo/")
    desk.go(f"/account/login/?{asked.query}")
    desk.page.locator("[name=login]").fill(cast.posts[name].person.email)
    desk.page.locator("[name=password]").fill(PASSWORD)
    desk.press("Sign in")


@pytest.mark.slow
def test_text_outlives_a_lost_session_and_is_forgotten_once_saved(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], cast: Cast, case: Case
) -> None:
    contexts.append(browser.new_context())
    ana = Desk(contexts[-1], live_portal, cast, "ana")
    write(ana, case)
    assert TEXT not in str(ana.page.evaluate("() => JSON.stringify(localStorage)"))

    end_sessions()
    ana.press("Save")
    ana.sees("Your session had ended: this was not saved")
    expect(ana.page.get_by_label("Summary")).to_have_value(TEXT)
    assert len(kept(ana)) == 1
    ana.go(f"/cases/{case.pk}/edit/")
    sign_in(ana, cast, "ana")

    ana.page.wait_for_url(re.compile(f"/cases/{case.pk}/edit/"))
    ana.sees("You have unsaved text from")
    expect(ana.page.locator("[name=summary]")).to_have_value("")
    ana.press("Restore")
    expect(ana.page.locator("[name=summary]")).to_have_value(TEXT)
    ana.press("Save")
    ana.sees("Saved.")
    ana.sees(TEXT)
    wait_for_drafts(ana, 0)
    ana.go(f"/cases/{case.pk}/edit/")
    ana.sees("What you type is kept in this browser for 12 hours")
    expect(ana.page.get_by_text("You have unsaved text")).to_have_count(0)


@pytest.mark.slow
def test_text_is_never_offered_to_another_and_signing_out_forgets_it(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], cast: Cast, case: Case
) -> None:
    contexts.append(browser.new_context())
    desk = Desk(contexts[-1], live_portal, cast, "ana")
    write(desk, case)
    end_sessions()

    desk.go(f"/cases/{case.pk}/edit/")
    sign_in(desk, cast, "sam")
    desk.sees("What you type is kept")
    expect(desk.page.get_by_text("You have unsaved text")).to_have_count(0)
    desk.go("/account/logout/")
    desk.press("Sign out")
    assert len(kept(desk)) == 1

    desk.go(f"/cases/{case.pk}/edit/")
    sign_in(desk, cast, "ana")
    desk.sees("You have unsaved text from")
    desk.go("/account/logout/")
    desk.press("Sign out")
    assert kept(desk) == []


@pytest.mark.slow
def test_text_can_be_discarded_and_does_not_outlive_its_time(
    live_portal: str, browser: Browser, contexts: list[BrowserContext], cast: Cast, case: Case
) -> None:
    contexts.append(browser.new_context())
    ana = Desk(contexts[-1], live_portal, cast, "ana")
    write(ana, case)
    ana.go(f"/cases/{case.pk}/edit/")
    ana.press("Discard")
    assert kept(ana) == []
    write(ana, case)
    ana.page.evaluate(
        """() => Object.keys(localStorage).forEach((name) => {
            const draft = JSON.parse(localStorage.getItem(name));
            draft.at -= 12 * 60 * 60 * 1000;
            localStorage.setItem(name, JSON.stringify(draft));
        })"""
    )
    ana.go("/cases/")
    wait_for_drafts(ana, 0)


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_two_who_change_one_title_are_shown_both_and_choose(
    live_portal: str,
    browser: Browser,
    contexts: list[BrowserContext],
    cast: Cast,
    case: Case,
    script: bool,
) -> None:
    contexts.append(browser.new_context(java_script_enabled=script))
    ana = Desk(contexts[-1], live_portal, cast, "ana")
    ana.go(f"/cases/{case.pk}/edit/")
    version = int(ana.page.locator("[name=version]").input_value())
    amend_case(
        cast.actor("sam"), case.pk, version=version, title="Title by Sam", status="suspended"
    )

    ana.page.locator("[name=title]").fill("Title by Ana")
    ana.page.locator("[name=summary]").fill(TEXT)
    ana.press("Save")
    ana.sees("Saved by Sam")
    ana.sees("Their change of Status is in the form already.")
    row = ana.page.locator(".clashes tbody tr")
    expect(row).to_have_count(1)
    for words in ("Alder Street", "Title by Sam", "Title by Ana"):
        expect(row).to_contain_text(words)
    expect(ana.page.locator("[name=title]")).to_have_value("Title by Ana")
    row.get_by_label("Take theirs").check()
    ana.press("Save")
    ana.page.wait_for_url(f"{live_portal}/cases/{case.pk}/", timeout=WAIT)
    ana.sees("Title by Sam")
    ana.sees(TEXT)
    ana.sees("Suspended")
