"""Mail about accounts, carried by the outbox: that one is locked and who releases it, no more."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from agencies.codes import Role
from agencies.models import Membership, Person
from agencies.services.sign_in import LOCKED, LOCKED_OF_OURS, is_locked
from ledger.kinds import register_message_kind
from ledger.models import Message

TO_PERSON = """\
Signing in to your account failed {times} times within {minutes} minutes, so it is locked.
Nobody can sign in to it until the coordinator of your agency or a portal administrator
releases it.

If that was not you, tell your coordinator. Liaison never asks for your password.
"""
TO_COORDINATOR = """\
The account of one of your people is locked after {times} failed sign-ins within {minutes}
minutes. Ask them whether it was they, then release it: {portal}/people/{person}/release/

Liaison never asks for your password.
"""


def register() -> None:
    """Have this module deliver its kinds."""
    register_message_kind(LOCKED, tell_person)
    register_message_kind(LOCKED_OF_OURS, tell_coordinators)


def tell_person(message: Message) -> None:
    """Tell a person that their account is locked, if it still is."""
    person = Person.objects.filter(pk=message.subject, is_active=True).first()
    if person is not None and is_locked(person):
        _send(message, [person.email], "Your account is locked", TO_PERSON)


def tell_coordinators(message: Message) -> None:
    """Tell an agency's coordinators whose account to release; never the person themselves."""
    person = Person.objects.filter(pk=message.subject, is_active=True).first()
    if person is None or not is_locked(person):
        return
    posts = Membership.objects.acting().holding(Role.COORDINATOR).filter(agency=message.roster)
    others = posts.exclude(person=person).order_by("pk")
    emails = others.values_list("person__email", flat=True)
    _send(message, emails, "1 account to release", TO_COORDINATOR)


def _send(message: Message, emails: Iterable[str], subject: str, body: str) -> None:
    """Send one mail to each; sent again after a failure it has the same Message-ID."""
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    said = body.format(
        times=settings.SIGN_IN_FAILURES,
        minutes=settings.SIGN_IN_FAILURE_SECONDS // 60,
        portal=settings.PORTAL_URL,
        person=message.subject,
    )
    for place, email in enumerate(emails):
        EmailMessage(
            subject=f"[Liaison] {subject}",
            body=said,
            to=[email],
            headers={
                "Message-ID": f"<{message.pk}.{place}@{host}>",
                "Auto-Submitted": "auto-generated",
            },
        ).send()
