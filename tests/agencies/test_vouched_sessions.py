"""A session that an agency's sign-in opened: which posts it offers, and how it confirms again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from agencies.models import BrowserSession, IdentityProvider, Onboarding, Person
from agencies.services import add_membership, end_membership
from agencies.services.factor import add_authenticator_app
from agencies.services.identity import end_provider
from agencies.services.sign_in import begin_try, fail_try
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, last_event
from tests.agencies.codes import SECRET
from tests.agencies.test_single_sign_on import come_back, says, set_up, who
from tests.sessions import RECORDS
from tests.web.markup import faults_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

AGAIN = "/account/reauthenticate/agency/"
KIM = {"email": "kim@example.org", "email_verified": True, "name": "Kim"}
OTHERS = "Your other posts are not listed"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Run a provider that says of anybody what a test has it say."""
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def alpha(cast: Cast, issuer: str) -> IdentityProvider:
    """Return the sign-in of Alpha, where Kim is known."""
    Person.objects.filter(pk=cast.kim.person_id).update(password="!")
    says(issuer, "k-1", KIM)
    return set_up(cast, cast.alpha, issuer)


def vouched(provider: IdentityProvider) -> Client:
    """Return the browser of Kim, who came in through Alpha's sign-in."""
    client = Client()
    come_back(client, provider, "k-1")
    assert who(client) is not None
    return client


def by_herself() -> Client:
    """Return the browser of Kim, who came in by ways of her own."""
    client = Client()
    client.force_login(Person.objects.get(email=KIM["email"]), backend=BACKEND)
    return client


def long_ago(client: Client) -> None:
    """Have it be an hour since anybody confirmed anything in this session."""
    session = client.session
    session[RECORDS] = [{**one, "at": time() - 3600} for one in session[RECORDS]]
    session.save()


def answered(client: Client, subject: str = "k-1", *, then: str = "/") -> Any:
    """Confirm at the agency's sign-in as *subject* and come back with its answer."""
    leaving = client.post(AGAIN, {"next": then})
    assert leaving.status_code == 200, leaving.content
    there = leaving["Refresh"].removeprefix("0; url=")
    answer = requests.post(there, data={"sub": subject}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def is_confirmed(client: Client, cast: Cast) -> bool:
    """Return whether the session may do what asks for a confirmation."""
    answer = client.post(f"/people/{cast.lee.person_id}/sessions/end/", {})
    assert answer.status_code == 302
    return answer["Location"] == "/"


def test_the_menu_offers_what_can_be_taken_and_says_why_not_the_rest(
    cast: Cast, alpha: IdentityProvider
) -> None:
    elsewhere = add_membership(PORTAL, cast.kim.person, cast.bravo, roles=["analyst"], ceiling=2)
    client = vouched(alpha)
    for address in ("/agencies/", "/acting-as/"):
        page = client.get(address).content.decode()
        assert f'value="{elsewhere.pk}"' not in page
        assert page.count(OTHERS) == (2 if address == "/acting-as/" else 1)
        assert faults_of(page) == []
    own = by_herself()
    for address in ("/agencies/", "/acting-as/"):
        page = own.get(address).content.decode()
        assert f'value="{elsewhere.pk}"' in page
        assert OTHERS not in page


def test_whoever_has_one_post_is_told_of_no_others(cast: Cast, alpha: IdentityProvider) -> None:
    page = vouched(alpha).get("/agencies/").content.decode()
    assert OTHERS not in page
    assert "You have one post" in page


def test_a_post_that_takes_the_agency_s_sign_in_is_missing_elsewhere_and_said_to_be(
    cast: Cast, alpha: IdentityProvider
) -> None:
    elsewhere = add_membership(PORTAL, cast.kim.person, cast.bravo, roles=["analyst"], ceiling=2)
    own = by_herself()
    own.post("/acting-as/", {"membership": str(elsewhere.pk)})
    assert "Not listed" not in own.get("/agencies/").content.decode()
    Onboarding.objects.create(agency=cast.alpha, sign_in="own")
    page = own.get("/agencies/").content.decode()
    assert f'value="{cast.kim.pk}"' not in page
    assert page.count("Not listed: Alpha Police.") == 1
    assert "You have one post" not in page


def test_at_a_standstill_nothing_is_offered_that_cannot_be_taken(
    cast: Cast, alpha: IdentityProvider
) -> None:
    elsewhere = add_membership(PORTAL, cast.kim.person, cast.bravo, roles=["analyst"], ceiling=2)
    client, own = vouched(alpha), by_herself()
    own.get("/agencies/")
    end_membership(PORTAL, cast.kim)
    stopped, offered = client.get("/agencies/"), own.get("/agencies/")
    assert (stopped.status_code, offered.status_code) == (403, 403)
    assert str(elsewhere.pk) not in stopped.content.decode()
    assert str(elsewhere.pk) in offered.content.decode()


def test_whoever_has_nothing_of_their_own_confirms_where_they_signed_in(
    cast: Cast, alpha: IdentityProvider
) -> None:
    client = vouched(alpha)
    assert is_confirmed(client, cast)
    long_ago(client)
    sent = client.post(f"/people/{cast.lee.person_id}/disable/", {"reason_code": "misuse"})
    where = urlsplit(sent["Location"])
    assert where.path == AGAIN
    held = parse_qs(where.query)["next"][0]
    page = client.get(sent["Location"]).content.decode()
    assert "It holds for 15 minutes" in page
    assert faults_of(page) == []
    assert Person.objects.get(pk=cast.lee.person_id).is_active
    back = answered(client, then=held)
    assert back["Location"] == held
    shown = client.get(held).content.decode()
    assert 'name="reason_code" value="misuse"' in shown
    done = client.post(f"/people/{cast.lee.person_id}/disable/", {"reason_code": "misuse"})
    assert done["Location"] == "/"
    assert not Person.objects.get(pk=cast.lee.person_id).is_active


def test_the_provider_is_asked_to_ask_anew(cast: Cast, alpha: IdentityProvider) -> None:
    leaving = vouched(alpha).post(AGAIN, {"next": "//evil.example/"})
    asked = parse_qs(urlsplit(leaving["Refresh"].removeprefix("0; url=")).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert asked["code_challenge_method"] == ["S256"]
    first = Client().post("/account/agency/", {"provider": str(alpha.pk)})
    assert "prompt" not in parse_qs(urlsplit(first["Refresh"].removeprefix("0; url=")).query)


WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "somebody else": ("a-1", {**KIM, "email": "ana@example.org"}),
    "nobody here": ("z-1", {**KIM, "email": "nobody@example.org"}),
    "long ago": ("k-1", {**KIM, "auth_time": int(time()) - 3600}),
    "no moment": ("k-1", {**KIM, "auth_time": "now"}),
    "certification gone": ("k-1", {**KIM, "28CFRCertification": "false"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_answer_that_proves_less_confirms_nothing(
    cast: Cast, alpha: IdentityProvider, issuer: str, name: str
) -> None:
    client = vouched(alpha)
    person = who(client)
    long_ago(client)
    subject, claims = WRONG[name]
    says(issuer, subject, claims)
    answer = answered(client, subject, then="/people/")
    page = answer.content.decode()
    assert (answer.status_code, who(client)) == (403, person)
    assert "This was not confirmed" in page
    assert 'name="next" value="/people/"' in page
    assert faults_of(page) == []
    assert (last_event().kind, last_event().facts["reason"]) == (
        "provider.sign_in_refused",
        "confirming",
    )
    assert not is_confirmed(client, cast)
    says(issuer, "k-1", KIM)
    assert answered(client, then="/people/")["Location"] == "/people/"
    assert is_confirmed(client, cast)


def test_a_second_factor_that_was_shown_there_is_shown_there_again(
    cast: Cast, alpha: IdentityProvider, issuer: str, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    says(issuer, "k-1", {**KIM, "amr": ["mfa"]})
    client = vouched(alpha)
    long_ago(client)
    says(issuer, "k-1", KIM)
    refused = answered(client)
    assert (refused.status_code, "second factor" in refused.content.decode()) == (403, True)
    says(issuer, "k-1", {**KIM, "amr": ["mfa"]})
    assert answered(client).status_code == 302
    assert is_confirmed(client, cast)


def test_whoever_is_locked_or_whose_sign_in_ended_does_not_confirm_by_it(
    cast: Cast, alpha: IdentityProvider
) -> None:
    client, other = vouched(alpha), vouched(alpha)
    long_ago(client)
    for _ in range(5):
        fail_try(begin_try("kim@example.org"), cast.kim.person)
    assert answered(client).status_code == 403
    end_provider(cast.acts("lee"), alpha)
    assert other.get(AGAIN).status_code == 404


def test_another_session_s_answer_confirms_nothing(cast: Cast, alpha: IdentityProvider) -> None:
    client = vouched(alpha)
    long_ago(client)
    leaving = client.post(AGAIN, {"next": "/"})
    there = leaving["Refresh"].removeprefix("0; url=")
    answer = requests.post(there, data={"sub": "k-1"}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    stranger = Client()
    stranger.force_login(cast.bea.person, backend=BACKEND)
    stranger.get(f"{back.path}?{back.query}")
    assert who(stranger) == str(cast.bea.person_id)
    client.logout()
    late = client.get(f"{back.path}?{back.query}")
    assert (late.status_code, who(client)) == (403, None)


def test_leaving_it_at_the_provider_leads_back_to_what_waits(
    cast: Cast, alpha: IdentityProvider
) -> None:
    client = vouched(alpha)
    leaving = client.post(AGAIN, {"next": "/people/"})
    state = parse_qs(urlsplit(leaving["Refresh"].removeprefix("0; url=")).query)["state"][0]
    at = f"/account/agency/{alpha.pk}/answer/?error=access_denied&state={state}"
    left = client.get(at)
    assert (left.status_code, "It did not finish" in left.content.decode()) == (403, True)
    assert 'name="next" value="/people/"' in left.content.decode()
    assert who(client) == str(cast.kim.person_id)


def test_own_ways_come_first_and_the_agency_s_is_among_them(
    cast: Cast, alpha: IdentityProvider
) -> None:
    add_authenticator_app(PORTAL, cast.kim.person, secret=SECRET)
    client = vouched_with_app(alpha)
    long_ago(client)
    sent = client.post(f"/people/{cast.lee.person_id}/sessions/end/", {})
    assert sent["Location"].startswith("/account/reauthenticate/code/")
    page = client.get(sent["Location"]).content.decode()
    assert re.findall(r'href="(/account/reauthenticate/agency/[^"]*)"', page) != []
    assert "It holds for 15 minutes" in page


def vouched_with_app(provider: IdentityProvider) -> Client:
    """Return a session of Kim's that came in through the provider and showed her own app."""
    client = by_herself()
    session = client.session
    session[RECORDS] = [{"method": "socialaccount", "at": time(), "provider": str(provider.pk)}]
    session.save()
    return client


def test_whoever_came_in_otherwise_has_no_such_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.kim.person, backend=BACKEND)
    assert client.get(AGAIN).status_code == 404
    assert client.post(AGAIN, {}).status_code == 404
    assert Event.objects.filter(kind="provider.sign_in_refused").count() == 0


def test_a_locked_session_is_unlocked_by_it(cast: Cast, alpha: IdentityProvider) -> None:
    client = vouched(alpha)
    BrowserSession.objects.update(active_at=datetime.now(UTC) - timedelta(hours=1))
    assert client.get("/people/")["Location"].startswith("/account/locked/")
    page = client.get("/account/locked/?next=/people/").content.decode()
    assert f"{AGAIN}?next=%2Fpeople%2F" in page
    assert client.get("/people/").status_code == 302
    assert client.get(f"{AGAIN}?next=/people/").status_code == 200
    assert answered(client, then="/people/")["Location"] == "/people/"
    assert client.get("/people/").status_code == 200
