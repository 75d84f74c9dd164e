"""Opening a sharing request, whichever side asks."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Case, QuerySet, When
from django.utils import timezone

from agencies.actors import NOBODY, Actor
from agencies.codes import Level
from agencies.codetable import is_code
from agencies.coverage import covering_agreements
from agencies.models import Agency, Agreement, Roster
from agencies.refusals import Conflict, Invalid
from ledger.services import Tell, record_event
from sharing.inserting import insert_new
from sharing.models import ShareRequest
from sharing.naming import own_record_by_number
from sharing.posts import receiving_agency
from sharing.shapes import Shape
from sharing.terms import Terms, due_after

NOT_COVERED = (
    "No agreement in effect between the two agencies covers this category, purpose and level."
)


def require_sense(terms: Terms) -> None:
    """Raise Invalid, by field, for terms that nothing could be agreed on."""
    terms.checked(timezone.now())
    if not is_code("purposes", terms.purpose):
        raise Invalid({"purpose": "This is not one of the purposes."})


@lru_cache(maxsize=200)
def _covering(
    category: str | None, level: Level, *, standing: bool, named: bool
) -> Shape[Agreement]:
    """Return the query for the agreement to rest on: of those that cover, the one wished for, and
    unless it has to be the one *named*, otherwise the newest.
    """

    def build(owner: UUID, recipient: UUID, purpose: str, wish: UUID) -> QuerySet[Agreement]:
        found = covering_agreements(
            owner=owner,
            recipient=recipient,
            category=category,
            purpose=purpose,
            level=level,
            standing=standing,
        )
        if named:
            return found.filter(pk=wish)
        newest = found.query.order_by
        wished = Case(When(pk=wish, then=0), default=1)
        return found.order_by(wished, *newest)[:1]

    return Shape(build, owner=UUID, recipient=UUID, purpose=str, wish=UUID)


def agreement_for(
    *,
    owner: Agency,
    roster: Roster,
    category: str | None,
    terms: Terms,
    standing: bool = False,
) -> Agreement:
    """Return the agreement a release would rest on: the one named, else that of the task force,
    else the newest that covers; Conflict if none.
    """
    if roster.task_force:
        recipient = roster.task_force.lead_id
    else:
        recipient = receiving_agency(roster) or owner.pk
    named = terms.agreement_id
    force = roster.task_force.agreement_id if roster.task_force else None
    covering = _covering(category, Level(terms.level), standing=standing, named=named is not None)
    found = covering.first(
        owner=owner.pk, recipient=recipient, purpose=terms.purpose, wish=named or force or NOBODY
    )
    if found is None:
        raise Conflict(NOT_COVERED, code="outside_agreement")
    return found


def hold_agreement(agreement: Agreement) -> None:
    """Keep *agreement* from being ended by another transaction until this one is through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM agencies_agreement WHERE id = %s FOR SHARE", [agreement.pk])


def submit_request(
    actor: Actor, *, owner: Agency, roster: Roster, terms: Terms, tell: list[Tell], **about: Any
) -> ShareRequest:
    """Write a submitted request and tell those who decide; *about* says what is asked for."""
    request = _numbered(
        owner=owner,
        roster=roster,
        recipient_id=receiving_agency(roster),
        requested_by_id=actor.membership_id,
        due_at=_due_at(owner, terms),
        **_as_kept(terms),
        **_for_case(actor, terms),
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


def _due_at(owner: Agency, terms: Terms) -> datetime:
    """Return when an answer is due, by the working days of those who give it."""
    now = timezone.now().astimezone(ZoneInfo(owner.time_zone))
    return due_after(now, priority=terms.priority).astimezone(UTC)


def _as_kept(terms: Terms) -> dict[str, Any]:
    """Return the terms as a request keeps them."""
    return {
        "level": int(terms.level),
        "purpose": terms.purpose,
        "reason": terms.reason.strip(),
        "until": terms.until.astimezone(UTC),
        "on_behalf_of": terms.on_behalf_of,
        "needed_by": terms.needed_by.astimezone(UTC) if terms.needed_by else None,
        "contact_phone": terms.contact_phone,
        "items": list(terms.items) if terms.items is not None else None,
        "later": terms.later,
        "export": terms.export,
        "unmask": terms.unmask,
        "agreement_id": terms.agreement_id,
        "priority": terms.priority,
    }


def _for_case(actor: Actor, terms: Terms) -> dict[str, Any]:
    """Return the number of the asker's own case, and whether its agency has that here."""
    number = (terms.for_case or actor.for_case).strip()
    known = bool(number) and own_record_by_number(actor, number) is not None
    return {"for_case": number, "for_case_known": known}


def _numbered(**values: Any) -> ShareRequest:
    """Insert a request under a random number that is free: numbers in order would tell how many
    there are.
    """
    for _ in range(20):
        number = f"SR-{secrets.randbelow(900_000) + 100_000}"
        made = insert_new([ShareRequest(number=number, **values)], unless="number")
        if made:
            return made[0]
    raise Conflict("No free request number was found; try again.")
