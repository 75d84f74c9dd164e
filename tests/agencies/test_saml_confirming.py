"""Confirming anew at a sign-in that speaks SAML: its fresh answer for the same person, no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from agencies.models import IdentityProvider, Person
from agencies.services.factor import add_authenticator_app
from agencies.services.identity import end_provider
from tests.agencies.cast import PORTAL, Cast, last_event
from tests.agencies.codes import SECRET
from tests.agencies.saml_provider import Says, answer_to, asked
from tests.agencies.test_saml import ANA, MAIL, begin, deliver, fresh, sent, set_up
from tests.agencies.test_single_sign_on import who
from tests.agencies.test_vouched_sessions import AGAIN, is_confirmed, long_ago, vouched_with_app
from tests.web.markup import faults_of

KIM = Says({MAIL: "kim@example.org", "verified": "true", "displayname": "Kim"}, subject="k-1")
HOUR = timedelta(hours=1)


@pytest.fixture
def alpha(cast: Cast) -> IdentityProvider:
    """Return the sign-in of Alpha; Kim has no password here."""
    Person.objects.filter(pk=cast.kim.person_id).update(password="!")
    return set_up(cast, cast.alpha)


def vouched(provider: IdentityProvider) -> Client:
    """Return the browser of Kim, who came in by it an hour ago."""
    client = fresh()
    deliver(client, begin(client, provider), KIM)
    assert who(client) is not None
    long_ago(client)
    return client


def leaving(client: Client, then: str = "/people/") -> str:
    """Go to confirm there; return the address at the provider."""
    page = client.post(AGAIN, {"next": then})
    assert page.status_code == 200, page.content
    return str(page["Refresh"].removeprefix("0; url="))


def confirm(client: Client, says: Says = KIM) -> Any:
    """Confirm there and come back with what it says."""
    return deliver(client, leaving(client), says)


def test_whoever_came_in_by_saml_confirms_there(cast: Cast, alpha: IdentityProvider) -> None:
    client = vouched(alpha)
    assert not is_confirmed(client, cast)
    page = client.get(f"{AGAIN}?next=/people/")
    assert (page.status_code, faults_of(page.content.decode())) == (200, [])
    back = confirm(client)
    assert (back.status_code, back["Location"]) == (302, "/people/")
    assert is_confirmed(client, cast)
    assert who(client) == str(cast.kim.person_id)


def test_the_provider_is_asked_to_ask_anew_and_at_a_sign_in_is_not(
    cast: Cast, alpha: IdentityProvider
) -> None:
    assert asked(leaving(vouched(alpha))).anew is True
    assert asked(begin(fresh(), alpha)).anew is False


WRONG: dict[str, tuple[Says, str]] = {
    "showed it an hour ago": (replace(KIM, showed=(HOUR,)), "just now"),
    "one of two was an hour ago": (replace(KIM, showed=(timedelta(), HOUR)), "did not finish"),
    "will show it in an hour": (replace(KIM, showed=(-HOUR,)), "just now"),
    "does not say when": (replace(KIM, showed=()), "did not finish"),
    "says when in an attribute": (
        replace(KIM, showed=(HOUR,), attributes=KIM.attributes | {"auth_time": int(time())}),
        "just now",
    ),
    "somebody else": (replace(ANA, subject="a-1"), "somebody else"),
    "nobody here": (
        replace(KIM, subject="z-1", attributes={MAIL: "z@example.org", "verified": "true"}),
        "somebody else",
    ),
    "certification gone": (
        replace(KIM, attributes=KIM.attributes | {"28CFRCertification": "false"}),
        "somebody else",
    ),
    "not signed": (replace(KIM, signed_by=None), "did not finish"),
    "signed by a stranger": (replace(KIM, signed_by="stranger"), "did not finish"),
    "meant for somebody else": (replace(KIM, audience="https://other.example/"), "did not finish"),
    "answers another question": (replace(KIM, question="ONELOGIN_other"), "did not finish"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_answer_that_proves_less_confirms_nothing(
    cast: Cast, alpha: IdentityProvider, name: str
) -> None:
    client = vouched(alpha)
    says, words = WRONG[name]
    answer = confirm(client, says)
    page = answer.content.decode()
    assert (answer.status_code, who(client)) == (403, str(cast.kim.person_id))
    assert ("This was not confirmed" in page, words in page) == (True, True)
    assert 'name="next" value="/people/"' in page
    assert faults_of(page) == []
    assert last_event().kind == "provider.sign_in_refused"
    assert not is_confirmed(client, cast)
    assert confirm(client)["Location"] == "/people/"
    assert is_confirmed(client, cast)


def test_an_answer_to_a_sign_in_confirms_nothing(cast: Cast, alpha: IdentityProvider) -> None:
    client = vouched(alpha)
    stale = begin(fresh(), alpha)
    where, answer = urlsplit(asked(stale).where).path, answer_to(asked(stale), KIM)
    leaving(client)
    assert sent(client, where, answer).status_code == 403
    assert not is_confirmed(client, cast)


def test_an_answer_confirms_the_session_that_asked_and_once(
    cast: Cast, alpha: IdentityProvider
) -> None:
    client, other = vouched(alpha), vouched(alpha)
    there = leaving(client)
    where, answer = urlsplit(asked(there).where).path, answer_to(asked(there), KIM)
    assert sent(other, where, answer).status_code == 403
    assert not is_confirmed(other, cast)
    assert sent(client, where, answer)["Location"] == "/people/"
    assert is_confirmed(client, cast)
    long_ago(client)
    assert sent(client, where, answer).status_code == 403
    assert not is_confirmed(client, cast)


def test_the_sign_in_that_ended_or_is_not_spoken_confirms_nobody(
    cast: Cast, alpha: IdentityProvider, settings: Any
) -> None:
    client = vouched(alpha)
    assert client.get(AGAIN).status_code == 200
    settings.SAML_INSTALLED = False
    assert client.get(AGAIN).status_code == 404
    settings.SAML_INSTALLED = True
    there = leaving(client)
    end_provider(cast.acts("lee"), alpha)
    assert deliver(client, there, KIM).status_code in (403, 404)
    assert client.get(AGAIN).status_code == 404


def test_it_is_offered_beside_ways_of_one_s_own(cast: Cast, alpha: IdentityProvider) -> None:
    add_authenticator_app(PORTAL, cast.kim.person, secret=SECRET)
    client = vouched_with_app(alpha)
    long_ago(client)
    page = client.get("/account/reauthenticate/code/?next=/people/").content.decode()
    assert f'href="{AGAIN}' in page
