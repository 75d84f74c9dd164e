"""Revisions: what a record said at each version, under the record's own rule."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models.functions import Now

from agencies.models import Membership
from sharing.models.record import Record
from sharing.sealed.key import SealedKey


class Revision(models.Model):
    """The content of a record at one version; read through the record and purged with it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    record = SealedKey(Record, models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    saved_by = models.ForeignKey(Membership, models.PROTECT, related_name="revisions", null=True)
    saved_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "version"], name="revision_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.record_id} v{self.version}"
