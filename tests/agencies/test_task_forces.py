"""Task forces are formed, and posts are seconded to them and recalled."""

from __future__ import annotations

import pytest
from django.db import connection

from agencies.codes import Role
from agencies.models import Agreement, Membership, Roster, TaskForce
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services import (
    end_agreement,
    end_membership,
    end_secondment,
    form_task_force,
    leave_agreement,
    second,
)
from tests.agencies.cast import PORTAL, Cast, agreement, events, last_event, on_board, post


@pytest.fixture
def signed(cast: Cast) -> Agreement:
    return agreement(cast.alpha, cast.bravo)


@pytest.fixture
def river(cast: Cast, signed: Agreement) -> TaskForce:
    return form_task_force(
        cast.acts("kim"), short_name="river", name="River", lead=cast.alpha, agreement=signed
    )


def seats(membership: Membership) -> set[object]:
    """Return the rosters that a post sits in, as the rule sees them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT roster_id FROM agencies_seat WHERE membership_id = %s", [membership.pk]
        )
        return {roster for (roster,) in cursor.fetchall()}


def test_a_task_force_is_formed_once_with_its_roster(
    cast: Cast, signed: Agreement, river: TaskForce
) -> None:
    assert Roster.objects.get(pk=river.pk).task_force == river
    assert (last_event().kind, last_event().target) == ("task_force.formed", river.pk)
    before = events()
    again = form_task_force(
        PORTAL, short_name="RIVER", name="River", lead=cast.alpha, agreement=signed
    )
    assert (again, events()) == (river, before)
    with pytest.raises(Conflict, match="another task force"):
        form_task_force(PORTAL, short_name="river", name="River", lead=cast.bravo, agreement=signed)


@pytest.mark.parametrize("name", ["ana", "sam", "bea"])
def test_the_leads_coordinator_forms_it(cast: Cast, signed: Agreement, name: str) -> None:
    with pytest.raises(NotAllowed):
        form_task_force(
            cast.acts(name), short_name="hill", name="Hill", lead=cast.alpha, agreement=signed
        )
    made = form_task_force(
        cast.root, short_name="hill", name="Hill", lead=cast.alpha, agreement=signed
    )
    assert made.lead == cast.alpha


def test_it_is_led_by_a_party_to_an_agreement_in_effect(cast: Cast, signed: Agreement) -> None:
    with pytest.raises(Conflict, match="led by a party"):
        form_task_force(
            PORTAL, short_name="hill", name="Hill", lead=on_board("delta"), agreement=signed
        )
    end_agreement(PORTAL, signed)
    with pytest.raises(Conflict, match="led by a party"):
        form_task_force(PORTAL, short_name="hill", name="Hill", lead=cast.alpha, agreement=signed)


def test_a_task_force_has_a_name(cast: Cast, signed: Agreement) -> None:
    with pytest.raises(Invalid):
        form_task_force(PORTAL, short_name="hill", name=" ", lead=cast.alpha, agreement=signed)


def test_a_seconded_post_sits_in_the_roster_until_it_is_recalled(
    cast: Cast, river: TaskForce
) -> None:
    seat = second(cast.acts("kim"), river, cast.bo)
    assert seats(cast.bo) == {cast.bravo.pk, cast.bo.pk, river.pk}
    assert set(last_event().concerns) == {cast.alpha.pk, cast.bravo.pk}
    before = events()
    assert second(cast.acts("kim"), river, cast.bo) == seat
    assert events() == before
    end_secondment(cast.acts("bea"), seat)
    assert seats(cast.bo) == {cast.bravo.pk, cast.bo.pk}
    assert last_event().kind == "secondment.ended"
    before = events()
    end_secondment(cast.acts("bea"), seat)
    assert events() == before


@pytest.mark.parametrize("name", ["ana", "sam", "bea", "bo", "root"])
def test_the_leads_coordinator_seats_people_and_nobody_else(
    cast: Cast, river: TaskForce, name: str
) -> None:
    with pytest.raises(NotAllowed):
        second(cast.acts(name), river, cast.bo)
    assert seats(cast.bo) == {cast.bravo.pk, cast.bo.pk}


def test_nobody_seats_themselves(cast: Cast, river: TaskForce) -> None:
    with pytest.raises(NotAllowed, match="Nobody seats themselves"):
        second(cast.acts("kim"), river, cast.kim)
    assert second(PORTAL, river, cast.kim).membership == cast.kim


def test_only_the_people_of_a_current_party_are_seated(
    cast: Cast, river: TaskForce, signed: Agreement
) -> None:
    stranger = post(on_board("delta"), "dot", Role.ANALYST)
    kim = cast.acts("kim")
    with pytest.raises(Conflict, match="not a party"):
        second(kim, river, stranger)
    leave_agreement(PORTAL, signed, cast.bravo)
    with pytest.raises(Conflict, match="not a party"):
        second(kim, river, cast.bo)
    assert second(kim, river, cast.ana).membership == cast.ana
    assert second(PORTAL, river, stranger).membership == stranger


def test_an_ended_post_is_not_seated(cast: Cast, river: TaskForce) -> None:
    end_membership(PORTAL, cast.bo)
    with pytest.raises(Conflict, match="post has ended"):
        second(PORTAL, river, cast.bo)


@pytest.mark.parametrize("name", ["kim", "sam", "bea", "root"])
def test_either_side_recalls(cast: Cast, river: TaskForce, name: str) -> None:
    seat = second(PORTAL, river, cast.bo)
    assert end_secondment(cast.acts(name), seat).ended_at is not None


@pytest.mark.parametrize("name", ["ana", "lee", "ida", "bo"])
def test_others_do_not_recall(cast: Cast, river: TaskForce, name: str) -> None:
    seat = second(PORTAL, river, cast.bo)
    with pytest.raises(NotAllowed):
        end_secondment(cast.acts(name), seat)
    seat.refresh_from_db()
    assert seat.ended_at is None
