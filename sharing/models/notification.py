"""Notifications: what a person was told in the portal, in ids and codes."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models.functions import Now

from agencies.models import Membership


class Notification(models.Model):
    """That one membership was told of one message; the text is made for the reader when it is
    read.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="notifications")
    message = models.UUIDField()
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    record = models.UUIDField(null=True)
    why = models.CharField(max_length=40)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["message", "membership"], name="notification_once_per_message"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["membership", "-created_at"], name="notification_newest"),
            models.Index(
                fields=["membership"],
                condition=models.Q(read_at__isnull=True),
                name="notification_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.membership_id}"
