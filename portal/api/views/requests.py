"""``share-requests``: asked, offered, talked over and decided."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from rest_framework.response import Response

from agencies.actors import Actor
from portal.api.asking import send_request
from portal.api.bodies.requests import (
    Approval,
    Attachment,
    Denial,
    NewRequest,
    RequestQuery,
    Words,
)
from portal.api.calls import call
from portal.api.idempotency import once
from portal.api.paging import Order, cut, paged
from portal.api.permissions import SignedIn
from portal.api.preconditions import tagged, version_stated
from portal.api.resource import ApiRequest, Resource, created
from portal.api.shapes.requests import (
    APPROVED,
    RELATED,
    ROW,
    SHOWN,
    RequestPage,
    RequestShown,
    request_row,
    request_shown,
)
from portal.api.shapes.rows import example_page
from sharing.boxes import open_share_request, requests_for
from sharing.disclosure import id_of, require
from sharing.services import (
    answer_question,
    approve_request,
    ask_question,
    attach_record,
    deny_request,
    withdraw_request,
)

NEWEST_FIRST = Order(("created_at", "pk"))

decision = partial(
    call, answer=RequestShown, of="a sharing request", changes=True, versioned=True, example=SHOWN
)


class RequestResource(Resource):
    """Sharing requests that either side may know of."""

    permission_classes = (SignedIn,)

    @call(
        "List sharing requests", answer=RequestPage, query=RequestQuery, example=example_page(ROW)
    )
    def index(self, request: ApiRequest) -> Response:
        """Return the requests of a box, newest first."""
        actor, sought = request.actor, request.sought
        rows = requests_for(actor, sought["box"]).select_related(*RELATED)
        page = cut(rows, NEWEST_FIRST, cursor=sought.get("cursor", ""), size=sought["page_size"])
        return paged(request, page, lambda row: request_row(actor, row))

    @call(
        "Ask or offer",
        answer=RequestShown,
        status=201,
        body=NewRequest,
        changes=True,
        refuses=(404,),
        example=SHOWN,
    )
    def create(self, request: ApiRequest) -> Response:
        """Send a request.

        An ask by agency and number has the same answer whether that number exists, is silent or is
        mistyped: it goes to the agency's duty desk.  An ask by a record that you may not know of
        is 404.
        """
        if "record" in request.said:
            require(request.actor, request.said["record"], channel="api")
        pk = once(request, lambda: send_request(request.actor, request.said))
        return created("share-request", pk, shown(request.actor, pk))

    @call("Read a sharing request", answer=RequestShown, of="a sharing request", example=SHOWN)
    def show(self, request: ApiRequest, pk: str) -> Response:
        """Return a request with the questions and answers about it."""
        return shown(request.actor, id_of(pk))

    @decision("Approve a sharing request", body=Approval, confirmed=True, example=APPROVED)
    def approve(self, request: ApiRequest, pk: str) -> Response:
        """Release what was asked for, or less; the owner's supervisor does, never the asker."""
        return decided(request, pk, approve_request, **as_approved(request.said))

    @decision("Deny a sharing request", body=Denial, confirmed=True)
    def deny(self, request: ApiRequest, pk: str) -> Response:
        """Refuse with a coded reason; for a silent record or none only `nothing_releasable`."""
        return decided(request, pk, deny_request, **request.said)

    @decision("Withdraw a sharing request")
    def withdraw(self, request: ApiRequest, pk: str) -> Response:
        """Take a request back before it is decided."""
        return decided(request, pk, withdraw_request)

    @decision("Ask the asker a question", body=Words)
    def question(self, request: ApiRequest, pk: str) -> Response:
        """Ask the asker something before deciding."""
        return decided(request, pk, ask_question, **request.said)

    @decision("Answer a question", body=Words)
    def answer(self, request: ApiRequest, pk: str) -> Response:
        """Answer what the owner asked."""
        return decided(request, pk, answer_question, **request.said)

    @call(
        "Attach the record that is asked for",
        answer=RequestShown,
        of="a sharing request",
        body=Attachment,
        changes=True,
        example=SHOWN,
    )
    def attach(self, request: ApiRequest, pk: str) -> Response:
        """Say which record of your agency an ask by number is about; the asker does not see it."""
        act = partial(attach_record, request.actor, id_of(pk), record_id=request.said["record"])
        return shown(request.actor, once(request, lambda: UUID(str(act().pk))))


def decided(request: ApiRequest, pk: str, act: Callable[..., Any], **said: Any) -> Response:
    """Return a request after *act*, at the version that the caller states if any."""
    done = partial(act, request.actor, id_of(pk), version=version_stated(request), **said)
    return shown(request.actor, once(request, lambda: UUID(str(done().pk))))


def shown(actor: Actor, pk: UUID) -> Response:
    """Return a request as it is now."""
    found = open_share_request(actor, pk)
    answer = request_shown(actor, found)
    return tagged(Response(answer), answer["version"])


def as_approved(said: dict[str, Any]) -> dict[str, Any]:
    """Return an approval in the words of its service."""
    rest = {name: value for name, value in said.items() if name not in ("record", "conditions")}
    record = {"record_id": said["record"]} if "record" in said else {}
    return {**rest, **record, **said.get("conditions", {})}
