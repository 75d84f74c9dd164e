"""Nominations: proposed by a coordinator, once, and taken back by one."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db.models.functions import Now

from agencies.codes import Role, Sensitivity
from agencies.models import Membership, Nomination, Person
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services import (
    accept_as_new,
    accept_nomination,
    confirm_address,
    end_membership,
    nominate,
    propose_address,
    refuse_nomination,
    register_program,
    validate_nomination,
    withdraw_nomination,
)
from agencies.tenure import STEPS, Tenure, possible
from ledger.courier import deliver_batch
from tests.agencies.cast import PASSWORD, PORTAL, Cast, days, events, known, last_event
from tests.agencies.nominated import State, accepted, acts, nominated


def test_a_nomination_opens_nothing_until_it_is_accepted_and_validated(cast: Cast) -> None:
    made = nominated(cast)
    assert (made.state, made.person, last_event().kind) == ("nominated", None, "nomination.made")
    made = accept_as_new(made, password=PASSWORD)
    person = Person.objects.get(email="new@example.org")
    assert (made.state, made.person, person.check_password(PASSWORD)) == (
        "accepted",
        person,
        True,
    )
    assert not acts(person, cast.alpha)
    made = validate_nomination(cast.acts("sam"), made)
    assert (made.state, made.decided_by_id) == ("active", cast.sam.person_id)
    assert made.post is not None
    assert (made.post.roles, made.post.ceiling) == (["analyst"], Sensitivity.SENSITIVE)
    assert acts(person, cast.alpha)
    assert (last_event().kind, last_event().facts["person"]) == (
        "nomination.validated",
        str(person.pk),
    )


@pytest.mark.parametrize("name", ["ana", "sam", "lee", "ida"])
def test_only_the_coordinator_nominates(cast: Cast, name: str) -> None:
    before = events()
    with pytest.raises(NotAllowed, match="coordinator of that agency"):
        nominated(cast, by=name)
    assert events() == before
    assert nominated(cast).state == State.NOMINATED


@pytest.mark.parametrize("name", ["bea", "bo"])
def test_nobody_nominates_to_another_agency(cast: Cast, name: str) -> None:
    with pytest.raises(NotVisible):
        nominated(cast, by=name)
    assert nominated(cast, by="bea", agency=cast.bravo).agency == cast.bravo


def test_an_administrator_nominates_coordinators_alone_who_need_no_second(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="appoints coordinators"):
        nominated(cast, by="root")
    made = nominated(cast, by="root", roles=[Role.COORDINATOR])
    made = accept_as_new(made, password=PASSWORD)
    assert (made.state, made.post is not None) == ("active", True)


def test_the_portal_itself_nominates_whom_it_likes(cast: Cast) -> None:
    made = nominate(
        PORTAL,
        cast.alpha,
        email="new@example.org",
        name="New",
        roles=["analyst"],
        ceiling=Sensitivity.ROUTINE,
    )
    assert accept_as_new(made, password=PASSWORD).state == State.ACTIVE


def test_a_coordinator_or_an_administrator_withdraws(cast: Cast) -> None:
    first = nominated(cast)
    for name, refusal in (("sam", NotAllowed), ("bea", NotVisible)):
        with pytest.raises(refusal):
            withdraw_nomination(cast.acts(name), first)
    assert withdraw_nomination(cast.acts("kim"), first).state == State.WITHDRAWN
    assert withdraw_nomination(cast.root, nominated(cast)).state == State.WITHDRAWN


def test_one_is_nominated_once_and_not_where_one_has_a_post(cast: Cast) -> None:
    made = nominated(cast)
    with pytest.raises(Conflict, match="nominated there already"):
        nominated(cast)
    with pytest.raises(Conflict, match="change that one"):
        nominated(cast, "ana")
    Nomination.objects.filter(pk=made.pk).update(expires_at=Now())
    assert nominated(cast).state == State.NOMINATED
    assert Nomination.objects.get(pk=made.pk).state == State.WITHDRAWN


def test_what_is_not_answered_in_time_is_not_answered_at_all(cast: Cast) -> None:
    made, other = nominated(cast), accepted(cast, "old")
    Nomination.objects.update(expires_at=Now())
    with pytest.raises(Conflict, match="in time"):
        accept_as_new(made, password=PASSWORD)
    with pytest.raises(Conflict, match="in time"):
        validate_nomination(cast.acts("sam"), other)
    assert refuse_nomination(cast.acts("sam"), other).state == State.REFUSED


def test_each_step_leads_on_from_its_own_states_alone(cast: Cast) -> None:
    made = nominated(cast)
    with pytest.raises(Conflict, match="nominated; that cannot be done now"):
        validate_nomination(cast.acts("sam"), made)
    made = validate_nomination(cast.acts("sam"), accept_nomination(made, person=known("new")))
    for step in (validate_nomination, refuse_nomination, withdraw_nomination):
        with pytest.raises(Conflict, match="validated; that cannot be done now"):
            step(cast.acts("sam"), made)


def test_administrators_and_unknown_roles_are_refused(cast: Cast) -> None:
    with pytest.raises(Conflict, match="holds no such post"):
        nominated(cast, "root")
    with pytest.raises(Invalid):
        nominated(cast, roles=[])
    with pytest.raises(Invalid):
        nominate(
            cast.acts("kim"),
            cast.alpha,
            email="no address",
            name="X",
            roles=["analyst"],
            ceiling=Sensitivity.ROUTINE,
        )


def test_a_temporary_post_ends_within_72_hours(cast: Cast) -> None:
    made = validate_nomination(cast.acts("sam"), accepted(cast, temporary=True))
    assert made.post is not None
    found = Membership.objects.get(pk=made.post.pk)
    assert found.temporary
    assert found.ended_at is not None
    assert (found.ended_at - found.started_at).total_seconds() == 72 * 3600
    with pytest.raises(Conflict, match="72 hours"):
        end_membership(cast.acts("kim"), found, at=days(10))
    assert end_membership(cast.acts("kim"), found, at=days(1)).ended_at < found.ended_at  # type: ignore[operator]


def test_the_table_says_where_each_state_leads() -> None:
    assert possible(Tenure.NOMINATED) == {"accept", "refuse", "withdraw"}
    assert possible(Tenure.ENDED) == set()
    assert {step.target for step in STEPS} == set(Tenure) - {Tenure.NOMINATED}


def test_a_program_is_nominated_nowhere(cast: Cast) -> None:
    program = register_program(
        cast.acts("kim"),
        name="Records",
        answerable=cast.ana,
        roles=["analyst"],
        scopes=["read"],
        ceiling=Sensitivity.ROUTINE,
    )
    with pytest.raises(Conflict, match="no person"):
        nominate(
            cast.acts("bea"),
            cast.bravo,
            email=program.membership.person.email,
            name="Records",
            roles=["analyst"],
            ceiling=Sensitivity.ROUTINE,
        )


def test_nobody_is_written_to_about_what_was_closed_meanwhile(cast: Cast) -> None:
    withdraw_nomination(cast.acts("kim"), nominated(cast, "bo"))
    refuse_nomination(cast.acts("sam"), accepted(cast))
    confirm_address(
        cast.ana.person, propose_address(cast.acts("kim"), cast.ana.person, email="a@b.example")
    )
    deliver_batch()
    assert [one.to for one in mail.outbox] == [["ana@example.org"]]
