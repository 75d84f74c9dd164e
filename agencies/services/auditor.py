"""Auditors from outside are invited to read the audit logs of some agencies until a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from agencies.authority import By, require_administrator
from agencies.clock import database_time
from agencies.codes import Role, Sensitivity
from agencies.models import Agency, Nomination
from agencies.refusals import Conflict, Invalid
from agencies.services.acceptance import accept_nomination
from agencies.services.nomination import propose

LONGEST = timedelta(days=366)


@transaction.atomic
def invite_auditor(
    by: By, *, email: str, name: str, agencies: Iterable[Agency], until: datetime
) -> list[Nomination]:
    """Invite a state, federal or grant auditor; one link, one post in each agency, one end.

    They read numbers, types and generated labels, at the lowest ceiling, and are logged like
    everybody.  Conflict for whoever holds another post: an auditor from outside is outside.
    """
    require_administrator(by)
    wanted = list({agency.pk: agency for agency in agencies}.values())
    _require_sense(wanted, until)
    made = [
        propose(
            by,
            agency,
            email=email,
            name=name,
            roles=[Role.AUDITOR.value],
            ceiling=Sensitivity.ROUTINE,
            from_outside=True,
            ends_at=until,
            silent=place > 0,
        )
        for place, agency in enumerate(wanted)
    ]
    if any(_works(one) for one in made):
        raise Conflict("This person works for an agency, and so is no auditor from outside.")
    return made


def accept_with_the_others(nomination: Nomination) -> list[Nomination]:
    """Have whoever accepted one invitation of several accept the others that came with it."""
    if not nomination.from_outside or nomination.person is None:
        return []
    others = Nomination.objects.filter(
        from_outside=True,
        email=nomination.email,
        state=Nomination.State.NOMINATED,
        nominated_by=nomination.nominated_by_id,
    )
    return [accept_nomination(one, person=nomination.person) for one in others.order_by("agency")]


def _require_sense(agencies: list[Agency], until: datetime) -> None:
    now = database_time()
    if not agencies:
        raise Invalid({"agencies": "Choose at least one."})
    if not now < until <= now + LONGEST:
        raise Invalid({"until": "A day to come, within a year."})


def _works(nomination: Nomination) -> bool:
    person = nomination.person
    return person is not None and (
        person.memberships.exclude(roles=[Role.AUDITOR.value]).filter(ended_at=None).exists()
    )
