"""Nominations: proposed by a coordinator, accepted by the person, validated by a second."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db.models.functions import Now

from agencies.actors import Actor, acting_as
from agencies.codes import Role, Sensitivity
from agencies.links import key_in, token_for
from agencies.models import Membership, Nomination, Person
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services import (
    accept_as_new,
    accept_nomination,
    change_post,
    confirm_address,
    consent_to_nomination,
    disable_person,
    end_membership,
    invite_auditor,
    nominate,
    propose_address,
    refuse_nomination,
    register_program,
    set_agency_status,
    validate_nomination,
    withdraw_nomination,
)
from agencies.services.auditor import accept_with_the_others
from agencies.tenure import STEPS, Tenure, possible
from ledger.courier import deliver_batch
from tests.agencies.cast import PASSWORD, PORTAL, Cast, days, events, known, last_event, post

State = Nomination.State


def nominated(cast: Cast, name: str = "new", by: str = "kim", **changes: Any) -> Nomination:
    """Return a nomination of somebody by somebody, to Alpha unless said."""
    values = {"roles": ["analyst"], "ceiling": Sensitivity.SENSITIVE, **changes}
    agency = values.pop("agency", cast.alpha)
    return nominate(cast.acts(by), agency, email=f"{name}@example.org", name=name.title(), **values)


def accepted(cast: Cast, name: str = "new", **changes: Any) -> Nomination:
    """Return a nomination that a person who is known accepted."""
    return accept_nomination(nominated(cast, name, **changes), person=known(name))


def acts(person: Person, agency: Any) -> bool:
    """Return whether a person can act in an agency."""
    return Membership.objects.acting().filter(person=person, agency=agency).exists()


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


def test_the_nominee_is_sent_a_link_and_the_seconds_are_told(cast: Cast) -> None:
    made = nominated(cast)
    deliver_batch()
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    token = sent.body.split("/people/invitation/")[1].split("/")[0]
    assert key_in("nomination", token) == made.pk
    assert "Alpha Police" in sent.body
    mail.outbox.clear()
    accept_as_new(made, password=PASSWORD)
    deliver_batch()
    assert [one.to for one in mail.outbox] == [["sam@example.org"]]


def test_a_link_of_another_sort_or_forged_leads_nowhere(cast: Cast) -> None:
    made = nominated(cast)
    token = token_for("nomination", made.pk)
    assert key_in("nomination", token) == made.pk
    assert key_in("address", token) is None
    assert key_in("nomination", f"{token}x") is None


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
        refuse_nomination(cast.acts("bo2") if hasattr(cast, "bo2") else _stranger(cast), made)
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


def test_an_account_that_is_known_accepts_signed_in(cast: Cast) -> None:
    made = nominated(cast)
    known("new")
    with pytest.raises(Conflict, match="sign in with it"):
        accept_as_new(made, password=PASSWORD)


def test_a_nomination_of_somebody_known_is_theirs_alone(cast: Cast) -> None:
    made = nominated(cast, "bo")
    with pytest.raises(NotAllowed, match="somebody else's"):
        accept_nomination(made, person=cast.bea.person)


@pytest.mark.parametrize("who", ["kim", "ana", "root", "disabled"])
def test_who_cannot_accept(cast: Cast, who: str) -> None:
    made = nominated(cast)
    person = {
        "kim": cast.kim.person,
        "ana": cast.ana.person,
        "root": Person.objects.get(pk=cast.root.person_id),
        "disabled": disable_person(PORTAL, known("gone")),
    }[who]
    with pytest.raises((Conflict, NotAllowed)):
        accept_nomination(made, person=person)
    assert accept_nomination(made, person=known("else")).state == State.ACCEPTED


def test_a_mover_takes_the_new_address_along(cast: Cast) -> None:
    made = nominated(cast, "ana.new", by="bea", agency=cast.bravo)
    accept_nomination(made, person=cast.ana.person, take_address=True)
    cast.ana.person.refresh_from_db()
    assert cast.ana.person.email == "ana.new@example.org"


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


def test_an_auditor_from_outside_is_invited_to_several_agencies_until_a_day(cast: Cast) -> None:
    until = days(30)
    for name in ("kim", "sam", "ida"):
        with pytest.raises(NotAllowed):
            invite_auditor(
                cast.acts(name), email="x@example.org", name="X", agencies=[cast.alpha], until=until
            )
    made = invite_auditor(
        cast.root,
        email="x@example.org",
        name="X",
        agencies=[cast.alpha, cast.bravo, cast.alpha],
        until=until,
    )
    deliver_batch()
    assert [one.to for one in mail.outbox] == [["x@example.org"]]
    first = accept_as_new(made[0], password=PASSWORD)
    (other,) = accept_with_the_others(first)
    assert accept_with_the_others(other) == []
    posts = Membership.objects.filter(person=first.person)
    assert {(one.agency_id, *one.roles, one.ceiling, one.ended_at) for one in posts} == {
        (agency.pk, "auditor", Sensitivity.ROUTINE, until) for agency in (cast.alpha, cast.bravo)
    }
    assert acts(posts[0].person, cast.alpha)


def test_an_invitation_makes_sense(cast: Cast) -> None:
    def invite(**changes: Any) -> Any:
        values = {"email": "x@example.org", "agencies": [cast.alpha], "until": days(30)} | changes
        return invite_auditor(cast.root, name="X", **values)

    for wrong in ({"agencies": []}, {"until": days(-1)}, {"until": days(400)}):
        with pytest.raises(Invalid):
            invite(**wrong)
    with pytest.raises(Conflict, match="works for an agency"):
        invite(email="bo@example.org")
    assert accept_with_the_others(nominated(cast)) == []
    assert len(invite()) == 1


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


def test_a_second_refuses_a_wider_post(cast: Cast) -> None:
    made = change_post(cast.acts("kim"), cast.ana, roles=["analyst", "supervisor"], ceiling=2)
    assert made is not None
    with pytest.raises(NotVisible):
        refuse_nomination(cast.acts("bea"), made)
    assert refuse_nomination(cast.acts("sam"), made).state == State.REFUSED


def test_nobody_is_written_to_about_what_was_closed_meanwhile(cast: Cast) -> None:
    withdraw_nomination(cast.acts("kim"), nominated(cast, "bo"))
    refuse_nomination(cast.acts("sam"), accepted(cast))
    confirm_address(
        cast.ana.person, propose_address(cast.acts("kim"), cast.ana.person, email="a@b.example")
    )
    deliver_batch()
    assert [one.to for one in mail.outbox] == [["ana@example.org"]]


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


def test_consent_that_came_first_opens_it_when_the_person_accepts(cast: Cast) -> None:
    made = nominate(
        cast.root, cast.alpha, email="bo@example.org", name="Bo", roles=["coordinator"], ceiling=1
    )
    consent_to_nomination(cast.acts("bea"), made)
    made.refresh_from_db()
    assert made.state == "nominated"
    assert accept_nomination(made, person=cast.bo.person).state == "active"
