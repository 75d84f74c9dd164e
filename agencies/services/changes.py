"""An agency is limited, suspended, reinstated or closed: one act, a coded reason, at once.

What hangs on the status is derived at each statement: sessions, tokens and access end with it and
nothing is deleted.  What was revoked meanwhile stays revoked.
"""

from __future__ import annotations

from django.db import transaction

from agencies.authority import By, require_administrator
from agencies.clock import database_time
from agencies.codes import AgencyStatus
from agencies.codetable import coded, is_code
from agencies.lines import passage
from agencies.models import Agency, Onboarding, StandingChange
from agencies.refusals import Conflict, Invalid
from agencies.services.agency import set_agency_status
from agencies.services.step import held_agency


def limit_agency(by: By, agency: Agency, *, reason_code: str, text: str = "") -> Agency:
    """Have an agency neither give nor receive; its people keep their own cases.  Idempotent."""
    return _change(by, agency, "limit", AgencyStatus.LIMITED_ACCESS, reason_code, text)


def suspend_agency(by: By, agency: Agency, *, reason_code: str, text: str = "") -> Agency:
    """Shut out everybody of an agency, and end what it gives and receives.  Idempotent."""
    return _change(by, agency, "suspend", AgencyStatus.SUSPENDED, reason_code, text)


def close_agency(by: By, agency: Agency, *, reason_code: str, text: str = "") -> Agency:
    """Shut an agency for good.  Idempotent."""
    return _change(by, agency, "close", AgencyStatus.CLOSED, reason_code, text)


@transaction.atomic
def reinstate_agency(by: By, agency: Agency, *, reason_code: str, text: str = "") -> Agency:
    """Let an agency take part again, in its pilot if that is not over.

    Nothing revives that was ended or revoked meanwhile.  Refused while its yearly answers are due.
    """
    require_administrator(by)
    agency = held_agency(agency)
    onboarding = Onboarding.objects.filter(agency=agency, ended_at__isnull=True).first()
    if onboarding is not None and _overdue(onboarding):
        raise Conflict(
            "Its yearly answers are overdue: accept them first, then reinstate it.",
            code="recertification",
        )
    return _change(by, agency, "reinstate", _target(onboarding), reason_code, text)


def _overdue(onboarding: Onboarding) -> bool:
    due = onboarding.recertify_by
    return due is not None and due <= database_time()


def _target(onboarding: Onboarding | None) -> AgencyStatus:
    in_pilot = (
        onboarding is not None
        and onboarding.pilot_ends_at is not None
        and onboarding.activated_at is None
    )
    return AgencyStatus.PILOT if in_pilot else AgencyStatus.ACTIVE


@transaction.atomic
def _change(
    by: By, agency: Agency, event: str, target: AgencyStatus, reason_code: str, text: str
) -> Agency:
    require_administrator(by)
    if (
        not is_code("standing_reasons", reason_code)
        or event not in (coded("standing_reasons", reason_code)["events"])
    ):
        raise Invalid({"reason_code": "Choose a reason."})
    words = passage("text", text, may_be_empty=True)
    was = held_agency(agency).status
    agency = set_agency_status(by, agency, status=target, reason_code=reason_code)
    if was != agency.status:
        StandingChange.objects.create(
            agency=agency,
            event=event,
            was=was,
            now=agency.status,
            reason_code=reason_code,
            text=words,
            made_by_id=by.person_id,
        )
    return agency
