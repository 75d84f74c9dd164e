"""Somebody is nominated for a post; they accept it, and a second validates it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from agencies.arranged import require_arranged
from agencies.authority import By, is_administrator
from agencies.charge import require_own_people
from agencies.clock import database_time
from agencies.codes import Role
from agencies.figures import NOMINATION_OPEN_FOR, TEMPORARY_FOR
from agencies.lines import email_address, line
from agencies.models import Agency, Arrangement, Membership, Nomination, Person, Program
from agencies.nominations import (
    is_open,
    missing_consents,
    require_consenter,
    require_second,
    takes_a_second,
)
from agencies.posts import (
    ceiling_of,
    open_post,
    other_agencies_of,
    posts_in,
    require_room,
    roles_of,
)
from agencies.refusals import Conflict, NotAllowed
from agencies.tenure import step_from
from ledger.services import Tell, record_event

State = Nomination.State
INVITED, TO_VALIDATE, TO_CONSENT = "nomination.made", "nomination.accepted", "consent.asked"
"""Kinds of message."""


@transaction.atomic
def nominate(
    by: By,
    agency: Agency,
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    ceiling: int,
    temporary: bool = False,
    arrangement: Arrangement | None = None,
) -> Nomination:
    """Propose a post for whoever has this e-mail; they are sent a link, their agencies are asked.

    The agency's coordinator does this, or an administrator for a coordinator.  Nothing is open
    by it until the person accepts and a second validates it.  Under an *arrangement* it goes to
    somebody of the other agency, does what that covers and ends with it.
    """
    wanted = roles_of(roles)
    _may_nominate(by, agency, wanted)
    return propose(
        by,
        agency,
        email=email,
        name=name,
        roles=wanted,
        ceiling=ceiling,
        temporary=temporary,
        arrangement=arrangement,
    )


def propose(
    by: By,
    agency: Agency,
    *,
    email: str,
    name: str,
    roles: list[str],
    ceiling: int,
    temporary: bool = False,
    from_outside: bool = False,
    ends_at: datetime | None = None,
    silent: bool = False,
    arrangement: Arrangement | None = None,
) -> Nomination:
    """Write a nomination that the caller may make, with whoever must be told of it."""
    require_room(Agency.objects.get(pk=agency.pk))
    address = email_address(email)
    person = _nominee(by, agency, address, roles)
    if arrangement is not None:
        require_arranged(arrangement, agency.pk, person, roles)
    made = Nomination.objects.create(
        agency=agency,
        email=address,
        name=line("name", name, longest=120),
        person=person,
        roles=roles,
        ceiling=ceiling_of(ceiling),
        temporary=temporary,
        from_outside=from_outside,
        ends_at=ends_at,
        arrangement=arrangement,
        nominated_by_id=by.person_id,
        expires_at=database_time() + NOMINATION_OPEN_FOR,
    )
    others = [] if from_outside else other_agencies_of(person, agency.pk)
    tell = [] if silent else [Tell(INVITED, agency.pk)]
    tell += [Tell(TO_CONSENT, one.pk, role=Role.COORDINATOR) for one in others]
    _record(by, "nomination.made", made, tell=tell, also=[one.pk for one in others])
    return made


@transaction.atomic
def accept_nomination(
    nomination: Nomination, *, person: Person, take_address: bool = False
) -> Nomination:
    """Have a person take the post that they were sent a link to; their agency's second is asked.

    *take_address* has the address of the link be theirs from then on.  What an administrator
    appointed needs no second, and opens once the person's other agencies have consented.
    """
    found = _locked(nomination, "accept")
    person = Person.objects.select_for_update().get(pk=person.pk)
    _may_accept(found, person)
    found.person, found.state, found.accepted_at = person, State.ACCEPTED, database_time()
    found.expires_at = found.accepted_at + NOMINATION_OPEN_FOR
    found.save(update_fields=["person", "state", "accepted_at", "expires_at"])
    by = _oneself(person)
    needs = takes_a_second(found)
    tell = [Tell(TO_VALIDATE, found.agency_id)] if needs else []
    _record(by, "nomination.accepted", found, tell=tell)
    if take_address:
        from agencies.services.address import move_address

        move_address(by, person, found.email)
    return found if needs or missing_consents(found) else _activate(by, found)


@transaction.atomic
def accept_as_new(nomination: Nomination, *, password: str) -> Nomination:
    """Make the nominee known, who sets their own password, and have them take the post."""
    found = _locked(nomination, "accept")
    if Person.objects.filter(email__iexact=found.email).exists():
        raise Conflict(
            "There is an account of this address; sign in with it to accept.", code="person_known"
        )
    person = Person.objects.create_user(found.email, password, name=found.name)
    record_event(_oneself(person), "person.admitted", person, concerns=[found.agency_id])
    return accept_nomination(found, person=person)


@transaction.atomic
def validate_nomination(by: By, nomination: Nomination) -> Nomination:
    """Open the post, or widen it, as a second; Conflict while another agency has not consented."""
    found = _locked(nomination, "validate")
    require_second(by, found)
    missing = missing_consents(found)
    if missing:
        names = " and ".join(agency.name for agency in missing)
        raise Conflict(f"{names} has not consented yet.", code="consent")
    return _activate(by, found)


@transaction.atomic
def refuse_nomination(by: By, nomination: Nomination) -> Nomination:
    """Say no: the person themselves, whoever may validate it, or another agency of theirs."""
    found = _locked(nomination, "refuse")
    if by.person_id != found.person_id or by.person_id is None:
        require_consenter(by, found, or_second=True)
    return _close(by, found, State.REFUSED)


@transaction.atomic
def withdraw_nomination(by: By, nomination: Nomination) -> Nomination:
    """Take a nomination back: any coordinator of the agency, or an administrator."""
    found = _locked(nomination, "withdraw")
    if not is_administrator(by):
        require_own_people(by, found.agency_id)
    return _close(by, found, State.WITHDRAWN)


@transaction.atomic
def consent_to_nomination(by: By, nomination: Nomination) -> None:
    """Have the agency that *by* runs agree that one of its people gets this post.  Idempotent.

    The last of those asked opens a post that needs no second.
    """
    found = Nomination.objects.select_for_update().get(pk=nomination.pk)
    if not is_open(found):
        raise Conflict("This nomination is closed.", code="state")
    for agency in require_consenter(by, found):
        _, new = found.consents.get_or_create(agency=agency, defaults={"given_by_id": by.person_id})
        if new:
            _record(by, "nomination.consented", found, also=[agency.pk])
    accepted = found.state == State.ACCEPTED and not takes_a_second(found)
    if accepted and not missing_consents(found):
        _activate(by, found)


def _may_nominate(by: By, agency: Agency, roles: list[str]) -> None:
    if not is_administrator(by):
        require_own_people(by, agency.pk)
    elif by.person_id is not None and roles != [Role.COORDINATOR]:
        raise NotAllowed(
            "An administrator appoints coordinators; they appoint the others.", code="role"
        )


def _nominee(by: By, agency: Agency, email: str, roles: list[str]) -> Person | None:
    """Return who has this e-mail, if anybody; Conflict for whom there is nothing to propose."""
    person = Person.objects.filter(email__iexact=email).first()
    if person is not None and person.pk == by.person_id:
        raise NotAllowed("Nobody nominates themselves.", code="self")
    if person is not None and Program.objects.filter(membership__person=person).exists():
        raise Conflict("This is a program, and no person.", code="program")
    if person is not None and person.is_staff and roles != [Role.COORDINATOR]:
        raise Conflict("A portal administrator holds no such post.", code="administrator")
    if posts_in(agency.pk, person.pk if person else None).exists():
        raise Conflict("This person has a post there; change that one.", code="membership_known")
    _require_none_open(agency, email)
    return person


def _require_none_open(agency: Agency, email: str) -> None:
    """Close what was never answered in time; Conflict where one is open."""
    same = Nomination.objects.filter(
        agency=agency, email__iexact=email, state__in=(State.NOMINATED, State.ACCEPTED)
    )
    same.filter(expires_at__lte=Now()).update(state=State.WITHDRAWN, decided_at=Now())
    if same.exists():
        raise Conflict("This person is nominated there already.", code="nominated")


def _may_accept(found: Nomination, person: Person) -> None:
    if found.person_id is not None and found.person_id != person.pk:
        raise NotAllowed("This nomination is somebody else's.", code="other_person")
    if person.pk == found.nominated_by_id:
        raise NotAllowed("Nobody accepts what they nominated.", code="self")
    if not person.is_active or (person.is_staff and found.roles != [Role.COORDINATOR]):
        raise Conflict("This account cannot hold such a post.", code="administrator")
    if posts_in(found.agency_id, person.pk).exists():
        raise Conflict("You have a post there already.", code="membership_known")


def _activate(by: By, found: Nomination) -> Nomination:
    """Open or change the post of an accepted nomination."""
    from agencies.services.changing import widen

    step_from(found.state, "validate")
    now = database_time()
    if found.widens is not None:
        widen(by, found)
    else:
        found.post = _opened(by, found, now)
    found.state, found.decided_at, found.decided_by_id = State.ACTIVE, now, by.person_id
    found.save(update_fields=["state", "decided_at", "decided_by", "post"])
    _record(by, "nomination.validated", found)
    return found


def _opened(by: By, found: Nomination, now: datetime) -> Membership:
    """Return the new post of an accepted nomination; what it rests on is asked again."""
    assert found.person is not None  # noqa: S101  (for the type: it was accepted)
    if found.arrangement is not None:
        require_arranged(found.arrangement, found.agency_id, found.person, found.roles)
    return open_post(
        by,
        Person.objects.select_for_update().get(pk=found.person.pk),
        found.agency,
        roles=found.roles,
        ceiling=found.ceiling,
        started_at=now,
        ended_at=now + TEMPORARY_FOR if found.temporary else found.ends_at,
        temporary=found.temporary,
        arrangement=found.arrangement,
    )


def _close(by: By, found: Nomination, state: Nomination.State) -> Nomination:
    found.state, found.decided_at, found.decided_by_id = state, database_time(), by.person_id
    found.save(update_fields=["state", "decided_at", "decided_by"])
    _record(by, f"nomination.{state}", found)
    return found


def _locked(nomination: Nomination, event: str) -> Nomination:
    """Return the nomination, locked, if *event* leads on from its state; Conflict otherwise."""
    found = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("agency", "widens", "arrangement")
        .get(pk=nomination.pk)
    )
    step_from(found.state, event)
    if found.expires_at <= database_time() and event in ("accept", "validate"):
        raise Conflict("This nomination was not answered in time; ask for another.", code="late")
    return found


def _oneself(person: Person) -> By:
    from agencies.actors import Actor

    return Actor(person_id=person.pk)


def _record(
    by: By,
    kind: str,
    nomination: Nomination,
    *,
    tell: Iterable[Tell] = (),
    also: Iterable[UUID] = (),
) -> None:
    facts: dict[str, Any] = {"person": nomination.person_id} if nomination.person_id else {}
    record_event(
        by,
        kind,
        nomination,
        concerns=[nomination.agency_id, *also],
        tell=tell,
        roles=nomination.roles,
        **facts,
    )
