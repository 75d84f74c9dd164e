"""A message becomes a notification for each of a roster who may know of it, and a mail for each."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from agencies.codes import READING_ROLES
from agencies.models import Membership, Roster, Secondment
from ledger.models import Message
from sharing.models import Telling
from sharing.telling.channels import channels_of
from sharing.telling.gathering import PRESSING, Told, gather
from sharing.telling.kinds import MAIL, PRESSING_MAIL
from sharing.telling.knowing import Subject, those_who_may_know
from sharing.telling.muting import those_who_muted

Channel = Telling.Channel


@transaction.atomic
def deliver(message: Message) -> None:
    """Notify whoever *message* is for, each post once however often this runs.

    The message's row is locked, so that two who deliver the same one come one after the other.
    """
    Message.objects.select_for_update().get(pk=message.pk)
    subject = Subject(message.kind, message.subject_kind, message.subject)
    posts = list(audience(message))
    told = those_who_may_know(subject, posts) - those_who_muted(message.kind, subject.record, posts)
    channels = {
        key: channel
        for key, channel in channels_of(message.kind, posts).items()
        if key in told and channel != Channel.NONE
    }
    why = message.role or _kind_of(message.roster)
    _queue_mail(message, gather(message, subject, channels, why=why))


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
    posts = Membership.objects.acting().people().holding(*roles).filter(seated)
    posts = posts.select_related("person")
    doer = message.event.person
    return posts.exclude(person=doer) if doer else posts


def _kind_of(roster: UUID) -> str:
    kinds = Roster.objects.filter(pk=roster).values_list("kind", flat=True)
    return kinds.first() or ""


def _queue_mail(message: Message, told: Iterable[Told]) -> None:
    """Queue a mail for each who is told at once, in the outbox and about the same event.

    What presses has a mail of its own, whatever else of the event was mailed before.
    """
    role = PRESSING_MAIL if message.kind in PRESSING else ""
    Message.objects.bulk_create(
        (
            Message(
                event_id=message.event_id,
                kind=MAIL,
                roster=one.membership,
                role=role,
                subject_kind="notification",
                subject=one.notification,
            )
            for one in told
            if one.channel == Channel.AT_ONCE
        ),
        ignore_conflicts=True,
    )
