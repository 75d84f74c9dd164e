"""How an agency's people sign in is settled at provisioning, and changed by those who run it."""

from __future__ import annotations

from django.db import transaction

from agencies.authority import By, require_administrator_or_post
from agencies.codes import Role
from agencies.models import Agency, Onboarding
from agencies.own_way import OWN, PASSWORD
from agencies.refusals import Conflict
from ledger.services import record_event


@transaction.atomic
def settle_sign_in(by: By, agency: Agency, *, alone: bool) -> Onboarding:
    """Have an agency's people come in by its own sign-in alone, or by passwords too.

    Idempotent.  It holds for sessions at their next statement; one that was refused a post by it
    acts under it again when it is undone.
    """
    require_administrator_or_post(by, agency.pk, Role.COORDINATOR)
    current = Onboarding.objects.select_for_update().filter(agency=agency, ended_at__isnull=True)
    onboarding = current.first()
    if onboarding is None:
        raise Conflict("How its people sign in was never settled with this agency.")
    wanted = OWN if alone else PASSWORD
    if onboarding.sign_in != wanted:
        onboarding.sign_in = wanted
        onboarding.save(update_fields=["sign_in"])
        record_event(by, "agency.sign_in_settled", agency, concerns=[agency.pk], sign_in=wanted)
    return onboarding
