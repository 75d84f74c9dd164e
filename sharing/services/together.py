"""Approving several requests at once, where they ask for the same and nothing is flagged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.refusals import Conflict, Invalid, Stale
from sharing.boxes import visible_requests
from sharing.lanes import flags_of
from sharing.models import ShareRequest
from sharing.services.approving import AT_ONCE, KEEP, approve_request

MOST = 50
RELATED = ("roster__agency", "roster__task_force", "roster__membership__person", "owner")
DIFFERENT = "These do not ask for the same; decide them one by one."
FLAGGED = "One of these takes a closer look; decide it by itself."


def alike(actor: Actor, requests: Sequence[ShareRequest]) -> None:
    """Raise Conflict unless all requests ask for the same of cases, and none is flagged.

    The same is: the agreement named, level, purpose, end, later items and conditions.
    """
    if any(request.category or request.items is not None for request in requests):
        raise Conflict(DIFFERENT, code="different")
    if len({_scope(request) for request in requests}) != 1:
        raise Conflict(DIFFERENT, code="different")
    if any(flags_of(actor, requests).values()):
        raise Conflict(FLAGGED, code="flagged")


def chosen_requests(actor: Actor, keys: Sequence[UUID]) -> list[ShareRequest]:
    """Return the requests chosen, in the order of their records; Invalid for none, too many or any
    that the actor may not know of.
    """
    found = visible_requests(actor).filter(pk__in=keys).select_related(*RELATED)
    requests = list(found.order_by("record_id", "pk"))
    if not requests or len(requests) != len(set(keys)) or len(requests) > MOST:
        raise Invalid({"request": f"Mark between 1 and {MOST} requests."})
    return requests


@transaction.atomic
def approve_together(
    actor: Actor,
    versions: Mapping[UUID, int],
    *,
    records: Mapping[UUID, UUID | None] | None = None,
    grace: timedelta = AT_ONCE,
) -> list[ShareRequest]:
    """Approve as asked each of the requests, at the versions that were seen: all of them or none.

    *records* are what each was shown to be about, where that was said.

    Raises what approving one raises, and Conflict where they are not alike.
    """
    requests = chosen_requests(actor, list(versions))
    for request in requests:
        if request.version != versions[request.pk]:
            raise Stale(current=request.version)
    alike(actor, requests)
    done = [
        approve_request(
            actor,
            request.pk,
            version=request.version,
            grace=grace,
            shown=(records or {}).get(request.pk, KEEP),
        )
        for request in requests
    ]
    if len({request.agreement_id for request in done}) != 1:
        raise Conflict(
            "These rest on different agreements; decide them one by one.", code="different"
        )
    return done


def _scope(request: ShareRequest) -> tuple[object, ...]:
    return (
        request.agreement_id,
        request.level,
        request.purpose,
        request.until.date(),
        request.later,
        request.export,
        request.unmask,
    )
