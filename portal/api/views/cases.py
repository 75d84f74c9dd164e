"""``cases``: listed, opened, read and changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework.response import Response

from agencies.actors import Actor
from agencies.codes import Level
from cases.listing import case_page
from cases.models import Case
from cases.presentation import level_of
from cases.services import amend_case, open_case
from portal.api.bodies.cases import CaseChanges, CaseQuery, NewCase
from portal.api.calls import call
from portal.api.idempotency import once
from portal.api.paging import link
from portal.api.permissions import SignedIn
from portal.api.preconditions import known_already, tagged, version_required
from portal.api.resource import ApiRequest, Resource, created, required_changes
from portal.api.shapes.agencies import agency_id
from portal.api.shapes.cases import CASE, CasePage, CaseRow, case_row
from portal.api.shapes.rows import example_page
from sharing import listing
from sharing.cursors import decode, encode
from sharing.disclosure import open_record, require
from sharing.filters import Filters

FILTERS = ("status", "type", "received")


class CaseResource(Resource):
    """Cases, each as far as the rule lets the caller reach it."""

    permission_classes = (SignedIn,)

    @call(
        "List cases",
        answer=CasePage,
        query=CaseQuery,
        example=example_page(CASE, count=1, count_capped=False),
    )
    def index(self, request: ApiRequest) -> Response:
        """Return the cases you reach at summary or more, the latest changed first.

        What another agency owns is on its audit log as listed before you read it.
        """
        actor, filters = request.actor, filters_of(request.sought)
        after, before = decode(request.sought.get("cursor", ""))
        cases, page = case_page(
            actor,
            filters,
            after=after,
            before=before,
            size=request.sought["page_size"],
            channel="api",
        )
        total = listing.count(actor, filters)
        return Response(
            {
                "results": [case_row(actor, case) for case in cases],
                "next": page.next and link(request, encode(page.next)),
                "previous": page.previous and link(request, encode(page.previous, backwards=True)),
                "count": total.count,
                "count_capped": total.capped,
            }
        )

    @call("Open a case", answer=CaseRow, status=201, body=NewCase, changes=True, example=CASE)
    def create(self, request: ApiRequest) -> Response:
        """Open a case of your own agency."""
        said = renamed(request.said)
        pk = once(request, lambda: UUID(str(open_case(request.actor, **said).pk)))
        return created("case", pk, shown(request.actor, pk))

    @call("Read a case", answer=CaseRow, of="a case", example=CASE)
    def show(self, request: ApiRequest, pk: str) -> Response:
        """Return a case as far as your level shows it.  It is on the audit log before you read it.

        `If-None-Match` answers 304 for a case of your own agency; that is on the log as well.
        """
        case = open_record(request.actor, Case, pk, channel="api")
        if level_of(case) == Level.MANAGE and known_already(request, case.record.version):
            return tagged(Response(status=304), case.record.version)
        return answer(request.actor, case)

    @call("Change a case", answer=CaseRow, of="a case", body=CaseChanges, patch=True, example=CASE)
    def amend(self, request: ApiRequest, pk: str) -> Response:
        """Save what changes as a new version; only the owning agency's people do."""
        version, changes = version_required(request), required_changes(request)
        key = require(request.actor, pk, channel="api")
        amend_case(request.actor, key, version=version, **renamed(changes))
        return shown(request.actor, key)


def filters_of(sought: dict[str, Any]) -> Filters:
    """Return what a list is narrowed to."""
    chosen = {name: sought[name] for name in FILTERS if name in sought}
    owner = agency_id("owner", sought["owner"]) if "owner" in sought else None
    return Filters(text=sought["q"], grouping=sought.get("class", ""), owner=owner, **chosen)


def renamed(said: dict[str, Any]) -> dict[str, Any]:
    """Return what was said under the names that services use."""
    return {"grouping" if name == "class" else name: value for name, value in said.items()}


def shown(actor: Actor, pk: UUID) -> Response:
    """Return a case as it is now under the rule."""
    return answer(actor, open_record(actor, Case, pk, channel="api"))


def answer(actor: Actor, case: Case) -> Response:
    """Return a case that was opened, with its version where the level shows it."""
    response = Response(case_row(actor, case))
    return tagged(response, case.record.version) if level_of(case) > Level.POINTER else response
