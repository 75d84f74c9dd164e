"""Notifications: what the actor was told under this post, each with why; and what to be told of."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.forms import sent
from agencies.portal_request import PortalRequest
from sharing.disclosure import id_of
from sharing.forms import ChannelsForm
from sharing.telling import (
    choose_channels,
    describe,
    mark_read,
    mute_case,
    notifications_for,
    unmute_case,
)
from sharing.telling.channels import chosen_channels, digest_hour
from sharing.telling.page import SHOWN, muted_names, notification_page

MUTED = (
    "You get no more news of this case. Recalls and what waits for you still come. "
    "“Tell me again” undoes it."
)


@require_safe
def notification_list(request: PortalRequest) -> HttpResponse:
    """Show the newest notifications under their cases, each said for who reads it now."""
    after = request.GET.get("after", "")
    context = {"page": notification_page(request.actor, after), "newer": bool(after)}
    return render(request, "sharing/notifications.html", context)


@require_POST
def notification_read(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Mark one as read, and go on to what it is about where the form asks for it."""
    seen = request.POST.get("count", "")
    count = int(seen) if seen.isdecimal() and len(seen) < 10 else None
    notice = mark_read(request.actor, pk, count=count)
    onward = describe(request.actor, notice).url if "open" in request.POST else ""
    return redirect(onward or "notification_list")


@require_POST
def notifications_read(request: PortalRequest) -> HttpResponse:
    """Mark as read those that the form names, or all that are shown."""
    wanted = notifications_for(request.actor).filter(read_at__isnull=True)
    if "one" in request.POST:
        keys = [id_of(one) for one in request.POST.getlist("one")[:SHOWN]]
        wanted = wanted.filter(pk__in=keys)
    for one in wanted[:SHOWN]:
        mark_read(request.actor, one.pk)
    messages.success(request, "Marked as read.")
    return redirect("notification_list")


@require_http_methods(["GET", "HEAD", "POST"])
def notification_settings(request: PortalRequest) -> HttpResponse:
    """Choose by which channel one is told of what, and see which cases are muted."""
    actor = request.actor
    initial = {**chosen_channels(actor), "hour": digest_hour(actor)}
    form = ChannelsForm(request.POST or None, initial=initial)

    def choose(hour: int, **channels: str) -> bool:
        choose_channels(actor, channels, hour=hour)
        return True

    if request.method == "POST" and sent(form, choose):
        messages.success(request, "Saved.")
        return redirect("notification_settings")
    context = {"form": form, "muted": muted_names(actor)}
    status = 422 if request.method == "POST" else 200
    return render(request, "sharing/notification_settings.html", context, status=status)


@require_POST
def case_mute(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Be told no more news of a case."""
    mute_case(request.actor, pk)
    messages.success(request, MUTED)
    return _back(request)


@require_POST
def case_unmute(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Be told of a case again."""
    unmute_case(request.actor, pk)
    messages.success(request, "You are told of this case again.")
    return _back(request)


def _back(request: PortalRequest) -> HttpResponse:
    """Lead back to the page that asked."""
    settings = "settings" in request.POST
    return redirect("notification_settings" if settings else "notification_list")
