"""The page that lists what its reader may administer."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.authority import is_administrator, is_coordinator
from agencies.portal_request import PortalRequest
from agencies.refusals import NotVisible


@dataclass(frozen=True)
class Place:
    """Somewhere to administer something: its address by name, and what is done there."""

    url_name: str
    title: str
    what: str


FOR_ADMINISTRATORS = (
    Place(
        "onboarding_list",
        "Onboarding",
        "Applications, agencies coming on board, yearly answers; and, on each agency's page, its"
        " tier, limiting, suspending, reinstating and closing.",
    ),
    Place(
        "admin:index",
        "Who there is",
        "Agencies, people, posts, agreements and task forces, to look through.",
    ),
)
FOR_COORDINATORS = (
    Place(
        "compliance",
        "Compliance",
        "Your agency's yearly answers and their evidence; what another agency does for yours, or"
        " yours for another.",
    ),
    Place(
        "own_identity",
        "Own sign-in",
        "Have your people sign in with your agency's own sign-in (single sign-on).",
    ),
    Place(
        "provisioning",
        "Directory",
        "Have your agency's own directory nominate people and take them away (SCIM).",
    ),
    Place(
        "program_list",
        "Programs and tokens",
        "Systems that read and write by themselves, and the personal tokens of your people.",
    ),
)


@require_safe
def administration(request: PortalRequest) -> HttpResponse:
    """Show where to go; for whoever administers nothing there is no such page."""
    places = [
        *(FOR_ADMINISTRATORS if is_administrator(request.actor) else ()),
        *(FOR_COORDINATORS if is_coordinator(request.actor) else ()),
    ]
    if not places:
        raise NotVisible
    return render(request, "agencies/administration.html", {"places": places})
