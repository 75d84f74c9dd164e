"""Provisioning: what an agency's own directory says of its people, and the key it says it with."""

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
from agencies.models.nomination import Nomination


class ProvisioningKey(models.Model):
    """The key of an agency's directory, on the word of the coordinator who made it.

    ``roles`` and ``ceiling`` are what a nomination by it proposes; only the SHA-256 is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="provisioning_keys")
    digest = models.CharField(max_length=64, unique=True)
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    ceiling = models.PositiveSmallIntegerField(choices=Sensitivity)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(roles__contained_by=["analyst", "liaison", "auditor"])
                & Q(roles__len__gt=0),
                name="provisioning_key_proposes_no_authority",
            )
        ]

    def __str__(self) -> str:
        return f"key of {self.membership_id}"


class DirectoryUser(models.Model):
    """Somebody as their agency's directory knows them; what they may here hangs on their post."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="directory_users")
    user_name = models.EmailField(max_length=254)
    external_id = models.CharField(max_length=191, blank=True)
    name = models.CharField(max_length=120)
    active = models.BooleanField(default=True)
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    nomination = models.ForeignKey(Nomination, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    touched_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "agency",
                Lower("user_name"),
                condition=Q(removed_at__isnull=True),
                name="directory_user_once",
            )
        ]

    def __str__(self) -> str:
        return self.name
