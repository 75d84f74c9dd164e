"""The page of an agency's own sign-in: who sees it, what claims would become, two people."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404
from django.test import Client, RequestFactory

from agencies.claims import GFIPM, STRONG, readings, told_by
from agencies.encryption import decrypt
from agencies.models import Agency, IdentityProvider, Person
from agencies.refusals import Conflict, Invalid
from agencies.saml import no_such_page, saml_addresses
from agencies.services.identity import configure_provider, confirm_provider, end_provider
from agencies.single_sign_on import AgencyProviders
from tests.agencies.cast import PORTAL, Cast, events
from tests.agencies.saml_provider import key_pair
from tests.agencies.test_program_pages import browser
from tests.web.markup import faults_of

FORM = {
    "protocol": "oidc",
    "name": "City sign-in",
    "address": "https://id.alpha.example",
    "client_id": "liaison",
    "secret": "s3cret",
    "domains": "alpha.example, mail.alpha.example",
    "strong": "mfa",
    "claim_subject": "oid",
    "claims_text": "",
}


def test_one_person_sets_it_up_and_another_confirms(cast: Cast) -> None:
    address = f"/agencies/{cast.alpha.pk}/sign-in/"
    kim, sam = browser(cast, "kim"), browser(cast, "sam")
    assert kim.post(address, FORM)["Location"] == address
    provider = IdentityProvider.objects.get()
    assert (provider.domains, provider.claims, provider.strong) == (
        ["alpha.example", "mail.alpha.example"],
        {"subject": "oid"},
        ["mfa"],
    )
    assert decrypt(provider.secret) == "s3cret"
    page = kim.get(address).content.decode()
    assert ("Waits for a second person" in page, "s3cret" in page) == (True, False)
    assert ("Confirm it" in page, faults_of(page)) == (False, [])
    assert kim.post(f"/sign-ins/{provider.pk}/confirm/").status_code == 403
    assert "Confirm it" in sam.get(address).content.decode()
    assert sam.post(f"/sign-ins/{provider.pk}/confirm/").status_code == 302
    assert "In use since" in kim.get(address).content.decode()
    kim.post(address, FORM | {"secret": "", "name": "Other"})
    provider.refresh_from_db()
    assert (decrypt(provider.secret), provider.confirmed_at) == ("s3cret", None)
    assert sam.post(f"/sign-ins/{provider.pk}/end/").status_code == 302
    assert IdentityProvider.objects.get().ended_at is not None


SEES = {"kim": 200, "sam": 200, "lee": 200, "ana": 404, "ida": 404, "bea": 404, "bo": 404}


@pytest.mark.parametrize("name", SEES)
def test_only_those_who_see_to_it_see_it(cast: Cast, name: str) -> None:
    provider = configure_provider(
        PORTAL, cast.alpha, name="x", address="https://id.alpha.example", client_id="x"
    )
    client = browser(cast, name)
    assert client.get(f"/agencies/{cast.alpha.pk}/sign-in/").status_code == SEES[name]
    ended = client.post(f"/sign-ins/{provider.pk}/end/").status_code
    assert ended == (302 if SEES[name] == 200 else 404)
    assert client.get(f"/agencies/{uuid4()}/sign-in/").status_code == 404
    assert client.post(f"/sign-ins/{uuid4()}/end/").status_code == 404


def test_claims_are_tried_and_not_kept(cast: Cast) -> None:
    Agency.objects.filter(pk=cast.alpha.pk).update(ori="ZZ0010000")
    kim = browser(cast, "kim")
    address = f"/agencies/{cast.alpha.pk}/sign-in/"
    claims = {"oid": "a-1", "email": "ANA@example.org", "EmployerORI": "ZZ0010000", "amr": ["mfa"]}
    tried = {"try": "1", "claims_text": json.dumps(claims)}
    page = kim.post(address, FORM | tried).content.decode()
    assert "Would sign in whoever has a post here" in page
    assert "It is not verified: nobody is found by it." in page
    assert ("shown there: ours is not asked" in page, faults_of(page)) == (True, [])
    theirs = {"try": "1", "claims_text": json.dumps(claims | {"EmployerORI": "ZZ0020000"})}
    page = kim.post(address, FORM | theirs).content.decode()
    assert "Nobody would be signed in" in page
    assert IdentityProvider.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "http://id.alpha.example"},
        {"address": "https://user@id.alpha.example"},
        {"address": "https://intranet"},
        {"domains": "alpha"},
        {"claims_text": "{"},
        {"claims_text": "[]"},
        {"claims_text": "[" * 9999},
        {"name": ""},
    ],
)
def test_what_is_wrong_comes_back(cast: Cast, wrong: dict[str, str]) -> None:
    kim = browser(cast, "kim")
    answer = kim.post(f"/agencies/{cast.alpha.pk}/sign-in/", FORM | wrong)
    assert (answer.status_code, IdentityProvider.objects.count()) == (422, 0)
    assert faults_of(answer.content.decode()) == []


def test_another_address_is_another_sign_in(cast: Cast) -> None:
    values: dict[str, Any] = {"name": "x", "client_id": "x"}
    first = configure_provider(PORTAL, cast.alpha, address="https://a.alpha.example", **values)
    with pytest.raises(Conflict):
        configure_provider(PORTAL, cast.alpha, address="https://b.alpha.example", **values)
    end_provider(cast.acts("kim"), first)
    before = events()
    end_provider(cast.acts("kim"), first)
    assert events() == before
    with pytest.raises(Conflict):
        confirm_provider(cast.acts("kim"), first)
    second = configure_provider(PORTAL, cast.alpha, address="https://b.alpha.example", **values)
    assert second.pk != first.pk
    confirm_provider(cast.acts("kim"), second)
    before = events()
    confirm_provider(cast.acts("sam"), second)
    assert events() == before
    with pytest.raises(Invalid):
        configure_provider(PORTAL, cast.alpha, address=second.address, protocol="x", **values)


def test_values_that_are_no_text_say_nothing(cast: Cast) -> None:
    claims = {
        "sub": ["a"],
        "email": {"a": 1},
        "acr": ["x", "y"],
        "amr": "hwk",
        "email_verified": True,
    }
    told = told_by(cast.alpha, {}, list(STRONG), claims)
    assert (told.subject, told.email, told.email_verified, told.strong) == ("a", "", True, True)
    assert told_by(cast.alpha, {}, [], {"sub": "x" * 192}).refusals != ()
    assert told_by(cast.alpha, {}, ["mfa"], {"sub": "a", "amr": ["pwd"]}).strong is False


def outcomes(cast: Cast, **claims: Any) -> dict[str, str]:
    """Return what becomes of claims in Alpha, by their names."""
    return {one.claim: one.outcome.value for one in readings(cast.alpha, {}, ["mfa"], claims)}


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, {"sub": "refused", "acr": "not said", "amr": "not said"}),
        ({"sub": "a"}, {"sub": "accepted"}),
        ({"email": "a@b.example"}, {"email": "ignored", "email_verified": "not said"}),
        ({"email": "a@b.example", "email_verified": "no"}, {"email_verified": "ignored"}),
        ({"email": "a@b.example", "email_verified": True}, {"email": "accepted"}),
        ({"EmployerORI": "ZZ0010000"}, {"EmployerORI": "accepted"}),
        ({"EmployerORI": "ZZ0020000"}, {"EmployerORI": "refused"}),
        ({"28CFRCertification": "1"}, {"28CFRCertification": "accepted"}),
        ({"28CFRCertification": "0"}, {"28CFRCertification": "refused"}),
        ({"gfipm:2.0:user:28CFRCertification": "0"}, {f"{GFIPM}28CFRCertification": "refused"}),
        ({"SecurityClearance": "top"}, {"SecurityClearance": "ignored"}),
        ({"name": "Ana"}, {"name": "ignored"}),
        ({"amr": ["pwd", "mfa"]}, {"amr": "accepted", "acr": "not said"}),
        ({"acr": "pwd"}, {"acr": "ignored"}),
        ({"roles": ["a", "b"], "sub": "a"}, {"roles": "ignored"}),
    ],
)
def test_each_claim_is_accepted_ignored_or_refused(
    cast: Cast, claims: dict[str, Any], expected: dict[str, str]
) -> None:
    cast.alpha.ori = "ZZ0010000"
    found = outcomes(cast, **claims)
    assert {name: found[name] for name in expected} == expected
    told = told_by(cast.alpha, {}, ["mfa"], {"sub": "a"} | claims)
    refused = "refused" in outcomes(cast, **{"sub": "a"} | claims).values()
    assert bool(told.refusals) is refused


def test_what_the_machines_say_to_each_other_is_not_listed(cast: Cast) -> None:
    said = {"iss": "https://id.alpha.example", "exp": 1, "at_hash": "x", "department": "Records"}
    assert set(outcomes(cast, sub="a", **said)) - set(outcomes(cast, sub="a")) == {"department"}


def test_more_claims_than_anybody_reads_are_cut_off(cast: Cast) -> None:
    found = outcomes(cast, **{f"c{number:03}": "x" * 900 for number in range(90)})
    assert len([name for name in found if name.startswith("c0")]) == 40


def test_a_coordinator_is_led_to_the_page_of_the_own_agency(cast: Cast) -> None:
    kim = browser(cast, "kim")
    assert kim.get("/own-sign-in/")["Location"] == f"/agencies/{cast.alpha.pk}/sign-in/"
    page = kim.get("/administration/").content.decode()
    for address in ("/own-sign-in/", "/directory/", "/programs/"):
        assert f'href="{address}"' in page
    root = Client()
    root.force_login(
        Person.objects.get(pk=cast.root.person_id),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert root.get("/own-sign-in/").status_code == 404
    assert root.get(f"/agencies/{cast.alpha.pk}/sign-in/").status_code == 200


def test_saml_is_spoken_with_its_extra_alone(cast: Cast, settings: Any) -> None:
    values: dict[str, Any] = {
        "name": "x",
        "address": "https://id.alpha.example/sso",
        "client_id": "urn:alpha",
        "certificate": key_pair("alpha")[1],
        "protocol": "saml",
    }
    settings.SAML_INSTALLED = False
    assert saml_addresses() == []
    with pytest.raises(Invalid):
        configure_provider(cast.acts("kim"), cast.alpha, **values)
    assert b"Certificate" not in browser(cast, "kim").get("/own-sign-in/", follow=True).content
    settings.SAML_INSTALLED = True
    kim = browser(cast, "kim")
    address = f"/agencies/{cast.alpha.pk}/sign-in/"
    assert b"Certificate" in kim.get(address).content
    assert kim.post(address, FORM | values).status_code == 302
    provider = IdentityProvider.objects.get()
    confirm_provider(cast.acts("sam"), provider)
    (app,) = AgencyProviders().list_apps(RequestFactory().get("/"), "saml", str(provider.pk))
    assert (app.provider, app.client_id, app.settings["idp"]) == (
        "saml",
        str(provider.pk),
        {"entity_id": "urn:alpha", "sso_url": values["address"], "x509cert": values["certificate"]},
    )
    assert app.settings["advanced"]["want_assertion_signed"] is True
    with pytest.raises(Http404):
        no_such_page(RequestFactory().get("/"), "x")
