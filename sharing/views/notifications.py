"""Notifications: what the actor was told under this post, each with why."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from agencies.portal_request import PortalRequest
from sharing.telling import describe_all, mark_read, notifications_for

SHOWN = 100


@require_safe
def notification_list(request: PortalRequest) -> HttpResponse:
    """Show the newest notifications, each said for who reads it now."""
    found = list(notifications_for(request.actor)[:SHOWN])
    lines = list(zip(found, describe_all(request.actor, found), strict=True))
    context = {"lines": lines, "unread": any(one.read_at is None for one in found)}
    return render(request, "sharing/notifications.html", context)


@require_POST
def notification_read(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Mark one as read, and go on to what it is about where the form asks for it."""
    told = describe_all(request.actor, [mark_read(request.actor, pk)])[0]
    onward = told.url if "open" in request.POST else ""
    return redirect(onward or "notification_list")


@require_POST
def notifications_read(request: PortalRequest) -> HttpResponse:
    """Mark all that are shown as read."""
    for one in notifications_for(request.actor).filter(read_at__isnull=True)[:SHOWN]:
        mark_read(request.actor, one.pk)
    messages.success(request, "Marked as read.")
    return redirect("notification_list")
