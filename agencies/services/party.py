"""Agencies join an agreement and leave it; the others stay bound to each other."""

from __future__ import annotations

from django.db import transaction

from agencies.authority import By, require_administrator, require_administrator_or_post
from agencies.clock import database_time
from agencies.codes import Role
from agencies.models import Agency, Agreement, Party
from agencies.refusals import Conflict
from agencies.services.agreement import locked, require_tier, signatory
from ledger.services import record_event


@transaction.atomic
def join_agreement(by: By, agreement: Agreement, agency: Agency) -> Party:
    """Make an agency a party from now on.  Idempotent.

    One that left and returns is a new party: what it was given before it left does not revive.
    """
    require_administrator(by)
    agreement = locked(agreement)
    agency = signatory(agency)
    if agreement.terminated_at is not None:
        raise Conflict("This agreement has been terminated.", code="agreement_ended")
    require_tier(by, agreement, agency)
    current = agreement.parties.filter(agency=agency, left_at__isnull=True).first()
    if current is not None:
        return current
    party = Party.objects.create(agreement=agreement, agency=agency)
    record_event(
        by,
        "agreement.joined",
        agreement,
        concerns=[agency.pk],
        agency=agency.pk,
        number=agreement.number,
    )
    return party


@transaction.atomic
def leave_agreement(by: By, agreement: Agreement, agency: Agency) -> Party:
    """End one agency's part in an agreement now.  Idempotent; Conflict if it never signed."""
    require_administrator_or_post(by, agency.pk, Role.COORDINATOR, Role.SUPERVISOR)
    agreement = locked(agreement)
    party = agreement.parties.filter(agency=agency).order_by("-joined_at").first()
    if party is None:
        raise Conflict("That agency is not a party to this agreement.", code="not_a_party")
    if party.left_at is None:
        party.left_at = database_time()
        party.save(update_fields=["left_at"])
        record_event(
            by,
            "agreement.left",
            agreement,
            concerns=list(agreement.parties.values_list("agency_id", flat=True).distinct()),
            agency=agency.pk,
            number=agreement.number,
        )
    return party
