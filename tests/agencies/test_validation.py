"""A second validates a post, other agencies consent, and whoever is asked may say no."""

from __future__ import annotations

import pytest
from django.core import mail

from agencies.actors import Actor, acting_as
from agencies.codes import Role
from agencies.refusals import Conflict, NotAllowed, NotVisible
from agencies.services import (
    accept_nomination,
    change_post,
    consent_to_nomination,
    end_membership,
    nominate,
    refuse_nomination,
    set_agency_status,
    validate_nomination,
)
from ledger.courier import deliver_batch
from tests.agencies.cast import PORTAL, Cast, events, last_event, post
from tests.agencies.nominated import State, accepted, acts, nominated


def test_nobody_nominates_themselves_or_validates_what_is_theirs(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="themselves"):
        nominated(cast, "kim")
    second = post(cast.alpha, "kit", Role.COORDINATOR, Role.SUPERVISOR)
    made = accepted(cast)
    for one in (cast.acts("kim"), Actor(person_id=made.person_id)):
        with pytest.raises(NotAllowed, match="second person"):
            validate_nomination(one, made)
    assert validate_nomination(acting_as(second), made).state == State.ACTIVE


@pytest.mark.parametrize("name", ["ana", "lee", "ida", "root"])
def test_others_validate_nothing_where_the_agency_has_a_second(cast: Cast, name: str) -> None:
    made = accepted(cast)
    with pytest.raises(NotAllowed):
        validate_nomination(cast.acts(name), made)
    assert validate_nomination(cast.acts("sam"), made).state == State.ACTIVE


def test_nobody_of_another_agency_validates(cast: Cast) -> None:
    made = accepted(cast)
    with pytest.raises(NotVisible):
        validate_nomination(cast.acts("bea"), made)


def test_an_administrator_validates_where_nobody_else_can(cast: Cast) -> None:
    made = accepted(cast, by="bea", agency=cast.bravo)
    with pytest.raises(NotAllowed, match="release authority or another"):
        validate_nomination(cast.acts("bo"), made)
    assert validate_nomination(cast.root, made).state == State.ACTIVE


def test_a_coordinators_post_is_validated_by_an_administrator(cast: Cast) -> None:
    made = accepted(cast, roles=["coordinator", "analyst"])
    with pytest.raises(NotAllowed, match="takes a portal administrator"):
        validate_nomination(cast.acts("sam"), made)
    assert validate_nomination(cast.root, made).state == State.ACTIVE


def test_the_portal_validates(cast: Cast) -> None:
    assert validate_nomination(PORTAL, accepted(cast)).state == State.ACTIVE


def test_a_person_of_another_agency_takes_that_agencys_consent_and_their_own(cast: Cast) -> None:
    made = nominated(cast, "bo")
    assert made.person == cast.bo.person
    assert last_event().concerns == [cast.alpha.pk, cast.bravo.pk]
    deliver_batch()
    assert {tuple(one.to) for one in mail.outbox} == {("bo@example.org",), ("bea@example.org",)}
    made = accept_nomination(made, person=cast.bo.person)
    with pytest.raises(Conflict, match="Bravo Police has not consented"):
        validate_nomination(cast.acts("sam"), made)
    for name in ("bo", "kim", "root"):
        with pytest.raises(NotVisible):
            consent_to_nomination(cast.acts(name), made)
    consent_to_nomination(cast.acts("bea"), made)
    assert last_event().kind == "nomination.consented"
    before = events()
    consent_to_nomination(cast.acts("bea"), made)
    assert events() == before
    assert validate_nomination(cast.acts("sam"), made).state == State.ACTIVE
    assert acts(cast.bo.person, cast.alpha)
    assert acts(cast.bo.person, cast.bravo)


def test_an_administrator_consents_for_an_agency_that_nobody_runs(cast: Cast) -> None:
    made = accept_nomination(nominated(cast, "bo"), person=cast.bo.person)
    set_agency_status(PORTAL, cast.bravo, status="suspended")
    consent_to_nomination(cast.root, made)
    assert validate_nomination(cast.acts("sam"), made).state == State.ACTIVE


def test_whoever_left_the_other_agency_needs_its_consent_no_more(cast: Cast) -> None:
    made = accept_nomination(nominated(cast, "bo"), person=cast.bo.person)
    end_membership(PORTAL, cast.bo)
    assert validate_nomination(cast.acts("sam"), made).state == State.ACTIVE


def test_another_agency_may_refuse(cast: Cast) -> None:
    made = nominated(cast, "bo")
    with pytest.raises(NotVisible):
        refuse_nomination(_stranger(cast), made)
    assert refuse_nomination(cast.acts("bea"), made).state == State.REFUSED
    with pytest.raises(Conflict, match="closed"):
        consent_to_nomination(cast.acts("bea"), made)


def _stranger(cast: Cast) -> Actor:
    return acting_as(post(cast.bravo, "ben", Role.ANALYST))


def test_the_person_and_a_second_may_refuse(cast: Cast) -> None:
    mine = nominated(cast, "bo")
    assert refuse_nomination(cast.acts("bo"), mine).state == State.REFUSED
    other = accepted(cast)
    with pytest.raises(NotAllowed):
        refuse_nomination(cast.acts("ana"), other)
    assert refuse_nomination(cast.acts("sam"), other).state == State.REFUSED
    assert last_event().kind == "nomination.refused"


def test_a_second_refuses_a_wider_post(cast: Cast) -> None:
    made = change_post(cast.acts("kim"), cast.ana, roles=["analyst", "supervisor"], ceiling=2)
    assert made is not None
    with pytest.raises(NotVisible):
        refuse_nomination(cast.acts("bea"), made)
    assert refuse_nomination(cast.acts("sam"), made).state == State.REFUSED


def test_a_coordinator_appointed_from_another_agency_takes_its_consent(cast: Cast) -> None:
    made = nominate(
        cast.root, cast.alpha, email="bo@example.org", name="Bo", roles=["coordinator"], ceiling=1
    )
    accept_nomination(made, person=cast.bo.person)
    made.refresh_from_db()
    assert made.state == "accepted"
    assert not cast.bo.person.memberships.filter(agency=cast.alpha).exists()
    consent_to_nomination(cast.acts("bea"), made)
    made.refresh_from_db()
    assert made.state == "active"
    assert made.post is not None
    assert made.post.roles == ["coordinator"]
