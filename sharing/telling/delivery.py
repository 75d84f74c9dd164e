"""A message becomes a notification for each of a roster who may know of it, and a mail for each."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from agencies.codes import READING_ROLES
from agencies.models import Membership, Roster, Secondment
from ledger.models import Message
from sharing.models import Notification
from sharing.telling.kinds import MAIL
from sharing.telling.knowing import Subject, those_who_may_know


def deliver(message: Message) -> None:
    """Notify whoever *message* is for, each post once however often this runs."""
    subject = Subject(message.kind, message.subject_kind, message.subject)
    posts = list(audience(message))
    knowing = those_who_may_know(subject, posts)
    record = subject.record
    why = message.role or _kind_of(message.roster)
    Notification.objects.bulk_create(
        (
            Notification(
                membership_id=post.pk,
                message=message.pk,
                kind=message.kind,
                subject_kind=message.subject_kind,
                subject=message.subject,
                record=record,
                why=why,
            )
            for post in posts
            if post.pk in knowing
        ),
        ignore_conflicts=True,
    )
    _queue_mail(message)


def audience(message: Message) -> QuerySet[Membership]:
    """Return the posts of a message's roster that are in force, but not the doer's own.

    Those that hold its role, or read cases where it names none.
    """
    serving = Secondment.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=Now()),
        membership=OuterRef("pk"),
        task_force=message.roster,
        started_at__lte=Now(),
    )
    seated = Q(agency=message.roster) | Q(pk=message.roster) | Exists(serving)
    roles = (message.role,) if message.role else READING_ROLES
    posts = Membership.objects.acting().holding(*roles).filter(seated).select_related("person")
    doer = message.event.person
    return posts.exclude(person=doer) if doer else posts


def _kind_of(roster: UUID) -> str:
    kinds = Roster.objects.filter(pk=roster).values_list("kind", flat=True)
    return kinds.first() or ""


def _queue_mail(message: Message) -> None:
    """Queue one mail for each notification of *message*, in the outbox and about the same event."""
    notices = Notification.objects.filter(message=message.pk)
    Message.objects.bulk_create(
        (
            Message(
                event_id=message.event_id,
                kind=MAIL,
                roster=notice.membership_id,
                subject_kind="notification",
                subject=notice.pk,
            )
            for notice in notices
        ),
        ignore_conflicts=True,
    )
