"""Opening a sharing request, whichever side asks."""

from __future__ import annotations

import secrets
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agencies.actors import Actor
from agencies.codes import Level
from agencies.codetable import is_code
from agencies.coverage import covering_agreements
from agencies.models import Agency, Agreement, Roster
from agencies.refusals import Conflict, Invalid
from ledger.services import Tell, record_event
from sharing.models import ShareRequest
from sharing.naming import own_record_by_number
from sharing.posts import receiving_agency
from sharing.terms import Terms, due_after

NOT_COVERED = (
    "No agreement in effect between the two agencies covers this category, purpose and level."
)


def require_sense(terms: Terms) -> None:
    """Raise Invalid, by field, for terms that nothing could be agreed on."""
    terms.checked(timezone.now())
    if not is_code("purposes", terms.purpose):
        raise Invalid({"purpose": "This is not one of the purposes."})


def agreement_for(
    *,
    owner: Agency,
    roster: Roster,
    category: str | None,
    terms: Terms,
    standing: bool = False,
) -> Agreement:
    """Return the agreement a release would rest on: the one named, else the newest that covers;
    Conflict if none.
    """
    if roster.task_force:
        recipient = roster.task_force.lead_id
    else:
        recipient = receiving_agency(roster) or owner.pk
    covering = covering_agreements(
        owner=owner.pk,
        recipient=recipient,
        category=category,
        purpose=terms.purpose,
        level=terms.level,
        standing=standing,
    )
    if terms.agreement_id is not None:
        covering = covering.filter(pk=terms.agreement_id)
    preferred = roster.task_force.agreement_id if roster.task_force else None
    found = list(covering)
    if not found:
        raise Conflict(NOT_COVERED, code="outside_agreement")
    return next((one for one in found if one.pk == preferred), found[0])


def hold_agreement(agreement: Agreement) -> None:
    """Keep *agreement* from being ended by another transaction until this one is through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM agencies_agreement WHERE id = %s FOR SHARE", [agreement.pk])


def submit_request(
    actor: Actor, *, owner: Agency, roster: Roster, terms: Terms, tell: list[Tell], **about: Any
) -> ShareRequest:
    """Write a submitted request and tell those who decide; *about* says what is asked for."""
    now = timezone.now().astimezone(ZoneInfo(owner.time_zone))
    for_case = (terms.for_case or actor.for_case).strip()
    request = _numbered(
        owner=owner,
        roster=roster,
        recipient_id=receiving_agency(roster),
        requested_by_id=actor.membership_id,
        level=Level(terms.level),
        purpose=terms.purpose,
        reason=terms.reason.strip(),
        until=terms.until,
        for_case=for_case,
        on_behalf_of=terms.on_behalf_of,
        needed_by=terms.needed_by,
        contact_phone=terms.contact_phone,
        items=list(terms.items) if terms.items is not None else None,
        later=terms.later,
        export=terms.export,
        unmask=terms.unmask,
        agreement_id=terms.agreement_id,
        due_at=due_after(now, priority=terms.priority),
        priority=terms.priority,
        for_case_known=own_record_by_number(actor, for_case) is not None if for_case else False,
        **about,
    )
    record_event(
        actor,
        "request.submitted",
        request,
        tell=tell,
        records=[request.record_id] if request.record_id else [],
        concerns=[one for one in (owner.pk, actor.agency_id) if one],
        level=Level(terms.level).code,
        purpose=terms.purpose,
        direction=request.direction,
    )
    return request


def _numbered(**values: Any) -> ShareRequest:
    """Insert a request under a random number that is free: numbers in order would tell how many
    there are.
    """
    for _ in range(20):
        try:
            with transaction.atomic():
                request = ShareRequest(
                    number=f"SR-{secrets.randbelow(900_000) + 100_000}", **values
                )
                request.save(force_insert=True)
                request.refresh_from_db()
                return request
        except IntegrityError as error:
            if "sharing_sharerequest_number" not in str(error):
                raise
    raise Conflict("No free request number was found; try again.")
