"""``notifications``: what the caller was told."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.response import Response

from portal.api.calls import call
from portal.api.paging import Order, Paged, cut, paged
from portal.api.permissions import SignedIn
from portal.api.resource import ApiRequest, Resource
from portal.api.shapes.rows import example_page
from portal.api.shapes.telling import (
    NOTIFICATION,
    NotificationPage,
    NotificationRow,
    notification_row,
)
from sharing.disclosure import id_of
from sharing.telling import describe, describe_all, mark_read, notifications_for

NEWEST_FIRST = Order(("created_at", "pk"))


class NotificationQuery(Paged):
    """Which notifications."""

    unread = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="true: not yet read; false: read."
    )


class NotificationResource(Resource):
    """What the post acted under was told and may still know of."""

    permission_classes = (SignedIn,)

    @call(
        "List notifications",
        answer=NotificationPage,
        query=NotificationQuery,
        example=example_page(NOTIFICATION),
    )
    def index(self, request: ApiRequest) -> Response:
        """Return what you were told, newest first, without what you may know of no more."""
        actor, sought = request.actor, request.sought
        rows = notifications_for(actor)
        if sought["unread"] is not None:
            rows = rows.filter(read_at__isnull=sought["unread"])
        page = cut(rows, NEWEST_FIRST, cursor=sought.get("cursor", ""), size=sought["page_size"])
        told = dict(zip((one.pk for one in page.rows), describe_all(actor, page.rows), strict=True))
        return paged(request, page, lambda notice: notification_row(notice, told[notice.pk]))

    @call(
        "Mark a notification as read",
        answer=NotificationRow,
        of="a notification",
        changes=True,
        example=NOTIFICATION,
    )
    def read(self, request: ApiRequest, pk: str) -> Response:
        """Mark it as read; it stays so."""
        notice = mark_read(request.actor, id_of(pk))
        return Response(notification_row(notice, describe(request.actor, notice)))
