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


PEOPLE = (
    Place(
        "person_list",
        "People",
        "Posts, nominations, yearly access reviews; who is out at present, and what ends soon.",
    ),
    Place(
        "credential_needs",
        "Required credentials",
        "Which trainings and clearances which posts take, from which day, and who lacks them.",
    ),
)
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
    administers, coordinates = is_administrator(request.actor), is_coordinator(request.actor)
    if not (administers or coordinates):
        raise NotVisible
    places = [
        *(FOR_ADMINISTRATORS if administers else ()),
        *PEOPLE,
        *(FOR_COORDINATORS if coordinates else ()),
    ]
    return render(request, "agencies/administration.html", {"places": places})
