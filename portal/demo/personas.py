"""Who there is to be in the demonstration, and whether the browser is on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import groupby
from operator import attrgetter

from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest

from agencies.codes import Role
from agencies.models import Membership, Person

FORWARDING = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")


@dataclass(frozen=True)
class Persona:
    """One post of one person, as the page offers it."""

    membership: Membership

    @property
    def roles(self) -> str:
        """Return the roles as screens say them."""
        return ", ".join(Role(role).label for role in self.membership.roles)


@dataclass(frozen=True)
class Cast:
    """An agency and its people."""

    agency: str
    status: str
    personas: tuple[Persona, ...]


def casts() -> list[Cast]:
    """Return every post that has not ended, by agency; those of a suspended agency too."""
    posts = (
        Membership.objects.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gt=Now()), person__is_active=True
        )
        .select_related("person", "agency")
        .order_by("agency__name", "agency_id", "person__name")
    )
    return [_cast(list(group)) for _, group in groupby(posts, key=attrgetter("agency_id"))]


def administrators() -> Iterable[Person]:
    """Return the portal administrators."""
    return Person.objects.filter(is_staff=True, is_active=True).order_by("name")


def is_on_this_machine(request: HttpRequest) -> bool:
    """Return whether the browser sits on the loopback interface, with no proxy in between."""
    if any(header in request.META for header in FORWARDING):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _cast(posts: list[Membership]) -> Cast:
    agency = posts[0].agency
    return Cast(agency.name, agency.status, tuple(Persona(post) for post in posts))
