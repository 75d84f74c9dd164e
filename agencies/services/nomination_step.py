"""One step of a nomination: its row, its state, the post it gives and its event together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from agencies.arranged import require_arranged
from agencies.authority import By
from agencies.clock import database_time
from agencies.figures import TEMPORARY_FOR
from agencies.models import Membership, Nomination, Person
from agencies.posts import open_post
from agencies.refusals import Conflict
from agencies.services.changing import widen
from agencies.tenure import step_from
from ledger.services import Tell, record_event

State = Nomination.State


def held_nomination(nomination: Nomination, event: str) -> Nomination:
    """Return the nomination, held against change, if *event* leads on from its state; Conflict
    otherwise.
    """
    found = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("agency", "widens", "arrangement")
        .get(pk=nomination.pk)
    )
    step_from(found.state, event)
    if found.expires_at <= database_time() and event in ("accept", "validate"):
        raise Conflict("This nomination was not answered in time; ask for another.", code="late")
    return found


def activate_nomination(by: By, found: Nomination) -> Nomination:
    """Open or change the post of an accepted nomination."""
    step_from(found.state, "validate")
    now = database_time()
    if found.widens is not None:
        widen(by, found)
    else:
        found.post = _opened(by, found, now)
    found.state, found.decided_at, found.decided_by_id = State.ACTIVE, now, by.person_id
    found.save(update_fields=["state", "decided_at", "decided_by", "post"])
    record_step(by, "nomination.validated", found)
    return found


def close_nomination(by: By, found: Nomination, state: Nomination.State) -> Nomination:
    """End a held nomination without a post."""
    found.state, found.decided_at, found.decided_by_id = state, database_time(), by.person_id
    found.save(update_fields=["state", "decided_at", "decided_by"])
    record_step(by, f"nomination.{state}", found)
    return found


def record_step(
    by: By,
    kind: str,
    nomination: Nomination,
    *,
    tell: Iterable[Tell] = (),
    also: Iterable[UUID] = (),
) -> None:
    """Write what happened to a nomination for its agency and for those of *also*."""
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
