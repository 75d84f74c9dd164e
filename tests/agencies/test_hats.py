"""People act under one post at a time, the one the session holds, and never another unawares."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from agencies.actors import Actor, acting_as, actor_of
from agencies.codes import Role
from agencies.middleware import ActorMiddleware
from agencies.models import Membership, Person
from agencies.refusals import NotAllowed
from agencies.services import end_membership, set_agency_status, take_up
from tests.agencies.cast import PORTAL, Cast, days, events, known, last_event, post


@pytest.fixture
def second_post(cast: Cast) -> Membership:
    """Give Ana a post at Bravo too."""
    return post(cast.bravo, "ana", Role.SUPERVISOR)


def request_of(client: Client) -> Any:
    """Return a request with the client's session, as the middleware left it."""
    request: Any = RequestFactory().get("/")
    request.session = client.session
    request.user = Person.objects.get(pk=request.session["_auth_user_id"])
    ActorMiddleware(lambda _: HttpResponse())(request)
    request.session.save()
    return request


def actor_in(client: Client) -> Actor:
    """Return who acts in the client's session."""
    actor = request_of(client).actor
    assert isinstance(actor, Actor)
    return actor


@pytest.fixture
def ana(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ana.person)
    return client


def test_the_first_post_in_force_is_taken_and_kept(
    cast: Cast, ana: Client, second_post: Membership
) -> None:
    request = request_of(ana)
    assert request.actor == acting_as(cast.ana)
    assert request.user.actor == request.actor
    assert ana.session["hat"] == str(cast.ana.pk)


def test_a_post_is_taken_up_and_written(cast: Cast, ana: Client, second_post: Membership) -> None:
    ana.session.update({"purpose": "criminal_justice"})
    response = ana.post("/acting-as/", {"membership": second_post.pk})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert actor_in(ana) == acting_as(second_post)
    event = last_event()
    assert (event.kind, event.membership, event.agency) == (
        "membership.taken_up",
        second_post.pk,
        cast.bravo.pk,
    )


def test_a_form_opened_under_one_post_is_not_taken_under_another(
    cast: Cast, second_post: Membership
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.ana.person)

    def sent(token: str, post: Membership) -> int:
        said = {"membership": post.pk, "csrfmiddlewaretoken": token}
        return browser.post("/acting-as/", said).status_code

    browser.get("/acting-as/")
    opened = browser.cookies["liaison_csrf"].value
    assert sent(opened, second_post) == 302
    assert sent(opened, cast.ana) == 403
    assert actor_in(browser) == acting_as(second_post)
    assert sent(browser.cookies["liaison_csrf"].value, cast.ana) == 302


def test_purpose_and_case_are_stated_anew_under_another_post(
    cast: Cast, ana: Client, second_post: Membership
) -> None:
    session = ana.session
    session.update({"purpose": "exigent", "for_case": "BR-77", "hat": str(cast.ana.pk)})
    session.save()
    actor = actor_in(ana)
    assert (actor.purpose, actor.for_case) == ("exigent", "BR-77")
    ana.post("/acting-as/", {"membership": second_post.pk})
    actor = actor_in(ana)
    assert (actor.purpose, actor.for_case) == ("", "")


@pytest.mark.parametrize("whose", ["another's", "ended", "unknown", "malformed", "missing"])
def test_only_a_post_of_ones_own_in_force_is_taken_up(
    cast: Cast, ana: Client, second_post: Membership, whose: str
) -> None:
    wrong: dict[str, Any] = {
        "another's": {"membership": cast.bo.pk},
        "ended": {"membership": end_membership(PORTAL, second_post).pk},
        "unknown": {"membership": uuid4()},
        "malformed": {"membership": "x"},
        "missing": {},
    }[whose]
    before = events()
    response = ana.post("/acting-as/", wrong)
    assert response.status_code == 422
    assert (actor_in(ana), events()) == (acting_as(cast.ana), before)


def test_a_post_that_ends_between_the_choice_and_the_taking_is_not_taken_up(
    cast: Cast, second_post: Membership
) -> None:
    assert take_up(cast.ana.person, second_post) == second_post
    end_membership(PORTAL, second_post)
    before = events()
    with pytest.raises(NotAllowed, match="no such post in force"):
        take_up(cast.ana.person, second_post)
    with pytest.raises(NotAllowed, match="no such post in force"):
        take_up(cast.ana.person, cast.bo)
    assert events() == before


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [("/cases/", "/cases/"), ("https://elsewhere.example/", "/"), ("//elsewhere.example", "/")],
)
def test_the_choice_leads_on_to_a_page_of_ours(
    cast: Cast, ana: Client, wanted: str, goes: str
) -> None:
    response = ana.post("/acting-as/", {"membership": cast.ana.pk, "next": wanted})
    assert response["Location"] == goes


def test_the_page_offers_the_posts_in_force(
    cast: Cast, ana: Client, second_post: Membership
) -> None:
    form = ana.get("/acting-as/").context["form"]
    assert [str(label) for _, label in form.fields["membership"].choices] == [
        "Alpha Police: Investigator / analyst",
        "Bravo Police: Release authority",
    ]


def test_a_post_that_ended_is_not_replaced_by_another(
    cast: Cast, ana: Client, second_post: Membership
) -> None:
    actor_in(ana)
    end_membership(PORTAL, cast.ana)
    assert actor_in(ana) == Actor(person_id=cast.ana.person_id)
    response = ana.get("/agencies/")
    assert response.status_code == 403
    page = response.content.decode()
    assert "Your post at Alpha Police has ended." in page
    assert f'value="{second_post.pk}"' in page
    ana.post("/acting-as/", {"membership": second_post.pk})
    assert ana.get("/agencies/").status_code == 200


def test_the_people_of_a_suspended_agency_get_one_page_whatever_the_address(
    cast: Cast, ana: Client
) -> None:
    assert ana.get("/agencies/").status_code == 200
    set_agency_status(PORTAL, cast.alpha, status="suspended")
    since = last_event().at
    pages = [ana.get(path) for path in ("/agencies/", f"/agencies/{uuid4()}/", "/")]
    assert {page.status_code for page in pages} == {403}
    text = pages[0].content.decode()
    assert "Alpha Police cannot use Liaison at present." in text
    assert since.strftime("%H:%M") in text
    assert "Your coordinator Kim knows" in " ".join(text.split())
    set_agency_status(PORTAL, cast.alpha, status="active")
    assert ana.get("/agencies/").status_code == 200


def test_whoever_has_no_post_yet_is_told_so(cast: Cast, client: Client) -> None:
    client.force_login(known("new"))
    assert "You have no post in an agency yet." in client.get("/agencies/").content.decode()


def test_whose_post_begins_later_is_told_so(cast: Cast, client: Client) -> None:
    later = post(cast.alpha, "new", Role.ANALYST, started_at=days(1))
    client.force_login(later.person)
    assert "has not begun" in client.get("/agencies/").content.decode()


def test_whoever_has_no_post_can_still_sign_out_and_change_the_password(
    cast: Cast, client: Client
) -> None:
    client.force_login(known("new"))
    assert client.get("/account/password/change/").status_code == 200
    assert client.post("/account/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_an_administrator_without_a_post_goes_on(cast: Cast, client: Client) -> None:
    client.force_login(Person.objects.get(pk=cast.root.person_id))
    assert actor_in(client) == cast.root
    assert client.get("/agencies/").status_code == 200


def test_nobody_signed_in_is_nobody_acting(client: Client, db: None) -> None:
    response = client.get("/agencies/")
    assert response.status_code == 302
    assert response.wsgi_request.actor is None  # type: ignore[attr-defined]


def test_a_post_named_is_that_one_or_none(cast: Cast, second_post: Membership) -> None:
    person = cast.ana.person
    assert actor_of(person) == acting_as(cast.ana)
    assert actor_of(person, second_post.pk) == acting_as(second_post)
    assert actor_of(person, cast.bo.pk) == Actor(person_id=person.pk)
    end_membership(PORTAL, second_post)
    assert actor_of(person, second_post.pk) == Actor(person_id=person.pk)


def test_what_an_actor_holds() -> None:
    actor = Actor(person_id=uuid4(), roles=("analyst", "supervisor"))
    assert actor.holds("supervisor", "auditor")
    assert not actor.holds("auditor")
    assert (actor.reads_cases, actor.is_supervisor) == (True, True)
    auditor = Actor(person_id=uuid4(), roles=("auditor",))
    assert (auditor.reads_cases, auditor.is_supervisor) == (False, False)
