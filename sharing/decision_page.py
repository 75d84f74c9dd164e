"""What the page of one sharing request shows, and what may be done there, for one reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from agencies.actors import Actor
from agencies.codes import Level
from agencies.models import Agreement, Membership
from agencies.refusals import Conflict, NotVisible
from sharing.boxes import (
    ONLY_SAFE_REASON,
    allowed_on_request,
    denial_codes,
    items_shown,
    visible_requests,
)
from sharing.forms import ApproveForm, AttachForm, DenyForm, TextForm
from sharing.models import Grant, Record, ShareRequest
from sharing.pending import as_seen, released
from sharing.preview import preview, readers_in
from sharing.request_page import RELATED, Line, items_of_record, lines_of, undoable
from sharing.services.approving import as_asked
from sharing.services.opening import agreement_for

PAPER = ("document", "note")
MONTH = timedelta(days=30)


def decision_page(actor: Actor, pk: UUID, *, less: str = "") -> dict[str, Any]:
    """Return what the page of one request shows; NotVisible where the actor may not know of it.

    *less* names a preset that fills the form of approving less.
    """
    found = visible_requests(actor).select_related(*RELATED).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    request = as_seen(actor, found)
    allowed = allowed_on_request(actor, request)
    line = lines_of(actor, [request], flagged="approve" in allowed)[0]
    page = {
        "request_": request,
        "line": line,
        "chosen": items_shown(actor, request),
        "allowed": allowed,
        "notes": request.notes.select_related("written_by__person", "written_by__agency"),
        "desk": request.owner.contact,
        "grants": _given(request),
        "denial": request.reason_code,
        "own_note": request.own_note if line.is_ours and actor.is_supervisor else "",
        "level_code": Level(request.level).code,
        "asks": line.is_ask != line.is_ours,
        "releasers": releasers(request),
        "undoable": undoable(actor),
    }
    effect = effect_of(actor, request, line) if "approve" in allowed else {}
    return page | effect | forms_for(actor, request, allowed, effect, less)


def releasers(request: ShareRequest) -> list[str]:
    """Return who holds release authority for the owner now, by name."""
    posts = Membership.objects.acting().holding("supervisor").filter(agency=request.owner_id)
    return list(posts.order_by("person__name").values_list("person__name", flat=True)[:5])


def _given(request: ShareRequest) -> list[Grant]:
    grants = Grant.objects.filter(decision=request).exclude(revoke_reason="undone")
    return list(grants.select_related("agreement")[:1])


def effect_of(actor: Actor, request: ShareRequest, line: Line) -> dict[str, Any]:
    """Return what an approval as asked would make visible, to how many, and under what."""
    if request.record_id is None and not request.category:
        return {}
    category = line.name.record.category if line.name else request.category
    found: dict[str, Any] = {
        "before": before(request),
        "agreement": agreement_covering(request, category),
    }
    if request.record_id is None:
        return found | readers_in(request.roster_id, 1)._asdict()
    effect = preview(
        actor,
        request.record_id,
        roster_id=request.roster_id,
        level=Level(request.level),
        items=request.items,
        later=request.later,
        unmask=request.unmask,
    )
    return found | {"effect": effect, "people": effect.people, "programs": effect.programs}


def agreement_covering(request: ShareRequest, category: str) -> Agreement | None:
    """Return the agreement that approving as asked would rest on; None where none covers it."""
    try:
        return agreement_for(
            owner=request.owner,
            roster=request.roster,
            category=category,
            terms=as_asked(request),
            standing=bool(request.category),
        )
    except Conflict:
        return None


def before(request: ShareRequest) -> ShareRequest | None:
    """Return the last release by this owner to the same readers."""
    given = ShareRequest.objects.filter(
        released(), owner=request.owner_id, roster=request.roster_id
    )
    return given.exclude(pk=request.pk).order_by("-decided_at").first()


def forms_for(
    actor: Actor, request: ShareRequest, allowed: list[str], effect: Mapping[str, Any], less: str
) -> dict[str, Any]:
    """Return the forms of what the actor may do about a request."""
    version = {"version": request.version, "record": request.record_id}
    forms: dict[str, Any] = {}
    if "approve" in allowed and request.record_id:
        presets = presets_of(request, effect["effect"].given)
        terms = {**_as_asked(request), **presets.get(less, ("", {}))[1]}
        forms["approve_form"] = ApproveForm(
            items=items_of_record(actor, request.record_id), initial={**version, **terms}
        )
        forms["presets"] = {key: words for key, (words, _) in presets.items()}
        forms["less"] = less if less in presets else ""
    if "deny" in allowed:
        forms["deny_form"] = DenyForm(codes=denial_codes(request), initial=version)
        forms["only_safe"] = denial_codes(request) == [ONLY_SAFE_REASON]
    if {"question", "answer"} & set(allowed):
        forms["text_form"] = TextForm()
    if "attach" in allowed:
        forms["attach_form"] = AttachForm()
    return forms


def _as_asked(request: ShareRequest) -> dict[str, Any]:
    return {
        "level": Level(request.level).code,
        "until": request.until,
        "later": request.later,
        "unmask": request.unmask,
        "export": request.export,
        "which": "all" if request.items is None else "chosen",
        "items": [str(key) for key in request.items or ()],
    }


def presets_of(
    request: ShareRequest, given: Sequence[Record]
) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the usual ways of giving less that would take something away, by key: what each is
    called, and what it puts on the form.
    """
    month = timezone.now() + MONTH
    presets = {
        "summary": ("Summary only", {"level": Level.SUMMARY.code}, request.level > Level.SUMMARY),
        "people": ("Without people", *_without(given, ("person",))),
        "paper": ("Without files and notes", *_without(given, PAPER)),
        "month": ("For 30 days", {"until": month}, request.until > month + timedelta(days=1)),
    }
    return {key: (words, terms) for key, (words, terms, takes) in presets.items() if takes}


def _without(given: Sequence[Record], kinds: tuple[str, ...]) -> tuple[dict[str, Any], bool]:
    kept = [str(one.pk) for one in given if one.type not in kinds]
    return {"which": "chosen", "items": kept}, 0 < len(kept) < len(given)
