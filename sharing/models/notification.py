"""Notifications: what a person was told in the portal, in ids and codes."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from agencies.models import Membership


class Notification(models.Model):
    """That one membership was told about one thing; the text is made when it is read.

    While it is unread, whatever happens to the same thing is gathered in it: it says the newest,
    and ``count`` how many events.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    record = models.UUIDField(null=True)
    why = models.CharField(max_length=40)
    event = models.BigIntegerField()
    count = models.PositiveIntegerField(db_default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["membership", "subject"],
                condition=Q(read_at__isnull=True),
                name="notification_one_unread",
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="notification_of_an_event"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["membership", "-created_at"], name="notification_newest")
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.membership_id}"


class Digest(models.Model):
    """The one daily mail of a membership on a day of its agency's calendar."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="digests")
    day = models.DateField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["membership", "day"], name="digest_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} to {self.membership_id}"


class Telling(models.Model):
    """That one message was told to one membership, once, and the notification it is gathered in."""

    class Channel(models.TextChoices):
        """How somebody is told, beside the portal itself."""

        AT_ONCE = "at_once", "Portal and e-mail at once"
        DIGEST = "digest", "Portal and daily e-mail"
        PORTAL = "portal", "Portal only"
        NONE = "none", "Not at all"

    id = models.BigAutoField(primary_key=True)
    message = models.UUIDField()
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="tellings")
    notification = models.ForeignKey(Notification, models.PROTECT, related_name="tellings")
    event = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    why = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel)
    digest = models.ForeignKey(Digest, models.PROTECT, related_name="tellings", null=True)
    told_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["message", "membership"], name="telling_once_per_message"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["at_once", "digest", "portal"]), name="telling_was_told"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["membership", "told_at"],
                condition=Q(channel="digest", digest__isnull=True),
                name="telling_for_digest",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of event {self.event}"
