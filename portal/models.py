"""What the portal keeps for itself: keys under which programs sent something."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models.functions import Now


class IdempotencyKey(models.Model):
    """That a person sent a body under a key, and the id of what became of it; never an answer."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    membership = models.ForeignKey(
        "agencies.Membership", models.PROTECT, related_name="+", null=True
    )
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    subject = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "route", "key"], name="idempotency_key_once")
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
