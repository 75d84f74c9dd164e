"""The page for the supervisor of whoever leaves."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.authority import has_post
from agencies.codes import Role
from agencies.handover import sections_for
from agencies.people.access import post_seen
from agencies.portal_request import PortalRequest
from agencies.refusals import NotAllowed, NotVisible


@require_safe
def handover(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show what the holder of a post leaves behind, to the release authority of its agency."""
    post = post_seen(request.actor, pk)
    if post.person_id == request.actor.person_id:
        raise NotAllowed("Somebody else takes over from you.", code="self")
    if request.actor.agency_id != post.agency_id:
        raise NotVisible
    if not has_post(request.actor, post.agency_id, Role.SUPERVISOR):
        raise NotAllowed("This page is for your agency's release authority.", code="role")
    context = {"post": post, "sections": sections_for(request.actor, post)}
    return render(request, "people/handover.html", context)
