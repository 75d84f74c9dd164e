"""What a record said before, for whoever manages it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from agencies.actors import Actor
from sharing.actions import Action
from sharing.asking import may
from sharing.models import Revision


def revisions_of(actor: Actor, record_id: UUID) -> QuerySet[Revision]:
    """Return what a record of the actor's own agency said at each version, the newest first.

    Empty for anybody else: who was given a record was given what it says now.
    """
    if not may(actor, Action.EDIT, record_id):
        return Revision.objects.none()
    found = Revision.objects.filter(record=record_id).select_related("saved_by__person")
    return found.order_by("-version")


def revision_at(actor: Actor, record_id: UUID, version: int) -> Revision | None:
    """Return what a record said at a version; a cover's moves without a revision of its own."""
    return revisions_of(actor, record_id).filter(version__lte=version).first()
