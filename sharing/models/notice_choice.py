"""What a membership chose about being told: by which channel, at which hour, of which case not."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from agencies.models import Membership
from sharing.models.notification import Telling

MORNING = 7
"""The hour of the daily mail, in the agency's time zone, where none was chosen."""


class ChannelChoice(models.Model):
    """By which channel a membership is told of one kind of event, where it is not the usual."""

    id = models.BigAutoField(primary_key=True)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="channel_choices")
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Telling.Channel)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["membership", "kind"], name="channel_choice_once_per_kind"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Telling.Channel.values), name="channel_choice_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.channel}"


class DigestHour(models.Model):
    """At which hour of its agency's day a membership gets its daily mail."""

    membership = models.OneToOneField(
        Membership, models.PROTECT, primary_key=True, related_name="digest_hour"
    )
    hour = models.PositiveSmallIntegerField(default=MORNING)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(hour__range=(0, 23)), name="digest_hour_of_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.hour}:00"


class Mute(models.Model):
    """That a membership is told no more of a case, but for what nobody may miss."""

    id = models.BigAutoField(primary_key=True)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="mutes")
    case = models.UUIDField()
    muted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["membership", "case"], name="mute_once_per_case")
        ]

    def __str__(self) -> str:
        return f"{self.case} for {self.membership_id}"
