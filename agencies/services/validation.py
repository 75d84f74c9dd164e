"""A second validates what was nominated, and the person's other agencies consent to it."""

from __future__ import annotations

from django.db import transaction

from agencies.authority import By
from agencies.models import Nomination
from agencies.nominations import (
    is_open,
    missing_consents,
    require_consenter,
    require_second,
    takes_a_second,
)
from agencies.refusals import Conflict
from agencies.services.nomination_step import (
    activate_nomination,
    close_nomination,
    held_nomination,
    record_step,
)

State = Nomination.State


@transaction.atomic
def validate_nomination(by: By, nomination: Nomination) -> Nomination:
    """Open the post, or widen it, as a second; Conflict while another agency has not consented."""
    found = held_nomination(nomination, "validate")
    require_second(by, found)
    missing = missing_consents(found)
    if missing:
        names = " and ".join(agency.name for agency in missing)
        raise Conflict(f"{names} has not consented yet.", code="consent")
    return activate_nomination(by, found)


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
            record_step(by, "nomination.consented", found, also=[agency.pk])
    accepted = found.state == State.ACCEPTED and not takes_a_second(found)
    if accepted and not missing_consents(found):
        activate_nomination(by, found)


@transaction.atomic
def refuse_nomination(by: By, nomination: Nomination) -> Nomination:
    """Say no: the person themselves, whoever may validate it, or another agency of theirs."""
    found = held_nomination(nomination, "refuse")
    if by.person_id != found.person_id or by.person_id is None:
        require_consenter(by, found, or_second=True)
    return close_nomination(by, found, State.REFUSED)
