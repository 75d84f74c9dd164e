"""An agency's own sign-in by SAML: it signs its people in, and nothing but a fresh, signed answer
to what we asked, meant for us, does.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client

from agencies.models import Agency, IdentityLink, IdentityProvider, Person
from agencies.refusals import Invalid
from agencies.services import end_membership
from agencies.services.identity import configure_provider, confirm_provider, end_provider
from tests.agencies.cast import PORTAL, Cast, last_event
from tests.agencies.saml_provider import Says, answer_to, asked, key_pair
from tests.agencies.test_program_pages import browser
from tests.agencies.test_sign_in_trial import rows
from tests.agencies.test_single_sign_on import CHOOSE, who
from tests.web.markup import faults_of

MAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
ANA = Says({MAIL: "ana@example.org", "verified": "true", "displayname": "Ana"})
SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"


def fresh() -> Client:
    """Return a browser, which names the host that it asks."""
    return Client(headers={"host": "testserver"})


def written(cast: Cast, agency: Agency, name: str = "alpha") -> IdentityProvider:
    """Return an agency's sign-in by SAML as one of its people wrote it down."""
    return configure_provider(
        cast.acts("kim" if agency == cast.alpha else "bea"),
        agency,
        protocol="saml",
        name=f"{name} sign-in",
        address=f"https://id.{name}.example/sso",
        client_id=f"urn:{name}",
        certificate=key_pair(name)[1],
        claims={"email": MAIL, "email_verified": "verified", "name": "displayname"},
    )


def set_up(cast: Cast, agency: Agency, name: str = "alpha") -> IdentityProvider:
    """Return it as a second person confirmed it."""
    second = cast.acts("sam") if agency == cast.alpha else cast.root
    return confirm_provider(second, written(cast, agency, name))


def begin(client: Client, provider: IdentityProvider) -> str:
    """Choose the agency; return the address at its provider."""
    leaving = client.post(CHOOSE, {"provider": str(provider.pk)})
    assert leaving.status_code == 200, leaving.content
    there = leaving["Refresh"].removeprefix("0; url=")
    assert there.startswith(provider.address)
    return there


def deliver(client: Client, there: str, says: Says) -> Any:
    """Post the provider's answer as a browser does, and follow it to its end."""
    where = urlsplit(asked(there).where).path
    return sent(client, where, answer_to(asked(there), says))


def sent(client: Client, where: str, answer: str) -> Any:
    """Post an answer, without the session as from another site; go on with it."""
    kept = client.cookies.pop(settings.SESSION_COOKIE_NAME, None)
    posted = client.post(where, {"SAMLResponse": answer, "RelayState": ""})
    if kept is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = kept.value
    return client.get(posted["Location"]) if posted.status_code == 302 else posted


def come_in(provider: IdentityProvider, says: Says) -> tuple[Any, str | None]:
    """Sign in anew; return the last answer and who is signed in."""
    client = fresh()
    done = deliver(client, begin(client, provider), says)
    return done, who(client)


def test_a_person_signs_in_by_saml_and_is_linked(cast: Cast) -> None:
    provider = set_up(cast, cast.alpha)
    client = fresh()
    done = deliver(client, begin(client, provider), ANA)
    assert (done.status_code, done["Location"]) == (302, "/")
    assert who(client) == str(cast.ana.person_id)
    event = last_event()
    assert (event.kind, event.membership, event.facts) == (
        "person.signed_in",
        cast.ana.pk,
        {"provider": str(provider.pk)},
    )
    link = IdentityLink.objects.get()
    assert (link.membership, link.subject) == (cast.ana, "a-1")
    assert client.get("/api/v1/me").json()["hat"]["agency"]["short_name"] == "alpha"
    _, again = come_in(provider, Says({"displayname": "Ana"}))
    assert again == str(cast.ana.person_id)
    end_membership(PORTAL, cast.ana)
    assert client.get("/agencies/").status_code == 403


WRONG: dict[str, Says] = {
    "not signed": replace(ANA, signed_by=None),
    "signed by somebody else": replace(ANA, signed_by="stranger"),
    "only the envelope is signed": replace(ANA, signs="response"),
    "signed with SHA-1": replace(ANA, algorithm=SHA1),
    "meant for somebody else": replace(ANA, audience="https://other.example/metadata"),
    "meant for nobody": replace(ANA, audience=""),
    "delivered to another address": replace(ANA, recipient="https://other.example/acs"),
    "expired": replace(ANA, ends=timedelta(minutes=-9)),
    "from another issuer": replace(ANA, issuer="urn:bravo"),
    "answers another question": replace(ANA, question="ONELOGIN_other"),
    "answers no question": replace(ANA, question="", envelope=""),
    "answers it on the envelope alone": replace(ANA, question=""),
    "names nobody for long": replace(
        ANA, name_format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
    ),
    "address not verified": Says({MAIL: "ana@example.org", "verified": "false"}),
    "employer is another": Says(ANA.attributes | {"EmployerORI": "ZZ0020000"}),
    "an administrator": Says(ANA.attributes | {MAIL: "root@example.org"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_any_other_answer_signs_nobody_in(cast: Cast, name: str) -> None:
    provider = set_up(cast, cast.alpha)
    done, person = come_in(provider, WRONG[name])
    page = done.content.decode()
    assert (done.status_code, person, faults_of(page)) == (403, None, [])
    assert "Not signed in" in page
    assert (last_event().kind, last_event().outcome) == ("provider.sign_in_refused", "refused")
    assert IdentityLink.objects.count() == 0
    assert come_in(provider, ANA)[1] == str(cast.ana.person_id)


def test_an_answer_is_taken_once(cast: Cast) -> None:
    provider = set_up(cast, cast.alpha)
    client = fresh()
    there = begin(client, provider)
    where, answer = urlsplit(asked(there).where).path, answer_to(asked(there), ANA)
    assert sent(client, where, answer).status_code == 302
    client.post("/account/logout/")
    assert (sent(client, where, answer).status_code, who(client)) == (403, None)
    thief = fresh()
    assert (sent(thief, where, answer).status_code, who(thief)) == (403, None)
    begin(thief, provider)
    assert (sent(thief, where, answer).status_code, who(thief)) == (403, None)


def test_a_stolen_answer_does_not_become_another_by_its_envelope(cast: Cast) -> None:
    provider = set_up(cast, cast.alpha)
    stolen = asked(begin(fresh(), provider))
    thief = fresh()
    own = asked(begin(thief, provider))
    signed = replace(own, question=stolen.question)
    envelope = answer_to(signed, replace(ANA, envelope=own.question))
    assert (sent(thief, urlsplit(own.where).path, envelope).status_code, who(thief)) == (403, None)
    honest = answer_to(asked(begin(thief, provider)), ANA)
    assert sent(thief, urlsplit(own.where).path, honest).status_code == 302


def test_another_agencys_provider_asserting_the_same_address_is_refused(cast: Cast) -> None:
    theirs = set_up(cast, cast.bravo, "bravo")
    says = replace(ANA, issuer="urn:bravo", signed_by="bravo")
    known, person = come_in(theirs, says)
    assert (known.status_code, person) == (403, None)
    event = last_event()
    assert (event.kind, event.target) == ("provider.sign_in_refused", theirs.pk)
    assert set(event.concerns) == {cast.alpha.pk, cast.bravo.pk}
    nobody = replace(says, attributes=says.attributes | {MAIL: "nobody@example.org"})
    unknown, _ = come_in(theirs, nobody)
    assert unknown.content == known.content
    ours = set_up(cast, cast.alpha)
    assert come_in(ours, says)[1] is None
    assert come_in(ours, ANA)[1] == str(cast.ana.person_id)
    bo = replace(says, subject="b-1", attributes=says.attributes | {MAIL: "bo@example.org"})
    assert come_in(theirs, bo)[1] == str(cast.bo.person_id)


def test_their_answer_to_our_question_is_refused_at_our_address(cast: Cast) -> None:
    ours, theirs = set_up(cast, cast.alpha), set_up(cast, cast.bravo, "bravo")
    client = fresh()
    there = begin(client, theirs)
    says = replace(ANA, issuer="urn:bravo", signed_by="bravo")
    answer = answer_to(asked(there), says)
    where = urlsplit(asked(there).where).path.replace(str(theirs.pk), str(ours.pk))
    assert (sent(client, where, answer).status_code, who(client)) == (403, None)


@pytest.mark.parametrize(("factor", "asked_for"), [("urn:mfa", False), (Says({}).factor, True)])
def test_our_second_factor_is_asked_unless_the_provider_showed_one(
    cast: Cast, settings: Any, factor: str, asked_for: bool
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    provider = set_up(cast, cast.alpha)
    IdentityProvider.objects.update(strong=["urn:mfa"])
    client = fresh()
    deliver(client, begin(client, provider), replace(ANA, factor=factor))
    assert (client.get("/agencies/").status_code == 302) is asked_for


def test_a_try_by_saml_shows_the_same_and_signs_nobody_in(cast: Cast) -> None:
    provider = written(cast, cast.alpha)
    assert fresh().post(CHOOSE, {"provider": str(provider.pk)}).status_code == 422
    kim = browser(cast, "kim")
    kim.defaults["HTTP_HOST"] = "testserver"

    def tried(says: Says) -> str:
        leaving = kim.post(f"/sign-ins/{provider.pk}/try/")
        shown = deliver(kim, leaving["Refresh"].removeprefix("0; url="), says)
        assert shown.status_code == 200
        return str(shown.content.decode())

    page = tried(replace(ANA, attributes=ANA.attributes | {"groups": "all"}))
    assert ("Would sign in Ana" in page, faults_of(page)) == (True, [])
    table = rows(page)
    assert (table[MAIL][1:3], table["groups"][2]) == (("E-mail address", "Accepted"), "Ignored")
    assert table["sub"][:3] == ("a-1", "Who it is, for ever", "Accepted")
    assert (table["acr"][2], last_event().facts) == ("Ignored", {"result": "would_sign_in"})
    page = tried(replace(ANA, audience="https://other.example"))
    assert ("It did not finish" in page, "is not a valid audience" in page) == (True, True)
    page = tried(replace(ANA, audience=""))
    assert "The assertion does not name us as its audience." in page
    assert last_event().facts == {"result": "protocol"}
    assert (IdentityLink.objects.count(), who(kim)) == (0, str(cast.kim.person_id))
    confirm_provider(cast.acts("sam"), provider)
    assert come_in(provider, ANA)[1] == str(cast.ana.person_id)


def test_whoever_runs_the_provider_finds_what_to_enter_there(cast: Cast) -> None:
    provider = written(cast, cast.alpha)
    at = f"/account/agency/saml/{provider.pk}"
    page = browser(cast, "kim").get(f"/agencies/{cast.alpha.pk}/sign-in/").content.decode()
    for address in (f"http://testserver{at}/metadata/", f"http://testserver{at}/answer/"):
        assert address in page
    metadata = fresh().get(f"{at}/metadata/")
    root = ET.fromstring(metadata.content)  # noqa: S314
    assert (metadata.status_code, root.attrib["entityID"]) == (
        200,
        f"http://testserver{at}/metadata/",
    )
    assert fresh().get(f"{at}/out/").status_code == 404
    end_provider(cast.acts("kim"), provider)
    assert fresh().get(f"{at}/metadata/").status_code == 404


def test_what_is_no_answer_is_not_kept(cast: Cast) -> None:
    provider = set_up(cast, cast.alpha)
    at = f"/account/agency/saml/{provider.pk}/answer/"
    good = base64.b64encode(b"<x/>").decode()
    for said in ("", "x" * 200_001):
        assert fresh().post(at, {"SAMLResponse": said}).status_code == 403
    assert fresh().post(at, {"SAMLResponse": good}).status_code == 302
    assert fresh().get(at).status_code == 405
    for unknown in ("x", cast.alpha.pk):
        assert fresh().post(at.replace(str(provider.pk), str(unknown))).status_code == 404
    client = fresh()
    for text in (good, "%%%", base64.b64encode(b"no xml").decode()):
        assert (sent(client, at, text).status_code, who(client)) == (403, None)
    assert fresh().get(f"{at}finish/").status_code == 403


@pytest.mark.parametrize("pasted", ["", "MIIC", "-----BEGIN CERTIFICATE-----", "€"])
def test_what_is_no_certificate_comes_back(cast: Cast, pasted: str) -> None:
    values: dict[str, Any] = {"name": "x", "client_id": "urn:x", "protocol": "saml"}
    values["address"] = "https://id.alpha.example/sso"
    with pytest.raises(Invalid):
        configure_provider(cast.acts("kim"), cast.alpha, certificate=pasted, **values)
    pem = key_pair("alpha")[1]
    bare = pem.replace("-----BEGIN CERTIFICATE-----", "").replace("-----END CERTIFICATE-----", "")
    kept = configure_provider(cast.acts("kim"), cast.alpha, certificate=bare, **values)
    assert kept.certificate == pem


def test_nobody_is_made_known_by_it(cast: Cast) -> None:
    provider = set_up(cast, cast.alpha)
    before = Person.objects.count()
    assert come_in(provider, Says({MAIL: "new@example.org", "verified": "true"}))[1] is None
    assert Person.objects.count() == before
