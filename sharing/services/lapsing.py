"""Lapsing: a request that nobody decided before the time it asked for ends by itself."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from ledger.doer import Portal
from ledger.services import Tell, record_event
from sharing.boxes import asking_agency
from sharing.models import ShareRequest
from sharing.transitions import WAITING, leads_to

BATCH = 200


@transaction.atomic
def lapse_requests() -> int:
    """End the open requests whose wished time has passed and return how many.

    A timer never grants: this only removes.  Requests that somebody is deciding now are left alone.
    """
    due = (
        ShareRequest.objects.select_for_update(skip_locked=True)
        .filter(state__in=WAITING, until__lte=Now())
        .order_by("until")[:BATCH]
    )
    lapsed = list(due)
    for request in lapsed:
        request.state = leads_to(request.state, "lapse")
        request.changed_at = Now()
        request.version = F("version") + 1
        request.save(update_fields=["state", "changed_at", "version"])
        asker = request.requested_by_id
        record_event(
            Portal(),
            "request.lapsed",
            request,
            tell=[Tell("request.lapsed", asker)] if asker else [],
            concerns=[one for one in (request.owner_id, asking_agency(request)) if one],
        )
    return len(lapsed)
