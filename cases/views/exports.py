"""Taking a list of cases out as a file: first what will be in it and what not, then the file."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agencies.portal_request import PortalRequest
from agencies.reauthentication import require_confirmed
from agencies.refusals import NotAllowed
from cases.chosen import Chosen, chosen_in
from cases.exports.columns import in_file
from cases.exports.files import TYPES, WRITERS
from cases.list_page import Layout, address_of, values_in
from cases.models import Case
from cases.presentation import shown_case
from sharing.actions import Action
from sharing.exports import exportable, take_out

MOST = 1000
"""Rows of one file: more is a copy of the records, not a list of them."""


@require_http_methods(["GET", "HEAD", "POST"])
def case_export(request: PortalRequest) -> HttpResponse:
    """Say what a file would hold and what is left out; sent with a format, hand it over."""
    if not request.actor.reads_cases:
        raise NotAllowed("Your role does not read cases.")
    said = request.POST if request.method == "POST" else request.GET
    chosen = chosen_in(request.actor, said, request.session, most=MOST)
    if not chosen.ids:
        messages.warning(request, "Choose the cases first.")
        return redirect("case_list")
    if request.method == "POST" and said.get("format") in WRITERS:
        require_confirmed(request)
        return _file(request, chosen, said["format"])
    return render(request, "cases/export.html", _preview(request, chosen, said))


def _preview(request: PortalRequest, chosen: Chosen, said: QueryDict) -> dict[str, Any]:
    """Return how many would be in the file, and whose are left out; no title and no number."""
    leave = set(_exportable(request, chosen).values_list("pk", flat=True))
    left = left_out(request, chosen, leave)
    layout = _layout(request, said)
    return {
        "number": len(leave),
        "left_out": left,
        "chosen": chosen,
        "most": MOST,
        "columns": [column.title for column in in_file(layout.columns)],
        "pairs": [pair for name, values in said.lists() for pair in _pairs(name, values)],
    }


def _layout(request: PortalRequest, said: QueryDict) -> Layout:
    return address_of(said, values_in(said, request.session), request.session).layout


def _pairs(name: str, values: list[str]) -> list[tuple[str, str]]:
    return [] if name == "csrfmiddlewaretoken" else [(name, value) for value in values]


def _exportable(request: PortalRequest, chosen: Chosen) -> Any:
    return exportable(request.actor, Case.objects.filter(pk__in=chosen.ids))


def left_out(request: PortalRequest, chosen: Chosen, taken: set[Any]) -> list[tuple[str, int]]:
    """Return how many of the chosen that one may list stay behind, by the agency that owns them."""
    listed = Case.objects.permitting(request.actor, Action.LIST).filter(pk__in=chosen.ids)
    owners = listed.exclude(pk__in=taken).values_list("record__owner__name", flat=True)
    return sorted(Counter(owners).items())


def _file(request: PortalRequest, chosen: Chosen, form: str) -> HttpResponse:
    things = Case.objects.filter(pk__in=chosen.ids).order_by("-record__touched_at", "-pk")
    taken = take_out(request.actor, things, channel=form)
    if not taken:
        messages.warning(request, "None of these may leave the portal in a file.")
        return redirect("case_list")
    layout = _layout(request, request.POST)
    columns = in_file(layout.columns)
    rows = [[column.text(shown_case(case)) for column in columns] for case in taken]
    left = left_out(request, chosen, {case.pk for case in taken})
    made = WRITERS[form]([column.title for column in columns], rows, words(request, rows, left))
    name = f"liaison-cases-{timezone.localdate().isoformat()}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made, content_type=TYPES[form], headers=headers)


def words(request: PortalRequest, rows: list[Any], left: list[tuple[str, int]]) -> list[str]:
    """Return what is said of a file in the file itself."""
    at = timezone.localtime().isoformat(timespec="minutes")
    who = f"{request.user.name}, {request.frame.hat.agency.name}"
    said = [f"Law enforcement sensitive. {len(rows)} cases, taken out by {who} on {at}."]
    return said + [
        f"Left out: {number} of {owner}, which gave no leave to export." for owner, number in left
    ]
