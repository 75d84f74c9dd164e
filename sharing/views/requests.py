"""Sharing requests: the three boxes, one request, and asking."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from agencies.forms import sent
from agencies.models import Agency
from agencies.portal_request import PortalRequest
from agencies.refusals import NotVisible
from sharing.answering import less_than, own_open_cases, usual_answer
from sharing.boxes import DESK, visible_requests
from sharing.decision_page import decision_page
from sharing.disclosure import id_of
from sharing.forms import AskByNumberForm, AskForm
from sharing.models import ShareRequest
from sharing.naming import shown_names
from sharing.posts import exchanging_post_of
from sharing.request_page import BOXES, boxed, lines_of, page_of, undoable, waiting_page
from sharing.search.keeping import kept
from sharing.services import ask_by_number, ask_for_record

SENT = "Sent as {}. {} is told; you are told when they answer."


@require_safe
def request_list(request: PortalRequest) -> HttpResponse:
    """Show the requests of one box: what is to decide in two lanes, the rest newest first."""
    actor, after = request.actor, request.GET.get("after", "")
    box = request.GET.get("box", "inbox" if actor.is_supervisor else "sent")
    if box not in BOXES:
        raise NotVisible
    deciding = box == "inbox"
    found, older = waiting_page(actor, after) if deciding else page_of(boxed(actor, box), after)
    lines = lines_of(actor, found, flagged=deciding)
    context = {
        "box": box,
        "boxes": BOXES,
        "lines": lines,
        "lanes": {
            "routine": [line for line in lines if not line.flags],
            "closer": [line for line in lines if line.flags],
        },
        "older": older,
        "newer": bool(after),
        "undoable": undoable(actor),
        "decides": actor.is_supervisor,
        "desk": actor.holds(*DESK),
    }
    return render(request, "sharing/requests.html", context)


@require_safe
def share_request(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show one request, and what may be done about it."""
    page = decision_page(request.actor, pk, less=request.GET.get("less", ""))
    return render(request, "sharing/request.html", page)


@require_safe
def mail_link(request: PortalRequest, number: str) -> HttpResponse:
    """Lead from the number in a mail to the request; opening it changes nothing."""
    found = visible_requests(request.actor).filter(number=number).first()
    if found is None:
        raise NotVisible
    return redirect("request", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def request_ask(request: PortalRequest) -> HttpResponse:
    """Ask an agency by number or description, as on the telephone."""
    exchanging_post_of(request.actor)
    find, said = request.GET.get("find", ""), request.POST or None
    looked_for = kept(request.session, request.GET.get("s", "")) or ""
    is_number = any(letter.isdigit() for letter in looked_for)
    initial = {
        "agency_id": request.GET.get("agency", ""),
        "own_number" if is_number else "description": looked_for,
        **_less(request),
    }
    form = AskByNumberForm(said, own=request.actor.agency_id, find=find, initial=initial)

    def ask(agency_id: UUID, own_number: str, description: str, **terms: Any) -> ShareRequest:
        return ask_by_number(
            request.actor,
            agency_id=agency_id,
            own_number=own_number,
            description=description,
            terms=form.terms(),
        )

    return _asked(request, form, ask, {"form": form, "find": find})


@require_http_methods(["GET", "HEAD", "POST"])
def record_ask(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Ask the owner of a record that one knows of for access to it."""
    name = shown_names(request.actor, [pk]).get(pk)
    if name is None:
        raise NotVisible
    form = AskForm(request.POST or None, initial=_less(request))

    def ask(**terms: Any) -> ShareRequest:
        return ask_for_record(request.actor, record_id=pk, terms=form.terms())

    return _asked(request, form, ask, {"form": form, "name": name})


def _less(request: PortalRequest) -> dict[str, Any]:
    """Return what the form starts from where less is asked for than before."""
    earlier = request.GET.get("less", "")
    return less_than(request.actor, id_of(earlier)) if earlier else {}


def _asked(
    request: PortalRequest, form: AskForm, ask: Any, context: dict[str, Any]
) -> HttpResponse:
    opened = sent(form, ask) if request.method == "POST" else None
    if opened is None:
        status = 422 if request.method == "POST" else 200
        context |= {"own_cases": own_open_cases(request.actor), **_whom(form, context)}
        return render(request, "sharing/ask.html", context, status=status)
    messages.success(request, SENT.format(opened.number, opened.owner.name))
    return redirect("request", opened.pk)


def _whom(form: AskForm, context: dict[str, Any]) -> dict[str, Any]:
    """Return the agency that is asked, if it is said already, and how it usually answers."""
    name = context.get("name")
    key = name.record.owner_id if name else id_of(form["agency_id"].value() or "")
    agency = Agency.objects.exchanging().filter(pk=key).first()
    return {"whom": agency, "usual": usual_answer(agency.pk) if agency else None}
