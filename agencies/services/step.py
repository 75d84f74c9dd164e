"""One step of an agency on its way on board: its row, its status and its event together."""

from __future__ import annotations

from typing import Any

from agencies.authority import By
from agencies.codes import AgencyStatus
from agencies.models import Agency, Onboarding
from agencies.standing import PAST, step_from
from ledger.services import record_event


def held_agency(agency: Agency) -> Agency:
    """Return the agency as it stands, held against change until the transaction ends."""
    return Agency.objects.select_for_update().get(pk=agency.pk)


def current_onboarding(agency: Agency) -> Onboarding:
    """Return an agency's way on board, begun now if there is none; hold the agency first."""
    found = Onboarding.objects.filter(agency=agency, ended_at__isnull=True).first()
    return found or Onboarding.objects.create(agency=agency)


def take_step(by: By, agency: Agency, event: str, **facts: Any) -> AgencyStatus:
    """Move a held agency on by *event*, and write it; Conflict if it is not that step's turn."""
    target = step_from(agency.status, event)
    was, agency.status, agency.version = agency.status, target, agency.version + 1
    agency.save(update_fields=["status", "version"])
    record_event(
        by, f"agency.{PAST[event]}", agency, concerns=[agency.pk], was=was, now=target, **facts
    )
    return target
