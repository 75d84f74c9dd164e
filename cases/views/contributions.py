"""What the actor's agency added to others' cases, though it may reach those no more."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.portal_request import PortalRequest
from cases.listing import own_contributions
from cases.models import Case
from cases.views.pages import item_page


@require_safe
def contribution_list(request: PortalRequest) -> HttpResponse:
    """Show one's own contributions by case: its number and owner, and nothing more of it."""
    items = own_contributions(request.actor)
    cases = Case.objects.unrestricted("a contributor keeps number and owner of the case").filter(
        pk__in={item.record.case_id for item in items}
    )
    heads = {case.pk: (case.number, case.agency) for case in cases.select_related("agency")}
    groups: dict[tuple[str, str], list[object]] = {}
    for item in items:
        number, owner = heads[item.record.case_id]
        groups.setdefault((number, owner.name), []).append(item_page(request, item))
    return render(request, "cases/contributions.html", {"groups": sorted(groups.items())})
