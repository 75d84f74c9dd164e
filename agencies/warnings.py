"""Whoever has a credential that ends soon, or lacks one that is soon required, is told: 60, 30 and
7 days ahead, once each.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from agencies.figures import WARNED_DAYS_AHEAD
from agencies.lacking import agencies_lacking
from agencies.models import (
    Credential,
    CredentialRequirement,
    CredentialWarning,
    RequirementWarning,
)
from agencies.posts import agencies_of
from ledger.doer import Portal
from ledger.services import Tell, record_event

BATCH = 200
LAPSING, GATING = "credential.lapsing", "credential.gating"


def warn_of_endings() -> int:
    """Queue what is due, at most a batch; return how many credentials were warned of.

    Who was away when the sixty days came is told with the thirty: only the nearest step is told.
    """
    warned = 0
    for days, later in _steps():
        for credential in _due(days, later)[:BATCH]:
            warned += _warn(credential, days)
    return warned


def warn_of_gates() -> int:
    """Queue the same to those who lack what is to be required; return how many requirements."""
    warned = 0
    for days, later in _steps():
        for requirement in _gating(days, later)[:BATCH]:
            warned += _warn_of_gate(requirement, days)
    return warned


def steps_passed(gates_from: datetime, now: datetime) -> list[int]:
    """Return the days ahead that are nearer than that already: whoever decides tells of those."""
    return [days for days in WARNED_DAYS_AHEAD if gates_from <= now + timedelta(days=days)]


def _steps() -> list[tuple[int, int]]:
    """Return how many days ahead, each with how many the next step is."""
    return list(zip(WARNED_DAYS_AHEAD, (*WARNED_DAYS_AHEAD[1:], 0), strict=True))


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


def _gating(days: int, later: int) -> QuerySet[CredentialRequirement]:
    told = RequirementWarning.objects.filter(requirement=OuterRef("pk"), days__lte=days)
    return CredentialRequirement.objects.filter(
        ~Exists(told),
        gates_from__gt=Now() + timedelta(days=later),
        gates_from__lte=Now() + timedelta(days=days),
    ).order_by("gates_from", "pk")


def _warn_of_gate(requirement: CredentialRequirement, days: int) -> bool:
    """Write one warning with its messages; False where another sweep was quicker, or waived it."""
    try:
        with transaction.atomic():
            RequirementWarning.objects.create(requirement=requirement, days=days)
            lacking = agencies_lacking(requirement)
            record_event(
                Portal(),
                GATING,
                requirement,
                concerns=lacking,
                tell=[Tell(GATING, agency) for agency in lacking],
                credential=requirement.kind,
                days=days,
            )
    except IntegrityError as error:
        if "requirement" not in str(error):
            raise
        return False
    return True
