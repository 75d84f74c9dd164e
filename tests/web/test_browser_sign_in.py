"""Signing in as people do: with a passkey alone, with a code, with a recovery code once."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Page, expect

from agencies.factors import codes_of, factors_of
from agencies.models import Person
from agencies.services.factor import add_authenticator_app
from tests.agencies.cast import PASSWORD, PORTAL, a_cast
from tests.agencies.codes import SECRET, code_of

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def portal(live_portal: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Serve the portal by a name, which passkeys need, and ask everybody for a second factor."""
    cache.clear()
    monkeypatch.setattr(settings, "SECOND_FACTOR_REQUIRED", True)
    a_cast()
    return live_portal.replace("127.0.0.1", "localhost")


def with_device(page: Page) -> tuple[Any, str]:
    """Give the browser a device that keeps passkeys, and return the way to talk to it."""
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    made = talk.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return talk, str(made["authenticatorId"])


def enter_password(page: Page, portal: str, then: str = "/") -> None:
    """Sign in with Ana's password."""
    page.goto(f"{portal}/account/login/?next={then}")
    page.get_by_label("E-mail").fill("ana@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    """Press the button in the account menu."""
    page.get_by_text("Signed in", exact=True).click()
    page.get_by_role("button", name="Sign out").click()


def test_a_passkey_is_added_at_the_first_sign_in_and_is_enough_from_then_on(
    portal: str, page: Page
) -> None:
    talk, device = with_device(page)
    enter_password(page, portal, "/agencies/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Add a second way to show that it is you"
    )
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of this passkey").fill("Work phone")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert page.locator(".codes li").count() == 10
    (kept,) = talk.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert kept["isResidentCredential"]
    page.get_by_role("link", name="I have kept them").click()
    sign_out(page)

    page.goto(f"{portal}/account/login/?next=/agencies/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{portal}/agencies/")
    sign_out(page)

    enter_password(page, portal, "/agencies/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{portal}/agencies/")

    page.goto(f"{portal}/account/reauthenticate/passkey/?next=/agencies/")
    page.get_by_role("button", name="Confirm with a passkey").click()
    expect(page).to_have_url(f"{portal}/agencies/")
    ana = Person.objects.get(email="ana@example.org")
    assert [str(one) for one in factors_of(ana)] == ["Work phone"]


def test_a_device_that_gives_nothing_is_said_to_and_nothing_is_lost(
    portal: str, page: Page
) -> None:
    talk, device = with_device(page)
    talk.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto(f"{portal}/account/login/")
    page.get_by_label("E-mail").fill("ana@example.org")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-passkey-said]")).to_contain_text("nothing was sent")
    assert page.get_by_label("E-mail").input_value() == "ana@example.org"


def test_a_code_completes_a_sign_in_and_a_recovery_code_does_once(portal: str, page: Page) -> None:
    ana = Person.objects.get(email="ana@example.org")
    add_authenticator_app(PORTAL, ana, secret=SECRET)
    enter_password(page, portal)
    page.get_by_label("Code from your app").fill(code_of())
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{portal}/")
    sign_out(page)

    code = codes_of(ana).get().wrap().get_unused_codes()[3]
    for expected in (f"{portal}/", f"{portal}/account/second-step/"):
        enter_password(page, portal)
        page.get_by_label("Code from your app").fill(code)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page).to_have_url(expected)
        if expected == f"{portal}/":
            sign_out(page)
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
