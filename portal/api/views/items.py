"""``items``: what is known in a case."""

from __future__ import annotations

from uuid import UUID

from rest_framework.response import Response

from agencies.actors import Actor
from agencies.codes import Level
from cases.listing import reachable_items
from cases.models import Item
from cases.presentation import level_of
from cases.services import add_item, amend_item
from portal.api.bodies.cases import ItemChanges, NewItem
from portal.api.calls import call
from portal.api.idempotency import once
from portal.api.paging import Order, Paged, cut, paged
from portal.api.permissions import SignedIn
from portal.api.preconditions import known_already, tagged, version_required
from portal.api.resource import ApiRequest, Resource, created, required_changes
from portal.api.shapes.cases import ITEM, ItemPage, ItemRow, item_row
from portal.api.shapes.rows import example_page
from sharing.disclosure import list_records, open_record, require

OLDEST_FIRST = Order(("record__created_at", "pk"), descending=False)


class ItemsOfCase(Resource):
    """The items of one case."""

    permission_classes = (SignedIn,)

    @call(
        "List the items of a case",
        answer=ItemPage,
        of="a case",
        query=Paged,
        example=example_page(ITEM),
    )
    def index(self, request: ApiRequest, pk: str) -> Response:
        """Return the items that you reach, the owner's and contributed ones, oldest first."""
        actor = request.actor
        case = require(actor, pk, channel="api")
        page = cut(
            reachable_items(actor, case),
            OLDEST_FIRST,
            cursor=request.sought.get("cursor", ""),
            size=request.sought["page_size"],
        )
        list_records(actor, page.rows, channel="api")
        return paged(request, page, lambda item: item_row(actor, item))

    @call(
        "Add an item",
        answer=ItemRow,
        status=201,
        of="a case",
        body=NewItem,
        changes=True,
        example=ITEM,
    )
    def create(self, request: ApiRequest, pk: str) -> Response:
        """Add an item to a case of your agency, or contribute one to a case you may add to."""
        case = require(request.actor, pk, channel="api")
        item = once(request, lambda: UUID(str(add_item(request.actor, case, **request.said).pk)))
        return created("item", item, shown(request.actor, item))


class ItemResource(Resource):
    """One item."""

    permission_classes = (SignedIn,)

    @call("Read an item", answer=ItemRow, of="an item", example=ITEM)
    def show(self, request: ApiRequest, pk: str) -> Response:
        """Return an item as far as your level shows it.  It is on the audit log before."""
        item = open_record(request.actor, Item, pk, channel="api")
        if level_of(item) == Level.MANAGE and known_already(request, item.record.version):
            return tagged(Response(status=304), item.record.version)
        return answer(request.actor, item)

    @call(
        "Change an item", answer=ItemRow, of="an item", body=ItemChanges, patch=True, example=ITEM
    )
    def amend(self, request: ApiRequest, pk: str) -> Response:
        """Save what changes as a new version; `withheld` holds it back or puts it in."""
        version, changes = version_required(request), required_changes(request)
        key = require(request.actor, pk, channel="api")
        amend_item(request.actor, key, version=version, **changes)
        return shown(request.actor, key)


def shown(actor: Actor, pk: UUID) -> Response:
    """Return an item as it is now under the rule."""
    return answer(actor, open_record(actor, Item, pk, channel="api"))


def answer(actor: Actor, item: Item) -> Response:
    """Return an item that was opened, with its version where the level shows it."""
    response = Response(item_row(actor, item))
    return tagged(response, item.record.version) if level_of(item) > Level.POINTER else response
