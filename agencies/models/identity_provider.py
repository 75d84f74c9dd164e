"""Identity providers: an agency's own sign-in, and whom of the agency it has vouched for."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.codes import OPERATING
from agencies.models.agency import Agency
from agencies.models.membership import Membership
from agencies.models.person import Person


class IdentityProviderQuerySet(models.QuerySet["IdentityProvider"]):
    """Identity providers, narrowed by whether they may speak now."""

    def speaking(self) -> IdentityProviderQuerySet:
        """Return those that two people set up, of agencies on board, and that nobody ended."""
        return self.filter(
            confirmed_at__isnull=False, ended_at__isnull=True, agency__status__in=OPERATING
        )

    def answering(self, tried: UUID) -> IdentityProviderQuerySet:
        """Return those that may speak now, and the one that is tried unless somebody ended it."""
        return self.speaking() | self.filter(pk=tried, ended_at__isnull=True)


class IdentityProvider(models.Model):
    """An agency's own sign-in; it speaks for people with a post there, and nobody else's.

    ``claims`` says which claim becomes which of our fields; the secret is encrypted.
    """

    class Protocol(models.TextChoices):
        """How it speaks."""

        OIDC = "oidc", "OpenID Connect"
        SAML = "saml", "SAML 2.0"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="identity_providers")
    protocol = models.CharField(max_length=4, choices=Protocol, default=Protocol.OIDC)
    name = models.CharField(max_length=40)
    address = models.URLField(max_length=300)
    client_id = models.CharField(max_length=191)
    secret = models.TextField(blank=True)
    certificate = models.TextField(blank=True)
    domains = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    claims = models.JSONField(default=dict)
    strong = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    configured_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)

    objects = IdentityProviderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(ended_at__isnull=True),
                name="identity_provider_once_per_agency",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("configured_by")),
                name="identity_provider_takes_two",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class IdentityLink(models.Model):
    """Whom an identity provider means by a subject: one post, with which the link ends."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    provider = models.ForeignKey(IdentityProvider, models.PROTECT, related_name="links")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="identity_links")
    subject = models.CharField(max_length=191)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "membership"], name="identity_link_once_per_post"
            ),
            models.UniqueConstraint(
                fields=["provider", "subject", "membership"], name="identity_link_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} by {self.provider_id}"
