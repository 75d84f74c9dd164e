"""Sessions lock when nothing is done, end in time, and are ended by whoever may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from agencies.actors import Actor
from agencies.devices import device_name
from agencies.models import BrowserSession, Membership
from agencies.refusals import NotAllowed, NotVisible
from agencies.services import disable_person, end_membership, set_agency_status
from agencies.services.session import (
    end_other_sessions,
    end_session,
    end_sessions_of,
    forget_old_sessions,
    open_sessions,
)
from ledger.models import Event
from tests.agencies.cast import PASSWORD, PORTAL, Cast, last_event
from tests.agencies.test_sign_in import is_signed_in, sign_in

LOCKED = "/account/locked/?next="
PAGE = "/agencies/"


def ago(**span: float) -> datetime:
    """Return a moment that long ago."""
    return datetime.now(UTC) - timedelta(**span)


@pytest.fixture
def ana(cast: Cast, client: Client) -> Client:
    """Return Ana's browser, signed in."""
    assert sign_in(client, "ana@example.org") == 302
    client.get(PAGE)
    return client


def row() -> BrowserSession:
    """Return the one session there is."""
    return BrowserSession.objects.get()


def leave_alone(**span: float) -> None:
    """Have nothing been done in any session for that long."""
    BrowserSession.objects.update(active_at=ago(**span))


def unlock(client: Client) -> None:
    """Show by the password that it is still the same person."""
    where = "/account/reauthenticate/"
    client.post(f"{where}?next={PAGE}", {"password": PASSWORD})


def test_signing_in_begins_a_session_that_is_known(cast: Cast) -> None:
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    sign_in(client, "ana@example.org")
    client.get(PAGE)
    client.get(PAGE)
    held = row()
    assert (held.person_id, held.membership_id) == (cast.ana.person_id, cast.ana.pk)
    assert (held.address, device_name(held.device)) == ("127.0.0.1", "Firefox on Windows")
    client.get(PAGE)
    assert BrowserSession.objects.count() == 1


def test_signing_out_ends_it(ana: Client) -> None:
    ana.post("/account/logout/")
    assert row().ended_at is not None


def test_thirty_minutes_without_activity_lock_every_page(ana: Client) -> None:
    leave_alone(minutes=29, seconds=59)
    assert ana.get(PAGE).status_code == 200
    leave_alone(minutes=30)
    answer = ana.get(f"{PAGE}?q=x")
    assert answer["Location"] == f"{LOCKED}%2Fagencies%2F%3Fq%3Dx"
    page = ana.get(answer["Location"])
    assert page.status_code == 200
    assert "This session is locked" in page.content.decode()
    assert "Ana" not in page.content.decode()


def test_activity_keeps_it_open_and_is_written_down_now_and_then(ana: Client) -> None:
    leave_alone(minutes=20)
    ana.get(PAGE)
    assert row().active_at > ago(minutes=1)
    before = row().active_at
    ana.get(PAGE)
    assert row().active_at == before


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (PAGE, {"X-Background": "1"}),
        ("/account/session/", {}),
        ("/api/v1/me", {}),
    ],
)
def test_what_a_page_does_by_itself_is_no_activity(
    ana: Client, path: str, headers: dict[str, str]
) -> None:
    leave_alone(minutes=20)
    assert ana.get(path, headers=headers).status_code == 200
    assert row().active_at < ago(minutes=19)
    leave_alone(minutes=31)
    ana.get(path, headers=headers)
    assert ana.get(PAGE)["Location"].startswith(LOCKED)


def test_typing_on_a_page_that_sends_nothing_is_activity(ana: Client) -> None:
    leave_alone(minutes=20)
    assert ana.post("/account/session/active/").status_code == 204
    assert row().active_at > ago(minutes=1)
    leave_alone(minutes=31)
    assert ana.post("/account/session/active/").status_code == 302


def test_a_locked_session_says_so_to_its_pages(ana: Client) -> None:
    asked = "/account/session/"
    assert ana.get(asked).json() == {"state": "open"}
    leave_alone(minutes=31)
    assert ana.get(asked).json() == {"state": "locked"}
    BrowserSession.objects.update(began_at=ago(hours=13))
    assert ana.get(asked).json() == {"state": "over"}
    assert Client().get(asked).json() == {"state": "over"}


def test_a_locked_session_opens_no_part_of_a_page_no_interface_and_no_admin(ana: Client) -> None:
    leave_alone(minutes=31)
    part = ana.get(
        PAGE,
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/agencies/?q=a"},
    )
    assert (part.status_code, part.content) == (401, b"")
    assert part["HX-Redirect"] == f"{LOCKED}%2Fagencies%2F%3Fq%3Da"
    assert ana.get("/api/v1/me").status_code == 401
    assert ana.get("/admin/")["Location"].startswith(LOCKED)
    assert ana.get("/nothing/here/").status_code == 404


def test_showing_who_one_is_unlocks_it_and_a_wrong_password_does_not(ana: Client) -> None:
    leave_alone(minutes=31)
    ana.get(PAGE)
    ana.post(f"/account/reauthenticate/?next={PAGE}", {"password": "x"})
    assert ana.get(PAGE).status_code == 302
    unlock(ana)
    assert ana.get(PAGE).status_code == 200
    assert row().active_at > ago(minutes=1)
    leave_alone(minutes=31)
    assert ana.get(PAGE).status_code == 302


def test_having_shown_who_one_is_before_it_locked_unlocks_nothing(ana: Client) -> None:
    unlock(ana)
    leave_alone(minutes=31)
    assert ana.get(PAGE)["Location"].startswith(LOCKED)
    assert ana.get(PAGE)["Location"].startswith(LOCKED)


def test_a_session_is_locked_by_hand(ana: Client) -> None:
    answer = ana.post("/account/lock/", {"next": PAGE})
    assert answer["Location"] == f"{LOCKED}%2Fagencies%2F"
    assert ana.get(PAGE)["Location"].startswith(LOCKED)
    assert ana.post("/account/lock/", {"next": "//elsewhere.example"})["Location"] == f"{LOCKED}%2F"
    unlock(ana)
    assert ana.get(PAGE).status_code == 200
    assert ana.get("/account/locked/?next=/agencies/")["Location"] == PAGE
    assert ana.get("/account/locked/?next=https://elsewhere.example")["Location"] == "/"
    assert ana.get("/account/unlocked/").status_code == 200


def test_a_form_that_was_sent_while_locked_is_kept_and_sent_once_unlocked(ana: Client) -> None:
    leave_alone(minutes=31)
    answer = ana.post("/preferences/", {"theme": "dark", "note": "what was typed"})
    assert answer["Location"].startswith(LOCKED)
    kept = answer["Location"].removeprefix(LOCKED).replace("%2F", "/")
    assert ana.get(kept)["Location"].startswith(LOCKED)
    unlock(ana)
    page = ana.get(kept).content.decode()
    assert "what was typed" in page


def test_a_form_that_cannot_be_kept_is_given_back(ana: Client) -> None:
    leave_alone(minutes=31)
    answer = ana.post("/preferences/", {"note": "kept " * 60_000})
    assert (answer.status_code, b"This session is locked" in answer.content) == (401, True)
    assert ana.post("/account/password/change/", {"oldpassword": "x"})["Location"] == f"{LOCKED}%2F"


def test_a_signed_in_browser_without_its_row_is_signed_out(ana: Client) -> None:
    BrowserSession.objects.all().delete()
    assert ana.get(PAGE).status_code == 302
    assert not is_signed_in(ana)


@pytest.mark.parametrize("done", ["working", "confirming"])
def test_twelve_hours_after_signing_in_it_is_over_whatever_is_done(ana: Client, done: str) -> None:
    BrowserSession.objects.update(began_at=ago(hours=11, minutes=59))
    assert ana.get(PAGE).status_code == 200
    BrowserSession.objects.update(began_at=ago(hours=12), active_at=ago(minutes=1))
    if done == "confirming":
        unlock(ana)
    assert ana.get(PAGE)["Location"].startswith(reverse("personas"))
    assert not is_signed_in(ana)
    sign_in(ana, "ana@example.org")
    assert ana.get(PAGE).status_code == 200


def test_signing_in_again_on_one_browser_ends_the_session_before(ana: Client) -> None:
    from allauth.account.adapter import get_adapter
    from allauth.core import context
    from django.test import RequestFactory

    from agencies.sessions import begin

    first = row()
    request = RequestFactory().get("/")
    request.session, request.user = ana.session, first.person
    with context.request_context(request):
        assert get_adapter()
        begin(request)
    first.refresh_from_db()
    assert first.ended_at is not None


def test_people_see_their_sessions_and_end_them(cast: Cast, ana: Client) -> None:
    other, bo = Client(HTTP_USER_AGENT="Safari iPhone"), Client()
    sign_in(other, "ana@example.org")
    sign_in(bo, "bo@example.org")
    for one in (other, bo):
        one.get(PAGE)
    page = ana.get("/account/sessions/").content.decode()
    assert "Safari on iPhone" in page
    assert page.count("Alpha Police") >= 2
    theirs = BrowserSession.objects.get(device="Safari iPhone")
    ana.post(f"/account/sessions/{theirs.pk}/end/")
    assert other.get(PAGE).status_code == 302
    assert ana.get(PAGE).status_code == 200
    assert last_event().kind == "session.ended"
    before = Event.objects.count()
    ana.post(f"/account/sessions/{theirs.pk}/end/")
    assert Event.objects.count() == before
    bos = BrowserSession.objects.get(person=cast.bo.person)
    assert ana.post(f"/account/sessions/{bos.pk}/end/").status_code == 404
    assert ana.post(f"/account/sessions/{uuid4()}/end/").status_code == 404
    assert bo.get(PAGE).status_code == 200


def test_all_others_end_at_once(cast: Cast, ana: Client) -> None:
    others = [Client(), Client()]
    for one in others:
        sign_in(one, "ana@example.org")
    ana.post("/account/sessions/end-others/")
    assert [one.get(PAGE).status_code for one in (ana, *others)] == [200, 302, 302]
    assert (last_event().kind, last_event().facts) == ("session.others_ended", {"ended": 2})
    current = UUID(ana.session["browser_session"])
    assert end_other_sessions(cast.acts("ana"), current) == 0


def test_a_coordinator_ends_the_sessions_of_their_own_people(cast: Cast, ana: Client) -> None:
    assert end_sessions_of(cast.acts("kim"), cast.ana.person) == 1
    assert ana.get(PAGE).status_code == 302
    assert (last_event().kind, last_event().concerns) == ("person.sessions_ended", [cast.alpha.pk])
    assert not open_sessions(cast.ana.person_id).exists()


@pytest.mark.parametrize("by", ["bea", "sam", "ana"])
def test_nobody_else_ends_somebody_s_sessions(cast: Cast, by: str) -> None:
    with pytest.raises(NotVisible):
        end_sessions_of(cast.acts(by), cast.ana.person)


def test_an_administrator_s_sessions_are_ended_by_another_administrator_alone(cast: Cast) -> None:
    root = cast.root
    with pytest.raises(NotVisible):
        end_sessions_of(cast.acts("kim"), _person(root))
    with pytest.raises(NotAllowed):
        end_sessions_of(root, _person(root))
    assert end_sessions_of(PORTAL, _person(root)) == 0
    assert end_sessions_of(root, cast.ana.person) == 0


def _person(actor: Actor) -> object:
    from agencies.models import Person

    return Person.objects.get(pk=actor.person_id)


def test_a_session_of_the_own_is_ended_and_no_other(cast: Cast, ana: Client) -> None:
    with pytest.raises(NotVisible):
        end_session(cast.acts("bo"), row().pk)
    end_session(cast.acts("ana"), row().pk)
    assert row().ended_at is not None


def test_sessions_end_with_the_person(cast: Cast, ana: Client) -> None:
    disable_person(PORTAL, cast.ana.person)
    assert row().ended_at is not None
    assert ana.get(PAGE).status_code == 302


@pytest.mark.parametrize("what", ["post ends", "agency is suspended"])
def test_nothing_is_shown_once_the_post_or_the_agency_no_longer_stands(
    cast: Cast, ana: Client, what: str
) -> None:
    if what == "post ends":
        end_membership(PORTAL, cast.ana)
    else:
        set_agency_status(PORTAL, cast.alpha, status="suspended")
    paths = ["/", PAGE, "/cases/", "/search/", "/notifications/", "/cases/export/"]
    for path in paths:
        for headers in ({}, {"HX-Request": "true"}):
            answer = ana.get(path, headers=headers)
            assert (path, answer.status_code) == (path, 403)
    assert ana.get("/api/v1/cases").json().get("results", []) == []


def test_what_a_browser_says_of_itself_is_named(db: None) -> None:
    assert device_name("") == "A browser"
    assert device_name("Mozilla/5.0 (X11; Linux) Chrome/140 Safari/537 Edg/140") == "Edge on Linux"


def test_rows_of_sessions_long_over_are_forgotten(cast: Cast, ana: Client) -> None:
    assert forget_old_sessions() == 0
    BrowserSession.objects.update(began_at=ago(days=31))
    assert forget_old_sessions() == 1
    assert Membership.objects.filter(pk=cast.ana.pk).exists()
