"""``grants``: what was given, taken back, confirmed and asked for again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from rest_framework.response import Response

from agencies.actors import Actor
from agencies.models import Agency, Membership
from portal.api.bodies.requests import Acknowledgement, GrantQuery, Narrowing, Renewal, Revocation
from portal.api.calls import call
from portal.api.idempotency import once
from portal.api.paging import Order, cut_together, paged
from portal.api.permissions import SignedIn
from portal.api.preconditions import tagged, version_stated
from portal.api.resource import ApiRequest, Resource, created, required_changes
from portal.api.shapes.grants import GRANT, GrantPage, GrantRow, grant_row
from portal.api.shapes.parties import agency_name
from portal.api.shapes.requests import SHOWN, RequestShown
from portal.api.shapes.rows import example_page
from portal.api.views.requests import shown as shown_request
from sharing.disclosure import id_of
from sharing.holdings import (
    AnyGrant,
    grant_states,
    grants_for,
    owner_of,
    standing_grants_for,
)
from sharing.models import Grant
from sharing.one_grant import open_grant
from sharing.services import acknowledge_grant, narrow_grant, renew_grant, revoke_grant

NEWEST_FIRST = Order(("issued_at", "pk"))

change = partial(call, answer=GrantRow, of="a grant", changes=True, versioned=True, example=GRANT)


class GrantResource(Resource):
    """Grants that either side may know of."""

    permission_classes = (SignedIn,)

    @call("List grants", answer=GrantPage, query=GrantQuery, example=example_page(GRANT))
    def index(self, request: ApiRequest) -> Response:
        """Return what your agency gave, and what you hold while you hold it; newest first."""
        sought = dict(request.sought)
        cursor, size = sought.pop("cursor", ""), sought.pop("page_size")
        lists: list[Any] = [grants_for(request.actor, **sought)]
        if "record" not in sought:
            lists.append(standing_grants_for(request.actor, **sought))
        page = cut_together(lists, NEWEST_FIRST, cursor=cursor, size=size)
        rows = {row["id"]: row for row in rows_of(request.actor, page.rows)}
        return paged(request, page, lambda grant: rows[grant.pk])

    @call("Read a grant", answer=GrantRow, of="a grant", example=GRANT)
    def show(self, request: ApiRequest, pk: str) -> Response:
        """Return a grant."""
        return shown(request.actor, id_of(pk))

    @change("Revoke a grant", body=Revocation)
    def revoke(self, request: ApiRequest, pk: str) -> Response:
        """End it now and recall what it disclosed; any member of the owner does.  Idempotent."""
        return changed(request, pk, revoke_grant, version=version_stated(request), **request.said)

    @change("Acknowledge a grant", body=Acknowledgement)
    def acknowledge(self, request: ApiRequest, pk: str) -> Response:
        """Confirm receipt for your agency, which opens contributing; your supervisor does."""
        return changed(request, pk, acknowledge_grant, **request.said)

    @change("Narrow a grant", body=Narrowing)
    def narrow(self, request: ApiRequest, pk: str) -> Response:
        """Take part of it away; any member of the owner does."""
        said = dict(required_changes(request))
        said.update(said.pop("conditions", {}))
        return changed(request, pk, narrow_grant, version=version_stated(request), **said)

    @call(
        "Ask for more time",
        answer=RequestShown,
        status=201,
        of="a grant",
        body=Renewal,
        changes=True,
        example=SHOWN,
    )
    def renew(self, request: ApiRequest, pk: str) -> Response:
        """Send a new request for the same until later; approved, it supersedes the grant."""
        act = partial(renew_grant, request.actor, id_of(pk), **request.said)
        made = once(request, lambda: UUID(str(act().pk)))
        return created("share-request", made, shown_request(request.actor, made))


def changed(request: ApiRequest, pk: str, act: Callable[..., Any], **said: Any) -> Response:
    """Return a grant after *act*."""
    done = partial(act, request.actor, id_of(pk), **said)
    return shown(request.actor, once(request, lambda: UUID(str(done().pk))))


def shown(actor: Actor, pk: UUID) -> Response:
    """Return a grant as it is now."""
    grant = open_grant(actor, pk)
    return tagged(Response(rows_of(actor, [grant])[0]), grant.version)


def rows_of(actor: Actor, grants: Sequence[AnyGrant]) -> list[dict[str, Any]]:
    """Return grants as rows, their states and owners read together."""
    states = grant_states(grants) if grants else {}
    owners = Agency.objects.in_bulk({owner_of(grant) for grant in grants})
    chosen = chosen_with(actor, grants)
    return [
        grant_row(
            actor,
            grant,
            state=states[grant.pk],
            owner=agency_name(owners[owner_of(grant)]) or {},
            chosen=[] if grant_of_item(grant) else chosen[grant.decision_id, grant.roster_id],
        )
        for grant in grants
    ]


def grant_of_item(grant: AnyGrant) -> bool:
    """Return whether what was given is one item."""
    return isinstance(grant, Grant) and grant.kind == "item"


def chosen_with(actor: Actor, grants: Sequence[AnyGrant]) -> dict[tuple[UUID, UUID], list[UUID]]:
    """Return by decision and roster the items that were chosen with a case and not taken back, as
    far as *actor*'s ceiling reaches.
    """
    narrow = {one.decision_id for one in grants if isinstance(one, Grant) and one.kind == "case"}
    found: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
    if not narrow:
        return found
    below = Membership.objects.acting().filter(pk=actor.seat, ceiling__gte=OuterRef("sensitivity"))
    items = Grant.objects.filter(
        Exists(below), decision__in=narrow, kind="item", revoked_at__isnull=True
    )
    for item in items.order_by("issued_at", "pk"):
        found[item.decision_id, item.roster_id].append(item.record_id)
    return found
