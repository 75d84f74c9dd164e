"""``records/ID/access``: who can see a record, open to every reader of it."""

from __future__ import annotations

from rest_framework.response import Response

from portal.api.calls import call
from portal.api.permissions import SignedIn
from portal.api.resource import ApiRequest, Resource
from portal.api.shapes.access import REACH, ReachPage
from portal.api.shapes.rows import example_page
from sharing.explanation import who_can_see


class AccessResource(Resource):
    """Who reaches a record, why and until when."""

    permission_classes = (SignedIn,)

    @call("Who can see a record", answer=ReachPage, of="a record", example=example_page(REACH))
    def index(self, request: ApiRequest, pk: str) -> Response:
        """Return who reaches the record now, the owner's own people first; all on one page."""
        rows = [reach.as_row() for reach in who_can_see(request.actor, pk)]
        return Response({"results": rows, "next": None, "previous": None})
