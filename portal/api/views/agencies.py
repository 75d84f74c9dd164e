"""``agencies``, ``agreements`` and ``task-forces``: who there is and by what authority."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import Now
from rest_framework import serializers
from rest_framework.response import Response

from agencies.actors import Actor
from agencies.codes import AgencyStatus
from agencies.models import Agency, Agreement, Party, TaskForce
from agencies.refusals import NotVisible
from portal.api.calls import call
from portal.api.paging import Order, Paged, cut, paged
from portal.api.permissions import SignedIn
from portal.api.preconditions import tagged
from portal.api.resource import ApiRequest, Resource
from portal.api.shapes.agencies import (
    AgencyPage,
    AgencyRow,
    AgreementPage,
    AgreementRow,
    TaskForcePage,
    TaskForceRow,
    administers,
    agency_row,
    agreement_row,
    task_force_row,
)
from portal.api.shapes.examples import AGENCY, AGREEMENT, TASK_FORCE
from portal.api.shapes.rows import example_page
from portal.api.strict import Code
from sharing.disclosure import id_of

BY_NAME = Order(("name", "pk"), descending=False)
NEWEST_FIRST = Order(("effective_at", "pk"))


class AgencyQuery(Paged):
    """How the directory is narrowed."""

    q = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=200,
        help_text="Words of the name, the short name, the ORI, the county or the state.",
    )
    status = Code(
        "agency_statuses", required=False, help_text="Status; without it, agencies on board."
    )


class AgencyResource(Resource):
    """The agency directory."""

    permission_classes = (SignedIn,)

    @call("List agencies", answer=AgencyPage, query=AgencyQuery, example=example_page(AGENCY))
    def index(self, request: ApiRequest) -> Response:
        """Return agencies by name: those on board, or those of one status."""
        rows = matching(request.sought["q"], request.sought.get("status", ""))
        row = partial(agency_row, administered=administers(request.actor))
        return listed(request, rows, BY_NAME, row)

    @call("Read an agency", answer=AgencyRow, of="an agency", example=AGENCY)
    def show(self, request: ApiRequest, pk: str) -> Response:
        """Return an agency."""
        agency = one_of(Agency.objects.all(), pk)
        row = agency_row(agency, administered=administers(request.actor))
        return tagged(Response(row), agency.version)


class AgreementResource(Resource):
    """What one's agency signed."""

    permission_classes = (SignedIn,)

    @call("List agreements", answer=AgreementPage, query=Paged, example=example_page(AGREEMENT))
    def index(self, request: ApiRequest) -> Response:
        """Return the agreements that your agency is a party to, newest first."""
        return listed(request, signed_by(request.actor), NEWEST_FIRST, agreement_row)

    @call("Read an agreement", answer=AgreementRow, of="an agreement", example=AGREEMENT)
    def show(self, request: ApiRequest, pk: str) -> Response:
        """Return an agreement that your agency is a party to."""
        agreement = one_of(signed_by(request.actor), pk)
        return tagged(Response(agreement_row(agreement)), agreement.version)


class TaskForceResource(Resource):
    """Task forces under the agreements of one's agency."""

    permission_classes = (SignedIn,)

    @call("List task forces", answer=TaskForcePage, query=Paged, example=example_page(TASK_FORCE))
    def index(self, request: ApiRequest) -> Response:
        """Return the task forces under agreements that your agency is a party to, by name."""
        return listed(request, forces_known_to(request.actor), BY_NAME, task_force_row)

    @call("Read a task force", answer=TaskForceRow, of="a task force", example=TASK_FORCE)
    def show(self, request: ApiRequest, pk: str) -> Response:
        """Return a task force under an agreement that your agency is a party to."""
        force = one_of(forces_known_to(request.actor), pk)
        return tagged(Response(task_force_row(force)), force.version)


def matching(text: str, status: str) -> QuerySet[Agency]:
    """Return the agencies of *status*, else those on board, that each word of *text* finds."""
    agencies = Agency.objects.all()
    if status:
        agencies = agencies.filter(status=status)
    else:
        agencies = agencies.exclude(status__in=(AgencyStatus.DIRECTORY, AgencyStatus.CLOSED))
    for word in text.split():
        agencies = agencies.filter(
            Q(name__icontains=word)
            | Q(short_name__icontains=word)
            | Q(ori__istartswith=word)
            | Q(county__icontains=word)
            | Q(state__icontains=word)
        )
    return agencies


def signed_by(actor: Actor) -> QuerySet[Agreement]:
    """Return the agreements that the actor's agency is a party to now."""
    own = Party.objects.filter(
        Q(left_at__isnull=True) | Q(left_at__gt=Now()), agency=actor.agency_id
    )
    known = Agreement.objects.filter(pk__in=own.values("agreement"))
    return known.prefetch_related("parties__agency")


def forces_known_to(actor: Actor) -> QuerySet[TaskForce]:
    """Return the task forces under those agreements, with how many serve on each."""
    now = Q(secondments__ended_at__isnull=True) | Q(secondments__ended_at__gt=Now())
    agreements = signed_by(actor).prefetch_related(None).values("pk")
    forces = TaskForce.objects.filter(agreement__in=agreements)
    return forces.select_related("lead", "agreement").annotate(
        people=Count("secondments", filter=now & Q(secondments__started_at__lte=Now()))
    )


def listed(request: ApiRequest, rows: QuerySet[Any], order: Order, shown: Any) -> Response:
    """Return a page of *rows*."""
    sought = request.sought
    page = cut(rows, order, cursor=sought.get("cursor", ""), size=sought["page_size"])
    return paged(request, page, shown)


def one_of(rows: QuerySet[Any], pk: str | UUID) -> Any:
    """Return the row of *rows* whose id is *pk*; NotVisible where there is none."""
    found: Model | None = rows.filter(pk=id_of(pk)).first()
    if found is None:
        raise NotVisible
    return found
