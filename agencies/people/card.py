"""One person as their coordinator sees them: posts, credentials, and what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from agencies.charge import is_higher
from agencies.clock import database_time
from agencies.codes import Role
from agencies.figures import LAPSES_SOON
from agencies.models import (
    Credential,
    CredentialRequirement,
    Membership,
    Nomination,
    Person,
    Secondment,
)
from agencies.people.access import Office, posts_in_sight
from agencies.people.roll import with_state
from agencies.posts import unended
from agencies.tenure import Tenure


@dataclass(frozen=True)
class Held:
    """A post as the page shows it, and what may be done about it by whoever looks."""

    post: Membership
    state: Tenure
    needs: Sequence[CredentialRequirement]
    secondments: Sequence[Secondment]
    may_change: bool
    may_end: bool
    may_end_ahead: bool

    @property
    def is_over(self) -> bool:
        """Return whether it has ended."""
        return self.state == Tenure.ENDED


@dataclass(frozen=True)
class Card:
    """A person's page."""

    person: Person
    posts: Sequence[Held]
    credentials: Sequence[Credential]
    waiting: Sequence[Nomination]
    soon: datetime
    is_self: bool
    may_run: bool

    @property
    def state(self) -> Tenure | None:
        """Return where the person stands by the first of the posts that has not ended."""
        return next((held.state for held in self.posts if not held.is_over), None)

    @property
    def is_dormant(self) -> bool:
        """Return whether the person is out for want of activity."""
        return any(held.state == Tenure.DORMANT for held in self.posts)


def card(office: Office, person: Person) -> Card:
    """Return what is seen of *person* in an office."""
    posts = posts_in_sight(office).filter(person=person)
    rows = list(with_state(posts).order_by("-started_at", "pk"))
    keys = [row.pk for row in rows]
    seats: dict[UUID, list[Secondment]] = {key: [] for key in keys}
    for seat in _seats(keys):
        seats[seat.membership_id].append(seat)
    needs = _needs(rows)
    held = [_held(office, row, seats[row.pk], needs[row.pk]) for row in rows]
    waiting = Nomination.objects.filter(
        widens__in=keys, state=Nomination.State.ACCEPTED, expires_at__gt=Now()
    )
    return Card(
        person=person,
        posts=held,
        credentials=list(
            Credential.objects.filter(person=person, revoked_at__isnull=True).order_by(
                "-expires_at", "pk"
            )
        ),
        waiting=list(waiting.select_related("nominated_by", "agency")),
        soon=database_time() + LAPSES_SOON,
        is_self=office.actor.person_id == person.pk,
        may_run=any(one.may_change for one in held),
    )


def _held(
    office: Office,
    post: Membership,
    seats: Sequence[Secondment],
    needs: Sequence[CredentialRequirement],
) -> Held:
    """Return a post with what the services would let one do; each asks for itself again."""
    actor, runs, administers = office.actor, office.runs, office.administers
    own, mine = actor.agency_id == post.agency_id, actor.person_id == post.person_id
    state = Tenure(post.state)  # type: ignore[attr-defined]
    open_ = state != Tenure.ENDED
    charge = not mine and (administers or (own and runs and not is_higher(post)))
    restricts = own and actor.holds(Role.COORDINATOR, Role.SUPERVISOR, Role.LIAISON)
    ahead = (administers and is_higher(post)) or (own and runs and not is_higher(post))
    return Held(
        post=post,
        state=state,
        needs=needs,
        secondments=seats,
        may_change=open_ and charge,
        may_end=open_ and (administers or (restricts and not is_higher(post))),
        may_end_ahead=open_ and ahead,
    )


def _seats(keys: Sequence[UUID]) -> Sequence[Secondment]:
    seats = Secondment.objects.filter(unended(), membership__in=keys)
    return list(seats.select_related("task_force").order_by("task_force__name"))


def _needs(posts: Sequence[Membership]) -> dict[UUID, list[CredentialRequirement]]:
    """Return what each post takes: of each kind of credential what is required first."""
    agencies = {post.agency_id for post in posts}
    asked = list(
        CredentialRequirement.objects.filter(Q(agency=None) | Q(agency__in=agencies)).order_by(
            "kind", "-gates_from"
        )
    )
    return {post.pk: list(_of(post, asked).values()) for post in posts}


def _of(
    post: Membership, asked: Sequence[CredentialRequirement]
) -> dict[str, CredentialRequirement]:
    return {
        one.kind: one
        for one in asked
        if one.agency_id in (None, post.agency_id) and one.role in ("", *post.roles)
    }
