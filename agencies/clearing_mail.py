"""Mail about lost second factors: that something was asked or done and where to look, no more."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from agencies.models import FactorClearing, Person
from agencies.services.clearing import (
    ASKED,
    CLEARED,
    TO_CONFIRM,
    open_clearing,
    those_who_confirm,
)
from ledger.kinds import register_message_kind
from ledger.models import Message

TO_PERSON_ASKED = """\
Somebody asked to clear the second factors of your account, as if you had lost them. A second
person has to confirm it.

If you have them, sign in and stop it: {portal}/account/security/

Liaison never asks for your password or for a code.
"""
TO_SECONDS = """\
Somebody lost every second factor of their account, and another person asked to clear them. You may
confirm it or take it back: {portal}/people/{person}/factors/

Liaison never asks for your password.
"""
TO_PERSON_CLEARED = """\
The second factors of your account were cleared. Your sessions and personal tokens have ended. Sign
in with your password and add a new one: {portal}/account/login/

If you did not ask for this, tell the coordinator of your agency now.
Liaison never asks for your password or for a code.
"""


def register() -> None:
    """Have this module deliver its kinds."""
    register_message_kind(ASKED, tell_of_asking)
    register_message_kind(TO_CONFIRM, tell_seconds)
    register_message_kind(CLEARED, tell_of_clearing)


def tell_of_asking(message: Message) -> None:
    """Tell a person what was asked about their account, while it waits."""
    person = _active(message)
    if person is not None and open_clearing(person) is not None:
        _send(message, person.email, "Your second factors are to be cleared", TO_PERSON_ASKED)


def tell_seconds(message: Message) -> None:
    """Tell whoever may confirm, while it waits."""
    person = _active(message)
    proposal = open_clearing(person) if person is not None else None
    if person is None or proposal is None:
        return
    for place, second in enumerate(those_who_confirm(person, proposal)):
        _send(message, second.email, "1 account to confirm", TO_SECONDS, part=place)


def tell_of_clearing(message: Message) -> None:
    """Tell a person that it was done."""
    done = FactorClearing.objects.filter(person=message.subject, confirmed_by__isnull=False)
    person = _active(message)
    if person is not None and done.exists():
        _send(message, person.email, "Your second factors were cleared", TO_PERSON_CLEARED)


def _active(message: Message) -> Person | None:
    return Person.objects.filter(pk=message.subject, is_active=True).first()


def _send(message: Message, to: str, subject: str, body: str, *, part: int = 0) -> None:
    """Send one mail; sent again after a failure it has the same Message-ID."""
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    EmailMessage(
        subject=f"[Liaison] {subject}",
        body=body.format(portal=settings.PORTAL_URL, person=message.subject),
        to=[to],
        headers={
            "Message-ID": f"<{message.pk}.{part}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    ).send()
