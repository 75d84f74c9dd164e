"""What an agency signs beside the participation agreement: one that others signed, or a new one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from agencies.authority import By, require_administrator
from agencies.clock import database_time
from agencies.codes import AgencyStatus, Level
from agencies.lines import line
from agencies.models import Agency, Agreement, Party, Signature
from agencies.refusals import Conflict, Invalid
from agencies.services.agreement import conclude_agreement
from agencies.services.party import join_agreement
from agencies.services.step import current_onboarding, held_agency
from agencies.standing import WAY

SIGNING = (*WAY[WAY.index(AgencyStatus.AGREEMENTS) :], AgencyStatus.LIMITED_ACCESS)
"""Statuses in which an agency signs: from when its agreements were sent, while not shut out."""


def open_to(agency: Agency) -> QuerySet[Agreement]:
    """Return the sharing agreements that others signed and *agency* could, by number."""
    own = Party.objects.filter(agency=agency, left_at__isnull=True)
    standing = Agreement.objects.filter(
        kind=Agreement.Kind.BILATERAL, terminated_at__isnull=True, expires_at__gt=Now()
    )
    return standing.exclude(pk__in=own.values("agreement")).order_by("number")


def could_share_with(agency: Agency) -> QuerySet[Agency]:
    """Return the other agencies that sign, by name."""
    return Agency.objects.filter(status__in=SIGNING).exclude(pk=agency.pk).order_by("name", "pk")


def signed_by(
    by: By, agency: Agency, agreement: Agreement, *, signer: str, title: str, signed_on: date
) -> Signature:
    """Note who signed an agreement for an agency; Invalid for a day that is yet to come."""
    if signed_on > database_time().date():
        raise Invalid({"signed_on": "That day is yet to come."})
    return Signature.objects.create(
        onboarding=current_onboarding(agency),
        agreement=agreement,
        signer=line("signer", signer, longest=120),
        title=line("title", title, longest=80),
        signed_on=signed_on,
        recorded_by_id=by.person_id,
    )


@transaction.atomic
def sign_agreement(
    by: By, agency: Agency, *, agreement: Agreement, signer: str, title: str, signed_on: date
) -> Signature:
    """Record that an agency signed what others signed before it, and make it a party from now on.

    As with the participation agreement, nothing flows before its pilot.
    """
    agency = _signing(by, agency)
    if not open_to(agency).filter(pk=agreement.pk).exists():
        raise Conflict("That agreement has ended, or the agency signed it.", code="not_open")
    join_agreement(by, agreement, agency)
    return signed_by(by, agency, agreement, signer=signer, title=title, signed_on=signed_on)


@transaction.atomic
def sign_with(
    by: By,
    agency: Agency,
    *,
    name: str,
    others: Iterable[Agency],
    categories: Iterable[str],
    purposes: Iterable[str],
    level: int,
    onward: str,
    effective_at: datetime,
    expires_at: datetime,
    signer: str,
    title: str,
    signed_on: date,
) -> Signature:
    """Enter an agreement that an agency and others signed among themselves."""
    agency = _signing(by, agency)
    made = conclude_agreement(
        by,
        title=name,
        parties=[agency, *others],
        categories=categories,
        purposes=purposes,
        level=Level(level),
        onward=onward,
        effective_at=effective_at,
        expires_at=expires_at,
    )
    return signed_by(by, agency, made, signer=signer, title=title, signed_on=signed_on)


def of_agency(agency: Agency) -> QuerySet[Agreement]:
    """Return what an agency is a party to and has not ended, the newest first, with its parties."""
    own = Party.objects.filter(agency=agency, left_at__isnull=True)
    standing = Q(terminated_at__isnull=True, expires_at__gt=Now())
    found = Agreement.objects.filter(standing, pk__in=own.values("agreement"))
    return found.prefetch_related("parties__agency").order_by("-effective_at", "number")


def _signing(by: By, agency: Agency) -> Agency:
    require_administrator(by)
    agency = held_agency(agency)
    if agency.status not in SIGNING:
        raise Conflict("Its agreements are sent first.", code="agency_status")
    return agency
