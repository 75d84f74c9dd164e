"""Somebody is proposed for a post, and the proposal can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from agencies.arranged import require_arranged
from agencies.authority import By, is_administrator
from agencies.charge import require_own_people
from agencies.clock import database_time
from agencies.codes import Role
from agencies.figures import NOMINATION_OPEN_FOR
from agencies.lines import email_address, line
from agencies.models import Agency, Arrangement, Nomination, Person, Program
from agencies.nominations import OPEN
from agencies.posts import ceiling_of, other_agencies_of, posts_in, require_room, roles_of
from agencies.refusals import Conflict, NotAllowed
from agencies.services.nomination_step import close_nomination, held_nomination, record_step
from ledger.services import Tell

State = Nomination.State
INVITED, TO_CONSENT = "nomination.made", "consent.asked"
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
    record_step(by, "nomination.made", made, tell=tell, also=[one.pk for one in others])
    return made


@transaction.atomic
def withdraw_nomination(by: By, nomination: Nomination) -> Nomination:
    """Take a nomination back: any coordinator of the agency, or an administrator."""
    found = held_nomination(nomination, "withdraw")
    if not is_administrator(by):
        require_own_people(by, found.agency_id)
    return close_nomination(by, found, State.WITHDRAWN)


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
    same = Nomination.objects.filter(agency=agency, email__iexact=email, state__in=OPEN)
    same.filter(expires_at__lte=Now()).update(state=State.WITHDRAWN, decided_at=Now())
    if same.exists():
        raise Conflict("This person is nominated there already.", code="nominated")
