"""Mail about posts and credentials: where to go, and never what anybody may see there."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from agencies.charge import SECONDS
from agencies.codetable import label
from agencies.lacking import posts_lacking
from agencies.links import ADDRESS, NOMINATION, link_for
from agencies.models import (
    AddressChange,
    Agency,
    Credential,
    CredentialRequirement,
    Membership,
    Nomination,
    Person,
)
from agencies.nominations import is_open
from ledger.kinds import register_message_kind
from ledger.models import Message

CLOSING = "Liaison never asks for your password by mail. Opening the link changes nothing."
INVITED = """\
You are nominated for a post at {agency} in Liaison, until you say yes or no: {link}

{closing}
"""
WAITS = "{what} at {agency} in Liaison. Sign in: {link}\n\n{closing}\n"
NEW_ADDRESS = """\
This address was given as yours in Liaison. If that is right, open this link and sign in with your
present address: {link}

{closing}
"""
OLD_ADDRESS = """\
Your account in Liaison has another e-mail address from now on, and this one gets nothing more.
If you did not do this, call the coordinator of your agency at once.
"""
LAPSES = """\
A credential that a post at {agency} may take ends on {day}: {kind}{of}. Without it the post opens
nothing. See: {link}

{closing}
"""
NEEDED = "1 credential is required"
GATES = """\
From {day} on your post at {agency} takes a credential: {kind}. None that lasts until then is
recorded for you. Without it the post opens nothing from that day on. See: {link}

{closing}
"""
LACK = """\
From {day} on posts at {agency} take a credential: {kind}. {number} lack it, and open nothing from
that day on until it is recorded. Who: {link}

{closing}
"""


def send_invitation(message: Message) -> None:
    """Send the nominee the link, while the nomination waits for them."""
    found = Nomination.objects.select_related("agency").get(pk=message.subject)
    if is_open(found) and found.state == Nomination.State.NOMINATED:
        link = link_for(NOMINATION, found.pk)
        body = INVITED.format(agency=found.agency.name, link=link, closing=CLOSING)
        _mail(message, [found.email], "You are nominated for a post", body)


def send_to_seconds(message: Message) -> None:
    """Tell whoever may validate a nomination that it waits for them."""
    found = Nomination.objects.select_related("agency").get(pk=message.subject)
    posts = Membership.objects.acting().holding(*SECONDS).filter(agency=found.agency_id)
    posts = posts.exclude(person=found.nominated_by_id).exclude(person=found.person_id)
    if is_open(found):
        _tell_posts(message, posts, found.agency, "1 nomination to validate")


def send_for_consent(message: Message) -> None:
    """Ask another agency's coordinators whether one of their people may have a post elsewhere."""
    found = Nomination.objects.get(pk=message.subject)
    posts = Membership.objects.acting().holding(message.role).filter(agency=message.roster)
    if is_open(found):
        agency = Agency.objects.get(pk=message.roster)
        _tell_posts(message, posts, agency, "1 nomination to consent to")


def send_new_address(message: Message) -> None:
    """Send the link to an address that is to be a person's."""
    found = AddressChange.objects.get(pk=message.subject)
    if found.confirmed_at is None:
        body = NEW_ADDRESS.format(link=link_for(ADDRESS, found.pk), closing=CLOSING)
        _mail(message, [found.email], "Confirm your address", body)


def send_old_address(message: Message) -> None:
    """Tell the address before that it gets nothing more."""
    found = AddressChange.objects.get(pk=message.subject)
    _mail(message, [found.previous], "Your address has changed", OLD_ADDRESS)


def send_warning(message: Message) -> None:
    """Tell the person and the coordinators of an agency that a credential ends soon."""
    found = Credential.objects.select_related("person").get(pk=message.subject)
    posts = Membership.objects.acting().filter(agency=message.roster)
    own = posts.filter(person=found.person_id).select_related("person", "agency").first()
    if found.revoked_at is not None or own is None:
        return
    told = [own.person, *_people(posts.holding("coordinator").exclude(person=found.person_id))]
    for place, person in enumerate(told):
        body = LAPSES.format(
            agency=own.agency.name,
            day=f"{found.expires_at:%-d %b %Y}",
            kind=label("credentials", found.kind).lower(),
            of="" if person.pk == found.person_id else f", of {found.person.name}",
            link=settings.PORTAL_URL + reverse("person", args=[found.person_id]),
            closing=CLOSING,
        )
        _mail(message, [person.email], "1 credential ends soon", body, part=place)


def send_gating(message: Message) -> None:
    """Tell those of an agency who lack what is required, and its coordinators how many they are."""
    found = CredentialRequirement.objects.filter(pk=message.subject).first()
    if found is None:
        return
    agency = Agency.objects.get(pk=message.roster)
    lacking = posts_lacking(found, agency.pk)
    said = {
        "agency": agency.name,
        "day": f"{found.gates_from:%-d %b %Y}",
        "kind": label("credentials", found.kind).lower(),
        "closing": CLOSING,
    }
    for place, post in enumerate(lacking):
        link = settings.PORTAL_URL + reverse("person", args=[post.person_id])
        _mail(message, [post.person.email], NEEDED, GATES.format(link=link, **said), part=place)
    running = Membership.objects.acting().holding("coordinator").filter(agency=agency)
    link = settings.PORTAL_URL + reverse("credential_need", args=[found.pk])
    body = LACK.format(number=len(lacking), link=link, **said)
    for place, person in enumerate(_people(running.select_related("person")), len(lacking)):
        _mail(message, [person.email], NEEDED, body, part=place)


def register_all() -> None:
    """Have this module deliver its kinds of message."""
    kinds = {
        "nomination.made": send_invitation,
        "nomination.accepted": send_to_seconds,
        "consent.asked": send_for_consent,
        "address.proposed": send_new_address,
        "address.changed": send_old_address,
        "credential.lapsing": send_warning,
        "credential.gating": send_gating,
    }
    for kind, handler in kinds.items():
        register_message_kind(kind, handler)


def _people(posts: Iterable[Membership]) -> list[Person]:
    return [post.person for post in posts]


def _tell_posts(message: Message, posts: Iterable[Membership], agency: Agency, what: str) -> None:
    link = settings.PORTAL_URL + reverse("nomination_list")
    body = WAITS.format(what=what, agency=agency.name, link=link, closing=CLOSING)
    for place, person in enumerate(dict.fromkeys(_people(posts))):
        _mail(message, [person.email], what, body, part=place)


def _mail(message: Message, to: list[str], subject: str, body: str, *, part: int = 0) -> None:
    """Send a mail whose id is the message's, by which a mail system drops a second copy."""
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    EmailMessage(
        subject=f"[Liaison] {subject}",
        body=body,
        to=to,
        headers={
            "Message-ID": f"<{message.pk}.{part}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    ).send()
