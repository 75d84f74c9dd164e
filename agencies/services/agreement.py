"""Agreements are concluded, suspended, resumed and ended.

Each change locks the agreement's row, so that a grant made under it at the same moment is made
either before or not at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from agencies.authority import By, is_portal, require_administrator
from agencies.clock import database_time
from agencies.codes import AgencyStatus, Level, Tier
from agencies.codetable import is_code
from agencies.lines import line, one_of
from agencies.models import Agency, Agreement, Party
from agencies.refusals import Conflict, Invalid
from agencies.tiers import categories_within
from ledger.services import record_event

UNSIGNED = (AgencyStatus.DIRECTORY, AgencyStatus.CLOSED)
NUMBERS = range(1000, 10_000)
FEWEST = {Agreement.Kind.BILATERAL: 2, Agreement.Kind.PARTICIPATION: 1}


@transaction.atomic
def conclude_agreement(
    by: By,
    *,
    title: str,
    parties: Sequence[Agency],
    categories: Iterable[str],
    purposes: Iterable[str],
    level: Level,
    onward: str = Agreement.Onward.CONSENT,
    effective_at: datetime,
    expires_at: datetime,
    kind: str = Agreement.Kind.BILATERAL,
    number: str | None = None,
) -> Agreement:
    """Enter an agreement that its parties have signed; without a number it is given one."""
    require_administrator(by)
    kind = one_of("kind", kind, Agreement.Kind.values)
    if expires_at <= effective_at:
        raise Invalid({"expires_at": "An agreement ends after it begins."})
    agreement = Agreement.objects.create(
        number=_number(number, effective_at.year),
        title=line("title", title, longest=200),
        kind=kind,
        categories=_codes("categories", categories),
        purposes=_codes("purposes", purposes),
        level=_level(level),
        onward=one_of("onward", onward, Agreement.Onward.values),
        effective_at=effective_at,
        expires_at=expires_at,
    )
    signed = _signatories(parties, fewest=FEWEST[Agreement.Kind(kind)])
    for agency in signed:
        require_tier(by, agreement, agency)
    Party.objects.bulk_create(Party(agreement=agreement, agency=agency) for agency in signed)
    _record_conclusion(by, agreement, signed)
    return agreement


def _record_conclusion(by: By, agreement: Agreement, signed: Iterable[Agency]) -> None:
    record_event(
        by,
        "agreement.concluded",
        agreement,
        concerns=[agency.pk for agency in signed],
        number=agreement.number,
        sort=agreement.kind,
        level=Level(agreement.level).code,
        expires=agreement.expires_at,
    )


@transaction.atomic
def end_agreement(by: By, agreement: Agreement) -> Agreement:
    """Terminate an agreement for all its parties, now and for good.  Idempotent."""
    require_administrator(by)
    agreement = locked(agreement)
    if agreement.terminated_at is None:
        agreement.terminated_at = database_time()
        _save(by, agreement, "agreement.ended", "terminated_at")
    return agreement


@transaction.atomic
def suspend_agreement(by: By, agreement: Agreement) -> Agreement:
    """Stop what hangs on an agreement until it is resumed.  Idempotent."""
    require_administrator(by)
    agreement = locked(agreement)
    _still_standing(agreement)
    if agreement.suspended_at is None:
        agreement.suspended_at = database_time()
        _save(by, agreement, "agreement.suspended", "suspended_at")
    return agreement


@transaction.atomic
def resume_agreement(by: By, agreement: Agreement) -> Agreement:
    """Let a suspended agreement bind again.  Idempotent."""
    require_administrator(by)
    agreement = locked(agreement)
    _still_standing(agreement)
    if agreement.suspended_at is not None:
        agreement.suspended_at = None
        _save(by, agreement, "agreement.resumed", "suspended_at")
    return agreement


def locked(agreement: Agreement) -> Agreement:
    """Return the agreement as it stands, held against change until the transaction ends."""
    return Agreement.objects.select_for_update().get(pk=agreement.pk)


def signatory(agency: Agency) -> Agency:
    """Return the agency as it stands if it can sign; Conflict if it is not on board."""
    agency = Agency.objects.get(pk=agency.pk)
    if agency.status in UNSIGNED:
        raise Conflict(f"{agency.name} is not on board and cannot sign.", code="agency_status")
    return agency


def require_tier(by: By, agreement: Agreement, agency: Agency) -> None:
    """Raise Conflict where the agency's tier takes part in nothing of what the agreement covers.

    The portal's own commands may enter it: what the tier rules out is not covered all the same.
    """
    if not is_portal(by) and not categories_within(agency.tier, agreement.categories):
        raise Conflict(
            f"{agency.name} has the {Tier(agency.tier).label.lower()} tier, which takes no part"
            " in anything that it covers.",
            code="tier",
        )


def _signatories(parties: Sequence[Agency], *, fewest: int) -> list[Agency]:
    distinct = list({agency.pk: agency for agency in parties}.values())
    if len(distinct) < fewest:
        raise Invalid({"parties": f"It takes {fewest} agencies or more."})
    return [signatory(agency) for agency in distinct]


def _save(by: By, agreement: Agreement, event: str, field: str) -> None:
    agreement.version += 1
    agreement.save(update_fields=[field, "version"])
    bound = agreement.parties.filter(left_at__isnull=True)
    record_event(
        by,
        event,
        agreement,
        concerns=list(bound.values_list("agency_id", flat=True)),
        number=agreement.number,
    )


def _still_standing(agreement: Agreement) -> None:
    if agreement.terminated_at is not None:
        raise Conflict("This agreement has been terminated.", code="agreement_ended")


def _codes(table: str, codes: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(codes))
    unknown = [code for code in wanted if not is_code(table, code)]
    if unknown or not wanted:
        raise Invalid({table: f"Not known: {', '.join(unknown)}." if unknown else "Name one."})
    return wanted


def _level(level: int) -> Level:
    if level not in range(Level.POINTER, Level.CONTRIBUTE + 1):
        raise Invalid({"level": "An agreement goes from contact only to full, may add."})
    return Level(level)


def _number(given: str | None, year: int) -> str:
    """Return the number given if it is free, else a random one of the year that is."""
    if given is not None:
        given = line("number", given, longest=20)
        if Agreement.objects.filter(number=given).exists():
            raise Conflict(f"There is an agreement {given} already.", code="number_taken")
        return given
    taken = set(
        Agreement.objects.filter(number__startswith=f"{year}-").values_list("number", flat=True)
    )
    free = [number for each in NUMBERS if (number := f"{year}-{each}") not in taken]
    return secrets.choice(free)
