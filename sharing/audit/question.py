"""What is asked: which case, from when until when; and who may ask it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Q

from agencies.actors import Actor
from agencies.codes import Role
from ledger.models import Event, EventQuerySet
from sharing.history import own_records, post_now
from sharing.models import Record
from sharing.naming import cases_numbered, numbers_of

ASKING_ROLES = (Role.SUPERVISOR, Role.AUDITOR)
TOLD = "record.told"
READS = ("record.listed", "record.opened", "record.printed", "record.exported", TOLD)
MOST_MEANT = 20
MOST_PARTS = 5000


@dataclass(frozen=True)
class Question:
    """A case of the asker's agency with all its parts, and a period; either end may be open."""

    actor: Actor
    case: Record
    number: str
    records: tuple[UUID, ...]
    since: datetime | None = None
    until: datetime | None = None

    def events(self) -> EventQuerySet:
        """Return what concerns the case in the period, if the asker may ask it at the statement.

        Attempts that were refused are for auditors alone.
        """
        post = post_now(self.actor)
        events = Event.objects.filter(
            Exists(own_records(self.actor).filter(pk=self.case.pk)),
            Exists(post.holding(*ASKING_ROLES)),
            Q(outcome=Event.Outcome.DONE) | Exists(post.holding(Role.AUDITOR)),
            records__overlap=list(self.records),
            concerns__contains=[self.actor.agency_id],
        )
        if self.since is not None:
            events = events.filter(at__gte=self.since)
        return events if self.until is None else events.filter(at__lt=self.until)

    def reads(self, event: Event) -> bool:
        """Return whether an event is a reading by another agency, or one told outside."""
        if event.kind not in READS or event.outcome != Event.Outcome.DONE:
            return False
        return event.kind == TOLD or event.agency != self.actor.agency_id


def cases_meant(actor: Actor, number: str) -> list[Record]:
    """Return the cases of the actor's agency that a number may mean, ours or the agency's own."""
    if actor.agency_id is None or not number.isprintable():
        return []
    keys = cases_numbered(actor.agency_id, number)
    found = own_records(actor).filter(pk__in=keys, kind=Record.Kind.CASE)
    return list(found.select_related("owner").order_by("-created_at", "pk")[:MOST_MEANT])


def question_about(
    actor: Actor, key: UUID, *, since: datetime | None = None, until: datetime | None = None
) -> Question | None:
    """Return the question about a case of the actor's agency; None where it may not be asked."""
    if not post_now(actor).holding(*ASKING_ROLES).exists():
        return None
    case = own_records(actor).select_related("owner").filter(pk=key, kind=Record.Kind.CASE).first()
    if case is None:
        return None
    parts = own_records(actor).filter(case=key).order_by("created_at").values_list("pk", flat=True)
    records = (case.pk, *parts[:MOST_PARTS])
    return Question(actor, case, numbers_of([key]).get(key, ""), records, since, until)
