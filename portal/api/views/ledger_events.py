"""``ledger-events``: who read and changed what one's agency owns."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.response import Response

from ledger.models import Event
from portal.api.calls import call
from portal.api.paging import Order, Paged, decode, encode, link
from portal.api.permissions import SignedIn
from portal.api.resource import ApiRequest, Resource
from portal.api.shapes.rows import example_page
from portal.api.shapes.telling import EVENT, OUTCOMES, EventPage, event_row
from sharing.history import events_for

BY_NUMBER = Order(("seq",))
NAMES = {"from": "since", "to": "until"}


class EventQuery(Paged):
    """How the audit log is narrowed."""

    record = serializers.UUIDField(required=False, help_text="What concerns one record.")
    person = serializers.CharField(
        required=False, max_length=254, help_text="What one person did: their e-mail."
    )
    agency = serializers.CharField(
        required=False, max_length=40, help_text="What one agency's people did: its short name."
    )
    kind = serializers.CharField(
        required=False, max_length=60, help_text="One kind, like `record.opened`."
    )
    outcome = serializers.ChoiceField(OUTCOMES, required=False, help_text="Done or refused.")
    also: ClassVar = {
        "from": serializers.DateTimeField(required=False, help_text="Not before this time."),
        "to": serializers.DateTimeField(required=False, help_text="Before this time."),
    }


class EventResource(Resource):
    """The audit log of the caller's agency."""

    permission_classes = (SignedIn,)

    @call("Read the audit log", answer=EventPage, query=EventQuery, example=example_page(EVENT))
    def index(self, request: ApiRequest) -> Response:
        """Return what happened to records of your agency and who read them, newest first.

        Members see what concerns records they may know of, auditors all of it by number and label.
        """
        sought: dict[str, Any] = dict(request.sought)
        cursor, size = sought.pop("cursor", ""), sought.pop("page_size")
        after = decode(cursor, BY_NUMBER, Event)[0][0] if cursor else None
        filters = {NAMES.get(name, name): value for name, value in sought.items()}
        lines, further = events_for(request.actor, **filters).page(after=after, size=size)
        onwards = encode([str(further)], backwards=False) if further is not None else ""
        return Response(
            {
                "results": [event_row(line) for line in lines],
                "next": link(request, onwards),
                "previous": None,
            }
        )
