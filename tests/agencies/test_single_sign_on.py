"""An agency's own sign-in, spoken with a real provider on loopback: it speaks for its own alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from agencies.codes import Role
from agencies.models import Agency, IdentityLink, IdentityProvider, Membership, Person
from agencies.refusals import NotAllowed
from agencies.services import add_membership, end_membership, set_agency_status
from agencies.services.identity import configure_provider, confirm_provider, end_provider
from agencies.services.provisioning import (
    add_directory_user,
    issue_provisioning_key,
    remove_directory_user,
)
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, last_event, post
from tests.web.markup import faults_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""The provider that is spoken with is told by its own libraries of what is to change in them."""

CHOOSE = "/account/agency/"
ANA = {"email": "ana@example.org", "email_verified": True, "name": "Ana"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Run a provider that says of anybody what a test has it say."""
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def set_up(cast: Cast, agency: Agency, address: str, **changes: Any) -> IdentityProvider:
    """Return an agency's sign-in that two of its people set up."""
    by, other = ("kim", "sam") if agency == cast.alpha else ("bea", "bo")
    provider = configure_provider(
        cast.acts(by),
        agency,
        **{"name": "City sign-in", "address": address, "client_id": "liaison", "secret": "s"}
        | changes,
    )
    if agency == cast.bravo:
        Membership.objects.filter(pk=cast.bo.pk).update(roles=["analyst", "supervisor"])
    return confirm_provider(cast.acts(other), provider)


def says(issuer: str, subject: str, claims: dict[str, Any]) -> None:
    """Have the provider say that of a subject."""
    assert requests.put(f"{issuer}/users/{subject}", json=claims, timeout=5).status_code == 204


def come_back(client: Client, provider: IdentityProvider, subject: str, **post: str) -> Any:
    """Choose the agency, sign in at its provider as *subject*, and come back with its answer."""
    leaving = client.post(CHOOSE, {"provider": str(provider.pk)} | post)
    assert leaving.status_code == 200, leaving.content
    there = leaving["Refresh"].removeprefix("0; url=")
    answer = requests.post(there, data={"sub": subject}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    assert back.path == f"/account/agency/{provider.pk}/answer/"
    return client.get(f"{back.path}?{back.query}")


def who(client: Client) -> str | None:
    """Return who is signed in."""
    return client.session.get("_auth_user_id")


def test_a_person_signs_in_and_is_linked(cast: Cast, issuer: str, client: Client) -> None:
    provider = set_up(cast, cast.alpha, issuer)
    says(issuer, "a-1", ANA)
    answer = come_back(client, provider, "a-1")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert who(client) == str(cast.ana.person_id)
    event = last_event()
    assert (event.kind, event.membership, event.facts) == (
        "person.signed_in",
        cast.ana.pk,
        {"provider": str(provider.pk)},
    )
    link = IdentityLink.objects.get()
    assert (link.membership, link.subject, link.provider) == (cast.ana, "a-1", provider)
    assert client.get("/agencies/").status_code == 200
    says(issuer, "a-1", ANA | {"email": "changed@example.org"})
    again = Client()
    come_back(again, provider, "a-1")
    assert who(again) == str(cast.ana.person_id)


def test_what_leads_there_holds_no_secret_and_asks_for_proof(
    cast: Cast, issuer: str, client: Client
) -> None:
    provider = set_up(cast, cast.alpha, issuer)
    page = client.post(CHOOSE, {"provider": str(provider.pk)})
    asked = parse_qs(urlsplit(page["Refresh"].removeprefix("0; url=")).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "email", "profile"}
    assert "state" in asked
    assert faults_of(page.content.decode()) == []
    kept = IdentityProvider.objects.get()
    assert kept.secret not in ("", "s")


def refused(client: Client, provider: IdentityProvider, subject: str) -> tuple[int, str]:
    """Return the status and the words of a refusal; nobody is signed in."""
    answer = come_back(client, provider, subject)
    assert who(client) is None
    page = answer.content.decode()
    assert faults_of(page) == []
    return answer.status_code, re.findall(r"<p>(.*?)</p>", page)[1]


def test_another_agencys_provider_asserting_the_same_address_is_refused(
    cast: Cast, issuer: str, client: Client
) -> None:
    theirs = set_up(cast, cast.bravo, issuer)
    says(issuer, "x-1", ANA)
    known = refused(client, theirs, "x-1")
    event = last_event()
    assert (event.kind, event.outcome, event.target) == (
        "provider.sign_in_refused",
        "refused",
        theirs.pk,
    )
    assert set(event.concerns) == {cast.alpha.pk, cast.bravo.pk}
    says(issuer, "x-2", ANA | {"email": "nobody@example.org"})
    assert refused(Client(), theirs, "x-2") == known
    assert (known[0], IdentityLink.objects.count()) == (403, 0)
    own = set_up(cast, cast.alpha, issuer)
    come_back(client, own, "x-1")
    assert who(client) == str(cast.ana.person_id)


def test_nobody_is_made_known_by_a_provider(cast: Cast, issuer: str) -> None:
    provider = set_up(cast, cast.alpha, issuer)
    says(issuer, "n-1", ANA | {"email": "new@example.org"})
    before = (Person.objects.count(), Membership.objects.count())
    refused(Client(), provider, "n-1")
    assert (Person.objects.count(), Membership.objects.count()) == before


REFUSED_CLAIMS = {
    "address not verified": ({}, ANA | {"email_verified": False}),
    "address verified by nobody": ({}, {"email": "ana@example.org"}),
    "employer is another": ({}, ANA | {"EmployerORI": "ZZ0020000"}),
    "certification missing": ({}, ANA | {"gfipm:2.0:user:28CFRCertification": "false"}),
    "nobody is named": ({"claims": {"subject": "oid"}}, ANA),
    "administrator": ({}, ANA | {"email": "root@example.org"}),
}


@pytest.mark.parametrize("name", REFUSED_CLAIMS)
def test_claims_only_narrow_who_signs_in(cast: Cast, issuer: str, name: str) -> None:
    Agency.objects.filter(pk=cast.alpha.pk).update(ori="ZZ0010000")
    cast.alpha.refresh_from_db()
    changes, claims = REFUSED_CLAIMS[name]
    provider = set_up(cast, cast.alpha, issuer, **changes)
    says(issuer, "c-1", claims)
    refused(Client(), provider, "c-1")
    says(issuer, "c-1", ANA | {"EmployerORI": "zz0010000", "oid": "o-1", "28CFRCertification": "1"})
    client = Client()
    come_back(client, provider, "c-1")
    assert who(client) == str(cast.ana.person_id)


def test_a_colleague_who_takes_an_address_is_not_linked_a_second_time(
    cast: Cast, issuer: str
) -> None:
    provider = set_up(cast, cast.alpha, issuer)
    says(issuer, "a-1", ANA)
    come_back(Client(), provider, "a-1")
    says(issuer, "a-2", ANA)
    second = refused(Client(), provider, "a-2")
    reason = last_event().facts
    says(issuer, "n-9", ANA | {"email": "nobody@example.org"})
    assert second == refused(Client(), provider, "n-9")
    assert (second[0], reason) == (403, {"reason": "nobody_here"})
    link = IdentityLink.objects.get()
    assert (link.subject, link.membership) == ("a-1", cast.ana)
    again = Client()
    come_back(again, provider, "a-1")
    assert who(again) == str(cast.ana.person_id)


ENDS = {
    "post ended": lambda cast, provider: end_membership(PORTAL, cast.ana),
    "provider ended": lambda cast, provider: end_provider(cast.acts("lee"), provider),
    "provider changed": lambda cast, provider: configure_provider(
        cast.acts("kim"), cast.alpha, name="x", address=provider.address, client_id="x"
    ),
    "agency suspended": lambda cast, provider: set_agency_status(
        PORTAL, cast.alpha, status="suspended"
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_the_session_ends_with_what_it_hangs_on(
    cast: Cast, issuer: str, client: Client, name: str
) -> None:
    add_membership(PORTAL, cast.ana.person, cast.bravo, roles=["analyst"], ceiling=2)
    provider = set_up(cast, cast.alpha, issuer)
    says(issuer, "a-1", ANA)
    come_back(client, provider, "a-1")
    assert client.get("/agencies/").status_code == 200
    ENDS[name](cast, provider)
    assert client.get("/agencies/").status_code == 403


def test_a_vouched_session_acts_for_that_agency_alone(
    cast: Cast, issuer: str, client: Client
) -> None:
    other = add_membership(PORTAL, cast.bo.person, cast.alpha, roles=["analyst"], ceiling=2)
    provider = set_up(cast, cast.alpha, issuer)
    says(issuer, "b-1", ANA | {"email": "bo@example.org"})
    come_back(client, provider, "b-1")
    me = client.get("/api/v1/me").json()
    assert (me["email"], me["hat"]["agency"]["short_name"]) == ("bo@example.org", "alpha")
    answer = client.post("/acting-as/", {"membership": str(cast.bo.pk)})
    assert answer.status_code == 422
    assert client.post("/acting-as/", {"membership": str(other.pk)}).status_code == 302
    session = client.session
    session["hat"] = str(cast.bo.pk)
    session.save()
    assert client.get("/api/v1/me").json()["hat"]["agency"]["short_name"] == "alpha"
    assert client.get("/account/password/set/").status_code == 403
    plain = Client()
    plain.force_login(cast.bo.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert plain.post("/acting-as/", {"membership": str(cast.bo.pk)}).status_code == 302


def test_whoever_becomes_administrator_is_signed_out(
    cast: Cast, issuer: str, client: Client
) -> None:
    provider = set_up(cast, cast.alpha, issuer)
    says(issuer, "a-1", ANA)
    come_back(client, provider, "a-1")
    Person.objects.filter(pk=cast.ana.person_id).update(is_staff=True)
    assert client.get("/admin/").status_code == 302
    assert who(client) is None


def test_the_domain_of_an_address_finds_the_agency_and_tells_of_no_account(
    cast: Cast, issuer: str, client: Client
) -> None:
    set_up(cast, cast.alpha, issuer, domains=["alpha.example"])
    known, unknown = (
        client.post(CHOOSE, {"email": f"{name}@alpha.example"}) for name in ("ana", "nobody")
    )
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert known["Refresh"].split("state=")[0] == unknown["Refresh"].split("state=")[0]
    for sent in ({"email": "ana@other.example"}, {}, {"email": "x"}, {"provider": "x"}):
        answer = client.post(CHOOSE, sent)
        assert (answer.status_code, faults_of(answer.content.decode())) == (422, [])
    page = client.get(CHOOSE)
    assert ("Alpha Police" in page.content.decode(), page.status_code) == (True, 200)


def test_a_provider_that_is_away_is_said_to_be(cast: Cast, client: Client) -> None:
    provider = set_up(cast, cast.alpha, "http://localhost:9")
    answer = client.post(CHOOSE, {"provider": str(provider.pk)})
    assert (answer.status_code, who(client)) == (403, None)


def test_an_answer_that_nobody_asked_for_signs_nobody_in(
    cast: Cast, issuer: str, client: Client
) -> None:
    provider = set_up(cast, cast.alpha, issuer)
    answer = client.get(f"/account/agency/{provider.pk}/answer/?code=x&state=y")
    assert (answer.status_code, who(client)) == (403, None)
    assert last_event().facts["reason"] == "protocol"
    for unknown in ("x", cast.alpha.pk):
        assert client.get(f"/account/agency/{unknown}/answer/?code=x").status_code == 404
    cancelled = client.post(CHOOSE, {"provider": str(provider.pk)})
    there = cancelled["Refresh"].removeprefix("0; url=")
    denied = requests.post(there, data={"action": "deny"}, allow_redirects=False, timeout=5)
    state = parse_qs(urlsplit(there).query)["state"][0]
    assert denied.status_code == 302
    back = f"/account/agency/{provider.pk}/answer/?error=access_denied&state={state}"
    assert client.get(back).status_code == 403


def test_a_second_person_confirms_and_one_of_the_two_is_the_agencys(cast: Cast) -> None:
    values = {"name": "x", "address": "https://id.alpha.example", "client_id": "x"}
    for name in ("ana", "sam", "bea"):
        with pytest.raises(NotAllowed):
            configure_provider(cast.acts(name), cast.alpha, **values)
    by_root = configure_provider(cast.root, cast.alpha, **values)
    other = post(cast.bravo, "bob", Role.SUPERVISOR)
    for actor in (cast.root, cast.acts("ana"), cast.acts("bea")):
        with pytest.raises(NotAllowed):
            confirm_provider(actor, by_root)
    assert other.agency == cast.bravo
    assert confirm_provider(cast.acts("kim"), by_root).confirmed_at is not None
    by_kim = configure_provider(cast.acts("kim"), cast.alpha, **values)
    assert by_kim.confirmed_at is None
    with pytest.raises(NotAllowed):
        confirm_provider(cast.acts("kim"), by_kim)
    assert confirm_provider(cast.root, by_kim).confirmed_at is not None
    assert list(IdentityProvider.objects.speaking()) == [by_kim]
    kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds[-1] == "provider.confirmed"


def test_the_id_that_the_agencys_directory_gave_finds_the_post(cast: Cast, issuer: str) -> None:
    key = issue_provisioning_key(cast.acts("kim"), "lik_x", roles=["analyst"], ceiling=1)
    provider = set_up(cast, cast.alpha, issuer, claims={"subject": "oid"})
    says(issuer, "d-1", {"oid": "e-1"})
    refused(Client(), provider, "d-1")
    user = add_directory_user(key, user_name="ana@example.org", external_id="e-1")
    client = Client()
    come_back(client, provider, "d-1")
    assert who(client) == str(cast.ana.person_id)
    assert IdentityLink.objects.get().subject == "e-1"
    remove_directory_user(key, user)
    assert client.get("/agencies/").status_code == 403


@pytest.mark.parametrize(("amr", "asked"), [(["pwd"], True), (["pwd", "mfa"], False)])
def test_our_second_factor_is_asked_unless_the_provider_asked_for_one(
    cast: Cast, issuer: str, settings: Any, amr: list[str], asked: bool
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    provider = set_up(cast, cast.alpha, issuer)
    says(issuer, "a-1", ANA | {"amr": amr})
    client = Client()
    come_back(client, provider, "a-1")
    answer = client.get("/agencies/")
    assert (answer.status_code == 302) is asked


def test_two_people_of_the_portal_do_not_set_up_an_agencys_sign_in(cast: Cast) -> None:
    provider = configure_provider(
        PORTAL, cast.alpha, name="x", address="https://id.alpha.example", client_id="x"
    )
    with pytest.raises(NotAllowed, match="of the agency itself"):
        confirm_provider(cast.root, provider)
    assert confirm_provider(cast.acts("kim"), provider).confirmed_at is not None
