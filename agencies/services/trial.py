"""An agency's own sign-in tried before it speaks: who would come in, and nobody does."""

from __future__ import annotations

from django.db import transaction

from agencies.authority import By, require_administrator_or_post
from agencies.claims import Told
from agencies.codes import Role
from agencies.models import IdentityProvider, Membership
from agencies.refusals import Conflict
from agencies.services.identity import meant_post
from ledger.models import Event
from ledger.services import record_event

WOULD_SIGN_IN, CLAIMS, NOBODY, PROTOCOL = "would_sign_in", "claims", "nobody_here", "protocol"
"""What a try may come to; all but the first would sign nobody in."""


def require_trier(by: By, provider: IdentityProvider) -> None:
    """Raise unless *by* sets sign-ins of that agency up or confirms them, and it is not ended."""
    require_administrator_or_post(by, provider.agency_id, Role.COORDINATOR, Role.SUPERVISOR)
    if provider.ended_at is not None:
        raise Conflict("This sign-in has been ended.", code="provider_ended")


@transaction.atomic
def finish_trial(by: By, provider: IdentityProvider, told: Told | None) -> Membership | None:
    """Return whom a provider's answer means, without linking them or signing them in.

    *told* is None where the two machines did not understand each other.  What was said of the
    person is not kept.
    """
    require_trier(by, provider)
    post = meant_post(provider, told)[0] if told and not told.refusals else None
    record_event(
        by,
        "provider.tried",
        provider,
        concerns=[provider.agency_id],
        outcome=Event.Outcome.DONE if post else Event.Outcome.REFUSED,
        result=_result(told, post),
    )
    return post


def _result(told: Told | None, post: Membership | None) -> str:
    if told is None:
        return PROTOCOL
    if told.refusals:
        return CLAIMS
    return WOULD_SIGN_IN if post else NOBODY
