"""What an actor was told and may still know of."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.models import Membership
from agencies.refusals import NotVisible
from sharing.boxes import visible_requests
from sharing.holdings import standing_grants_for
from sharing.models import Access, Notification
from sharing.planned import planned
from sharing.recalls import given_recalls, incident_notes_for, receipts_for
from sharing.telling.accounts import known_accounts
from sharing.telling.kinds import ENDINGS, INCIDENT, RECALL, REQUEST, STANDING


def notifications_for(actor: Actor) -> QuerySet[Notification]:
    """Return what *actor*'s post was told and may still know of, newest first."""
    if actor.membership_id is None:
        return Notification.objects.none()
    acting = Membership.objects.acting().filter(pk=actor.seat)
    request = visible_requests(actor).filter(pk=OuterRef("subject"))
    standing = standing_grants_for(actor).filter(pk=OuterRef("subject"))
    given = given_recalls(actor).filter(pk=OuterRef("subject"))
    asked = receipts_for(actor).filter(recall=OuterRef("subject"))
    noted = incident_notes_for(actor).filter(pk=OuterRef("subject"))
    reached = Access.objects.filter(membership=actor.seat, record=OuterRef("record"))
    return planned(
        Notification.objects.filter(Exists(acting), membership=actor.seat)
        .filter(
            Q(kind__in=ENDINGS)
            | (Q(subject_kind=REQUEST) & Exists(request))
            | (Q(subject_kind=STANDING) & Exists(standing))
            | (Q(subject_kind=RECALL) & (Exists(given) | Exists(asked)))
            | (Q(subject_kind=INCIDENT) & Exists(noted))
            | (Q(record__isnull=False) & Exists(reached))
            | known_accounts(actor)
        )
        .order_by("-created_at", "-pk")
    )


def mark_read(actor: Actor, pk: UUID, *, count: int | None = None) -> Notification:
    """Mark one of *actor*'s notifications as read, once; NotVisible for any other.

    *count* is how many events the reader saw in it: one that has gathered more stays unread.
    """
    notice = notifications_for(actor).filter(pk=pk).first()
    if notice is None:
        raise NotVisible
    seen = Notification.objects.filter(pk=pk, read_at__isnull=True)
    if count is not None:
        seen = seen.filter(count__lte=count)
    seen.update(read_at=Now())
    notice.refresh_from_db()
    return notice
