"""One agency does things for another, once both have said yes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from agencies.authority import (
    By,
    has_post,
    require_administrator,
    require_administrator_or_post,
    require_post,
)
from agencies.clock import database_time
from agencies.codes import OPERATING, Role
from agencies.lines import one_of
from agencies.models import Agency, Arrangement, Membership, Nomination
from agencies.nominations import OPEN, State
from agencies.posts import concerned_by, unended
from agencies.refusals import Conflict, Invalid
from ledger.services import record_event


@transaction.atomic
def record_arrangement(
    by: By, agency: Agency, *, provider: Agency, duties: Iterable[str]
) -> Arrangement:
    """Record what *agency* says another does for it; it counts once that one's coordinator
    confirms.
    """
    require_administrator(by)
    wanted = [one_of("duties", duty, Arrangement.Duty.values) for duty in dict.fromkeys(duties)]
    if not wanted:
        raise Invalid({"duties": "Choose at least one."})
    if provider.pk == agency.pk or provider.status not in OPERATING:
        raise Invalid({"provider": "Choose another agency that is on board."})
    between = Arrangement.objects.filter(agency=agency, provider=provider, ended_at__isnull=True)
    if between.exists():
        raise Conflict("There is an arrangement with that agency; end it first.", code="known")
    made = Arrangement.objects.create(
        agency=agency, provider=provider, duties=wanted, recorded_by_id=by.person_id
    )
    _write(by, "arrangement.recorded", made, duties=wanted)
    return made


@transaction.atomic
def confirm_arrangement(by: By, arrangement: Arrangement) -> Arrangement:
    """Say, for the agency that does it, that it does.  Idempotent."""
    arrangement = _held(arrangement)
    require_post(by, arrangement.provider_id, Role.COORDINATOR)
    if arrangement.ended_at is not None:
        raise Conflict("This arrangement has ended.", code="ended")
    if arrangement.confirmed_at is None:
        arrangement.confirmed_at = database_time()
        arrangement.confirmed_by_id = by.person_id
        arrangement.save(update_fields=["confirmed_at", "confirmed_by"])
        _write(by, "arrangement.confirmed", arrangement)
    return arrangement


@transaction.atomic
def end_arrangement(by: By, arrangement: Arrangement) -> Arrangement:
    """End it and the posts under it, for either side or an administrator.  Idempotent.

    Another arrangement revives none of them.
    """
    arrangement = _held(arrangement)
    if not has_post(by, arrangement.provider_id, Role.COORDINATOR):
        require_administrator_or_post(by, arrangement.agency_id, Role.COORDINATOR)
    if arrangement.ended_at is None:
        arrangement.ended_at = database_time()
        arrangement.save(update_fields=["ended_at"])
        _write(by, "arrangement.ended", arrangement)
        _end_posts(by, arrangement)
    return arrangement


def _end_posts(by: By, arrangement: Arrangement) -> None:
    """End for good what ended at that moment anyhow, and close what was proposed under it."""
    posts = Membership.objects.filter(unended(), arrangement=arrangement)
    for post in posts.select_for_update().order_by("pk"):
        post.ended_at = arrangement.ended_at
        post.save(update_fields=["ended_at"])
        _of_it(by, "membership.ended", post, arrangement, ends=post.ended_at, person=post.person_id)
    proposed = Nomination.objects.filter(arrangement=arrangement, state__in=OPEN)
    for nomination in proposed.select_for_update().order_by("pk"):
        nomination.state, nomination.decided_at = State.WITHDRAWN, arrangement.ended_at
        nomination.decided_by_id = by.person_id
        nomination.save(update_fields=["state", "decided_at", "decided_by"])
        _of_it(by, "nomination.withdrawn", nomination, arrangement, roles=nomination.roles)


def _of_it(
    by: By, event: str, target: Membership | Nomination, arrangement: Arrangement, **facts: Any
) -> None:
    both = concerned_by(arrangement.agency_id, arrangement)
    record_event(by, event, target, concerns=both, arrangement=arrangement.pk, **facts)


def _held(arrangement: Arrangement) -> Arrangement:
    return Arrangement.objects.select_for_update().get(pk=arrangement.pk)


def _write(by: By, event: str, arrangement: Arrangement, **facts: Any) -> None:
    both = [arrangement.agency_id, arrangement.provider_id]
    record_event(by, event, arrangement, concerns=both, **facts)
