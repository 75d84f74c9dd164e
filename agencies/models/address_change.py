"""New e-mail addresses of people, which hold from when the person confirms them."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from agencies.models.person import Person


class AddressChange(models.Model):
    """That a person is to have another address; ``previous`` is kept to tell it of the change."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="address_changes")
    email = models.EmailField(max_length=254)
    previous = models.EmailField(max_length=254, blank=True)
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | ~Q(previous=""),
                name="address_confirmed_has_previous",
            )
        ]

    def __str__(self) -> str:
        return f"new address of {self.person_id}"
