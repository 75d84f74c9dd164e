"""Whoever has a credential that ends soon is told, 60, 30 and 7 days ahead, once each."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from agencies.figures import WARNED_DAYS_AHEAD
from agencies.models import Credential, CredentialWarning
from agencies.posts import agencies_of
from ledger.doer import Portal
from ledger.services import Tell, record_event

BATCH = 200
LAPSING = "credential.lapsing"


def warn_of_endings() -> int:
    """Queue what is due, at most a batch; return how many credentials were warned of.

    Who was away when the sixty days came is told with the thirty: only the nearest step is told.
    """
    warned = 0
    for place, days in enumerate(WARNED_DAYS_AHEAD):
        later = WARNED_DAYS_AHEAD[place + 1] if place + 1 < len(WARNED_DAYS_AHEAD) else 0
        for credential in _due(days, later)[:BATCH]:
            warned += _warn(credential, days)
    return warned


def _due(days: int, later: int) -> list[Credential]:
    """Return the credentials that end within *days*, not within *later*, and are the newest."""
    told = CredentialWarning.objects.filter(credential=OuterRef("pk"), days__lte=days)
    newer = Credential.objects.filter(
        person=OuterRef("person"),
        kind=OuterRef("kind"),
        revoked_at__isnull=True,
        expires_at__gt=OuterRef("expires_at"),
    )
    return list(
        Credential.objects.filter(
            ~Exists(told),
            ~Exists(newer),
            revoked_at__isnull=True,
            expires_at__gt=Now() + timedelta(days=later),
            expires_at__lte=Now() + timedelta(days=days),
        ).order_by("expires_at", "pk")
    )


def _warn(credential: Credential, days: int) -> bool:
    """Write one warning with its messages; False where another sweep was quicker."""
    try:
        with transaction.atomic():
            CredentialWarning.objects.create(credential=credential, days=days)
            agencies = agencies_of(credential.person_id)
            record_event(
                Portal(),
                LAPSING,
                credential,
                concerns=agencies,
                tell=[Tell(LAPSING, agency) for agency in agencies],
                person=credential.person_id,
                credential=credential.kind,
                days=days,
            )
    except IntegrityError as error:
        if "warned_once" not in str(error):
            raise
        return False
    return True
