"""Mail: that something waits and where, in ids and links; never what."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone

from agencies.models import Membership
from ledger.models import Message
from sharing.models import Notification, ShareRequest
from sharing.telling.kinds import HEADINGS, REQUEST
from sharing.telling.knowing import Subject, those_who_may_know
from sharing.telling.wording import why_of

BODY = """\
{opening} No details are sent by e-mail. Sign in and open {reference}: {link}

{why} Change: {portal}/notifications/
Never reply with case information. Liaison never asks for your password; this mail contains no \
approve button.
"""


def send(message: Message) -> None:
    """Send one mail about one notification, if its person may still know of it.

    Sent again after a failure it has the same Message-ID, by which a mail system drops the second.
    """
    notice = Notification.objects.filter(pk=message.subject).first()
    if notice is None or notice.read_at is not None:
        return
    posts = list(
        Membership.objects.acting()
        .select_related("person", "agency")
        .filter(pk=notice.membership_id)
    )
    subject = Subject(notice.kind, notice.subject_kind, notice.subject)
    if those_who_may_know(subject, posts):
        _compose(message, notice, posts[0]).send()


def _compose(message: Message, notice: Notification, post: Membership) -> EmailMessage:
    number, due = _reference(notice)
    heading = HEADINGS[notice.kind]
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    link = f"{settings.PORTAL_URL}/notifications/"
    if notice.subject_kind == REQUEST and number:
        link = f"{settings.PORTAL_URL}/r/{number}/"
    return EmailMessage(
        subject=f"[Liaison] {heading}{f' ({number})' if number else ''}{_due(due, post)}",
        body=BODY.format(
            opening=_opening(notice),
            reference=number or "your notifications",
            link=link,
            why=why_of(notice, post.agency.name),
            portal=settings.PORTAL_URL,
        ),
        to=[post.person.email],
        headers={"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def _opening(notice: Notification) -> str:
    if notice.kind == "request.received":
        return "A sharing request waits for your agency."
    return "There is news about something shared."


def _reference(notice: Notification) -> tuple[str, datetime | None]:
    """Return the number of the request that a notification goes back to, and when that is due."""
    if notice.subject_kind == REQUEST:
        request = ShareRequest.objects.get(pk=notice.subject)
        return request.number, request.due_at if notice.kind == "request.received" else None
    found = ShareRequest.objects.filter(
        Q(grants=notice.subject) | Q(standing_grant=notice.subject)
    ).first()
    return found.number if found else "", None


def _due(due: datetime | None, post: Membership) -> str:
    """Return when it is due in the agency's own time."""
    if due is None:
        return ""
    zone = ZoneInfo(post.agency.time_zone)
    local = due.astimezone(zone)
    today = local.date() == timezone.now().astimezone(zone).date()
    day = "today" if today else f"{local.day} {local:%b}"
    return f", due {day} {local:%H:%M}"
