"""Agreements: what two or more agencies signed, and who is a party to them."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.codes import Level
from agencies.models.agency import Agency


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements, narrowed by whether they bind, on the database's clock."""

    def in_effect(self) -> AgreementQuerySet:
        """Return those that bind at this statement."""
        return self.filter(
            effective_at__lte=Now(),
            expires_at__gt=Now(),
            terminated_at__isnull=True,
            suspended_at__isnull=True,
        )


class Agreement(models.Model):
    """A memorandum: which data, for which purposes, how far, between whom and until when."""

    class Kind(models.TextChoices):
        """What sort of agreement it is."""

        PARTICIPATION = "participation", "Participation agreement"
        BILATERAL = "bilateral", "Sharing agreement"

    class Onward(models.TextChoices):
        """What a recipient may pass on."""

        CONSENT = "consent", "Only with the originator's consent"
        NEVER = "never", "Never"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.BILATERAL)
    categories = ArrayField(models.CharField(max_length=40))
    purposes = ArrayField(models.CharField(max_length=40))
    level = models.PositiveSmallIntegerField(choices=Level)
    onward = models.CharField(max_length=10, choices=Onward, default=Onward.CONSENT)
    effective_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True, blank=True)
    terminated_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("effective_at")), name="agreement_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(level__range=(Level.POINTER, Level.CONTRIBUTE)),
                name="agreement_level_can_be_granted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Party(models.Model):
    """That an agency signed an agreement, and when it left."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="agreements")
    joined_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "parties"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement", "agency"],
                condition=Q(left_at__isnull=True),
                name="party_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["agreement", "agency"],
                include=["joined_at", "left_at"],
                name="party_in_effect",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} to {self.agreement_id}"
