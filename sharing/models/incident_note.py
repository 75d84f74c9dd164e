"""Incident notes: what went wrong, for the privacy officer; never for those who received it."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from agencies.models import Membership
from sharing.models.recall import Recall


class IncidentNote(models.Model):
    """What was disclosed by mistake, when and how, and whether the victim was told."""

    class Notified(models.TextChoices):
        """Whether whoever it is about was told."""

        NOT_YET = "not_yet", "Not yet"
        YES = "yes", "Yes"
        NOT_REQUIRED = "not_required", "Not required"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    recall = models.OneToOneField(Recall, models.PROTECT, related_name="incident")
    what = models.TextField()
    how = models.TextField()
    happened_on = models.DateField()
    discovered_on = models.DateField()
    victim_notified = models.CharField(max_length=12, choices=Notified, default=Notified.NOT_YET)
    notified_on = models.DateField(null=True)
    written_by = models.ForeignKey(Membership, models.PROTECT, related_name="incident_notes")
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(discovered_on__gte=models.F("happened_on")),
                name="incident_discovered_after",
            ),
            models.CheckConstraint(
                condition=Q(victim_notified="yes", notified_on__isnull=False)
                | (~Q(victim_notified="yes") & Q(notified_on__isnull=True)),
                name="incident_notified_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"incident {self.pk}"
