"""Briefing copies as both sides see them: what one's agency holds, and what partners made."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.models import Membership
from agencies.refusals import Conflict
from ledger.services import record_event
from sharing.actions import Action
from sharing.asking import may
from sharing.models import BriefingCopy

MOST = 200
"""Copies that a page lists."""

NAMED = ("membership__person", "agency")


def copies_held(agency_id: UUID, record_id: UUID) -> QuerySet[BriefingCopy]:
    """Return the copies of a record that an agency made, newest first; the caller asks who may.

    They stay the agency's own to name, by number, person and day, when its access has ended.
    """
    held = BriefingCopy.objects.select_related(*NAMED).filter(voided_at__isnull=True)
    return held.filter(agency=agency_id, record_id=record_id).order_by("-issued_at", "pk")


@dataclass(frozen=True)
class Copies:
    """The copies of a record that a page shows: of the reader's agency, and of its partners."""

    held: Sequence[BriefingCopy] = ()
    partners: Sequence[BriefingCopy] = ()

    @property
    def lists(self) -> list[tuple[str, Sequence[BriefingCopy]]]:
        """Return both lists with what screens call them."""
        return [("Copies we hold", self.held), ("Copies made by partners", self.partners)]


def copies_for(actor: Actor, record_id: UUID) -> Copies:
    """Return what a page shows of the copies of a record: those held, those that partners made.

    The first for whoever may read it, the second for those who manage it; none for others.
    """
    if actor.agency_id is None or not may(actor, Action.READ, record_id):
        return Copies()
    held = copies_held(actor.agency_id, record_id)[:MOST]
    if not may(actor, Action.EDIT, record_id):
        return Copies(list(held))
    made = BriefingCopy.objects.select_related(*NAMED).filter(
        record_id=record_id, voided_at__isnull=True
    )
    others = made.exclude(agency=actor.agency_id).order_by("-issued_at", "pk")[:MOST]
    return Copies(list(held), list(others))


def number_copy(post: Membership, **values: Any) -> BriefingCopy:
    """Return a new copy of *post*'s agency, under a number that is free in it."""
    for _ in range(20):
        try:
            with transaction.atomic():
                copy = BriefingCopy(
                    agency_id=post.agency_id,
                    membership=post,
                    number=f"BC-{secrets.randbelow(900_000) + 100_000}",
                    **values,
                )
                copy.save(force_insert=True)
                copy.refresh_from_db()
                return copy
        except IntegrityError as error:
            if "copy_numbered_once" not in str(error):
                raise
    raise Conflict("No free copy number was found; try again.")


@transaction.atomic
def void_copy(actor: Actor, copy: BriefingCopy, *, concerns: Iterable[UUID]) -> None:
    """Say that *copy* was numbered and logged, but that no paper came of it.  Idempotent.

    *concerns* are the agencies that were told of the printing.
    """
    voided = BriefingCopy.objects.filter(
        pk=copy.pk, agency=actor.agency_id, voided_at__isnull=True
    ).update(voided_at=Now())
    if voided:
        record_event(
            actor,
            "copy.voided",
            copy,
            records=[copy.record_id],
            concerns=concerns,
            copy=copy.number,
        )
