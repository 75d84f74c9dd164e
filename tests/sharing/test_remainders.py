"""What is left of access after it was narrowed, or after the agreement beneath it changed."""

from __future__ import annotations

import pytest
from django.db.models.functions import Now

from agencies.codes import Level
from agencies.refusals import Invalid
from agencies.services import end_agreement, join_agreement, leave_agreement
from sharing import services
from sharing.contributions import contribution_of
from sharing.models import Grant, Record
from sharing.preview import preview
from tests.cast import PORTAL, Cast, a_case, an_item, readable, shared, terms

pytestmark = pytest.mark.django_db


def leave_and_return(cast: Cast) -> None:
    leave_agreement(PORTAL, cast.agreements["M1"], cast.agencies["bravo"])
    join_agreement(PORTAL, cast.agreements["M1"], cast.agencies["bravo"])


def give_chosen(cast: Cast, case: Record, item: Record) -> None:
    request = services.offer_record(
        cast.actor("ana"),
        record_id=case.pk,
        roster_id=cast.id("bravo"),
        terms=terms(items=[item.pk]),
    )
    services.approve_request(cast.actor("sam"), request.pk)


@pytest.mark.parametrize("held_back", [{"protected": True}, {"cover": None}])
def test_narrowing_to_items_gives_none_that_was_held_back(
    cast: Cast, held_back: dict[str, object]
) -> None:
    case = a_case(cast.actor("ana"))
    victim = an_item(cast.actor("ana"), case, "Jane Roe", **held_back)
    car = an_item(cast.actor("ana"), case)
    grant = shared(cast, case)
    with pytest.raises(Invalid, match="only takes away"):
        services.narrow_grant(cast.actor("ana"), grant.pk, items=[car.pk, victim.pk])
    assert readable(cast, "bo") == {"Burglary series", "Blue Civic"}
    services.narrow_grant(cast.actor("ana"), grant.pk, items=[car.pk])
    assert readable(cast, "bo") == {"Burglary series", "Blue Civic"}


def test_narrowing_to_items_gives_none_that_came_too_late(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    car = an_item(cast.actor("ana"), case)
    grant = shared(cast, case, later="no")
    late = an_item(cast.actor("ana"), case, "Red van")
    with pytest.raises(Invalid):
        services.narrow_grant(cast.actor("ana"), grant.pk, items=[late.pk])
    services.narrow_grant(cast.actor("ana"), grant.pk, items=[car.pk])
    assert readable(cast, "bo") == {"Burglary series", "Blue Civic"}


def test_narrowing_revives_nothing_that_ended_when_a_party_left(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    car = an_item(cast.actor("ana"), case)
    grant = shared(cast, case)
    leave_and_return(cast)
    services.narrow_grant(cast.actor("ana"), grant.pk, items=[car.pk])
    assert readable(cast, "bo") == set()
    left = Grant.objects.get(record_id=car.pk)
    assert left.issued_at == grant.issued_at


def test_what_narrowing_leaves_takes_the_place_of_what_ran_out_meanwhile(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    car = an_item(cast.actor("ana"), case)
    grant = shared(cast, case)
    give_chosen(cast, case, car)
    single = Grant.objects.get(record_id=car.pk)
    Grant.objects.filter(pk=single.pk).update(until=Now())
    services.narrow_grant(cast.actor("ana"), grant.pk, items=[car.pk])
    assert readable(cast, "bo") == {"Burglary series", "Blue Civic"}


def test_chosen_items_bring_the_case_where_an_older_grant_of_it_gives_nothing_now(
    cast: Cast,
) -> None:
    case = a_case(cast.actor("ana"))
    car = an_item(cast.actor("ana"), case)
    shared(cast, case)
    end_agreement(PORTAL, cast.agreements["M1"])
    cast.agree("M2", "alpha", "bravo")
    give_chosen(cast, case, car)
    assert readable(cast, "bo") == {"Burglary series", "Blue Civic"}


def test_chosen_items_leave_a_grant_of_the_whole_case_as_it_is(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    car = an_item(cast.actor("ana"), case)
    whole = shared(cast, case)
    give_chosen(cast, case, car)
    assert Grant.objects.get(record_id=case.pk, revoked_at=None) == whole


def test_acknowledging_anew_after_a_return_lets_the_owner_read_the_contribution_again(
    cast: Cast,
) -> None:
    case = a_case(cast.actor("ana"))
    both = {"Burglary series", "Contribution of Bravo Police"}
    grant = shared(cast, case, level=Level.CONTRIBUTE)
    services.acknowledge_grant(cast.actor("stella"), grant.pk)
    assert readable(cast, "ana") == both
    leave_and_return(cast)
    assert readable(cast, "ana") == {"Burglary series"}
    services.acknowledge_grant(cast.actor("stella"), shared(cast, case, level=Level.CONTRIBUTE).pk)
    assert readable(cast, "ana") == both
    services.acknowledge_grant(cast.actor("stella"), shared(cast, case, level=Level.CONTRIBUTE).pk)
    assert Grant.objects.filter(roster_id=cast.id("alpha"), revoked_at=None).count() == 1


def test_the_count_before_giving_leaves_out_what_came_from_elsewhere(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    cast.agency("charlie")
    an_item(cast.actor("ana"), case)
    received = an_item(
        cast.actor("ana"), case, "Red van", label="Vehicle 2", originator_id=cast.id("charlie")
    )
    told = preview(cast.actor("ana"), case.pk, roster_id=cast.id("bravo"), level=Level.VIEW)
    assert (told.total, told.shown, told.held_back) == (2, 1, [received.label])
    shared(cast, case)
    assert readable(cast, "bo") == {"Burglary series", "Blue Civic"}


def test_the_count_before_giving_a_contribution_is_of_what_it_covers(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    grant = shared(cast, case, level=Level.CONTRIBUTE)
    services.acknowledge_grant(cast.actor("stella"), grant.pk)
    contribution = contribution_of(cast.id("bravo"), case.pk)
    assert contribution is not None
    an_item(cast.actor("bo"), case, "Pawn ticket", cover=contribution)
    told = preview(cast.actor("bo"), contribution.pk, roster_id=cast.id("alpha"), level=Level.VIEW)
    assert (told.total, told.shown, told.held_back) == (1, 1, [])
