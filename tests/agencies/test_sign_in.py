"""Signing in and out: by e-mail and password, within limits, telling a stranger nothing."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from agencies.models import Person
from agencies.services import disable_person
from ledger.models import Event
from tests.agencies.cast import PASSWORD, PORTAL, Cast, last_event

LOGIN = "/account/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    """Return the status of an attempt: 302 when signed in."""
    return client.post(LOGIN, {"login": email, "password": password}).status_code


def is_signed_in(client: Client) -> bool:
    """Return whether the client's session has a person."""
    return "_auth_user_id" in client.session


def text_of(response: object) -> str:
    """Return a page without what differs from one answer to the next."""
    page = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r'value="[^"]*"', "", page)


def test_a_person_signs_in_whatever_the_case_of_the_address(cast: Cast, client: Client) -> None:
    assert sign_in(client, "ANA@example.org") == 302
    assert client.session["_auth_user_id"] == str(cast.ana.person_id)
    event = last_event()
    assert (event.kind, event.person, event.membership, event.agency) == (
        "person.signed_in",
        cast.ana.person_id,
        cast.ana.pk,
        cast.alpha.pk,
    )
    assert client.get("/agencies/").status_code == 200
    assert client.post("/account/logout/").status_code == 302
    assert not is_signed_in(client)


def test_a_page_asked_for_signed_out_is_reached_after_signing_in(
    cast: Cast, client: Client
) -> None:
    response = client.post(
        f"{LOGIN}?next=/agencies/", {"login": "ana@example.org", "password": PASSWORD}
    )
    assert response["Location"] == "/agencies/"


def test_signing_out_takes_a_press_of_the_button(cast: Cast, client: Client) -> None:
    sign_in(client, "ana@example.org")
    assert client.get("/account/logout/").status_code == 200
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_look_the_same(cast: Cast, client: Client) -> None:
    wrong = client.post(LOGIN, {"login": "ana@example.org", "password": "x"})
    event = last_event()
    assert (event.kind, event.outcome, event.target) == (
        "person.sign_in_failed",
        "refused",
        cast.ana.person_id,
    )
    unknown = client.post(LOGIN, {"login": "nobody@example.org", "password": "x"})
    assert (last_event().kind, last_event().target) == ("person.sign_in_failed", None)
    assert (wrong.status_code, text_of(wrong)) == (unknown.status_code, text_of(unknown))
    assert not is_signed_in(client)


def test_a_disabled_person_does_not_sign_in(cast: Cast, client: Client) -> None:
    sign_in(client, "ana@example.org")
    disable_person(PORTAL, cast.ana.person)
    assert client.get("/agencies/").status_code == 302
    again = Client()
    sign_in(again, "ana@example.org")
    assert not is_signed_in(again)


def test_five_failures_close_an_account_for_a_while_and_not_another(cast: Cast) -> None:
    for _ in range(5):
        assert sign_in(Client(), "ana@example.org", "x") == 200
    client = Client()
    assert sign_in(client, "ana@example.org") == 200
    assert not is_signed_in(client)
    assert sign_in(client, "bo@example.org") == 302


def test_nobody_signs_up(cast: Cast, client: Client) -> None:
    before = Person.objects.count()
    page = client.get("/account/signup/")
    assert "Nobody signs up here" in page.content.decode()
    client.post(
        "/account/signup/",
        {"email": "me@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert Person.objects.count() == before


def test_each_field_of_the_password_is_called_by_one_name(cast: Cast, client: Client) -> None:
    page = client.get("/account/login/").content.decode()
    assert (page.count('href="/account/password/reset/"'), "placeholder=" in page) == (1, False)
    assert [field.label for field in client.get("/account/login/").context["form"]] == [
        "E-mail",
        "Password",
    ]
    sign_in(client, "ana@example.org")
    changing = client.get("/account/password/change/")
    assert [field.label for field in changing.context["form"]] == [
        "Current password",
        "New password",
        "The same again",
    ]
    again = client.get("/account/reauthenticate/").content.decode()
    assert "It holds for 15 minutes" in again
    assert "placeholder=" not in again.partition("<main")[2]


def test_whoever_cannot_sign_in_is_told_whom_to_call(db: None, client: Client) -> None:
    page = client.get("/account/inactive/").content.decode()
    assert "Call the coordinator of your agency" in page
    assert 'href="/account/login/"' in page


@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/"])
def test_whoever_has_no_account_finds_where_agencies_apply(
    db: None, client: Client, path: str
) -> None:
    page = client.get(path).content.decode()
    assert page.count('href="/apply/"') == 1
    assert "The coordinator of your agency" in page
    assert client.get("/apply/").status_code == 200


def test_a_forgotten_password_is_set_by_a_link_and_the_answer_tells_nothing(
    cast: Cast, client: Client
) -> None:
    known = client.post("/account/password/reset/", {"email": "Ana@example.org"}, follow=True)
    unknown = client.post("/account/password/reset/", {"email": "x@example.org"}, follow=True)
    assert text_of(known) == text_of(unknown)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject[:9]) == (["ana@example.org"], "[Liaison]")
    assert "never asks for your password" in letter.body
    (link,) = re.findall(r"http\S+/account/password/reset/key/\S+", letter.body)
    form = client.get(link, follow=True)
    where = form.redirect_chain[-1][0]
    chosen = {"password1": "quite another walk", "password2": "quite another walk"}
    done = client.post(where, chosen, follow=True)
    assert "Your password is set" in done.content.decode()
    assert sign_in(client, "ana@example.org", "quite another walk") == 302
    used = Client().get(link, follow=True)
    assert "has been used or is too old" in used.content.decode()


def test_a_password_is_changed_with_the_old_one(cast: Cast, client: Client) -> None:
    sign_in(client, "ana@example.org")
    new = {"password1": "quite another walk", "password2": "quite another walk"}
    client.post("/account/password/change/", {"oldpassword": "x", **new})
    assert Person.objects.get(pk=cast.ana.person_id).check_password(PASSWORD)
    client.post("/account/password/change/", {"oldpassword": PASSWORD, **new})
    assert Person.objects.get(pk=cast.ana.person_id).check_password("quite another walk")


def test_it_is_confirmed_that_it_is_still_the_same_person(cast: Cast, client: Client) -> None:
    sign_in(client, "ana@example.org")
    where = "/account/reauthenticate/?next=/agencies/"
    assert client.post(where, {"password": "x"}).status_code == 200
    response = client.post(where, {"password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/agencies/")


@pytest.mark.parametrize(
    "path", ["login/", "signup/", "inactive/", "password/reset/", "password/reset/done/"]
)
def test_the_pages_open_for_whoever_is_signed_out(db: None, client: Client, path: str) -> None:
    response = client.get(f"/account/{path}")
    assert response.status_code == 200
    assert "<h1" in response.content.decode()


def test_there_is_no_page_to_change_ones_own_address(cast: Cast, client: Client) -> None:
    sign_in(client, "ana@example.org")
    assert client.get("/account/email/").status_code == 404


def test_a_sign_in_that_cannot_be_written_is_none(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **options: object) -> None:
        raise RuntimeError

    before = Event.objects.count()
    monkeypatch.setattr("agencies.accounts.record_event", fails)
    client.raise_request_exception = False
    assert sign_in(client, "ana@example.org") == 500
    assert (is_signed_in(client), Event.objects.count()) == (False, before)
