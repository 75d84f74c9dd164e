"""A case as others would see it, for the owner's people: before it is given, and after."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from agencies.codes import Level
from agencies.portal_request import PortalRequest
from agencies.recipients import roster_name
from agencies.refusals import NotVisible
from cases.as_they_see import Seen, seen_by
from cases.case_page import case_to_show
from cases.models import Case
from cases.offer_panel import terms_so_far
from cases.presentation import shown_case
from cases.views.pages import by_owner, item_page
from cases.views.share import dialog, offer_form
from sharing.disclosure import list_records, open_record
from sharing.holdings import owner_of
from sharing.one_grant import open_grant
from sharing.supposing import Supposition, as_if_released, as_readers_of


@require_POST
def case_share_seen(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show a case as whoever is chosen would see it on the terms of the form."""
    open_record(request.actor, Case, pk)
    case = case_to_show(request, pk)
    form = offer_form(request, pk)
    context = dialog(request, case, form)
    if context["panel"].agreement is None:
        return render(request, "cases/share.html", context, status=422)
    supposed = as_if_released(
        request.actor, pk, roster_id=form.cleaned_data["who"], terms=terms_so_far(form)
    )
    return _page(request, case, supposed, {"kept": kept(request)})


def kept(request: PortalRequest) -> list[tuple[str, str]]:
    """Return what was sent, to go back to the form with."""
    names = [name for name in request.POST if name not in ("csrfmiddlewaretoken", "step", "was")]
    return [(name, str(value)) for name in names for value in request.POST.getlist(name)]


@require_safe
def case_seen(request: PortalRequest, pk: UUID, grant_id: UUID) -> HttpResponse:
    """Show a case as those see it now to whom the actor's agency gave an access."""
    case = case_to_show(request, pk)
    grant = open_grant(request.actor, grant_id)
    if owner_of(grant) != request.actor.agency_id:
        raise NotVisible
    return _page(request, case, as_readers_of(grant.roster), {"grant": grant})


def _page(
    request: PortalRequest, case: Case, supposed: Supposition, more: dict[str, Any]
) -> HttpResponse:
    seen = seen_by(request.actor, case.pk, supposed)
    list_records(request.actor, seen.items)
    context = {"whole": case, "who": roster_name(supposed.roster), "ceiling": supposed.ceiling}
    return render(request, "cases/as_they_see.html", context | _shown(request, seen, case) | more)


def _shown(request: PortalRequest, seen: Seen, whole: Case) -> dict[str, Any]:
    """Return what the page shows, made by what makes the pages that they would open."""
    if seen.case is None:
        return {"case": None}
    rows = [item_page(request, item) | {"allowed": []} for item in seen.items]
    owner = whole.record.owner_id
    return {
        "case": shown_case(seen.case),
        "level": seen.level,
        "is_pointer": seen.level == Level.POINTER,
        "owner": whole.record.owner,
        "items": [row for row in rows if row["owner_id"] == owner],
        "contributed": by_owner(row for row in rows if row["owner_id"] != owner),
    }
