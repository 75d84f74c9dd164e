"""The disclosure log as an agency may read it: what happened to its records, and who read them.

Its reading members see what concerns records that they may know of; its auditors see all that
concern the agency, by number, type, owner and generated label.  What was done to an item that a
member may not know of is no line of its case.  Attempts that were refused are for auditors and
release authority alone.  Nobody sees another agency's records through an event that
they share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from agencies.actors import Actor
from agencies.codes import READING_ROLES, Role
from agencies.models import Membership
from agencies.models.membership import MembershipQuerySet
from ledger.models import Event
from sharing.actions import Action
from sharing.history_lines import Line, lines_of
from sharing.models import Record
from sharing.planned import planned
from sharing.policy import permits
from sharing.sealed.queryset import SealedQuerySet

SENIOR = (Role.SUPERVISOR, Role.AUDITOR)
WHY = "an agency reads the log of its own records"


class OneOf(Func):
    """Whether a value is in an array column of the outer query."""

    arg_joiner = " = ANY ("
    template = "%(expressions)s)"
    output_field = BooleanField()


@dataclass(frozen=True)
class History:
    """Events that one actor may read, newest first; a slice of it is a list of lines."""

    actor: Actor
    events: QuerySet[Event]

    def __getitem__(self, wanted: slice) -> list[Line]:
        return self.lines(self.events[wanted])

    def page(self, *, after: int | None = None, size: int = 50) -> tuple[list[Line], int | None]:
        """Return the lines behind the one numbered *after*, and the number to go on from."""
        behind = self.events if after is None else self.events.filter(seq__lt=after)
        found = list(behind[: size + 1])
        more = len(found) > size
        return self.lines(found[:size]), found[size - 1].seq if more else None

    def lines(self, events: Iterable[Event]) -> list[Line]:
        """Return *events* with the names of whom and what they speak of."""
        return lines_of(events, shown=self._shown)

    def _shown(self, ids: Iterable[UUID]) -> Sequence[Record]:
        """Return those records of the agency's own that the actor may be shown in a line."""
        return list(own_records(self.actor).filter(pk__in=set(ids)).select_related("owner"))


def events_for(
    actor: Actor,
    *,
    record: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    person: str = "",
    agency: str = "",
    kind: str = "",
    outcome: str = "",
) -> History:
    """Return what *actor* may read of the log; *person* is an e-mail, *agency* a short name.

    Empty for whoever is neither a reading member nor an auditor of an agency.
    """
    typed = person + agency + kind + outcome
    if actor.membership_id is None or actor.agency_id is None or not typed.isprintable():
        return History(actor, Event.objects.none())
    events = Event.objects.filter(_readable(actor), concerns__contains=[actor.agency_id])
    if record is not None:
        events = events.filter(
            Exists(own_records(actor).filter(pk=record)), records__contains=[record]
        )
    wanted = {
        "at__gte": since,
        "at__lt": until,
        "kind": kind or None,
        "outcome": outcome or None,
    }
    events = events.filter(**{name: value for name, value in wanted.items() if value is not None})
    if person:
        posts = Membership.objects.filter(person__email__iexact=person)
        events = events.filter(person__in=posts.values("person_id"))
    if agency:
        posts = Membership.objects.filter(agency__short_name__iexact=agency)
        events = events.filter(agency__in=posts.values("agency_id"))
    return History(actor, planned(events.order_by("-seq")))


def _readable(actor: Actor) -> Combinable:
    """Return the condition of an event that the actor's roles, as they are now, let it read."""
    senior = Exists(post_now(actor).holding(*SENIOR))
    about = Exists(own_records(actor).filter(OneOf(F("pk"), OuterRef("records"))))
    hidden = Exists(ours(actor).filter(pk=OuterRef("target"))) & ~Exists(
        own_records(actor).filter(pk=OuterRef("target"))
    )
    told = Q(about | (Q(records=[]) & senior)) & ~Q(hidden)
    return told & (Q(outcome=Event.Outcome.DONE) | senior)


def ours(actor: Actor) -> SealedQuerySet[Record]:
    """Return the records the agency owns or originated, whoever asks."""
    of_agency = Q(owner_id=actor.agency_id) | Q(originator_id=actor.agency_id)
    return Record.objects.unrestricted(WHY).filter(of_agency)


def own_records(actor: Actor) -> SealedQuerySet[Record]:
    """Return those that the actor may see named."""
    audits = Exists(post_now(actor).holding(Role.AUDITOR))
    reads = Exists(post_now(actor).holding(*READING_ROLES))
    return ours(actor).filter(Q(audits) | Q(reads & permits(actor, Action.KNOW)))


def post_now(actor: Actor) -> MembershipQuerySet:
    """Return the actor's post, if it is in force at the statement."""
    return Membership.objects.acting().filter(pk=actor.seat, agency=actor.agency_id)
