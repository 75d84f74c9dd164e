"""Mail to a person about their own account: that something changed and where to look, never what.

The courier sends it, after the change and its event are written.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from agencies.models import Person
from ledger.kinds import register_message_kind
from ledger.models import Message

BODY = """\
The way you sign in to Liaison changed at {at:%Y-%m-%d %H:%M} UTC. Other sessions and personal \
tokens of yours have ended. See what changed: {link}

If this was not you, tell the coordinator of your agency now.
Never reply with case information. Liaison never asks for your password.
"""


def send_account_notice(message: Message) -> None:
    """Mail the person whom a change is about; nobody where they are disabled by now."""
    person = Person.objects.filter(pk=message.subject, is_active=True).first()
    if person is None:
        return
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    EmailMessage(
        subject="[Liaison] The way you sign in changed",
        body=BODY.format(
            at=message.event.at.astimezone(timezone.get_default_timezone()),
            link=settings.PORTAL_URL + reverse("mfa_index"),
        ),
        to=[person.email],
        headers={"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    ).send()


def register_all(kind: str) -> None:
    """Have the courier deliver messages of this *kind* here."""
    register_message_kind(kind, send_account_notice)
