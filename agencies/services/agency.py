"""Agencies come on board, are limited, suspended, reinstated and closed."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import Q

from agencies.authority import By, require_administrator
from agencies.codes import AgencyKind, AgencyStatus, Tier
from agencies.lines import line, one_of, ori_number
from agencies.lines import short_name as checked_short_name
from agencies.models import Agency, Roster
from agencies.refusals import Conflict
from agencies.standing import CHANGES, PAST, event_between
from ledger.services import record_event

NEW = frozenset(AgencyStatus.values) - {AgencyStatus.DIRECTORY}


@transaction.atomic
def register_agency(
    by: By,
    *,
    short_name: str,
    name: str,
    ori: str | None = None,
    kind: str,
    tier: str = Tier.FULL,
    status: str = AgencyStatus.ACTIVE,
    contact: str = "",
    time_zone: str = "UTC",
) -> Agency:
    """Put an agency on board with its roster; an entry of the directory with that ORI becomes it.

    Idempotent: an agency that stands there with the same values is returned unchanged.
    """
    require_administrator(by)
    values = {
        **_named(short_name, name, ori),
        "kind": one_of("kind", kind, AgencyKind.values),
        "tier": one_of("tier", tier, Tier.values),
        "contact": line("contact", contact, longest=80, may_be_empty=True),
        "time_zone": one_of("time_zone", time_zone, available_timezones()),
    }
    one_of("status", status, NEW)
    known = _known(values)
    if known is not None and known.status != AgencyStatus.DIRECTORY:
        return known
    agency = _put_on_board(known, {**values, "status": status})
    record_event(
        by, "agency.registered", agency, concerns=[agency.pk], status=status, sort=kind, tier=tier
    )
    return agency


def _named(short_name: str, name: str, ori: str | None) -> dict[str, Any]:
    """Return by what an agency is known, each as it is kept."""
    return {
        "short_name": checked_short_name(short_name),
        "name": line("name", name, longest=200),
        "ori": ori_number(ori) if ori else None,
    }


def _put_on_board(known: Agency | None, values: dict[str, Any]) -> Agency:
    """Return the agency of these values with its roster, new or from the directory's entry."""
    agency = known or Agency()
    for field, value in values.items():
        setattr(agency, field, value)
    agency.version = 1 if known is None else agency.version + 1
    agency.save()
    Roster.objects.get_or_create(
        id=agency.pk, defaults={"kind": Roster.Kind.AGENCY, "agency": agency}
    )
    return agency


@transaction.atomic
def list_agency(by: By, **values: Any) -> Agency:
    """Enter an agency into the directory, known and not on board; one that is known stays as it is.

    Takes what ``register_agency`` takes of the same names.
    """
    require_administrator(by)
    checked = {**values, "short_name": checked_short_name(values["short_name"])}
    known = _known(checked)
    if known is not None:
        return known
    agency = Agency.objects.create(**checked, status=AgencyStatus.DIRECTORY)
    record_event(by, "agency.listed", agency, concerns=[agency.pk])
    return agency


def _known(values: dict[str, Any]) -> Agency | None:
    """Return the locked row these values speak of; Conflict if it is another agency's."""
    same = Q(short_name__iexact=values["short_name"])
    if values["ori"]:
        same |= Q(ori__iexact=values["ori"])
    rows = list(Agency.objects.select_for_update().filter(same).order_by("pk"))
    on_board = [row for row in rows if row.status != AgencyStatus.DIRECTORY]
    if not on_board:
        return rows[0] if rows else None
    if any(getattr(on_board[0], field) != value for field, value in values.items()):
        raise Conflict(
            "An agency with that short name or ORI is on board with other particulars.",
            code="agency_known",
        )
    return on_board[0]


@transaction.atomic
def set_agency_status(by: By, agency: Agency, *, status: str, reason_code: str = "") -> Agency:
    """Move an agency to another status; what hangs on it ends or returns at once.

    Idempotent.  Raises Conflict where no transition leads there, and for a step on the way on
    board: each of those has a service of its own.
    """
    require_administrator(by)
    one_of("status", status, NEW)
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    if agency.status == status:
        return agency
    event = event_between(agency.status, status)
    if event not in CHANGES:
        raise Conflict("A step on the way on board is taken by itself.", code="agency_status")
    was, agency.status, agency.version = agency.status, status, agency.version + 1
    agency.save(update_fields=["status", "version"])
    record_event(
        by,
        f"agency.{PAST[event]}",
        agency,
        concerns=[agency.pk],
        was=was,
        now=status,
        reason=reason_code,
    )
    return agency
