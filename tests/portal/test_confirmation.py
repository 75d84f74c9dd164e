"""Sensitive acts ask again who one is, and nothing that was typed is lost on the way."""

from __future__ import annotations

from time import time
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, get_resolver

from agencies.services import admit_person
from cases.services import open_case
from sharing.models import ShareRequest
from sharing.services import offer_record
from tests.agencies.cast import PASSWORD, PORTAL
from tests.cast import Cast, a_case, terms, two_agencies
from tests.sessions import signed_in_at

LATE = 15 * 60 + 1
WHERE = "/account/reauthenticate/"


@pytest.fixture
def cast(db: None) -> Cast:
    """Give two agencies, and Sam a password to confirm by."""
    cache.clear()
    made = two_agencies()
    sam = made.posts["sam"].person
    sam.set_password(PASSWORD)
    sam.save()
    return made


@pytest.fixture
def offer(cast: Cast) -> ShareRequest:
    """Give what waits for Sam."""
    case = a_case(cast.actor("ana"))
    roster = cast.rosters["bravo"]
    return offer_record(cast.actor("ana"), record_id=case.pk, roster_id=roster, terms=terms())


def browser(cast: Cast, name: str = "sam", *, ago: float = 0) -> Client:
    """Return a browser in which somebody showed so many seconds ago who they are."""
    client = Client()
    client.force_login(cast.posts[name].person)
    signed_in_at(client, cast.posts[name].person, time() - ago)
    return client


def approving(offer: ShareRequest) -> tuple[str, dict[str, Any]]:
    """Return the form that approves as asked."""
    return f"/requests/{offer.pk}/approve/", {"as_asked": "1", "version": offer.version}


def state(offer: ShareRequest) -> str:
    """Return how the request stands now."""
    return ShareRequest.objects.get(pk=offer.pk).state


def test_whoever_signed_in_just_now_is_not_asked(cast: Cast, offer: ShareRequest) -> None:
    path, form = approving(offer)
    answer = browser(cast, ago=LATE - 60).post(path, form)
    assert (answer.status_code, state(offer)) == (302, "approved")


def test_a_late_form_waits_for_the_confirmation_and_is_sent_then(
    cast: Cast, offer: ShareRequest
) -> None:
    client = browser(cast, ago=LATE)
    path, form = approving(offer)
    asked = client.post(path, form)
    assert asked["Location"].startswith(f"{WHERE}?next=%2Fconfirmed%2F")
    assert state(offer) == "submitted"
    confirmed = client.post(asked["Location"], {"password": PASSWORD})
    kept = client.get(confirmed["Location"])
    assert (kept.context["path"], dict(kept.context["pairs"])) == (
        path,
        {"as_asked": "1", "version": str(offer.version)},
    )
    assert "data-send-now" in kept.content.decode()
    client.post(kept.context["path"], dict(kept.context["pairs"]))
    assert state(offer) == "approved"
    again = client.get(confirmed["Location"])
    assert "data-send-now" not in again.content.decode()
    assert "may have been sent" in again.content.decode()


def test_a_wrong_password_confirms_nothing(cast: Cast, offer: ShareRequest) -> None:
    client = browser(cast, ago=LATE)
    asked = client.post(*approving(offer))
    assert client.post(asked["Location"], {"password": "x"}).status_code == 200
    kept = asked["Location"].partition("next=")[2].replace("%2F", "/")
    assert client.get(kept)["Location"].startswith(WHERE)
    assert client.post(*approving(offer))["Location"].startswith(WHERE)


def test_what_was_typed_is_shown_and_kept_from_whoever_reads_the_session(
    cast: Cast, offer: ShareRequest
) -> None:
    client = browser(cast, ago=LATE)
    client.post(f"/requests/{offer.pk}/deny/", {"text": "Ask Harlan first", "version": "1"})
    assert "Harlan" not in str(dict(client.session))
    (key,) = client.session["held_forms"]
    signed_in_at(client, cast.posts["sam"].person, time())
    assert "Ask Harlan first" in client.get(f"/confirmed/{key}/").content.decode()


def test_a_form_is_kept_for_nobody_else_and_not_for_ever(cast: Cast, offer: ShareRequest) -> None:
    client = browser(cast, ago=LATE)
    keys = []
    for _ in range(4):
        client.post(*approving(offer))
        keys.append(list(client.session["held_forms"])[-1])
    assert list(client.session["held_forms"]) == keys[1:]
    signed_in_at(client, cast.posts["sam"].person, time())
    assert client.get(f"/confirmed/{keys[0]}/")["Location"] == "/"
    assert client.get(f"/confirmed/{keys[1]}/").status_code == 200
    assert browser(cast, "lee").get(f"/confirmed/{keys[1]}/")["Location"] == "/"


def test_what_cannot_be_kept_is_given_back(cast: Cast, offer: ShareRequest) -> None:
    client = browser(cast, ago=LATE)
    path, form = approving(offer)
    scan = SimpleUploadedFile("scan.txt", b"x")
    answer = client.post(path, {**form, "text": "By hand", "file": scan})
    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (403, "no-store")
    assert "By hand" in page
    assert "scan.txt" in page
    long = client.post(path, {**form, "text": "y" * 200_001})
    assert (long.status_code, "y" * 200_001 in long.content.decode()) == (403, True)


def test_a_part_of_a_page_leads_the_whole_of_it(cast: Cast, offer: ShareRequest) -> None:
    client = browser(cast, ago=LATE)
    part = {"HX-Request": "true", "HX-Current-URL": "http://testserver/requests/"}
    answer = client.post(*approving(offer), headers=part)
    assert answer.status_code == 403
    assert answer["HX-Redirect"].startswith(f"{WHERE}?next=%2Fconfirmed%2F")
    opened = client.get("/calls/check/", headers=part)
    assert opened["HX-Redirect"] == f"{WHERE}?next=http%3A%2F%2Ftestserver%2Frequests%2F"
    foreign = {**part, "HX-Current-URL": "https://evil.example/"}
    assert client.get("/calls/check/", headers=foreign)["HX-Redirect"] == f"{WHERE}?next=%2F"


def test_a_page_that_was_asked_for_follows(cast: Cast, offer: ShareRequest) -> None:
    client = browser(cast, ago=LATE)
    asked = client.get("/calls/check/?x=1")
    assert asked["Location"] == f"{WHERE}?next=%2Fcalls%2Fcheck%2F%3Fx%3D1"
    done = client.post(asked["Location"], {"password": PASSWORD})
    assert done["Location"] == "/calls/check/?x=1"
    assert client.get("/calls/check/?x=1").status_code == 200


def test_a_session_of_the_interface_is_told_why_and_a_token_is_not_asked(
    cast: Cast, offer: ShareRequest
) -> None:
    from tests.api.conftest import a_caller

    late, kind = browser(cast, ago=LATE), "application/json"
    address = f"/api/v1/share-requests/{offer.pk}/approve"
    refused = late.post(address, "{}", content_type=kind)
    assert refused.status_code == 403
    assert refused.json()["reason"] == "reauthenticate"
    assert late.get(f"/api/v1/share-requests/{offer.pk}").status_code == 200
    assert a_caller(cast, "sam").post(address, {}, format="json").status_code == 200


def test_a_session_that_says_nothing_of_signing_in_is_asked(
    cast: Cast, offer: ShareRequest
) -> None:
    client = browser(cast)
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    assert client.post(*approving(offer))["Location"].startswith(WHERE)


def test_personas_are_never_asked_and_only_in_the_demonstration(
    cast: Cast, offer: ShareRequest, settings: Any
) -> None:
    client = Client()
    post = cast.posts["sam"]
    client.post("/demo/enter/", {"person": post.person_id, "membership": post.pk})
    assert client.get("/calls/check/").status_code == 200
    settings.DEMO = False
    assert client.get("/calls/check/")["Location"].startswith(WHERE)


GUARDED = {
    "requests/<uuid:pk>/approve/",
    "requests/<uuid:pk>/deny/",
    "requests/together/",
    "calls/new/",
    "calls/check/",
    "ledger/who/file/",
    "cases/<uuid:pk>/briefing/",
}


def test_what_decides_and_prints_asks_again() -> None:
    found = {
        str(one.pattern)
        for one in get_resolver().url_patterns
        for one in getattr(one, "url_patterns", [one])
        if isinstance(one, URLPattern) and getattr(one.callback, "asks_again", False)
    }
    assert found >= GUARDED


def test_a_list_leaves_as_a_file_only_with_whoever_confirmed(cast: Cast) -> None:
    open_case(cast.actor("sam"), title="Garages", type="burglary")
    form = {"every": "1", "format": "csv"}
    late = browser(cast, ago=LATE).post("/cases/export/", form)
    assert late["Location"].startswith(WHERE)
    done = browser(cast).post("/cases/export/", form)
    assert (done.status_code, done["Content-Type"]) == (200, "text/csv; charset=utf-8")


def test_whoever_has_only_their_agencys_sign_in_signs_in_again(
    cast: Cast, offer: ShareRequest
) -> None:
    lee = browser(cast, "lee", ago=LATE)
    asked = lee.get("/calls/check/")
    again = "%2Faccount%2Flogin%2F%3Fnext%3D%252Fcalls%252Fcheck%252F"
    assert asked["Location"] == f"/account/logout/?next={again}"
    code = lee.post("/calls/check/", {"code": "1234 5678"})
    assert (code.status_code, "1234 5678" in code.content.decode()) == (403, True)


def test_what_administrators_send_needs_one_who_just_confirmed(cast: Cast) -> None:
    root = admit_person(PORTAL, email="root@portal.example", name="Root", is_administrator=True)
    agency = cast.agencies["bravo"]
    act = {"action": "suspend", "_selected_action": [str(agency.pk)]}
    client = Client()
    client.force_login(root)
    signed_in_at(client, root, time() - LATE)
    assert client.get("/admin/agencies/agency/").status_code == 200
    late = client.post("/admin/agencies/agency/", act)
    assert late.status_code == 403
    signed_in_at(client, root, time())
    assert client.post("/admin/agencies/agency/", act).status_code in (200, 302)
    assert client.get("/admin/password_change/")["Location"] == "/account/password/change/"


def test_a_form_entered_under_one_post_is_not_sent_under_another(
    cast: Cast, offer: ShareRequest
) -> None:
    cast.person("sam at bravo", "bravo", "supervisor", also="sam")
    client = browser(cast, ago=LATE)
    asked = client.post(*approving(offer))
    kept = client.post(asked["Location"], {"password": PASSWORD})["Location"]
    for name, sends in (("sam at bravo", False), ("sam", True)):
        client.post("/acting-as/", {"membership": cast.posts[name].pk})
        page = client.get(kept).content.decode()
        assert ("data-send-now" in page, "Act under that post again" in page) == (sends, not sends)
        assert (f'action="/requests/{offer.pk}/approve/"' in page) == sends
