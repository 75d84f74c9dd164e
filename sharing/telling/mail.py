"""Mail: that something waits and where, in ids and links; never what."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone

from agencies.models import Membership
from ledger.models import Message
from sharing.models import Grant, Notification, ShareRequest, StandingGrant, Telling
from sharing.telling.gathering import PRESSING
from sharing.telling.kinds import HEADINGS, PRESSING_MAIL, REQUEST
from sharing.telling.knowing import Subject, those_who_may_know
from sharing.telling.muting import those_who_muted
from sharing.telling.wording import why_of

BODY = """\
{opening} No details are sent by e-mail. Sign in and open {reference}: {link}

{why} Change: {portal}/notifications/settings/
{closing}
"""
CLOSING = (
    "Never reply with case information. Liaison never asks for your password; "
    "this mail contains no approve button."
)


def send(message: Message) -> None:
    """Send one mail about one notification, if its person may still know of it.

    Sent again after a failure it has the same Message-ID, by which a mail system drops the second.
    """
    told = _told(message)
    if told is None:
        return
    posts = posts_of(told.membership_id)
    if may_still_know(told, posts):
        _compose(message, told, posts[0]).send()


def _told(message: Message) -> Telling | None:
    """Return what a mail says of its event, unread; None where another mail says what presses."""
    found = Telling.objects.filter(
        notification=message.subject,
        event=message.event_id,
        notification__read_at__isnull=True,
    ).select_related("notification")
    told = sorted(found, key=lambda one: one.kind not in PRESSING)
    presses = bool(told) and told[0].kind in PRESSING
    return told[0] if told and presses == (message.role == PRESSING_MAIL) else None


def posts_of(membership: UUID) -> list[Membership]:
    """Return a post with its person and agency, if it is in force."""
    posts = Membership.objects.acting().select_related("person", "agency")
    return list(posts.filter(pk=membership))


def may_still_know(told: Telling, posts: list[Membership]) -> bool:
    """Return whether the one of *posts* may still know of what it was told, and wants to."""
    notice = told.notification
    subject = Subject(told.kind, notice.subject_kind, notice.subject)
    known = those_who_may_know(subject, posts)
    return bool(known - those_who_muted(told.kind, notice.record, posts))


def mail_to(post: Membership, message: Message, *, subject: str, body: str) -> EmailMessage:
    """Return a mail of the portal's to the person of a post."""
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    return EmailMessage(
        subject=f"[Liaison] {subject}",
        body=body,
        to=[post.person.email],
        headers={"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def _compose(message: Message, told: Telling, post: Membership) -> EmailMessage:
    notice = told.notification
    number, due = reference_of(told)
    heading = HEADINGS[told.kind]
    return mail_to(
        post,
        message,
        subject=f"{heading}{f' ({number})' if number else ''}{_due(due, post)}",
        body=BODY.format(
            opening=_opening(told.kind),
            reference=number or "your notifications",
            link=link_to(number, notice),
            why=why_of(told.why, post.agency.name),
            portal=settings.PORTAL_URL,
            closing=CLOSING,
        ),
    )


def link_to(number: str, notice: Notification) -> str:
    """Return where a mail leads: to a request by its number, else to the notifications."""
    if notice.subject_kind == REQUEST and number:
        return f"{settings.PORTAL_URL}/r/{number}/"
    return f"{settings.PORTAL_URL}/notifications/"


def _opening(kind: str) -> str:
    if kind == "request.received":
        return "A sharing request waits for your agency."
    return "There is news about something shared."


def reference_of(told: Telling) -> tuple[str, datetime | None]:
    """Return the number of the request that something told goes back to, and when that is due."""
    notice = told.notification
    if notice.subject_kind == REQUEST:
        request = ShareRequest.objects.get(pk=notice.subject)
        return request.number, request.due_at if told.kind == "request.received" else None
    given = Grant.objects.filter(pk=notice.subject).values("decision_id")
    standing = StandingGrant.objects.filter(pk=notice.subject).values("decision_id")
    found = ShareRequest.objects.filter(Q(pk__in=given) | Q(pk__in=standing)).first()
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
