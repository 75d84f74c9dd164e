"""The briefing copy of a case: asked for on a form, numbered, logged, then set as paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from agencies.codes import Level
from agencies.forms import sent
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated
from agencies.refusals import NotAllowed
from agencies.text_direction import isolated
from cases.briefing import briefing_of
from cases.briefing_form import BriefingForm
from cases.case_page import opened_case
from cases.listing import items_of, reachable_items
from cases.presentation import shown_title
from cases.services import print_case
from cases.services.printing import LEVEL_TOO_LOW, Printed
from sharing.copies import void_copy
from sharing.paper import NotPrinted, as_pdf, typeset

METHODS = ["GET", "HEAD", "POST"]
TEMPLATE = "briefing.typ"


@require_http_methods(METHODS)
@recently_authenticated
def case_briefing(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Make a marked copy of a case on paper."""
    if request.method != "POST":
        return _asked(request, pk)
    items = [(str(item.pk), "") for item in reachable_items(request.actor, pk)]
    form = BriefingForm(request.POST, items=items)

    def act(items: list[UUID] | None = None, **said: str) -> Printed:
        return print_case(request.actor, pk, items=items or [], **said)

    printed = sent(form, act)
    return _asked(request, pk, form) if printed is None else _set(request, printed)


def _asked(request: PortalRequest, pk: UUID, filled: BriefingForm | None = None) -> HttpResponse:
    """Return the form, which names the items and so is a disclosure, with what was *filled* in."""
    page = opened_case(request, pk, "", needs=Level.POINTER)
    if not page["prints"]:
        raise NotAllowed(LEVEL_TOO_LOW, code="level")
    items = items_of(request.actor, pk)
    choices = [(str(item.pk), _choice(item)) for item in items]
    if filled is None:
        chosen = [str(item.pk) for item in items if not item.withheld]
        page["form"] = BriefingForm(
            items=choices, initial={**_known(request, page), "items": chosen}
        )
        return render(request, "cases/briefing.html", page)
    if choices:
        filled.fields["items"].choices = choices  # type: ignore[attr-defined]
    page["form"] = filled
    return render(request, "cases/briefing.html", page, status=422)


def _known(request: PortalRequest, page: dict[str, Any]) -> dict[str, str]:
    """Return what is known of the purpose: stated in the session, else that of the access."""
    holding = page["holding"]
    given = holding.grant if holding else None
    own = page["case"]["own_number"] or page["case"]["number"]
    return {
        "purpose": request.actor.purpose or (given.purpose if given else "criminal_justice"),
        "for_case": request.actor.for_case or (given.decision.for_case if given else own),
    }


def _choice(item: Any) -> str:
    held = " (held back from everyone outside)" if item.withheld else ""
    return f"{item.get_kind_display()}: {isolated(shown_title(item))}{held}"


def _set(request: PortalRequest, printed: Printed) -> HttpResponse:
    """Return the paper; a copy that cannot be made is void, and said to be."""
    copy = printed.copy
    try:
        pdf = typeset(TEMPLATE, briefing_of(printed))
    except NotPrinted:
        void_copy(request.actor, copy, concerns=printed.told)
        raise NotPrinted(f"Copy {copy.number} could not be made and is void. Try again.") from None
    return as_pdf(pdf, copy.number)
