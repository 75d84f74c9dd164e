"""Onboarding: what is kept of each step by which an agency comes on board, and by whom."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.codes import Tier
from agencies.models.agency import Agency
from agencies.models.agreement import Agreement
from agencies.models.application import Application
from agencies.models.membership import Membership
from agencies.models.person import Person


class Onboarding(models.Model):
    """One agency's way on board, and its yearly recertification afterwards.

    ``cycle`` is the round of compliance answers asked for, ``certified`` the last that was
    accepted: where they differ, answers are due.  One that was declined has ended; an agency that
    applies again gets another.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="onboardings")
    application = models.OneToOneField(
        Application, models.PROTECT, null=True, blank=True, related_name="onboarding"
    )
    sign_in = models.CharField(max_length=12, blank=True)
    cycle = models.PositiveSmallIntegerField(default=1)
    certified = models.PositiveSmallIntegerField(default=0)
    pilot_ends_at = models.DateTimeField(null=True, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    recertify_by = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(ended_at__isnull=True), name="onboarding_once"
            ),
            models.CheckConstraint(
                condition=Q(certified__lte=F("cycle")), name="onboarding_certified_what_was_asked"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["recertify_by"],
                condition=Q(ended_at__isnull=True),
                name="onboarding_recertified_by",
            )
        ]

    def __str__(self) -> str:
        return f"onboarding of {self.agency_id}"

    @property
    def answers_are_due(self) -> bool:
        """Return whether a round of compliance answers is open."""
        return self.certified < self.cycle


class AuthorityCheck(models.Model):
    """That an administrator verified, out of band, that an agency exists and sent its applicant."""

    class Means(models.TextChoices):
        """By what an agency was reached, other than what the application gave."""

        CALLED = "called", "Called its published number"
        STATE = "state", "Confirmed by the state's CJIS systems agency"
        PARTNER = "partner", "Confirmed by an agency on board that knows it"
        LETTER = "letter", "Letter answered from its published address"
        IN_PERSON = "in_person", "In person"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    onboarding = models.ForeignKey(Onboarding, models.PROTECT, related_name="authority_checks")
    means = models.CharField(max_length=12, choices=Means)
    reached_at = models.CharField(max_length=120)
    spoke_to = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"check of {self.onboarding_id}"


class TierAssignment(models.Model):
    """Which tier an agency was given, by whom and why."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="tier_assignments")
    was = models.CharField(max_length=20, choices=Tier)
    tier = models.CharField(max_length=20, choices=Tier)
    reason = models.TextField()
    assigned_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.tier} for {self.agency_id}"


class Signature(models.Model):
    """Who signed an agreement for an agency, on what day, and who recorded it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    onboarding = models.ForeignKey(Onboarding, models.PROTECT, related_name="signatures")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    signer = models.CharField(max_length=120)
    title = models.CharField(max_length=80)
    signed_on = models.DateField()
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.signer} to {self.agreement_id}"


class BoardVote(models.Model):
    """What one of those who decide said of an agency; each has one vote, which may change."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    onboarding = models.ForeignKey(Onboarding, models.PROTECT, related_name="votes")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    admits = models.BooleanField()
    note = models.TextField(blank=True)
    voted_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["onboarding", "person"], name="board_vote_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.onboarding_id}"


class Contact(models.Model):
    """Who does what for an agency once it is on board; one person may be named for several."""

    class Duty(models.TextChoices):
        """What somebody is named for."""

        COORDINATOR = "coordinator", "Agency coordinator"
        ALTERNATE_COORDINATOR = "alternate_coordinator", "Alternate coordinator"
        LIAISON = "liaison", "Primary liaison"
        ALTERNATE_LIAISON = "alternate_liaison", "Alternate liaison"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    onboarding = models.ForeignKey(Onboarding, models.PROTECT, related_name="contacts")
    duty = models.CharField(max_length=22, choices=Duty)
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=40, blank=True)
    post = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["onboarding", "duty"], name="contact_once_per_duty")
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.duty}"


class StandingChange(models.Model):
    """Why an agency was limited, suspended, reinstated or closed; the words stay here."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="standing_changes")
    event = models.CharField(max_length=20)
    was = models.CharField(max_length=20)
    now = models.CharField(max_length=20)
    reason_code = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agency", "-made_at"], name="standing_change_of_agency")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.event}"
