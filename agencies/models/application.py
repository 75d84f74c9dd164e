"""Applications: that somebody asks, for an agency, to come on board."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from agencies.codes import AgencyKind
from agencies.models.agency import Agency


class Application(models.Model):
    """What was typed on the public form, and how far it came.

    Nobody is bothered with it before its e-mail address is verified, and nothing about an agency
    changes before a portal administrator takes it up.  ``sent_from`` is a keyed digest of the
    network address, by which too many are counted.
    """

    class State(models.TextChoices):
        """Where an application stands."""

        SENT = "sent", "E-mail not verified"
        CONFIRMED = "confirmed", "Waits for an administrator"
        OPENED = "opened", "Taken up"
        DECLINED = "declined", "Declined"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="applications")
    agency_name = models.CharField(max_length=200)
    ori = models.CharField("ORI", max_length=9, blank=True)
    kind = models.CharField(max_length=20, choices=AgencyKind)
    legal_basis = models.TextField(blank=True)
    parent = models.CharField(max_length=200, blank=True)
    applicant = models.CharField(max_length=120)
    title = models.CharField(max_length=80, blank=True)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    reason_code = models.CharField(max_length=40, blank=True)
    sent_from = models.CharField(max_length=64)
    sent_at = models.DateTimeField(db_default=Now(), editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(ori="") | ~Q(legal_basis=""), name="application_says_by_what_authority"
            ),
            models.CheckConstraint(
                condition=Q(state="sent") | Q(confirmed_at__isnull=False),
                name="application_goes_on_confirmed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["email", "sent_at"], name="application_by_email"),
            models.Index(fields=["sent_from", "sent_at"], name="application_by_address"),
            models.Index(
                fields=["confirmed_at", "id"],
                condition=Q(state="confirmed"),
                name="application_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"application of {self.agency_name}"
