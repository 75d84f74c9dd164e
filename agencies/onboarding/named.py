"""Who is named for what at a new agency, and how far its coordinators are: asked, or in post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Now

from agencies.codes import Role
from agencies.models import Contact, Membership, Nomination, Onboarding
from agencies.nominations import OPEN
from agencies.posts import unended

Duty = Contact.Duty
COORDINATING = (Duty.COORDINATOR, Duty.ALTERNATE_COORDINATOR)


@dataclass(frozen=True)
class Named:
    """One who is named; a coordinator with the post, or with what they were asked by."""

    contact: Contact
    post: UUID | None = None
    asked: Nomination | None = None

    @property
    def coordinates(self) -> bool:
        """Return whether they are to coordinate the agency."""
        return self.contact.duty in COORDINATING

    @property
    def is_free(self) -> bool:
        """Return whether nobody has the post by it, nor is asked."""
        return self.post is None and self.asked is None

    @property
    def answers_by(self) -> datetime | None:
        """Return until when somebody must still say yes; None where nobody is asked."""
        return self.asked.expires_at if self.asked else None

    @property
    def accepted(self) -> bool:
        """Return whether they said yes and another agency of theirs has not yet."""
        return self.asked is not None and self.asked.state == Nomination.State.ACCEPTED

    @property
    def missing(self) -> str:
        """Return what a coordinator still lacks, as a sentence; nothing once they have the post."""
        who = f"{self.contact.name}, {self.contact.get_duty_display().lower()},"
        if not self.coordinates or self.post is not None:
            return ""
        if self.asked is None:
            return "Appoint the coordinators."
        if self.accepted:
            return f"{who} said yes; their other agency has not consented yet."
        return f"{who} was mailed on appointment and has until {self.answers_by:%-d %b} to say yes."


def named_for(onboarding: Onboarding) -> list[Named]:
    """Return who is named, by duty."""
    contacts = list(onboarding.contacts.order_by("duty"))
    posts, asked = _posts(onboarding.agency_id), _asked(onboarding.agency_id)
    found = []
    for one in contacts:
        key = one.email.lower() if one.duty in COORDINATING else ""
        found.append(Named(one, one.post_id or posts.get(key), asked.get(key)))
    return found


def coordinators(named: Iterable[Named]) -> list[Named]:
    """Return those who are to coordinate."""
    return [one for one in named if one.coordinates]


def _posts(agency: UUID) -> dict[str, UUID]:
    """Return the posts that coordinate, by the address of the person and of what they accepted."""
    held = Membership.objects.filter(unended(), agency=agency).holding(Role.COORDINATOR)
    rows = held.values_list("pk", "person__email", "nomination__email")
    return {email.lower(): pk for pk, *emails in rows for email in emails if email}


def _asked(agency: UUID) -> dict[str, Nomination]:
    """Return the open nominations of coordinators, by address."""
    found = Nomination.objects.filter(
        agency=agency, state__in=OPEN, expires_at__gt=Now(), roles__contains=[Role.COORDINATOR]
    )
    return {one.email.lower(): one for one in found}
