"""Memberships: a person's post in an agency, the hat they act under."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from agencies.codes import OPERATING, Role, Sensitivity
from agencies.models.agency import Agency
from agencies.models.person import Person


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, narrowed by who may act under them now, on the database's clock."""

    def acting(self) -> MembershipQuerySet:
        """Return those under which a person may act at this statement."""
        return self.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gt=Now()),
            started_at__lte=Now(),
            person__is_active=True,
            agency__status__in=OPERATING,
        )

    def holding(self, *roles: str) -> MembershipQuerySet:
        """Return those that hold at least one of *roles*."""
        return self.filter(roles__overlap=list(roles))


class Membership(models.Model):
    """A person's post in an agency, with its roles and the ceiling it reads up to."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    ceiling = models.PositiveSmallIntegerField(choices=Sensitivity, default=Sensitivity.SENSITIVE)
    title = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "agency"],
                condition=Q(ended_at__isnull=True),
                name="membership_once_per_agency",
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=Role.values) & Q(roles__len__gt=0),
                name="membership_roles_known",
            ),
            models.CheckConstraint(
                condition=Q(ceiling__in=Sensitivity.values), name="membership_ceiling_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.agency_id}"
