"""Task forces and the memberships seconded to them."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from agencies.models.agency import Agency
from agencies.models.agreement import Agreement
from agencies.models.membership import Membership


class TaskForce(models.Model):
    """People of several agencies who work together under an agreement."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    short_name = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    lead = models.ForeignKey(Agency, models.PROTECT, related_name="led_task_forces")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="task_forces")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("short_name"), name="task_force_short_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Secondment(models.Model):
    """That a membership serves on a task force, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    task_force = models.ForeignKey(TaskForce, models.PROTECT, related_name="secondments")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="secondments")
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task_force", "membership"],
                condition=Q(ended_at__isnull=True),
                name="secondment_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="secondment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} on {self.task_force_id}"
