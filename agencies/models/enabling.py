"""Proposals to let a disabled person in again, which take two people."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.models.person import Person


class Enabling(models.Model):
    """That somebody proposed to enable a person; a second one confirms it or it lapses."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="enablings")
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(closed_at__isnull=True), name="enabling_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("person")) & ~Q(confirmed_by=F("person")),
                name="enabling_never_oneself",
            ),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("proposed_by")), name="enabling_takes_two"
            ),
        ]

    def __str__(self) -> str:
        return f"enabling of {self.person_id}"
