"""Acknowledging: the recipient's supervisor confirms what was received, which opens
contributing.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.codes import Level, Role
from agencies.refusals import Invalid, NotAllowed, NotVisible
from sharing.contributions import open_contribution
from sharing.grant_events import record_grant_event
from sharing.holdings import AnyGrant, grants_for, owner_of
from sharing.models import Grant, StandingGrant
from sharing.one_grant import open_grant
from sharing.posts import exchanging_post_of, supervisors
from sharing.records import lock_record


@transaction.atomic
def acknowledge_grant(
    actor: Actor, grant_id: UUID, *, contributions: str = Grant.Contributions.DIRECT
) -> AnyGrant:
    """Confirm receipt for one's agency; with leave to add it also opens the agency's contribution.

    *contributions* says whether what its people add is released at once or one by one.  Reading
    never waits for this.  Idempotent.
    """
    grant = open_grant(actor, grant_id)
    if owner_of(grant) == actor.agency_id:
        raise NotAllowed("The agency that received it acknowledges.", code="not_recipient")
    if contributions not in Grant.Contributions.values:
        raise Invalid({"contributions": "Say direct or each."})
    post = exchanging_post_of(actor, Role.SUPERVISOR)
    if isinstance(grant, StandingGrant):
        return _acknowledge_standing(actor, grant)
    lock_record(grant.record_id, "a record is locked before its grants")
    grant = _still_held(actor, grant)
    first = Grant.objects.filter(pk=grant.pk, acknowledged_at__isnull=True).update(
        acknowledged_at=Now(),
        acknowledged_by=post,
        contributions=contributions,
        version=F("version") + 1,
    )
    grant.refresh_from_db()
    if first:
        _record(actor, grant)
    if grant.level == Level.CONTRIBUTE and grant.kind == "case":
        open_contribution(actor, grant, post)
    return open_grant(actor, grant_id)


def _still_held(actor: Actor, grant: Grant) -> Grant:
    """Return the grant as it is once its record is locked; NotVisible if it ended meanwhile."""
    held = grants_for(actor, direction="received").filter(pk=grant.pk).first()
    if held is None:
        raise NotVisible
    return held


def _record(actor: Actor, grant: AnyGrant) -> None:
    record_grant_event(
        actor,
        "grant.acknowledged",
        grant,
        tell=[supervisors("grant.acknowledged", owner_of(grant))],
        also=actor.agency_id,
    )


def _acknowledge_standing(actor: Actor, grant: StandingGrant) -> StandingGrant:
    first = StandingGrant.objects.filter(pk=grant.pk, acknowledged_at__isnull=True).update(
        acknowledged_at=Now(), version=F("version") + 1
    )
    if first:
        _record(actor, grant)
    grant.refresh_from_db()
    return grant
