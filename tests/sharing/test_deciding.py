"""Deciding requests: approve, approve less, deny, ask, answer, withdraw, attach, lapse."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from agencies.codes import Level, Sensitivity
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible, Stale
from agencies.services.agreement import end_agreement
from ledger.models import Event, Message
from sharing import services
from sharing.boxes import allowed_on_request, denial_codes, open_share_request
from sharing.models import Grant, RequestNote, ShareRequest
from sharing.services.lapsing import lapse_requests
from tests.cast import PORTAL, Cast, a_case, an_item, in_days, readable, terms

pytestmark = pytest.mark.django_db


def offered(cast: Cast, **changes: Any) -> ShareRequest:
    case = a_case(cast.actor("ana"))
    return services.offer_record(
        cast.actor("ana"),
        record_id=case.pk,
        roster_id=cast.id("bravo"),
        terms=terms(**changes),
    )


def asked(cast: Cast) -> ShareRequest:
    return services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1832", terms=terms()
    )


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "approved"),
        ({"level": Level.SUMMARY}, "approved_conditional"),
        ({"until": in_days(2)}, "approved_conditional"),
        ({"later": "no"}, "approved_conditional"),
        ({"export": True}, "approved_conditional"),
        ({"unmask": True}, "approved_conditional"),
        ({"items": None}, "approved"),
    ],
)
def test_the_state_says_whether_it_was_approved_as_asked(
    cast: Cast, change: dict[str, Any], state: str
) -> None:
    request = offered(cast)
    assert services.approve_request(cast.actor("sam"), request.pk, **change).state == state
    assert Grant.objects.get().decision == request


def test_fewer_items_are_partly_approved(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    item = an_item(cast.actor("ana"), case)
    request = services.offer_record(
        cast.actor("ana"), record_id=case.pk, roster_id=cast.id("bravo"), terms=terms()
    )
    decided = services.approve_request(cast.actor("sam"), request.pk, items=[item.pk])
    assert decided.state == "partly_approved"
    assert readable(cast, "bo") == {"Burglary series", "Blue Civic"}


def test_one_decision_is_two_events_and_tells_the_right_people(cast: Cast) -> None:
    request = services.approve_request(cast.actor("sam"), offered(cast).pk)
    events = Event.objects.filter(kind__in=["request.approved", "grant.issued"])
    assert {event.kind for event in events} == {"request.approved", "grant.issued"}
    assert all(set(one.concerns) == {cast.id("alpha"), cast.id("bravo")} for one in events)
    told = Message.objects.filter(event__in=events).values_list("kind", "roster", "role")
    assert set(told) == {
        ("request.approved", cast.posts["ana"].pk, ""),
        ("grant.issued", cast.id("bravo"), ""),
        ("grant.acknowledge_needed", cast.id("bravo"), "supervisor"),
    }
    assert request.decided_by == cast.posts["sam"]


def test_only_release_authority_of_the_owner_decides(cast: Cast) -> None:
    request = asked(cast)
    for name, said in (("lee", "release authority"), ("stella", "owning agency")):
        with pytest.raises(NotAllowed, match=said):
            services.deny_request(cast.actor(name), request.pk, reason_code="nothing_releasable")
    with pytest.raises(NotVisible):
        services.deny_request(cast.actor("ana"), request.pk, reason_code="nothing_releasable")
    denied = services.deny_request(
        cast.actor("sam"), request.pk, reason_code="nothing_releasable", text=" Nothing held. "
    )
    assert (denied.state, denied.decision_text) == ("denied", "Nothing held.")


def test_an_ask_by_number_is_not_approved_without_a_record(cast: Cast) -> None:
    with pytest.raises(Conflict, match="Attach the record"):
        services.approve_request(cast.actor("sam"), asked(cast).pk)


def test_a_supervisor_releases_only_records_of_their_own_agency_and_ceiling(cast: Cast) -> None:
    request = asked(cast)
    theirs = a_case(cast.actor("bo"), "Bravo's own")
    above = a_case(cast.actor("ana"), "Above", sensitivity=Sensitivity.HIGHLY_CONFIDENTIAL)
    foreign = a_case(cast.actor("ana"), "Foreign", originator_id=cast.id("bravo"))
    for record in (theirs, above, foreign):
        with pytest.raises(NotAllowed):
            services.approve_request(cast.actor("sam"), request.pk, record_id=record.pk)
    own = a_case(cast.actor("ana"), "Own")
    assert (
        services.approve_request(cast.actor("sam"), request.pk, record_id=own.pk).record_id
        == own.pk
    )


def test_a_request_about_one_record_does_not_release_another(cast: Cast) -> None:
    request, other = offered(cast), a_case(cast.actor("ana"), "Other")
    with pytest.raises(Invalid, match="another record"):
        services.approve_request(cast.actor("sam"), request.pk, record_id=other.pk)
    assert (
        services.approve_request(cast.actor("sam"), request.pk, record_id=request.record_id).state
        == "approved"
    )


def test_a_decision_on_an_older_version_is_stale(cast: Cast) -> None:
    request = offered(cast)
    with pytest.raises(Stale):
        services.approve_request(cast.actor("sam"), request.pk, version=request.version + 1)
    assert services.approve_request(cast.actor("sam"), request.pk, version=1).version == 2


def test_nothing_is_decided_twice(cast: Cast) -> None:
    request = offered(cast)
    services.approve_request(cast.actor("sam"), request.pk)
    for again in (
        lambda: services.approve_request(cast.actor("sam"), request.pk),
        lambda: services.deny_request(cast.actor("sam"), request.pk, reason_code="safety"),
        lambda: services.withdraw_request(cast.actor("ana"), request.pk),
    ):
        with pytest.raises(Conflict, match="approved"):
            again()
    assert Grant.objects.count() == 1


def test_a_wish_longer_than_the_agreement_is_shortened(cast: Cast) -> None:
    request = services.approve_request(cast.actor("sam"), offered(cast, until=in_days(900)).pk)
    assert Grant.objects.get().until == cast.agreements["M1"].expires_at
    assert request.state == "approved"


def test_a_request_whose_time_has_passed_is_not_approved_but_lapses(cast: Cast) -> None:
    request = offered(cast)
    ShareRequest.objects.filter(pk=request.pk).update(until=in_days(-1))
    with pytest.raises(Invalid, match="passed"):
        services.approve_request(cast.actor("sam"), request.pk)
    assert (lapse_requests(), lapse_requests()) == (1, 0)
    request.refresh_from_db()
    assert request.state == "lapsed"


def test_no_agreement_in_effect_at_the_decision_no_grant(cast: Cast) -> None:
    request = offered(cast)
    end_agreement(PORTAL, cast.agreements["M1"])
    with pytest.raises(Conflict, match="No agreement"):
        services.approve_request(cast.actor("sam"), request.pk)
    cast.agree("M2", "alpha", "bravo")
    assert services.approve_request(cast.actor("sam"), request.pk).state == "approved"


def test_a_question_goes_back_and_forth(cast: Cast) -> None:
    request = asked(cast)
    with pytest.raises(NotAllowed):
        services.ask_question(cast.actor("bo"), request.pk, text="Why?")
    with pytest.raises(Invalid):
        services.ask_question(cast.actor("lee"), request.pk, text=" ")
    with pytest.raises(Conflict):
        services.answer_question(cast.actor("bo"), request.pk, text="Because")
    questioned = services.ask_question(cast.actor("lee"), request.pk, text="Which street?")
    assert questioned.state == "info_needed"
    with pytest.raises(NotAllowed):
        services.answer_question(cast.actor("sam"), request.pk, text="Elm")
    answered = services.answer_question(cast.actor("bo"), request.pk, text="Elm Street")
    assert answered.state == "under_review"
    notes = RequestNote.objects.filter(request=request).values_list("kind", "text")
    assert list(notes) == [("question", "Which street?"), ("answer", "Elm Street")]
    again = services.ask_question(cast.actor("sam"), request.pk, text="And the number?")
    assert again.state == "info_needed"


def test_the_answer_to_an_offer_comes_from_the_owner_s_own_analyst(cast: Cast) -> None:
    request = offered(cast)
    services.ask_question(cast.actor("sam"), request.pk, text="Are they on the case?")
    answered = services.answer_question(cast.actor("ana"), request.pk, text="They are.")
    told = Message.objects.filter(kind="request.answered").values_list("roster", "role")
    assert answered.state == "under_review"
    assert set(told) == {(cast.id("alpha"), "supervisor")}


def test_who_asked_or_their_supervisor_takes_it_back(cast: Cast) -> None:
    cast.person("ben", "bravo", "analyst")
    request, other = asked(cast), asked(cast)
    for name in ("sam", "ben"):
        with pytest.raises(NotAllowed):
            services.withdraw_request(cast.actor(name), request.pk)
    assert services.withdraw_request(cast.actor("bo"), request.pk).state == "withdrawn"
    assert services.withdraw_request(cast.actor("stella"), other.pk).state == "withdrawn"


def test_only_the_owner_attaches_and_only_what_is_its_own(cast: Cast) -> None:
    request, case = asked(cast), a_case(cast.actor("ana"))
    with pytest.raises(NotAllowed):
        services.attach_record(cast.actor("bo"), request.pk, record_id=case.pk)
    theirs = a_case(cast.actor("bo"), "Bravo's own")
    with pytest.raises(Invalid):
        services.attach_record(cast.actor("lee"), request.pk, record_id=theirs.pk)
    with pytest.raises(Conflict):
        services.attach_record(cast.actor("sam"), offered(cast).pk, record_id=case.pk)
    assert (
        services.attach_record(cast.actor("lee"), request.pk, record_id=case.pk).record_id
        == case.pk
    )


def test_reasons_that_need_words_get_them(cast: Cast) -> None:
    request = offered(cast)
    with pytest.raises(Invalid, match="words"):
        services.deny_request(cast.actor("sam"), request.pk, reason_code="not_reliable")
    denied = services.deny_request(
        cast.actor("sam"), request.pk, reason_code="not_reliable", text="Unverified tip"
    )
    assert denied.reason_code == "not_reliable"
    assert "safety" in denial_codes(denied)


def test_a_denied_offer_was_never_seen_by_whom_it_would_have_reached(cast: Cast) -> None:
    request = offered(cast)
    services.deny_request(cast.actor("sam"), request.pk, reason_code="safety")
    with pytest.raises(NotVisible):
        open_share_request(cast.actor("bo"), request.pk)
    assert open_share_request(cast.actor("ana"), request.pk) == request
    event = Event.objects.get(kind="request.denied")
    assert event.concerns == [cast.id("alpha")]


def test_what_is_allowed_is_what_then_succeeds(cast: Cast) -> None:
    request = asked(cast)
    names = ("sam", "lee", "bo", "stella")
    allowed = {name: set(allowed_on_request(cast.actor(name), request)) for name in names}
    assert allowed == {
        "sam": {"approve", "deny", "question", "attach"},
        "lee": {"question", "attach"},
        "bo": {"withdraw"},
        "stella": {"withdraw"},
    }
    questioned = services.ask_question(cast.actor("sam"), request.pk, text="Which?")
    assert set(allowed_on_request(cast.actor("bo"), questioned)) == {"withdraw", "answer"}


def test_an_unknown_request_is_not_there(cast: Cast) -> None:
    with pytest.raises(NotVisible):
        services.approve_request(cast.actor("sam"), uuid4())
