"""Proposals to clear the second factors of somebody who lost them all, which take two people."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.models.person import Person


class FactorClearing(models.Model):
    """That somebody asked to clear a person's factors, why, and how they made sure who it was.

    A second one confirms it, somebody takes it back, or it lapses.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="factor_clearings")
    reason_code = models.CharField(max_length=40)
    checked_how = models.CharField(max_length=40)
    words = models.CharField(max_length=300, blank=True)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(closed_at__isnull=True),
                name="factor_clearing_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("person")) & ~Q(confirmed_by=F("person")),
                name="factor_clearing_never_oneself",
            ),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("proposed_by")), name="factor_clearing_takes_two"
            ),
        ]

    def __str__(self) -> str:
        return f"clearing of the factors of {self.person_id}"
