"""The strip of the demonstration: what was done, and the same thing from the other side."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cases.services import open_case
from portal.templatetags.words import EVENT_WORDS
from sharing import services
from sharing.models import Grant, ShareRequest, StandingGrant
from tests.cast import Cast, in_days, terms, two_agencies
from tests.databases import ROOT


@pytest.fixture
def cast(db: None) -> Cast:
    cache.clear()
    return two_agencies()


@pytest.fixture
def request_(cast: Cast) -> ShareRequest:
    """Return what Bo asks of Alpha, a case attached."""
    case = open_case(cast.actor("ana"), title="Alder Street", type="burglary", own_number="24-1")
    asked = services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1", terms=terms()
    )
    return services.attach_record(cast.actor("sam"), asked.pk, record_id=case.pk)


class Seats:
    """A browser at the demonstration, whose strip is taken from one seat to the next."""

    def __init__(self, cast: Cast, name: str) -> None:
        self.client = Client()
        post = cast.posts[name]
        chosen = {"person": post.person_id, "membership": post.pk}
        assert self.client.post("/demo/enter/", chosen).status_code == 302

    def does(self, path: str, **said: Any) -> None:
        """Do something on a page."""
        answer = self.client.post(path, said)
        assert answer.status_code == 302, answer.content.decode()

    def offered(self) -> tuple[str, str, str]:
        """Return what the strip says, whose seat it offers, and the page there."""
        offer = self.client.get("/agencies/").context["offer"]
        return offer["said"], offer["name"], offer["next"]

    def crosses(self) -> int:
        """Take the seat that is offered, and return what its page answers."""
        offer = self.client.get("/agencies/").context["offer"]
        taken = {name: offer[name] for name in ("person", "membership", "next")}
        there = self.client.post("/demo/enter/", taken)
        assert there["Location"] == offer["next"]
        return self.client.get(there["Location"]).status_code


def test_a_question_and_its_answer_lead_there_and_back(cast: Cast, request_: ShareRequest) -> None:
    page = f"/requests/{request_.pk}/"
    seats = Seats(cast, "sam")
    seats.does(f"{page}question/", text="Which street?")
    assert seats.offered() == ("Asked.", "Bo", page)
    assert seats.crosses() == 200
    seats.does(f"{page}answer/", text="Alder Street.")
    assert seats.offered() == ("Answered.", "Sam", page)
    assert seats.crosses() == 200


def test_a_denial_leads_to_who_asked(cast: Cast, request_: ShareRequest) -> None:
    seats = Seats(cast, "sam")
    page = f"/requests/{request_.pk}/"
    seats.does(f"{page}deny/", reason_code="nothing_releasable", version=request_.version)
    assert seats.offered() == ("Not approved.", "Bo", page)
    assert seats.crosses() == 200


def approve(seats: Seats, request: ShareRequest) -> None:
    seats.does(f"/requests/{request.pk}/approve/", as_asked="1", version=request.version)


def test_an_approval_says_when_it_is_live_and_then_that_it_is(
    cast: Cast, request_: ShareRequest, settings: Any
) -> None:
    settings.APPROVAL_UNDO_SECONDS = 60
    seats = Seats(cast, "sam")
    approve(seats, request_)
    said, name, page = seats.offered()
    assert re.fullmatch(r"Approved\. Live in (59|60|61) s\.", said)
    assert (name, page) == ("Bo", f"/requests/{request_.pk}/")
    session = seats.client.session
    session["demo_offer"] |= {"live_at": (timezone.now() - timedelta(seconds=1)).isoformat()}
    session.save()
    assert seats.offered()[0] == "Approved. Live now."
    seats.does(f"/requests/{request_.pk}/undo/")
    assert seats.offered() == ("Undone. Nobody was told.", "Bo", f"/requests/{request_.pk}/")
    assert seats.crosses() == 200


def test_an_approval_that_cannot_be_undone_says_no_time(cast: Cast, request_: ShareRequest) -> None:
    seats = Seats(cast, "sam")
    approve(seats, request_)
    assert seats.offered()[0] == "Approved."


def test_what_is_approved_of_an_offer_is_seen_by_who_receives_it(cast: Cast) -> None:
    case = open_case(cast.actor("ana"), title="Alder Street", type="burglary")
    offered = services.offer_record(
        cast.actor("ana"), record_id=case.pk, roster_id=cast.id("bravo"), terms=terms()
    )
    seats = Seats(cast, "sam")
    approve(seats, offered)
    assert seats.offered() == ("Approved.", "Bo", "/notifications/")
    assert seats.crosses() == 200


def test_acknowledging_leads_to_who_released_and_stopping_to_who_had_it(
    cast: Cast, request_: ShareRequest
) -> None:
    services.approve_request(cast.actor("sam"), request_.pk)
    grant = Grant.objects.get(decision=request_)
    seats = Seats(cast, "stella")
    seats.does(f"/grants/{grant.pk}/acknowledge/", contributions="direct")
    assert seats.offered() == ("Acknowledged.", "Sam", f"/cases/{grant.record_id}/sharing/")
    assert seats.crosses() == 200
    seats.does(f"/grants/{grant.pk}/revoke/", reason_code="need_ended")
    assert seats.offered() == ("Sharing stopped.", "Bo", "/notifications/")
    assert seats.crosses() == 200
    assert seats.client.get(f"/cases/{grant.record_id}/").status_code == 404


def test_stopping_what_one_s_own_task_force_has_leads_to_another_agency(cast: Cast) -> None:
    cast.task_force("river", "alpha", "M1", "ana", "bo")
    offered = services.offer_standing(
        cast.actor("ana"), roster_id=cast.rosters["river"], category="investigation", terms=terms()
    )
    services.approve_request(cast.actor("sam"), offered.pk)
    seats = Seats(cast, "sam")
    seats.does(f"/grants/{StandingGrant.objects.get().pk}/revoke/", reason_code="need_ended")
    assert seats.offered() == ("Sharing stopped.", "Bo", "/notifications/")


def test_who_holds_no_post_any_more_is_offered_to_nobody(
    cast: Cast, request_: ShareRequest
) -> None:
    type(cast.posts["bo"]).objects.filter(pk=cast.posts["bo"].pk).update(ended_at=in_days(-1))
    seats = Seats(cast, "sam")
    seats.does(f"/requests/{request_.pk}/question/", text="Which street?")
    assert seats.client.get("/agencies/").context["offer"] is None


def test_every_event_that_has_words_is_one_that_is_written() -> None:
    sources = [
        path.read_text("utf-8")
        for app in ("agencies", "cases", "ledger", "sharing")
        for path in (ROOT / app).rglob("*.py")
    ]
    unwritten = {kind for kind in EVENT_WORDS if not any(f'"{kind}"' in one for one in sources)}
    assert unwritten == set()
