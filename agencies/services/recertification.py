"""Once a year an agency answers again; who does not in time keeps its own records and no more."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from agencies.authority import (
    By,
    is_administrator,
    require_administrator,
    require_administrator_or_post,
)
from agencies.clock import database_time
from agencies.codes import EXCHANGING, OPERATING, Role
from agencies.models import Agency, Onboarding
from agencies.onboarding.figures import RECERTIFIED_FOR, RECERTIFY_AHEAD
from agencies.onboarding.telling import ANSWERS_DUE
from agencies.refusals import Conflict
from agencies.services.changes import limit_agency
from agencies.services.step import current_onboarding, held_agency
from ledger.doer import Portal
from ledger.services import Tell, record_event


@transaction.atomic
def begin_year(by: By, agency: Agency) -> Onboarding:
    """Have an agency that came on board by a command answer for the first time in a year.

    Idempotent: a day that is set is left.
    """
    require_administrator(by)
    agency = held_agency(agency)
    onboarding = current_onboarding(agency)
    if onboarding.recertify_by is None:
        onboarding.recertify_by = database_time() + RECERTIFIED_FOR
        onboarding.certified = onboarding.cycle
        onboarding.save(update_fields=["recertify_by", "certified"])
        _write(by, "recertification.scheduled", onboarding)
    return onboarding


@transaction.atomic
def open_recertification(by: By, agency: Agency) -> Onboarding:
    """Ask an agency's coordinators for the year's answers.  Idempotent.

    The coordinator may begin when the day is near, an administrator at any time.
    """
    require_administrator_or_post(by, agency.pk, Role.COORDINATOR)
    agency = held_agency(agency)
    onboarding = current_onboarding(agency)
    if agency.status not in OPERATING or onboarding.recertify_by is None:
        raise Conflict("No yearly answers are asked of this agency.", code="agency_status")
    if onboarding.answers_are_due:
        return onboarding
    if not _near(onboarding) and not is_administrator(by):
        raise Conflict("It is too early: the answers of this year still hold.", code="early")
    onboarding.cycle += 1
    onboarding.save(update_fields=["cycle"])
    _write(by, "recertification.opened", onboarding, tell=True)
    return onboarding


def _near(onboarding: Onboarding) -> bool:
    assert onboarding.recertify_by is not None  # noqa: S101  (asked by the caller)
    return onboarding.recertify_by <= database_time() + RECERTIFY_AHEAD


@transaction.atomic
def ask_for_answers() -> int:
    """Open the round of every agency whose day is near; return how many."""
    near = database_time() + RECERTIFY_AHEAD
    due = _current().filter(recertify_by__lte=near, agency__status__in=OPERATING)
    opened = [one for one in due.order_by("pk") if not one.answers_are_due]
    for onboarding in opened:
        open_recertification(Portal(), onboarding.agency)
    return len(opened)


@transaction.atomic
def limit_overdue() -> int:
    """Restrict every agency whose day has passed without accepted answers; return how many."""
    late = _current().filter(recertify_by__lte=database_time(), agency__status__in=EXCHANGING)
    overdue = list(late.order_by("pk"))
    for onboarding in overdue:
        limit_agency(Portal(), onboarding.agency, reason_code="recertification_overdue")
    return len(overdue)


def _current() -> QuerySet[Onboarding]:
    return Onboarding.objects.filter(ended_at__isnull=True).select_related("agency")


def _write(by: By, event: str, onboarding: Onboarding, *, tell: bool = False) -> None:
    messages = [Tell(ANSWERS_DUE, onboarding.agency_id, role=Role.COORDINATOR)] if tell else []
    record_event(
        by,
        event,
        onboarding,
        concerns=[onboarding.agency_id],
        tell=messages,
        due=onboarding.recertify_by,
    )
