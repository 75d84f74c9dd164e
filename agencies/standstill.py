"""The page of whoever can act under no membership: why, since when, whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.codes import OPERATING, Role
from agencies.models import Membership, Nomination, Person
from agencies.models.membership import arranged
from agencies.own_way import vouched_alone
from agencies.text_direction import isolated
from agencies.vouched_sessions import only_post
from ledger.models import Event


@dataclass(frozen=True)
class Standstill:
    """Why a person cannot act, since when, and through which agency."""

    reason: str
    agency: str = ""
    since: datetime | None = None
    coordinators: tuple[str, ...] = ()
    is_agency: bool = False


def standstill(request: HttpRequest, *, chosen: UUID | None) -> HttpResponse:
    """Return the page, the same for every address; posts that are in force can be chosen on it."""
    person = cast("Person", request.user)
    others = Membership.objects.acting().filter(person=person).select_related("agency")
    only = only_post(request)
    others = others.filter(pk=only) if only else others.exclude(vouched_alone())
    context = {"why": why(person, chosen), "others": list(others.order_by("started_at", "pk"))}
    return render(request, "agencies/standstill.html", context, status=403)


def why(person: Person, chosen: UUID | None) -> Standstill:
    """Return why *person* cannot act under the post chosen, or the latest, or any."""
    posts = person.memberships.select_related("agency", "person").order_by("-started_at", "-pk")
    post = (posts.filter(pk=chosen).first() if chosen else None) or posts.first()
    if post is None:
        return _without_post(person)
    name = isolated(post.agency.name)
    if person.memberships.filter(pk=post.pk, ended_at__lte=Now()).exists():
        return Standstill(f"Your post at {name} has ended.", name, post.ended_at)
    if post.agency.status in OPERATING:
        return _shut_out(post)
    return Standstill(
        f"{name} cannot use Liaison at present.",
        name,
        _since(post.agency_id),
        _coordinators(post.agency_id),
        is_agency=True,
    )


def _without_post(person: Person) -> Standstill:
    waiting = Nomination.objects.filter(
        person=person, state=Nomination.State.ACCEPTED, expires_at__gt=Now()
    ).select_related("agency")
    found = waiting.first()
    if found is None:
        return Standstill("You have no post in an agency yet.")
    name = isolated(found.agency.name)
    reason = f"Your post at {name} opens once a second person there has validated it."
    return Standstill(reason, name, coordinators=_coordinators(found.agency_id))


def _shut_out(post: Membership) -> Standstill:
    """Return why nobody acts under a post that has not ended, in an agency that works."""
    name, same = isolated(post.agency.name), Membership.objects.filter(pk=post.pk)
    told = _coordinators(post.agency_id)
    if same.acting().filter(vouched_alone()).exists():
        reason = f"{name} has its people come in by its own sign-in alone. Sign in there."
        return Standstill(reason, name, coordinators=told)
    if same.filter(started_at__gt=Now()).exists():
        return Standstill(f"Your post at {name} has not begun.", name, post.started_at)
    if same.filter(credentials_until__lte=Now()).exists():
        reason = f"A credential that your post at {name} takes has lapsed or is not recorded."
        return Standstill(reason, name, coordinators=told)
    if not same.filter(arranged()).exists():
        reason = f"The arrangement that your post at {name} rests on does not hold at present."
        return Standstill(reason, name, coordinators=told)
    reason = "You were not here for 90 days; your coordinator lets you in again."
    return Standstill(reason, name, post.person.last_seen_at, coordinators=told)


def _since(agency: UUID) -> datetime | None:
    changes = Event.objects.filter(target=agency, target_kind="agency").order_by("-seq")
    return changes.values_list("at", flat=True).first()


def _coordinators(agency: UUID) -> tuple[str, ...]:
    posts = Membership.objects.holding(Role.COORDINATOR).filter(
        agency=agency, ended_at__isnull=True, person__is_active=True
    )
    return tuple(posts.order_by("person__name").values_list("person__name", flat=True))
