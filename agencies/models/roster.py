"""Rosters: whoever can be granted something, under one key."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Roster(models.Model):
    """An agency's members, a task force's members, or one membership; its id is the id of what it
    lists.
    """

    class Kind(models.TextChoices):
        """What a roster lists."""

        AGENCY = "agency", "Agency"
        TASK_FORCE = "task_force", "Task force"
        MEMBERSHIP = "person", "Person"

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    agency = models.OneToOneField("agencies.Agency", models.PROTECT, null=True)
    task_force = models.OneToOneField("agencies.TaskForce", models.PROTECT, null=True)
    membership = models.OneToOneField("agencies.Membership", models.PROTECT, null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind="agency",
                    id=F("agency"),
                    task_force__isnull=True,
                    membership__isnull=True,
                )
                | Q(
                    kind="task_force",
                    id=F("task_force"),
                    agency__isnull=True,
                    membership__isnull=True,
                )
                | Q(
                    kind="person",
                    id=F("membership"),
                    agency__isnull=True,
                    task_force__isnull=True,
                ),
                name="roster_lists_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
