"""Notifications: what the actor was told under this post, each with why."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agencies.portal_request import PortalRequest
from sharing.models import Notification


def notifications_for(actor):
    return Notification.objects.filter(membership=actor.seat).order_by("-created_at")


def describe(actor, one):
    return one.kind


def mark_read(actor, pk):
    Notification.objects.filter(membership=actor.seat, pk=pk).update(read_at=timezone.now())


SHOWN = 100


@require_safe
def notification_list(request: PortalRequest) -> HttpResponse:
    """Show the newest notifications, each said for who reads it now."""
    found = list(notifications_for(request.actor)[:SHOWN])
    lines = [(one, describe(request.actor, one)) for one in found]
    return render(request, "sharing/notifications.html", {"lines": lines})


@require_POST
def notification_read(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Mark one as read."""
    mark_read(request.actor, pk)
    return redirect("notification_list")


@require_POST
def notifications_read(request: PortalRequest) -> HttpResponse:
    """Mark all as read that are not."""
    for one in notifications_for(request.actor).filter(read_at__isnull=True)[:SHOWN]:
        mark_read(request.actor, one.pk)
    messages.success(request, "Marked as read.")
    return redirect("notification_list")
