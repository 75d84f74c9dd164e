"""What a portal administrator changes of an agency: its tier, and whether it takes part.

The steps by which it comes on board carry evidence and are read by people: they are pages alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from rest_framework.response import Response

from agencies.actors import Actor
from agencies.models import Agency
from agencies.refusals import NotVisible
from agencies.services import (
    assign_tier,
    close_agency,
    limit_agency,
    reinstate_agency,
    suspend_agency,
)
from portal.api.bodies.people import NewTier, Standing
from portal.api.calls import call
from portal.api.idempotency import once
from portal.api.permissions import Administering
from portal.api.preconditions import tagged
from portal.api.resource import ApiRequest, Resource
from portal.api.shapes.agencies import AgencyRow, administers, agency_row
from portal.api.shapes.examples import AGENCY
from sharing.disclosure import id_of

act = partial(call, answer=AgencyRow, of="an agency", changes=True, confirmed=True, example=AGENCY)
Service = Callable[..., object]


class StandingResource(Resource):
    """How far agencies take part."""

    permission_classes = (Administering,)

    @act("Give an agency a tier", body=NewTier)
    def tier(self, request: ApiRequest, pk: str) -> Response:
        """Give a tier; what lies outside it is neither given nor received from then on."""
        return done(request, pk, assign_tier)

    @act("Limit an agency", body=Standing)
    def limit(self, request: ApiRequest, pk: str) -> Response:
        """Have it neither give nor receive; its people keep their own cases.  Idempotent."""
        return done(request, pk, limit_agency)

    @act("Suspend an agency", body=Standing)
    def suspend(self, request: ApiRequest, pk: str) -> Response:
        """Shut out everybody there, and end what it gives and receives.  Idempotent."""
        return done(request, pk, suspend_agency)

    @act("Reinstate an agency", body=Standing)
    def reinstate(self, request: ApiRequest, pk: str) -> Response:
        """Let it take part again; what was revoked meanwhile stays revoked."""
        return done(request, pk, reinstate_agency)

    @act("Close an agency", body=Standing)
    def close(self, request: ApiRequest, pk: str) -> Response:
        """Shut it for good.  Idempotent."""
        return done(request, pk, close_agency)


def done(request: ApiRequest, pk: str, service: Service) -> Response:
    """Return an agency after *service*."""
    agency = _on_board(id_of(pk))

    def acted() -> UUID:
        service(request.actor, agency, **request.said)
        return UUID(str(agency.pk))

    return shown(request.actor, once(request, acted))


def shown(actor: Actor, pk: UUID) -> Response:
    """Return an agency as it is now, with what *actor* may change of it."""
    agency = _on_board(pk)
    return tagged(Response(agency_row(agency, administered=administers(actor))), agency.version)


def _on_board(pk: UUID) -> Any:
    """Return an agency that is on board or on its way; NotVisible otherwise."""
    found = Agency.objects.filter(pk=pk, short_name__isnull=False).first()
    if found is None:
        raise NotVisible
    return found
