"""Second factors: added, asked for, used once, removed; each change is written, told and final."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from agencies.actors import actor_of
from agencies.factors import HAS_FACTOR, codes_of, factors_of
from agencies.models import Person
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.second_step import SecondStepStage, keep_shown
from agencies.services import issue_token
from agencies.services.factor import (
    add_authenticator_app,
    add_passkey,
    remove_factor,
    rename_passkey,
    renew_recovery_codes,
)
from agencies.services.sign_in import is_locked
from agencies.tokens import actor_for_token
from ledger.courier import deliver_batch
from ledger.models import Event
from tests.agencies.cast import PASSWORD, PORTAL, Cast, last_event
from tests.agencies.codes import SECRET, code_of

LOGIN, STEP = "/account/login/", "/account/second-step/"


def sign_in(client: Client, email: str = "ana@example.org", **more: str) -> Any:
    """Return the answer to the form of the password."""
    return client.post(LOGIN, {"login": email, "password": PASSWORD, **more})


def is_signed_in(client: Client) -> bool:
    """Return whether the client's session has a person."""
    return "_auth_user_id" in client.session


def held(person: Person) -> list[str]:
    """Return the types of what a person has."""
    return sorted(Authenticator.objects.filter(user=person).values_list("type", flat=True))


@pytest.fixture
def ana(cast: Cast) -> Person:
    """Give Ana, who has an app."""
    cache.clear()
    add_authenticator_app(PORTAL, cast.ana.person, secret=SECRET)
    return Person.objects.get(pk=cast.ana.person_id)


def test_whoever_has_an_app_is_asked_for_its_code(ana: Person, client: Client) -> None:
    assert sign_in(client)["Location"] == STEP
    assert not is_signed_in(client)
    assert client.get("/agencies/")["Location"].startswith("/demo/")
    assert client.post(STEP, {"code": "000000"}).status_code == 200
    assert (last_event().kind, last_event().target) == ("person.sign_in_failed", ana.pk)
    assert client.post(STEP, {"code": code_of()})["Location"] == "/"
    assert is_signed_in(client)


def test_a_code_counts_once_also_beyond_its_own_half_minute(ana: Person, client: Client) -> None:
    code = code_of(steps=1)
    sign_in(client)
    assert client.post(STEP, {"code": code}).status_code == 302
    cache.delete(f"allauth.mfa.totp.used?user={ana.pk}&code={code}")
    again = Client()
    sign_in(again)
    assert again.post(STEP, {"code": code}).status_code == 200
    assert not is_signed_in(again)


def test_a_recovery_code_stands_in_once(ana: Person, client: Client) -> None:
    code = codes_of(ana).get().wrap().get_unused_codes()[0]
    sign_in(client)
    assert client.post(STEP, {"code": f"{code[:4]} {code[4:]}"}).status_code == 302
    again = Client()
    sign_in(again)
    assert again.post(STEP, {"code": code}).status_code == 200
    assert not is_signed_in(again)
    assert len(codes_of(ana).get().wrap().get_unused_codes()) == 9


def test_wrong_codes_lock_like_wrong_passwords(ana: Person, client: Client) -> None:
    sign_in(client)
    for _ in range(4):
        client.post(STEP, {"code": "000000"})
    assert not is_locked(ana)
    Client().post(LOGIN, {"login": ana.email, "password": "x"})
    assert is_locked(ana)
    assert client.post(STEP, {"code": code_of()}).status_code == 200
    assert not is_signed_in(client)


def test_the_page_that_was_asked_for_follows_the_second_step(ana: Person, client: Client) -> None:
    client.post(f"{LOGIN}?next=/agencies/", {"login": ana.email, "password": PASSWORD})
    assert client.post(STEP, {"code": code_of()})["Location"] == "/agencies/"


def test_secrets_are_kept_encrypted(ana: Person, settings: Any) -> None:
    app, codes = factors_of(ana).get(), codes_of(ana).get()
    seed = codes.wrap().generate_codes()
    assert SECRET not in str(app.data)
    assert app.wrap().validate_code(code_of())
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 8
    assert codes.wrap().generate_codes() == seed
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ValueError, match="No key of this portal"):
        codes.wrap().generate_codes()


def test_whoever_has_none_is_led_to_add_one_before_anything_else(
    cast: Cast, client: Client, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    assert sign_in(client)["Location"] == "/"
    for path in ("/", "/agencies/", "/preferences/", "/cases/"):
        assert client.get(path)["Location"] == "/account/security/", path
    part = client.get("/recipients/", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (403, "/account/security/")
    refused = client.get("/api/v1/me")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor")
    page = client.get("/account/security/").content.decode()
    assert "Add a second way" in page
    assert "/account/password/change/" not in page
    form = client.get("/account/app/add/")
    assert 'fill="white"' in form.context["totp_svg"]
    assert client.post("/account/app/add/", {"code": "000000"}).status_code == 422
    added = client.post("/account/app/add/", {"code": code_of(form.context["form"].secret)})
    assert added["Location"] == "/account/recovery-codes/"
    assert client.get("/agencies/").status_code == 200
    assert client.get("/api/v1/me").status_code == 200


def test_a_personal_token_and_whoever_must_not_have_one_are_not_stopped(
    cast: Cast, client: Client, settings: Any
) -> None:
    sign_in(client)
    assert client.get("/agencies/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = True
    token = issue_token(cast.ana.person, membership=cast.ana, scopes=["read"], days=1)
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/me", headers=headers).status_code == 200


def test_recovery_codes_are_seen_once(ana: Person, client: Client) -> None:
    sign_in(client)
    client.post(STEP, {"code": code_of()})
    codes = codes_of(ana).get().wrap().get_unused_codes()
    first = client.get("/account/recovery-codes/").content.decode()
    assert all(f"{code[:4]} {code[4:]}" in first for code in codes)
    second = client.get("/account/recovery-codes/").content.decode()
    assert not any(code[4:] in second for code in codes)
    client.post("/account/recovery-codes/renew/")
    third = client.get("/account/recovery-codes/").content.decode()
    assert codes_of(ana).get().wrap().get_unused_codes() != codes
    assert not any(f"{code[:4]} {code[4:]}" in third for code in codes)
    assert "You see these once" in third


def test_a_new_factor_ends_other_sessions_and_tokens_and_goes_on_in_this_one(
    cast: Cast, client: Client
) -> None:
    token = issue_token(cast.ana.person, membership=cast.ana, scopes=["read"], days=1)
    other = Client()
    for browser in (client, other):
        sign_in(browser)
        assert browser.get("/agencies/").status_code == 200
    form = client.get("/account/app/add/")
    client.post("/account/app/add/", {"code": code_of(form.context["form"].secret)})
    assert client.get("/agencies/").status_code == 200
    assert other.get("/agencies/").status_code == 302
    assert actor_for_token(token) is None
    kinds = list(Event.objects.order_by("-seq").values_list("kind", flat=True)[:2])
    assert kinds == ["token.revoked", "person.factor_added"]


def test_a_change_of_password_does_the_same(cast: Cast, client: Client) -> None:
    token = issue_token(cast.ana.person, membership=cast.ana, scopes=["read"], days=1)
    sign_in(client)
    other = Client()
    sign_in(other)
    new = {"password1": "quite another walk", "password2": "quite another walk"}
    done = client.post("/account/password/change/", {"oldpassword": PASSWORD, **new})
    assert done["Location"] == "/account/security/"
    assert client.get("/agencies/").status_code == 200
    assert other.get("/agencies/").status_code == 302
    assert actor_for_token(token) is None
    kinds = list(Event.objects.order_by("-seq").values_list("kind", flat=True)[:2])
    assert kinds == ["token.revoked", "person.password_set"]


def test_the_person_is_told_by_mail_and_not_what(cast: Cast) -> None:
    add_authenticator_app(actor_of(cast.ana.person), cast.ana.person, secret=SECRET)
    deliver_batch()
    (letter,) = mail.outbox
    assert letter.to == ["ana@example.org"]
    assert letter.subject == "[Liaison] The way you sign in changed"
    assert re.findall(r"http\S+", letter.body) == ["http://127.0.0.1:8000/account/security/"]
    assert "app" not in letter.body.split()


def test_whoever_is_disabled_meanwhile_is_told_nothing(cast: Cast) -> None:
    add_authenticator_app(actor_of(cast.ana.person), cast.ana.person, secret=SECRET)
    Person.objects.filter(pk=cast.ana.person_id).update(is_active=False)
    deliver_batch()
    assert mail.outbox == []


def test_the_last_factor_stays_with_whoever_must_have_one(ana: Person, settings: Any) -> None:
    me, app = actor_of(ana), factors_of(ana).get()
    settings.SECOND_FACTOR_REQUIRED = True
    with pytest.raises(Conflict, match="only second factor"):
        remove_factor(me, app)
    passkey = add_passkey(me, ana, name="Work phone", credential={})
    remove_factor(me, app)
    assert held(ana) == ["recovery_codes", "webauthn"]
    assert (last_event().kind, last_event().facts) == ("person.factor_removed", {"factor": "app"})
    settings.SECOND_FACTOR_REQUIRED = False
    remove_factor(me, passkey)
    assert held(ana) == []


def test_a_passkey_is_called_as_its_person_likes(ana: Person) -> None:
    me = actor_of(ana)
    passkey = add_passkey(me, ana, name="Work phone", credential={})
    rename_passkey(me, passkey, name="Old phone")
    assert str(factors_of(ana).get(pk=passkey.pk)) == "Old phone"
    assert last_event().kind == "person.factor_renamed"
    with pytest.raises(Invalid):
        rename_passkey(me, passkey, name="")


def test_nobody_changes_how_another_signs_in(ana: Person, cast: Cast) -> None:
    kim, app = actor_of(cast.kim.person), factors_of(ana).get()
    for act in (
        lambda: remove_factor(kim, app),
        lambda: renew_recovery_codes(kim, ana),
        lambda: add_passkey(kim, ana, name="Mine", credential={}),
        lambda: rename_passkey(kim, app, name="Mine"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert held(ana) == ["recovery_codes", "totp"]
    renew_recovery_codes(actor_of(ana), ana)


def test_there_is_one_app_and_codes_only_beside_a_factor(ana: Person, cast: Cast) -> None:
    with pytest.raises(Conflict):
        add_authenticator_app(actor_of(ana), ana, secret=SECRET)
    bo = cast.bo.person
    with pytest.raises(NotAllowed):
        renew_recovery_codes(actor_of(bo), bo)


@pytest.mark.parametrize("secret", ["not base32!", "MFRGG", ""])
def test_a_key_that_is_none_is_refused(cast: Cast, secret: str) -> None:
    with pytest.raises(Invalid):
        add_authenticator_app(PORTAL, cast.bo.person, secret=secret)


def test_a_key_may_be_written_as_people_write_it(cast: Cast) -> None:
    written = f"{SECRET[:4]} {SECRET[4:8]}-{SECRET[8:]}".lower()
    add_authenticator_app(PORTAL, cast.bo.person, secret=written)
    assert factors_of(cast.bo.person).get().wrap().validate_code(code_of())


def test_pages_of_another_persons_factor_are_not_there(ana: Person, client: Client) -> None:
    passkey = add_passkey(PORTAL, ana, name="Work phone", credential={})
    sign_in(client, "bo@example.org")
    for act in ("name", "remove"):
        path = f"/account/passkeys/{passkey.pk}/{act}/"
        assert client.get(path).status_code == 404
        assert client.post(path, {"name": "Mine"}).status_code == 404
    assert str(factors_of(ana).get(pk=passkey.pk)) == "Work phone"
    own = Client()
    own.force_login(Person.objects.get(pk=ana.pk))
    assert own.get(f"/account/passkeys/{passkey.pk}/name/").status_code == 200
    assert own.post(f"/account/passkeys/{passkey.pk}/name/", {"name": "Mine"}).status_code == 302
    assert own.post(f"/account/passkeys/{passkey.pk}/remove/").status_code == 302
    assert own.post("/account/app/remove/").status_code == 302
    assert held(ana) == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "http:evil.example",
        "javascript:x",
    ],
)
def test_no_way_of_signing_in_leads_to_another_site(
    ana: Person, client: Client, elsewhere: str
) -> None:
    client.post(LOGIN, {"login": ana.email, "password": PASSWORD, "next": elsewhere})
    assert client.post(STEP, {"code": code_of()})["Location"] == "/"
    where = "/account/reauthenticate/"
    sent = client.post(where, {"password": PASSWORD, "next": elsewhere})
    assert sent["Location"] == "/"
    asked = client.post(f"{where}?next={elsewhere}", {"password": PASSWORD})
    assert asked["Location"] == "/"
    assert client.post("/account/logout/", {"next": elsewhere})["Location"] == "/demo/"


def test_a_code_confirms_that_it_is_still_the_same_person(ana: Person, client: Client) -> None:
    sign_in(client)
    client.post(STEP, {"code": code_of()})
    where = "/account/reauthenticate/code/?next=/agencies/"
    assert client.post(where, {"code": "000000"}).status_code == 200
    assert client.post(where, {"code": code_of(steps=1)})["Location"] == "/agencies/"
    ways = client.get("/account/reauthenticate/?next=/agencies/").context
    assert [way["url"] for way in ways["reauthentication_alternatives"]] == [
        "/account/reauthenticate/code/?next=%2Fagencies%2F"
    ]


def test_a_made_up_passkey_signs_nobody_in(ana: Person, client: Client) -> None:
    for credential in ("", "{}", '{"id": "x", "response": {}}', "[]", "1"):
        answer = client.post("/account/passkey/", {"credential": credential})
        assert answer["Location"] == LOGIN
    assert "was not accepted" in client.get(LOGIN).content.decode()
    assert not is_signed_in(client)
    assert last_event().facts == {"factor": "passkey"}


def test_the_notice_stands_before_every_way_of_signing_in(
    db: None, client: Client, settings: Any
) -> None:
    page = client.get(LOGIN).content.decode()
    assert page.index("monitored, recorded and audited") < page.index("Sign in with a passkey")
    settings.SIGN_IN_NOTICE = "Ours alone.\n\nAnd <b>yours</b>."
    page = client.get(LOGIN).content.decode()
    assert "<p>Ours alone.</p><p>And &lt;b&gt;yours&lt;/b&gt;.</p>" in page


@pytest.mark.parametrize("shown", [True, False])
def test_an_agencys_sign_in_that_asked_for_a_second_factor_is_enough(
    ana: Person, client: Client, rf: Any, shown: bool
) -> None:
    request = rf.get("/")
    request.session = client.session
    ana.second_factor_shown = shown  # type: ignore[attr-defined]
    stage = SecondStepStage(None, request, Login(user=ana))
    response, goes_on = stage.handle()
    assert (response is None, goes_on) == (shown, True)
    keep_shown(request, ana)
    assert bool(request.session.get(HAS_FACTOR)) is shown
