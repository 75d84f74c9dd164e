"""The pages around an agency's own sign-in, which take a provider's answer: axe finds nothing."""

from __future__ import annotations

from time import time
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from agencies.models import IdentityLink, IdentityProvider, Membership
from tests.agencies.cast import a_cast
from tests.agencies.test_single_sign_on import issuer, says, set_up
from tests.sessions import RECORDS
from tests.web.test_axe import (
    BACKEND,
    LONG,
    OF_THEIR_PROVIDER,
    UNBROKEN,
    context,
    faults_in_every_look,
    faults_of_all,
    is_page,
)

__all__ = ["context", "issuer"]
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

KIM = {"email": "kim@example.org", "email_verified": True, "name": "Kim"}


def browser_of(post: Membership, provider: IdentityProvider | None = None) -> Client:
    """Return the session of somebody who came in through a provider, or by a way of their own."""
    client = Client()
    client.force_login(post.person, backend=BACKEND)
    if provider is not None:
        IdentityLink.objects.create(provider=provider, membership=post, subject="k-1")
        session = client.session
        session[RECORDS] = [{"method": "socialaccount", "at": time(), "provider": str(provider.pk)}]
        session.save()
    return client


def shown(context: Any, portal: str, client: Client) -> Page:
    """Return a page of a browser that has the session."""
    kept = client.cookies["liaison_session"].value
    context.add_cookies([{"name": "liaison_session", "value": kept, "url": portal}])
    page: Page = context.new_page()
    return page


def answered(page: Page, button: str, *, subject: str | None = "k-1") -> None:
    """Press what leads to the provider and sign in there, or leave it there as nobody."""
    page.get_by_role("button", name=button).click()
    if subject is None:
        page.get_by_role("button", name="Deny").click()
        return
    page.locator("input[name=sub]").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def test_axe_finds_nothing_where_one_confirms_where_one_signed_in(
    live_portal: str, context: Any, issuer: str
) -> None:
    cast = a_cast()
    provider = set_up(cast, cast.alpha, issuer, name=UNBROKEN[:40])
    client = browser_of(cast.kim, provider)
    addresses = [f"/{route}?next=/people/" for route in OF_THEIR_PROVIDER]
    assert [one for one in addresses if not is_page(client, one)] == []
    page = shown(context, live_portal, client)
    assert faults_of_all(page, live_portal, addresses) == []
    says(issuer, "k-1", KIM | {"auth_time": int(time()) - 3600})
    answered(page, f"Go on to {provider.name}")
    expect(page.get_by_role("alert")).to_contain_text("This was not confirmed")
    assert faults_in_every_look(page, "not confirmed") == []


def test_axe_finds_nothing_where_a_try_says_what_it_came_to(
    live_portal: str, context: Any, issuer: str
) -> None:
    cast = a_cast()
    set_up(cast, cast.alpha, issuer)
    page = shown(context, live_portal, browser_of(cast.kim))
    said = {"EmployerORI": "ZZ0099999", "groups": [LONG, UNBROKEN], UNBROKEN: LONG}
    for claims, words in ((KIM, "Would sign in Kim"), (KIM | said, "Nobody would be signed in")):
        says(issuer, "k-1", claims)
        page.goto(f"{live_portal}/agencies/{cast.alpha.pk}/sign-in/")
        answered(page, "Try a sign-in")
        expect(page.locator("main")).to_contain_text(words)
        assert faults_in_every_look(page, words) == []
    page.goto(f"{live_portal}/agencies/{cast.alpha.pk}/sign-in/")
    answered(page, "Try a sign-in", subject=None)
    expect(page.locator("main")).to_contain_text("It did not finish")
    assert faults_in_every_look(page, "did not finish") == []
