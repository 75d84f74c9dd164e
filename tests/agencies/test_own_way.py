"""Agencies whose people come in by their own sign-in alone: a password opens no post there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agencies.models import IdentityProvider, Onboarding
from agencies.refusals import Conflict, NotAllowed
from agencies.services import add_membership, set_agency_status
from agencies.services.identity import configure_provider, confirm_provider, end_provider
from agencies.services.own_way import settle_sign_in
from tests.agencies.cast import PORTAL, Cast, events, last_event
from tests.agencies.test_program_pages import browser
from tests.agencies.test_single_sign_on import ANA, come_back, issuer, says, set_up, who
from tests.web.markup import faults_of

__all__ = ["issuer"]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def settled(cast: Cast, choice: str = "own") -> None:
    """Settle with Alpha how its people sign in."""
    Onboarding.objects.create(agency=cast.alpha, sign_in=choice)


def opened(client: Client) -> tuple[int, int]:
    """Return how a page and a call of the interface answer."""
    return client.get("/agencies/").status_code, client.get("/api/v1/cases").status_code


def test_a_password_opens_no_post_there_and_the_agencys_sign_in_does(
    cast: Cast, issuer: str
) -> None:
    settled(cast)
    provider = set_up(cast, cast.alpha, issuer)
    page = browser(cast, "ana").get("/agencies/")
    text = page.content.decode()
    assert (page.status_code, faults_of(text)) == (403, [])
    assert "Alpha Police has its people come in by its own sign-in alone." in text
    assert opened(browser(cast, "ana"))[0] == 403
    says(issuer, "a-1", ANA)
    client = Client()
    come_back(client, provider, "a-1")
    assert (who(client), opened(client)) == (str(cast.ana.person_id), (200, 200))
    assert opened(browser(cast, "bo"))[0] == 200


@pytest.mark.parametrize("choice", ["", "password"])
def test_where_nothing_else_was_settled_passwords_open_posts_too(
    cast: Cast, issuer: str, choice: str
) -> None:
    settled(cast, choice)
    set_up(cast, cast.alpha, issuer)
    assert opened(browser(cast, "ana")) == (200, 200)
    Onboarding.objects.update(sign_in="own")
    assert opened(browser(cast, "ana"))[0] == 403


def test_it_holds_for_open_sessions_at_their_next_statement_and_until_it_ends(
    cast: Cast, issuer: str
) -> None:
    settled(cast)
    ana = browser(cast, "ana")
    assert opened(ana) == opened(ana) == (200, 200)
    provider = configure_provider(
        cast.acts("kim"), cast.alpha, name="x", address=issuer, client_id="liaison"
    )
    assert opened(ana) == (200, 200)
    confirm_provider(cast.acts("sam"), provider)
    assert opened(ana)[0] == 403
    end_provider(cast.acts("sam"), provider)
    assert opened(ana) == (200, 200)


def test_a_post_elsewhere_is_open_to_a_password_and_the_one_there_is_not_taken(
    cast: Cast, issuer: str
) -> None:
    other = add_membership(PORTAL, cast.ana.person, cast.bravo, roles=["analyst"], ceiling=2)
    settled(cast)
    provider = set_up(cast, cast.alpha, issuer)
    ana = browser(cast, "ana")
    assert ana.get("/api/v1/me").json()["hat"]["agency"]["short_name"] == "bravo"
    assert ana.post("/acting-as/", {"membership": str(cast.ana.pk)}).status_code == 422
    session = ana.session
    session["hat"] = str(cast.ana.pk)
    session.save()
    page = ana.get("/agencies/")
    assert (page.status_code, str(other.pk) in page.content.decode()) == (403, True)
    assert str(cast.ana.pk) not in page.content.decode()
    end_provider(cast.acts("sam"), provider)
    assert ana.post("/acting-as/", {"membership": str(cast.ana.pk)}).status_code == 302
    assert ana.get("/api/v1/me").json()["hat"]["agency"]["short_name"] == "alpha"


def test_the_top_bar_offers_what_the_session_may_act_under(cast: Cast, issuer: str) -> None:
    other = add_membership(PORTAL, cast.ana.person, cast.bravo, roles=["analyst"], ceiling=2)
    add_membership(PORTAL, cast.bo.person, cast.alpha, roles=["analyst"], ceiling=2)
    settled(cast)
    set_up(cast, cast.alpha, issuer)
    page = browser(cast, "ana").get("/agencies/").content.decode()
    assert f'value="{cast.ana.pk}"' not in page
    Onboarding.objects.update(sign_in="password")
    page = browser(cast, "ana").get("/agencies/").content.decode()
    assert (f'value="{cast.ana.pk}"' in page, f'value="{other.pk}"' in page) == (True, True)


SETTLES = {"kim": True, "root": True, "sam": False, "lee": False, "ana": False, "bea": False}


@pytest.mark.parametrize("name", SETTLES)
def test_the_coordinator_or_an_administrator_settles_it(cast: Cast, name: str) -> None:
    settled(cast, "password")
    by = cast.acts(name)
    if not SETTLES[name]:
        with pytest.raises(NotAllowed):
            settle_sign_in(by, cast.alpha, alone=True)
        return
    assert settle_sign_in(by, cast.alpha, alone=True).sign_in == "own"
    assert (last_event().kind, last_event().facts) == (
        "agency.sign_in_settled",
        {"sign_in": "own"},
    )
    before = events()
    settle_sign_in(by, cast.alpha, alone=True)
    assert events() == before
    assert settle_sign_in(by, cast.alpha, alone=False).sign_in == "password"


def test_it_is_settled_on_the_page_of_the_sign_in(cast: Cast, issuer: str) -> None:
    kim, address = browser(cast, "kim"), f"/agencies/{cast.alpha.pk}/sign-in/"
    configure_provider(cast.acts("kim"), cast.alpha, name="x", address=issuer, client_id="x")
    assert "alone open its posts" not in kim.get(address).content.decode()
    assert kim.post(f"{address}alone/", {"alone": "1"}).status_code == 409
    settled(cast, "password")
    page = kim.get(address).content.decode()
    assert ("Let this sign-in alone open its posts" in page, faults_of(page)) == (True, [])
    assert kim.post(f"{address}alone/", {"alone": "1"})["Location"] == address
    page = kim.get(address).content.decode()
    assert "Let passwords open its posts too" in page
    assert Onboarding.objects.get().sign_in == "own"
    assert kim.post(f"{address}alone/", {"alone": "0"}).status_code == 302
    assert Onboarding.objects.get().sign_in == "password"
    assert browser(cast, "bea").post(f"{address}alone/", {"alone": "1"}).status_code == 404
    assert browser(cast, "lee").post(f"{address}alone/", {"alone": "1"}).status_code == 403


def test_nothing_is_settled_with_an_agency_that_never_came_on_board_so(cast: Cast) -> None:
    with pytest.raises(Conflict):
        settle_sign_in(cast.acts("kim"), cast.alpha, alone=True)
    settled(cast, "password")
    assert settle_sign_in(cast.acts("kim"), cast.alpha, alone=True).sign_in == "own"


def test_a_suspended_agency_says_that_it_is(cast: Cast, issuer: str) -> None:
    settled(cast)
    set_up(cast, cast.alpha, issuer)
    set_agency_status(PORTAL, cast.alpha, status="suspended")
    page: Any = browser(cast, "ana").get("/agencies/")
    assert "Alpha Police cannot use Liaison at present." in page.content.decode()
    assert IdentityProvider.objects.speaking().count() == 0
