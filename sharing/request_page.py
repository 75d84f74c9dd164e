"""What the pages of sharing requests show of each request, for one reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from agencies.actors import Actor
from agencies.codes import Level
from agencies.models import Membership
from agencies.recipients import Choices, roster_name
from sharing.actions import Action
from sharing.boxes import (
    ONLY_SAFE_REASON,
    allowed_on_request,
    denial_codes,
    items_shown,
    open_share_request,
    record_shown,
    requests_for,
)
from sharing.forms import ApproveForm, AttachForm, DenyForm, TextForm
from sharing.models import Grant, Record, ShareRequest
from sharing.naming import Name, shown_names
from sharing.preview import Preview, people_in, preview
from sharing.transitions import RELEASED

RELATED = (
    "owner",
    "recipient",
    "roster__agency",
    "roster__task_force",
    "roster__membership__person",
    "roster__membership__agency",
    "requested_by__person",
    "requested_by__agency",
    "decided_by__person",
    "agreement",
)
PAGE = 50
BOXES = {"inbox": "To decide", "sent": "Awaiting an answer", "decided": "Decided"}


@dataclass(frozen=True)
class Line:
    """One request as lists show it; ``name`` is the record as the reader may know it, or None."""

    request: ShareRequest
    name: Name | None
    is_ours: bool

    @property
    def is_ask(self) -> bool:
        """Return whether the side that would receive asked."""
        return self.request.direction == ShareRequest.Direction.ASK

    @property
    def who(self) -> str:
        """Return whom the access is for."""
        return roster_name(self.request.roster)

    @property
    def what(self) -> str:
        """Return what is asked for or offered, as the reader may know it."""
        if self.name:
            return f"{self.name.number} {self.name.title}".strip()
        if self.request.category:
            return ""
        return self.request.own_number or self.request.description

    @property
    def mark(self) -> str:
        """Return the colour in which the state is shown."""
        if self.request.state in RELEASED:
            return "good"
        return {"denied": "bad", "info_needed": "warn"}.get(self.request.state, "open")


def lines_of(actor: Actor, requests: Iterable[ShareRequest]) -> list[Line]:
    """Return requests as lists show them, with all their names read in one go."""
    found = list(requests)
    shown = {request.pk: record_shown(actor, request) for request in found}
    names = shown_names(actor, shown.values())
    return [
        Line(request, names.get(shown[request.pk]), request.owner_id == actor.agency_id)  # type: ignore[arg-type]
        for request in found
    ]


def boxed(actor: Actor, box: str | None) -> QuerySet[ShareRequest]:
    """Return the requests of a box with all that a line of a list needs."""
    return requests_for(actor, box).select_related(*RELATED)


def page_of(requests: QuerySet[ShareRequest], after: str) -> tuple[list[ShareRequest], UUID | None]:
    """Return the page behind the request *after*, and the id to go on from."""
    try:
        last = requests.filter(pk=UUID(after)).first() if after else None
    except ValueError:
        last = None
    if last is not None:
        older = Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk)
        requests = requests.filter(older)
    found = list(requests[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def decision_page(actor: Actor, pk: UUID) -> dict[str, Any]:
    """Return what the page of one request shows; NotVisible where the actor may not know of it."""
    seen = open_share_request(actor, pk)
    request = ShareRequest.objects.select_related(*RELATED).get(pk=seen.pk)
    allowed = allowed_on_request(actor, request)
    line = lines_of(actor, [request])[0]
    page = {
        "request_": request,
        "line": line,
        "chosen": items_shown(actor, request),
        "allowed": allowed,
        "notes": request.notes.select_related("written_by__person", "written_by__agency"),
        "desk": request.owner.contact,
        "effect": None,
        "people": None,
        "grants": Grant.objects.filter(decision=request).select_related("agreement")[:1],
        "denial": request.reason_code,
        "level_code": Level(request.level).code,
        "owner_side": line.is_ours,
        "asks": line.is_ask != line.is_ours,
        "releasers": releasers(request),
    }
    return page | forms_for(actor, request, allowed) | effect_of(actor, request, allowed)


def releasers(request: ShareRequest) -> list[str]:
    """Return who holds release authority for the owner now, by name."""
    posts = Membership.objects.acting().holding("supervisor").filter(agency=request.owner_id)
    return list(posts.order_by("person__name").values_list("person__name", flat=True)[:5])


def items_of_record(actor: Actor, record: UUID | None) -> Choices:
    """Return the items of a case that its owner may choose from."""
    parts = Record.objects.permitting(actor, Action.PROPOSE).filter(
        case_id=record, kind=Record.Kind.ITEM, owner_id=actor.agency_id
    )
    return [(str(part.pk), _chosen_label(part)) for part in parts.order_by("created_at", "pk")]


def _chosen_label(part: Record) -> str:
    held = " (held back)" if part.covers_itself else ""
    protected = f" ({part.label}, protected)" if part.protected else ""
    return f"{part.title}{protected}{held}"


def forms_for(actor: Actor, request: ShareRequest, allowed: list[str]) -> dict[str, Any]:
    """Return the forms of what the actor may do about a request."""
    version = {"version": request.version}
    forms: dict[str, Any] = {}
    if "approve" in allowed:
        forms["approve_form"] = ApproveForm(
            items=items_of_record(actor, request.record_id),
            initial=version
            | {
                "level": Level(request.level).code,
                "until": request.until,
                "later": request.later,
                "unmask": request.unmask,
                "export": request.export,
                "which": "all" if request.items is None else "chosen",
                "items": [str(key) for key in request.items or ()],
            },
        )
    if "deny" in allowed:
        forms["deny_form"] = DenyForm(codes=denial_codes(request), initial=version)
        forms["only_safe"] = denial_codes(request) == [ONLY_SAFE_REASON]
    if {"question", "answer"} & set(allowed):
        forms["text_form"] = TextForm()
    if "attach" in allowed:
        forms["attach_form"] = AttachForm()
    return forms


def effect_of(actor: Actor, request: ShareRequest, allowed: list[str]) -> dict[str, Any]:
    """Return what an approval as asked would make visible, and to how many."""
    if "approve" not in allowed or (request.record_id is None and not request.category):
        return {}
    if request.record_id is None:
        return {"people": people_in(request.roster_id, 1)}
    effect: Preview = preview(
        actor,
        request.record_id,
        roster_id=request.roster_id,
        level=Level(request.level),
        items=request.items,
        later=request.later,
        unmask=request.unmask,
    )
    return {"effect": effect, "people": effect.people, "before": before(request)}


def before(request: ShareRequest) -> ShareRequest | None:
    """Return the last release by this owner to the same readers."""
    return (
        ShareRequest.objects.filter(
            owner=request.owner_id, roster=request.roster_id, state__in=RELEASED
        )
        .exclude(pk=request.pk)
        .order_by("-decided_at")
        .first()
    )
