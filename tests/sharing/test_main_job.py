"""The main job through the services: ask, approve, read, contribute, narrow, revoke."""

from __future__ import annotations

import pytest

from agencies.codes import Level
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from sharing import services
from sharing.actions import Action
from sharing.boxes import requests_for
from sharing.holdings import grant_state, grants_for
from tests.cast import Cast, a_case, an_item, in_days, readable, shared, terms

pytestmark = pytest.mark.django_db


def test_an_ask_by_number_is_approved_with_a_record_and_read(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    an_item(cast.actor("ana"), case)
    request = services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1832", terms=terms()
    )
    assert readable(cast, "bo") == set()
    assert list(requests_for(cast.actor("sam"), "inbox")) == [request]
    decided = services.approve_request(cast.actor("sam"), request.pk, record_id=case.pk)
    assert decided.state == "approved"
    assert readable(cast, "bo") == {"Burglary series", "Blue Civic"}


def test_what_is_protected_is_held_back_unless_given(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    an_item(cast.actor("ana"), case, "Jane Roe", protected=True, label="Victim 1")
    shared(cast, case)
    assert readable(cast, "bo") == {"Burglary series"}
    shared(cast, case, unmask=True)
    assert readable(cast, "bo") == {"Burglary series", "Jane Roe"}
    an_item(cast.actor("ana"), case, "John Roe", protected=True, label="Victim 2")
    assert readable(cast, "bo") == {"Burglary series", "Jane Roe"}
    shared(cast, case, later="all")
    assert readable(cast, "bo") == {"Burglary series", "Jane Roe", "John Roe"}


@pytest.mark.parametrize(
    ("later", "expected"),
    [("no", {"Burglary series"}), ("except_protected", {"Burglary series", "Red van"})],
)
def test_items_added_later_are_reached_as_decided(
    cast: Cast, later: str, expected: set[str]
) -> None:
    case = a_case(cast.actor("ana"))
    shared(cast, case, later=later)
    an_item(cast.actor("ana"), case, "Red van")
    assert readable(cast, "bo") == expected


def test_chosen_items_come_with_the_case_at_summary(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    chosen = an_item(cast.actor("ana"), case, "Blue Civic")
    an_item(cast.actor("ana"), case, "Red van")
    shared(cast, case, items=[chosen.pk])
    assert readable(cast, "bo", Action.LIST) == {"Burglary series", "Blue Civic"}
    assert readable(cast, "bo", Action.READ) == {"Blue Civic"}


def test_nobody_approves_their_own_request_through_any_hat(cast: Cast) -> None:
    cast.person("ana2", "bravo", "supervisor", also="ana")
    cast.person("sam2", "bravo", "analyst", also="sam")
    case = a_case(cast.actor("ana"))
    own = services.offer_record(
        cast.actor("sam"), record_id=case.pk, roster_id=cast.id("bravo"), terms=terms()
    )
    with pytest.raises(NotAllowed, match="own request"):
        services.approve_request(cast.actor("sam"), own.pk)
    offered = services.offer_record(
        cast.actor("ana"), record_id=case.pk, roster_id=cast.id("bravo"), terms=terms()
    )
    with pytest.raises(NotAllowed, match="access of your own"):
        services.approve_request(cast.actor("sam"), offered.pk)
    cast.person("sue", "alpha", "supervisor")
    assert services.approve_request(cast.actor("sue"), offered.pk).state == "approved"


def test_revoking_ends_reading_at_once_and_is_idempotent(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    item = an_item(cast.actor("ana"), case)
    grant = shared(cast, case, items=[item.pk])
    with pytest.raises(NotAllowed):
        services.revoke_grant(cast.actor("bo"), grant.pk, reason_code="need_ended")
    services.revoke_grant(cast.actor("ana"), grant.pk, reason_code="need_ended")
    assert readable(cast, "bo", Action.KNOW) == set()
    again = services.revoke_grant(cast.actor("ana"), grant.pk, reason_code="misuse")
    assert grant_state(again) == "revoked"
    assert again.revoke_reason == "need_ended"
    assert list(grants_for(cast.actor("bo"))) == []


def test_contributing_opens_when_the_supervisor_acknowledges(cast: Cast) -> None:
    from sharing.contributions import contribution_for

    case = a_case(cast.actor("ana"))
    grant = shared(cast, case, level=Level.CONTRIBUTE)
    with pytest.raises(NotAllowed, match="acknowledged"):
        contribution_for(cast.actor("bo"), case.pk)
    with pytest.raises(NotAllowed):
        services.acknowledge_grant(cast.actor("bo"), grant.pk)
    services.acknowledge_grant(cast.actor("stella"), grant.pk)
    contribution, direct = contribution_for(cast.actor("bo"), case.pk)
    assert direct
    an_item(cast.actor("bo"), case, "Pawn ticket", cover=contribution)
    assert "Pawn ticket" in readable(cast, "ana", Action.READ)
    services.revoke_grant(cast.actor("sam"), grant.pk, reason_code="case_closed")
    assert readable(cast, "bo") == {"Contribution of Bravo Police", "Pawn ticket"}
    assert "Pawn ticket" in readable(cast, "ana", Action.READ)


def test_narrowing_only_takes_away(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    item = an_item(cast.actor("ana"), case)
    an_item(cast.actor("ana"), case, "Red van")
    grant = shared(cast, case)
    with pytest.raises(Invalid):
        services.narrow_grant(cast.actor("ana"), grant.pk, level=Level.CONTRIBUTE)
    services.narrow_grant(cast.actor("ana"), grant.pk, level=Level.SUMMARY, until=in_days(3))
    assert readable(cast, "bo", Action.READ) == set()
    assert readable(cast, "bo") == {"Burglary series", "Blue Civic", "Red van"}
    services.narrow_grant(cast.actor("ana"), grant.pk, items=[item.pk])
    assert readable(cast, "bo") == {"Burglary series", "Blue Civic"}


def test_no_agreement_no_grant(cast: Cast) -> None:
    cast.agency("charlie")
    case = a_case(cast.actor("ana"))
    with pytest.raises(Conflict):
        services.offer_record(
            cast.actor("ana"), record_id=case.pk, roster_id=cast.id("charlie"), terms=terms()
        )
    secret = a_case(cast.actor("ana"), "Informant file", category="criminal_intelligence")
    with pytest.raises(Conflict):
        shared(cast, secret)


def test_what_was_received_is_not_passed_on(cast: Cast) -> None:
    cast.agency("charlie")
    cast.agree("M2", "bravo", "charlie")
    case = a_case(cast.actor("ana"))
    shared(cast, case)
    with pytest.raises(NotAllowed, match="Alpha Police"):
        services.offer_record(
            cast.actor("bo"), record_id=case.pk, roster_id=cast.id("charlie"), terms=terms()
        )


def test_a_stranger_cannot_ask_for_what_it_may_not_know(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    with pytest.raises(NotVisible):
        services.ask_for_record(cast.actor("bo"), record_id=case.pk, terms=terms())


def test_a_silent_record_is_denied_only_with_words_that_fit_none(cast: Cast) -> None:
    case = a_case(cast.actor("ana"), findability="silent")
    request = services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1", terms=terms()
    )
    services.attach_record(cast.actor("lee"), request.pk, record_id=case.pk)
    with pytest.raises(Invalid):
        services.deny_request(cast.actor("sam"), request.pk, reason_code="safety")
    denied = services.deny_request(cast.actor("sam"), request.pk, reason_code="nothing_releasable")
    assert denied.state == "denied"


def test_a_renewal_supersedes_when_approved(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    grant = shared(cast, case)
    request = services.renew_grant(
        cast.actor("bo"), grant.pk, until=in_days(60), reason="Still working it"
    )
    services.approve_request(cast.actor("sam"), request.pk)
    grant.refresh_from_db()
    assert grant_state(grant) == "superseded"
    assert readable(cast, "bo", Action.READ) == {"Burglary series"}
