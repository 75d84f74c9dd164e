"""The list of an agency's people: each post with its state, by name, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Least, Now

from agencies.figures import LAPSES_SOON
from agencies.models import Credential, Membership
from agencies.models.membership import MembershipQuerySet, arranged, awake
from agencies.posts import unended
from agencies.tenure import Tenure

PAGE = 50
SHOWN = {
    "current": "With a post now",
    "soon": "Something lapses within 60 days",
    "out": "Out at present: dormant, disabled, lapsed or paused",
    "ended": "Post ended",
}


@dataclass(frozen=True)
class Roll:
    """One page of posts, and the post behind which the next one starts."""

    posts: Sequence[Membership]
    next: UUID | None


def with_state(posts: MembershipQuerySet) -> MembershipQuerySet:
    """Return *posts* with ``state`` and ``lapses_at``, derived on the database's clock."""
    return posts.annotate(
        state=Case(
            When(ended_at__lte=Now(), then=Value(Tenure.ENDED.value)),
            When(person__is_active=False, then=Value(Tenure.DISABLED.value)),
            When(credentials_until__lte=Now(), then=Value(Tenure.LAPSED.value)),
            When(~awake("person__"), then=Value(Tenure.DORMANT.value)),
            When(~arranged(), then=Value(Tenure.PAUSED.value)),
            default=Value(Tenure.ACTIVE.value),
        ),
        lapses_at=Least(
            Subquery(_first_to_lapse()),
            Case(When(credentials_until__gt=Now(), then=F("credentials_until"))),
        ),
    )


def roll(
    posts: MembershipQuerySet, *, text: str = "", show: str = "current", after: UUID | None = None
) -> Roll:
    """Return a page of *posts* by name, narrowed to words and to what is shown."""
    found = with_state(posts).filter(_shown(show))
    for word in text.split():
        found = found.filter(
            Q(person__name__icontains=word)
            | Q(person__email__icontains=word)
            | Q(agency__name__icontains=word)
        )
    last = posts.filter(pk=after).values("person__name", "pk").first() if after else None
    if last is not None:
        found = found.filter(_behind(last["person__name"], last["pk"]))
    rows = list(found.order_by("person__name", "pk")[: PAGE + 1])
    return Roll(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def _first_to_lapse() -> Any:
    """Return when the first credential of the outer post's person lapses, if none is newer."""
    newer = Credential.objects.filter(
        person=OuterRef("person"),
        kind=OuterRef("kind"),
        revoked_at__isnull=True,
        expires_at__gt=OuterRef("expires_at"),
    )
    current = Credential.objects.filter(
        ~Exists(newer), person=OuterRef("person"), revoked_at__isnull=True, expires_at__gt=Now()
    )
    return current.order_by().values("person").annotate(first=Min("expires_at")).values("first")


def _shown(show: str) -> Q:
    soon = Now() + LAPSES_SOON
    lapsed = Q(credentials_until__lte=Now())
    out = Q(person__is_active=False) | lapsed | ~awake("person__") | ~arranged()
    return {
        "soon": unended() & (Q(lapses_at__lte=soon) | Q(ended_at__lte=soon)),
        "out": unended() & out,
        "ended": Q(ended_at__lte=Now()),
    }.get(show, unended())


def _behind(name: str, pk: UUID) -> Q:
    return Q(person__name__gt=name) | Q(person__name=name, pk__gt=pk)
