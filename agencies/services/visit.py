"""A post is seen at work; what changed since the visit before is told from here."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.models import Visit

ABSENCE = timedelta(minutes=30)
"""Who was away so long begins another visit: as long as the idle lock waits (CJISSECPOL AC-11)."""


@transaction.atomic
def note_visit(actor: Actor) -> None:
    """Keep that *actor*'s post is at work now; after an absence, also when it had last been.

    No event: this is a mark in a book of one's own, and nothing that was done to anything.
    """
    noted = Visit.objects.filter(membership=actor.seat).update(since=_since(), seen_at=Now())
    if not noted and actor.membership_id is not None:
        Visit.objects.get_or_create(membership_id=actor.membership_id)


def last_visit(actor: Actor) -> datetime | None:
    """Return when *actor*'s post was last seen before this visit; None in the first one."""
    visits = Visit.objects.filter(membership=actor.seat)
    return visits.annotate(before=_since()).values_list("before", flat=True).first()


def _since() -> Case:
    away = Q(seen_at__lt=Now() - ABSENCE)
    return Case(When(away, then=F("seen_at")), default=F("since"))
