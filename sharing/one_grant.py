"""One grant by its id, as its reader may know of it."""

from __future__ import annotations

from uuid import UUID

from agencies.actors import NOBODY, Actor
from agencies.refusals import NotVisible
from sharing.holdings import AnyGrant, grants_for, standing_grants_for
from sharing.models import Grant, StandingGrant
from sharing.shapes import Shape

ONE_GRANT: Shape[Grant] = Shape(
    lambda seat, agency, grant: grants_for(Actor(NOBODY, seat, agency)).filter(pk=grant),
    seat=UUID,
    agency=UUID,
    grant=UUID,
)
ONE_STANDING: Shape[StandingGrant] = Shape(
    lambda seat, agency, grant: standing_grants_for(Actor(NOBODY, seat, agency)).filter(pk=grant),
    seat=UUID,
    agency=UUID,
    grant=UUID,
)


def open_grant(actor: Actor, pk: UUID) -> AnyGrant:
    """Return a grant or standing grant that *actor* may know of; NotVisible otherwise."""
    if actor.membership_id is None or actor.agency_id is None:
        raise NotVisible
    which = {"seat": actor.seat, "agency": actor.agency_id, "grant": pk}
    found: AnyGrant | None = ONE_GRANT.first(**which) or ONE_STANDING.first(**which)
    if found is None:
        raise NotVisible
    return found
