"""The participation agreement that every agency signs when it comes on board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction

from agencies.authority import By, require_administrator
from agencies.clock import database_time
from agencies.codes import Level
from agencies.codetable import codes
from agencies.models import Agency, Agreement
from agencies.refusals import Conflict
from agencies.services.agreement import conclude_agreement
from agencies.services.party import join_agreement

APART = frozenset({"criminal_intelligence", "gang"})
"""Categories that take an agreement of their own (28 CFR 23)."""

PURPOSES = ("criminal_justice", "public_safety", "exigent", "deconfliction")
YEARS = 5
TITLE = "Participation agreement"


@transaction.atomic
def conclude_participation(by: By, *, agencies: Iterable[Agency] | None = None) -> Agreement:
    """Have agencies (all that exchange, if none are named) sign the participation agreement.

    There is one in effect at a time: whoever has not signed it joins it.  Idempotent.
    """
    require_administrator(by)
    signing = list(Agency.objects.exchanging() if agencies is None else agencies)
    if not signing:
        raise Conflict("No agency is on board to sign.", code="agency_status")
    _one_at_a_time()
    current = (
        Agreement.objects.in_effect()
        .filter(kind=Agreement.Kind.PARTICIPATION)
        .order_by("-effective_at", "-created_at")
        .first()
    )
    if current is None:
        return _new(by, signing)
    for agency in signing:
        join_agreement(by, current, agency)
    return current


def _new(by: By, signing: list[Agency]) -> Agreement:
    now = database_time()
    return conclude_agreement(
        by,
        title=TITLE,
        parties=signing,
        categories=[code for code in codes("categories") if code not in APART],
        purposes=PURPOSES,
        level=Level.CONTRIBUTE,
        effective_at=now,
        expires_at=now + timedelta(days=365 * YEARS),
        kind=Agreement.Kind.PARTICIPATION,
    )


def _one_at_a_time() -> None:
    """Keep two transactions from concluding one each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('participation'))")
