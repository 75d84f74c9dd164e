"""Mail about onboarding: that something waits and where, never about what."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from agencies.models import Application, Membership, Onboarding, Person
from agencies.onboarding.links import digest_of, link_of
from ledger.kinds import register_message_kind
from ledger.models import Message
from ledger.services import Tell, ref_to

APPLICANT_LINK = "application.link"
APPLICATION_WAITS = "application.waits"
APPLICANT_TURN = "application.turn"
ANSWERS_DUE = "recertification.due"
ANSWER_RETURNED = "compliance.returned"

LINK = """\
Somebody gave this address to have an agency come on board at Liaison.

Was it you? Open this link and press “Yes, this is my address”. Until then nobody reads the \
application: {link}

The same link shows how far the application is, and is where you answer what is asked. Keep it to \
yourself. If it was not you, do nothing: the application is dropped.
"""
WAITS = """\
An application waits to be taken up. Sign in and open it: {portal}/onboarding/
"""
TURN = """\
There is news of your agency's application to Liaison, and perhaps something for you to do. Open \
this link to see how far it is and what comes next: {link}

Keep the link to yourself.
"""
RETURNED = """\
An answer of your agency was returned, or found not to be met. Sign in, read why and answer again: \
{portal}/compliance/
"""
DUE = """\
The yearly answers of your agency are due by {day}. Sign in and open {portal}/administration/

If they do not come in time, your agency keeps its own cases and neither gives nor receives until \
they do.
"""


def register() -> None:
    """Have these messages delivered by mail."""
    register_message_kind(APPLICANT_LINK, send_link)
    register_message_kind(APPLICATION_WAITS, tell_administrators)
    register_message_kind(APPLICANT_TURN, tell_applicant)
    register_message_kind(ANSWERS_DUE, tell_answers_due)
    register_message_kind(ANSWER_RETURNED, tell_returned)


def send_link(message: Message) -> None:
    """Mail an applicant the link to their application."""
    application = Application.objects.get(pk=message.subject)
    body = LINK.format(link=link_of(application))
    _mail(message, application.email, "Verify your address", body)


def news_for(application: Application | None) -> list[Tell]:
    """Return the message to whoever applied, if anybody did, that it is perhaps their turn."""
    if application is None:
        return []
    return [Tell(APPLICANT_TURN, application.pk, subject=ref_to(application))]


def tell_applicant(message: Message) -> None:
    """Mail an applicant that there is news, and the link; nothing of what it is."""
    application = Application.objects.get(pk=message.subject)
    body = TURN.format(link=link_of(application))
    _mail(message, application.email, "News of your application", body)


def tell_returned(message: Message) -> None:
    """Mail an agency's coordinators that an answer waits for them again."""
    _tell_coordinators(
        message, message.roster, "1 answer returned", RETURNED.format(portal=settings.PORTAL_URL)
    )


def tell_administrators(message: Message) -> None:
    """Mail every portal administrator that an application waits."""
    body = WAITS.format(portal=settings.PORTAL_URL)
    for person in Person.objects.filter(is_staff=True, is_active=True).order_by("pk"):
        _mail(message, person.email, "1 application waits", body)


def tell_answers_due(message: Message) -> None:
    """Mail an agency's coordinators that its yearly answers are due."""
    onboarding = Onboarding.objects.get(pk=message.subject)
    if onboarding.recertify_by is None:
        return
    body = DUE.format(day=f"{onboarding.recertify_by:%-d %b %Y}", portal=settings.PORTAL_URL)
    _tell_coordinators(message, onboarding.agency_id, "Yearly answers due", body)


def _tell_coordinators(message: Message, agency: UUID, subject: str, body: str) -> None:
    posts = Membership.objects.acting().holding("coordinator").select_related("person")
    for post in posts.filter(agency=agency).order_by("pk"):
        _mail(message, post.person.email, subject, body)


def _mail(message: Message, address: str, subject: str, body: str) -> None:
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    EmailMessage(
        subject=f"[Liaison] {subject}",
        body=body,
        to=[address],
        headers={"Message-ID": f"<{message.pk}.{digest_of(address)[:12]}@{host}>"},
    ).send()
