"""``nominations`` and ``auditors``: who is to have a post, and who must still say yes.

The nominee says yes by the link of their mail and nowhere else: it proves the address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from rest_framework.response import Response

from agencies.actors import NOBODY, Actor
from agencies.authority import is_administrator
from agencies.charge import require_own_people
from agencies.models import Agency, Nomination
from agencies.people.nominating import seen_nomination
from agencies.refusals import Invalid
from agencies.services import (
    consent_to_nomination,
    invite_auditor,
    nominate,
    refuse_nomination,
    validate_nomination,
    withdraw_nomination,
)
from portal.api.bodies.people import NewAuditor, NewNomination
from portal.api.calls import call
from portal.api.idempotency import once
from portal.api.permissions import Administering
from portal.api.preconditions import tagged
from portal.api.resource import ApiRequest, Resource, created
from portal.api.shapes.agencies import agency_id
from portal.api.shapes.nominations import NOMINATION, NominationRow, nomination_row
from sharing.disclosure import id_of

act = partial(
    call,
    answer=NominationRow,
    of="a nomination",
    changes=True,
    confirmed=True,
    example=NOMINATION,
)
making = partial(
    call, answer=NominationRow, status=201, changes=True, confirmed=True, example=NOMINATION
)


class NominationResource(Resource):
    """Nominations to one's agency, and of its people elsewhere."""

    permission_classes = (Administering,)

    @making("Nominate", body=NewNomination)
    def create(self, request: ApiRequest) -> Response:
        """Propose a post for somebody: a coordinator in their own agency, an administrator a
        coordinator's.  The link is in the nominee's mail; nothing is open by it.
        """
        said = dict(request.said)
        agency = agency_of(request.actor, said.pop("agency", None))
        return made(request, lambda: nominate(request.actor, agency, **said).pk)

    @making("Invite an auditor from outside", body=NewAuditor)
    def invite(self, request: ApiRequest) -> Response:
        """Have a state, federal or grant auditor read audit logs until a day; an administrator
        does.  Answers the nomination to the first of the agencies.
        """
        said = dict(request.said)
        wanted = {agency_id("agencies", one) for one in said.pop("agencies")}
        agencies = list(Agency.objects.filter(pk__in=wanted).order_by("name", "pk"))
        return made(request, lambda: invite_auditor(request.actor, agencies=agencies, **said)[0].pk)

    @call("Read a nomination", answer=NominationRow, of="a nomination", example=NOMINATION)
    def show(self, request: ApiRequest, pk: str) -> Response:
        """Return a nomination with who must still say yes."""
        return shown(request.actor, id_of(pk))

    @act("Validate a nomination")
    def validate(self, request: ApiRequest, pk: str) -> Response:
        """Open the post as a second, once the nominee and their other agencies said yes."""
        return done(request, pk, validate_nomination)

    @act("Refuse a nomination")
    def refuse(self, request: ApiRequest, pk: str) -> Response:
        """Say no as a second, or for another agency of the nominee."""
        return done(request, pk, refuse_nomination)

    @act("Withdraw a nomination")
    def withdraw(self, request: ApiRequest, pk: str) -> Response:
        """Take it back; any coordinator of the agency does, or an administrator."""
        return done(request, pk, withdraw_nomination)

    @act("Consent to a nomination")
    def consent(self, request: ApiRequest, pk: str) -> Response:
        """Have your agency agree that one of its people gets this post.  Idempotent."""
        return done(request, pk, consent_to_nomination)


def agency_of(actor: Actor, named: str | None) -> Agency:
    """Return the agency to nominate to: one's own, or the one that an administrator names."""
    if not is_administrator(actor):
        require_own_people(actor, actor.agency_id or NOBODY)
        wrong = named is not None and agency_id("agency", named) != actor.agency_id
        if wrong:
            raise Invalid({"agency": "You nominate to your own agency."})
        return Agency.objects.get(pk=actor.agency_id or NOBODY)
    if named is None:
        raise Invalid({"agency": "Name the agency."})
    return Agency.objects.get(pk=agency_id("agency", named))


def made(request: ApiRequest, make: Callable[[], UUID]) -> Response:
    """Return the nomination that *make* made, with its address."""
    pk = once(request, make)
    return created("nomination", pk, shown(request.actor, pk))


def done(
    request: ApiRequest, pk: str, service: Callable[[Actor, Nomination], object], **said: Any
) -> Response:
    """Return a nomination after *service*."""
    found = seen_nomination(request.actor, id_of(pk))

    def acted() -> UUID:
        service(request.actor, found, **said)
        return UUID(str(found.pk))

    return shown(request.actor, once(request, acted))


def shown(actor: Actor, pk: UUID) -> Response:
    """Return a nomination as it is now."""
    return tagged(Response(nomination_row(actor, seen_nomination(actor, pk))), 1)
