"""Imports from the screen: what a file would make, until somebody says that it may, and after."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from agencies.models import Agency, Membership


class ImportBatch(models.Model):
    """One file of incidents as one post sent it.

    Until it is imported, ``rows`` holds what would be made, for that post alone and up to
    ``until``; afterwards it holds nothing of them but in ``made`` which cases they became.
    ``errors`` says of rows in error where and why, not what stood there.
    """

    class State(models.TextChoices):
        """Where an import stands."""

        STAGED = "staged", "Not imported yet"
        IMPORTED = "imported", "Imported"
        UNDONE = "undone", "Taken back"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="import_batches")
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="import_batches")
    state = models.CharField(max_length=8, choices=State, default=State.STAGED)
    file_name = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=80)
    rows = models.JSONField(default=list, blank=True)
    errors = models.JSONField(default=list, blank=True)
    made = ArrayField(models.UUIDField(), default=list, blank=True)
    unchanged = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    taken_back = models.PositiveIntegerField(default=0)
    staged_at = models.DateTimeField(db_default=Now(), editable=False)
    until = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="staged") | Q(rows=[]), name="import_keeps_rows_while_staged"
            ),
            models.UniqueConstraint(
                fields=["made_by"], condition=Q(state="staged"), name="import_staged_one_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "-staged_at"], name="import_of_agency"),
        ]

    def __str__(self) -> str:
        return f"import of {self.staged_at:%Y-%m-%d %H:%M}"
