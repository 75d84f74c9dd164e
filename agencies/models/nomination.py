"""Nominations: that somebody is to have a post, until they and a second have said yes."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from agencies.codes import Role, Sensitivity
from agencies.models.agency import Agency
from agencies.models.membership import Membership
from agencies.models.person import Person


class Nomination(models.Model):
    """A post that is proposed: for whom, with what; nothing is open by it until it is validated.

    One that *widens* a post names it; the others make one, which is ``post`` from then on.
    """

    class State(models.TextChoices):
        """Where a nomination stands."""

        NOMINATED = "nominated", "Nominated"
        ACCEPTED = "accepted", "Accepted, to be validated"
        ACTIVE = "active", "Validated"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="nominations")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="nominations")
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    ceiling = models.PositiveSmallIntegerField(choices=Sensitivity)
    temporary = models.BooleanField(default=False)
    from_outside = models.BooleanField(default=False)
    ends_at = models.DateTimeField(null=True)
    arrangement = models.ForeignKey(
        "agencies.Arrangement", models.PROTECT, null=True, related_name="+"
    )
    widens = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="widenings")
    post = models.OneToOneField(Membership, models.PROTECT, null=True, related_name="nomination")
    state = models.CharField(max_length=10, choices=State, default=State.NOMINATED)
    nominated_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    nominated_at = models.DateTimeField(db_default=Now(), editable=False)
    accepted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "agency",
                Lower("email"),
                condition=Q(state__in=("nominated", "accepted")),
                name="nomination_open_once",
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=Role.values) & Q(roles__len__gt=0),
                name="nomination_roles_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(post__isnull=False) | Q(widens__isnull=False),
                name="nomination_active_has_post",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "-nominated_at"], name="nomination_of_agency")
        ]

    def __str__(self) -> str:
        return f"nomination {self.pk}"


class Consent(models.Model):
    """What another agency of the person says to a nomination."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="consents")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["nomination", "agency"], name="consent_once")
        ]

    def __str__(self) -> str:
        return f"consent of {self.agency_id}"
