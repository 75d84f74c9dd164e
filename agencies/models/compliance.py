"""Compliance: what an agency answers to the questions asked of all, and what shows it."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.models.agency import Agency
from agencies.models.onboarding import Onboarding
from agencies.models.person import Person


class Arrangement(models.Model):
    """That one agency does things for another, which both said yes to.

    A county for a town of six officers: its people hold posts in the town and release for it, its
    records system holds the town's cases, its controls are the town's.
    """

    class Duty(models.TextChoices):
        """What one agency may do for another."""

        RELEASE = "release", "Release authority"
        COMPLIANCE = "compliance", "Compliance evidence"
        ENTRY = "entry", "Data entry"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="arrangements")
    provider = models.ForeignKey(Agency, models.PROTECT, related_name="provided_arrangements")
    duties = ArrayField(models.CharField(max_length=12, choices=Duty))
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "provider"],
                condition=Q(ended_at__isnull=True),
                name="arrangement_once",
            ),
            models.CheckConstraint(
                condition=~Q(agency=F("provider")), name="arrangement_between_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} for {self.agency_id}"

    @property
    def duty_names(self) -> list[str]:
        """Return what is done, in words."""
        return [str(self.Duty(duty).label) for duty in self.duties]


class ComplianceAnswer(models.Model):
    """What an agency says to one question in one round, and what an administrator made of it."""

    class Says(models.TextChoices):
        """What an agency can answer."""

        MET = "met", "We meet this"
        COVERED = "covered", "Another agency does this for us, by agreement"
        NOT_MET = "not_met", "We do not meet this yet"

    class State(models.TextChoices):
        """Where an answer stands."""

        GIVEN = "given", "Waits for review"
        ACCEPTED = "accepted", "Accepted"
        RETURNED = "returned", "Returned: more is needed"
        FAILED = "failed", "Not met"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    onboarding = models.ForeignKey(Onboarding, models.PROTECT, related_name="answers")
    cycle = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=20)
    says = models.CharField(max_length=8, choices=Says)
    text = models.TextField()
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=8, choices=State, default=State.GIVEN)
    note = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["onboarding", "cycle", "topic"], name="compliance_answered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} of {self.onboarding_id}"


def place_of(evidence: EvidenceFile, name: str) -> str:
    """Return where a file is kept: under its id, never under the name it came with, in the folder
    of files, which no address gives out.
    """
    return f"evidence/{evidence.pk}"


class EvidenceFile(models.Model):
    """A file that shows that an answer is true; ``media_type`` is what its content is."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    answer = models.ForeignKey(ComplianceAnswer, models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=place_of)
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def agency_id(self) -> UUID:
        """Return whose evidence it is."""
        return self.answer.onboarding.agency_id
