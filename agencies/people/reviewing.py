"""The yearly access review as pages, and its evidence as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.actors import NOBODY, Actor
from agencies.authority import has_post, is_administrator
from agencies.charge import SECONDS
from agencies.codes import Role
from agencies.models import AccessReview, Agency, ReviewedPost
from agencies.people.access import overseer
from agencies.people.evidence import evidence_file, review_due
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated, recently_authenticated_to_send
from agencies.refusals import NotVisible, Refusal
from agencies.services import answer_review, begin_review, close_review, take_out_review

PAGE = 50


@require_safe
def review_list(request: PortalRequest) -> HttpResponse:
    """Show the reviews of one's agency, or of all, and when the next is due."""
    office = overseer(request.actor)
    reviews = _seen(request.actor).order_by("-begun_at", "pk")[:PAGE]
    own = Agency.objects.filter(pk=request.actor.agency_id or NOBODY).first()
    context = {
        "reviews": reviews,
        "runs": office.runs,
        "due": review_due(own) if own else None,
    }
    return render(request, "people/reviews.html", context)


@recently_authenticated
@require_POST
def review_begin(request: PortalRequest) -> HttpResponse:
    """Begin going through the people of one's agency."""
    agency = Agency.objects.filter(pk=request.actor.agency_id or NOBODY).first()
    if agency is None:
        raise NotVisible
    return redirect("review", begin_review(request.actor, agency).pk)


@recently_authenticated_to_send
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show the posts of a review, a page at a time, and keep the answers."""
    found = _one(request.actor, pk)
    if request.method == "POST":
        return _answered(request, found)
    after = request.GET.get("after", "")
    rows = found.posts.select_related("membership__person", "answered_by").order_by("pk")
    if after.isdecimal():
        rows = rows.filter(pk__gt=int(after))
    page = list(rows[: PAGE + 1])
    context = {
        "review": found,
        "rows": page[:PAGE],
        "next": page[PAGE - 1].pk if len(page) > PAGE else None,
        "answers": ReviewedPost.Answer.choices,
        "left": found.posts.filter(answer="").count(),
    }
    return render(request, "people/review.html", context)


@recently_authenticated
@require_POST
def review_close(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Close a review of which every post is answered."""
    found = _one(request.actor, pk)
    try:
        close_review(request.actor, found)
        messages.success(request, "Closed. The evidence can be taken out as a file.")
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    return redirect("review", pk)


@recently_authenticated
@require_POST
def review_file(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Hand out the evidence as CSV, which is on the audit log."""
    found = _one(request.actor, pk)
    response = HttpResponse(
        evidence_file(found, take_out_review(request.actor, found)),
        content_type="text/csv; charset=utf-8",
    )
    response.headers["Content-Disposition"] = 'attachment; filename="access-review.csv"'
    return response


def _answered(request: PortalRequest, found: AccessReview) -> HttpResponse:
    said: dict[int, str] = {
        int(name.removeprefix("post-")): str(value)
        for name, value in request.POST.items()
        if name.startswith("post-") and name.removeprefix("post-").isdecimal() and value
    }
    try:
        answer_review(request.actor, found, said)
        messages.success(request, "Kept.")
    except Refusal as refusal:
        messages.error(request, f"Nothing was kept: {refusal.reason}")
    return redirect("review", found.pk)


def _seen(actor: Actor) -> Any:
    reviews = AccessReview.objects.select_related("agency", "begun_by", "closed_by")
    if is_administrator(actor):
        return reviews
    seconds = has_post(actor, actor.agency_id or NOBODY, *SECONDS, Role.AUDITOR)
    return reviews.filter(agency=actor.agency_id) if seconds else reviews.none()


def _one(actor: Actor, pk: UUID) -> AccessReview:
    found: AccessReview | None = _seen(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found
