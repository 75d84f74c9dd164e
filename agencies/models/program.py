"""Programs: a partner system that asks by itself, under a post of its own in its agency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from oauth2_provider.generators import generate_client_id

from agencies.codes import READING_ROLES, Role
from agencies.models.membership import Membership

if TYPE_CHECKING:
    AbstractApplication = models.Model  # the toolkit carries no types
else:
    from oauth2_provider.models import AbstractApplication

PROGRAM_ROLES = (Role.ANALYST, Role.AUDITOR)
"""What a program can be: never one that releases, answers the telephone or appoints."""

CONFIDENTIAL, CLIENT_CREDENTIALS = "confidential", "client-credentials"
"""The kind of client and the grant, as the toolkit names them."""


class ProgramQuerySet(models.QuerySet["Program"]):
    """Programs, narrowed by what stands behind them now, on the database's clock."""

    def working(self) -> ProgramQuerySet:
        """Return those that may act at this statement.

        Each needs a post in force, and somebody in force who answers for it and may themselves do
        all that it may.
        """
        acting = Membership.objects.acting()
        reads = ~Q(membership__roles__contains=[Role.ANALYST])
        audits = ~Q(membership__roles__contains=[Role.AUDITOR])
        return self.filter(
            reads | Q(answerable__roles__overlap=list(READING_ROLES)),
            audits | Q(answerable__roles__contains=[Role.AUDITOR]),
            membership__in=acting,
            answerable__in=acting,
            answerable__agency=F("membership__agency"),
            answerable__ceiling__gte=F("membership__ceiling"),
            revoked_at__isnull=True,
        )


class Program(AbstractApplication):
    """An OAuth 2 client of one agency, for client credentials and nothing else.

    It acts under a post like a person's, so that the one rule decides; of its secret only the
    SHA-256 is kept.  What the toolkit's table has for other grants is left out.
    """

    user: ClassVar[Any] = None
    client_secret: ClassVar[Any] = None
    hash_client_secret: ClassVar[Any] = None
    redirect_uris: ClassVar[Any] = None
    post_logout_redirect_uris: ClassVar[Any] = None
    allowed_origins: ClassVar[Any] = None
    skip_authorization: ClassVar[Any] = None
    algorithm: ClassVar[Any] = None
    registration_source: ClassVar[Any] = None
    cimd_expires_at: ClassVar[Any] = None
    created: ClassVar[Any] = None
    updated: ClassVar[Any] = None

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client_id = models.CharField(
        "client ID", max_length=255, unique=True, default=generate_client_id, db_index=True
    )
    name = models.CharField(max_length=80)
    client_type = models.CharField(max_length=32, default=CONFIDENTIAL)
    authorization_grant_type = models.CharField(max_length=44, default=CLIENT_CREDENTIALS)
    membership = models.OneToOneField(Membership, models.PROTECT, related_name="program")
    answerable = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    scopes = ArrayField(models.CharField(max_length=20))
    digest = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  (unique)
    drawn_at = models.DateTimeField(null=True)
    former_digest = models.CharField(max_length=64, blank=True)
    former_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    membership_id: UUID
    answerable_id: UUID

    objects = ProgramQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(client_type=CONFIDENTIAL)
                & Q(authorization_grant_type=CLIENT_CREDENTIALS),
                name="program_client_credentials_only",
            ),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=["read", "write"]) & Q(scopes__len__gt=0),
                name="program_scopes_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
