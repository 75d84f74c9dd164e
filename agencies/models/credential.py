"""Credentials: what a person must have to hold a post, from whom, and until when."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from agencies.codes import Role
from agencies.models.agency import Agency
from agencies.models.person import Person


class Credential(models.Model):
    """A training, clearance or deputation of a person; it counts until it expires."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="credentials")
    kind = models.CharField(max_length=40)
    issuer = models.CharField(max_length=120)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField()
    expires_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["person", "kind", "-expires_at"],
                condition=Q(revoked_at__isnull=True),
                name="credential_of_person",
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(revoked_at__isnull=True),
                name="credential_expiring",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class CredentialRequirement(models.Model):
    """That a kind of credential is needed, for a role or for any, in an agency or in all.

    ``role`` is empty and ``agency`` None for all of them.  Without rows nothing is needed.  Nobody
    is shut out by it before ``gates_from``.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=40)
    role = models.CharField(max_length=20, blank=True, choices=Role)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    gates_from = models.DateTimeField(db_default=Now())
    required_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by_portal = models.BooleanField(default=False, db_default=False)
    required_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "role", "agency"],
                nulls_distinct=False,
                name="requirement_once",
            ),
            models.CheckConstraint(
                condition=Q(role="") | Q(role__in=Role.values), name="requirement_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.role or 'every role'}"


class RequirementWarning(models.Model):
    """That those who lack what is to be required were told, so many days before it gates."""

    requirement = models.ForeignKey(CredentialRequirement, models.CASCADE, related_name="warnings")
    days = models.PositiveSmallIntegerField()
    warned_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["requirement", "days"], name="requirement_warned_once")
        ]

    def __str__(self) -> str:
        return f"{self.days} days before {self.requirement_id} gates"


class CredentialWarning(models.Model):
    """That somebody was told of a credential's end, so many days ahead."""

    credential = models.ForeignKey(Credential, models.PROTECT, related_name="warnings")
    days = models.PositiveSmallIntegerField()
    warned_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["credential", "days"], name="warned_once")
        ]

    def __str__(self) -> str:
        return f"{self.days} days before {self.credential_id} ends"
