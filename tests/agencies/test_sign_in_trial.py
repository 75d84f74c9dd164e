"""Trying an agency's own sign-in before it speaks: what is shown, and that nobody comes in."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from agencies.models import Agency, IdentityLink, IdentityProvider, Membership
from agencies.services import add_membership, set_agency_status
from agencies.services.identity import configure_provider, confirm_provider, end_provider
from tests.agencies.cast import PORTAL, Cast, events, last_event
from tests.agencies.test_program_pages import browser
from tests.agencies.test_single_sign_on import ANA, CHOOSE, come_back, issuer, says, set_up, who
from tests.web.markup import faults_of

__all__ = ["issuer"]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def written(cast: Cast, address: str, **changes: Any) -> IdentityProvider:
    """Return Alpha's sign-in as one person wrote it down: it does not speak yet."""
    values = {"name": "City sign-in", "address": address, "client_id": "liaison", "secret": "s"}
    return configure_provider(cast.acts("kim"), cast.alpha, **values | changes)


def leave(client: Client, provider: IdentityProvider) -> str:
    """Begin a try; return the address at the provider that it leads to."""
    leaving = client.post(f"/sign-ins/{provider.pk}/try/")
    assert leaving.status_code == 200, leaving.content
    return leaving["Refresh"].removeprefix("0; url=")


def answered(there: str, subject: str) -> str:
    """Sign in at the provider as *subject*; return the address that it sends back to."""
    answer = requests.post(there, data={"sub": subject}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def rows(page: str) -> dict[str, tuple[str, ...]]:
    """Return the table of claims: by claim, what it said, becomes, its outcome and why."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]:
        first, becomes, last = re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL)
        claim, *said = re.findall(r"<(?:code|span)[^>]*>(.*?)<", first)
        outcome, why = re.findall(r"<span[^>]*>(.*?)<", last)
        found[claim] = ("".join(said), becomes.strip(), outcome, why)
    return found


def test_a_try_shows_claim_by_claim_what_would_become_and_signs_nobody_in(
    cast: Cast, issuer: str
) -> None:
    Agency.objects.filter(pk=cast.alpha.pk).update(ori="ZZ0010000")
    provider = written(cast, issuer)
    said = {"EmployerORI": "ZZ0010000", "gfipm:2.0:user:28CFRCertification": "true"}
    says(issuer, "a-1", ANA | said | {"groups": ["admins", "all"], "SecurityClearance": "secret"})
    kim = browser(cast, "kim")
    shown = kim.get(answered(leave(kim, provider), "a-1"))
    page = shown.content.decode()
    assert (shown.status_code, faults_of(page)) == (200, [])
    assert "Would sign in Ana" in page
    table = rows(page)
    assert {claim: (row[1], row[2]) for claim, row in table.items() if row[1] != "Nothing"} == {
        "sub": ("Who it is, for ever", "Accepted"),
        "email": ("E-mail address", "Accepted"),
        "email_verified": ("Whether the address was verified", "Accepted"),
        "name": ("Name", "Ignored"),
        "EmployerORI": ("ORI of the employer", "Accepted"),
        "gfipm:2.0:user:28CFRCertification": ("28 CFR 23 certification", "Accepted"),
        "SecurityClearance": ("Security clearance", "Ignored"),
        "acr": ("Second factor", "Not said"),
        "amr": ("Second factor", "Not said"),
    }
    assert table["groups"] == (
        "admins, all",
        "Nothing",
        "Ignored",
        "Liaison reads nothing from it: roles, posts and cases are given here.",
    )
    assert who(kim) == str(cast.kim.person_id)
    assert kim.get("/api/v1/me").json()["email"] == "kim@example.org"
    assert IdentityLink.objects.count() == 0
    event = last_event()
    assert (event.kind, event.outcome, event.target, event.membership, event.facts) == (
        "provider.tried",
        "done",
        provider.pk,
        cast.kim.pk,
        {"result": "would_sign_in"},
    )


WOULD_NOT = {
    "employer is another": ({"EmployerORI": "ZZ0020000"}, "claims", "which is another agency"),
    "certification missing": (
        {"28CFRCertification": "no"},
        "claims",
        "28 CFR 23 certification is missing",
    ),
    "address not verified": ({"email_verified": False}, "nobody_here", "nobody of the agency"),
    "somebody of another agency": (
        {"email": "bea@example.org"},
        "nobody_here",
        "nobody of the agency",
    ),
    "an administrator": ({"email": "root@example.org"}, "nobody_here", "nobody of the agency"),
}


@pytest.mark.parametrize("name", WOULD_NOT)
def test_a_try_says_why_nobody_would_come_in(cast: Cast, issuer: str, name: str) -> None:
    changes, result, words = WOULD_NOT[name]
    provider = written(cast, issuer)
    says(issuer, "c-1", ANA | changes)
    sam = browser(cast, "sam")
    page = sam.get(answered(leave(sam, provider), "c-1")).content.decode()
    assert ("Nobody would be signed in" in page, words in page) == (True, True)
    assert ("Would sign in" in page, faults_of(page)) == (False, [])
    event = last_event()
    assert (event.outcome, event.facts) == ("refused", {"result": result})
    says(issuer, "c-1", ANA)
    page = sam.get(answered(leave(sam, provider), "c-1")).content.decode()
    assert "Would sign in Ana" in page


def test_the_try_and_the_sign_in_come_to_the_same(cast: Cast, issuer: str) -> None:
    provider = written(cast, issuer)
    says(issuer, "a-1", ANA)
    kim = browser(cast, "kim")
    assert "Would sign in Ana" in kim.get(answered(leave(kim, provider), "a-1")).content.decode()
    refused = Client().post(CHOOSE, {"provider": str(provider.pk)})
    assert refused.status_code == 422
    confirm_provider(cast.acts("sam"), provider)
    client = Client()
    come_back(client, provider, "a-1")
    assert who(client) == str(cast.ana.person_id)
    says(issuer, "a-1", ANA | {"email": "other@example.org"})
    assert "Would sign in Ana" in kim.get(answered(leave(kim, provider), "a-1")).content.decode()


TRIES = {"kim": 200, "sam": 200, "lee": 403, "ana": 404, "ida": 404, "bea": 404, "bo": 404}


@pytest.mark.parametrize("name", TRIES)
def test_only_those_who_set_it_up_or_confirm_it_try_it(cast: Cast, issuer: str, name: str) -> None:
    provider = written(cast, issuer)
    client = browser(cast, name)
    assert client.post(f"/sign-ins/{provider.pk}/try/").status_code == TRIES[name]
    assert client.get(f"/sign-ins/{provider.pk}/try/").status_code == 405


def test_whoever_tries_showed_just_now_who_they_are(cast: Cast, issuer: str) -> None:
    provider = written(cast, issuer)
    kim = browser(cast, "kim")
    assert kim.post(f"/sign-ins/{provider.pk}/try/").status_code == 200
    session = kim.session
    session["account_authentication_methods"] = [{"method": "password", "at": 1.0}]
    session.save()
    answer = kim.post(f"/sign-ins/{provider.pk}/try/")
    assert (answer.status_code, "trying" in answer.get("Refresh", "")) == (302, False)


def test_an_answer_is_shown_to_whoever_began_the_try_alone(cast: Cast, issuer: str) -> None:
    provider = written(cast, issuer)
    says(issuer, "a-1", ANA)
    kim = browser(cast, "kim")
    back = answered(leave(kim, provider), "a-1")
    before = events()
    assert Client().get(back).status_code == 404
    assert browser(cast, "sam").get(back).status_code == 404
    assert events() == before
    Membership.objects.filter(pk=cast.kim.pk).update(roles=["liaison"])
    over = kim.get(back)
    assert (over.status_code, "ana@example.org" in over.content.decode()) == (403, False)
    Membership.objects.filter(pk=cast.kim.pk).update(roles=["coordinator"])
    shown = kim.get(answered(leave(kim, provider), "a-1"))
    assert (shown.status_code, "ana@example.org" in shown.content.decode()) == (200, True)


def test_another_who_signed_in_meanwhile_is_shown_nothing(cast: Cast, issuer: str) -> None:
    provider = written(cast, issuer)
    says(issuer, "a-1", ANA)
    kim = browser(cast, "kim")
    there = leave(kim, provider)
    kept = {key: kim.session[key] for key in ("socialaccount_states", "trying_sign_in")}
    sam = browser(cast, "sam")
    session = sam.session
    session.update(kept)
    session.save()
    over = sam.get(answered(there, "a-1"))
    assert (over.status_code, "ana@example.org" in over.content.decode()) == (403, False)


def test_a_try_of_what_was_ended_meanwhile_shows_nothing(cast: Cast, issuer: str) -> None:
    provider = written(cast, issuer)
    says(issuer, "a-1", ANA)
    kim = browser(cast, "kim")
    there = leave(kim, provider)
    end_provider(cast.acts("sam"), provider)
    assert kim.get(answered(there, "a-1")).status_code == 404
    assert kim.post(f"/sign-ins/{provider.pk}/try/").status_code == 409


def test_a_suspended_agencys_coordinator_tries_nothing(cast: Cast, issuer: str) -> None:
    provider = written(cast, issuer)
    says(issuer, "a-1", ANA)
    kim = browser(cast, "kim")
    there = leave(kim, provider)
    set_agency_status(PORTAL, cast.alpha, status="suspended")
    assert kim.post(f"/sign-ins/{provider.pk}/try/").status_code == 403
    assert kim.get(answered(there, "a-1")).status_code == 403
    set_agency_status(PORTAL, cast.alpha, status="active")
    assert kim.get(answered(leave(kim, provider), "a-1")).status_code == 200


def test_a_sign_in_that_lost_its_word_is_not_spoken_with_because_it_is_tried(
    cast: Cast, issuer: str
) -> None:
    provider = set_up(cast, cast.alpha, issuer)
    says(issuer, "a-1", ANA)
    kim = browser(cast, "kim")
    leave(kim, provider)
    chosen = kim.post(CHOOSE, {"provider": str(provider.pk)})["Refresh"].removeprefix("0; url=")
    written(cast, issuer)
    answer = kim.get(answered(chosen, "a-1"))
    assert (answer.status_code, who(kim)) == (403, str(cast.kim.person_id))
    confirm_provider(cast.acts("sam"), provider)
    chosen = kim.post(CHOOSE, {"provider": str(provider.pk)})["Refresh"].removeprefix("0; url=")
    kim.get(answered(chosen, "a-1"))
    assert who(kim) == str(cast.ana.person_id)


def test_whoever_tries_is_told_why_it_did_not_finish(cast: Cast, issuer: str) -> None:
    provider = written(cast, issuer)
    kim = browser(cast, "kim")
    there = leave(kim, provider)
    state = re.findall(r"state=([^&]+)", there)[0]
    page = kim.get(f"/account/agency/{provider.pk}/answer/?code=x&state={state}").content.decode()
    assert ("It did not finish" in page, faults_of(page)) == (True, [])
    assert "Error retrieving access token" in page
    assert (last_event().kind, last_event().facts) == ("provider.tried", {"result": "protocol"})
    add_membership(PORTAL, cast.ana.person, cast.bravo, roles=["analyst"], ceiling=2)
    there = leave(kim, provider)
    Membership.objects.filter(pk=cast.kim.pk).update(roles=["liaison"])
    assert kim.get(f"/account/agency/{provider.pk}/answer/?error=x").status_code == 403


def test_a_provider_that_names_a_machine_beside_us_is_not_called(
    cast: Cast, issuer: str, settings: Any
) -> None:
    provider = written(cast, issuer)
    kim = browser(cast, "kim")
    assert kim.post(f"/sign-ins/{provider.pk}/try/").status_code == 200
    settings.SIGN_IN_ON_LOOPBACK = False
    assert kim.post(f"/sign-ins/{provider.pk}/try/").status_code == 403
