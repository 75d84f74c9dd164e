"""``me``: who is asking."""

from __future__ import annotations

from rest_framework.response import Response

from portal.api.calls import call
from portal.api.permissions import SignedIn
from portal.api.resource import ApiRequest, Resource
from portal.api.shapes.people import EXAMPLE, Me, shown_me


class MeResource(Resource):
    """The person who asks."""

    permission_classes = (SignedIn,)

    @call("Who am I?", answer=Me, example=EXAMPLE)
    def show(self, request: ApiRequest) -> Response:
        """Return who is asking, the post they act under, and every post they may act under."""
        return Response(shown_me(request.actor))
