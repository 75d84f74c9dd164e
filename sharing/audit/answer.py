"""The answer: who of other agencies, who of one's own, who in vain, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q
from django.db.models.fields.json import KeyTextTransform

from agencies.codes import Role
from agencies.models import Agency, Person
from ledger.models import Event, EventQuerySet
from sharing.audit.entries import WHAT, Entry, entries_of
from sharing.audit.question import READS, TOLD, Question
from sharing.audit.weakness import is_weak
from sharing.models import ShareRequest
from sharing.planned import planned

RECEIPTS = ("grant.acknowledged", "grant.revoked", "record.recalled", "copy.voided")
RECALLS = "recall."
SHOWN = 100
"""Lines of a section that a page shows."""
MOST_READERS = 200
MOST_REASONS = 2000


@dataclass(frozen=True)
class Section:
    """One part of the answer; *more* says that there are lines behind the ones shown."""

    key: str
    title: str
    nothing: str
    entries: list[Entry]
    more: bool


@dataclass(frozen=True)
class ReaderOfCase:
    """One person in one agency: how often they did what, and when first and last."""

    person: str
    agency: str
    counts: list[tuple[str, int]]
    first: datetime
    last: datetime


SECTIONS = (
    ("outside", "Other agencies", "Nobody of another agency read it in this time."),
    ("inside", "Your own agency", "Nobody of your own agency read it in this time."),
    ("refused", "Refused attempts", "Nobody tried in vain in this time."),
    ("receipts", "Receipts", "Nothing was acknowledged, stopped or recalled in this time."),
)


def condition(question: Question, key: str) -> Q:
    """Return which events of the answer a section holds."""
    own = Q(agency=question.actor.agency_id)
    read = Q(kind__in=READS, outcome=Event.Outcome.DONE)
    return {
        "outside": read & (~own | Q(kind=TOLD)),
        "inside": read & own & ~Q(kind=TOLD),
        "refused": Q(outcome=Event.Outcome.REFUSED),
        "receipts": Q(outcome=Event.Outcome.DONE)
        & (Q(kind__in=RECEIPTS) | Q(kind__startswith=RECALLS)),
    }[key]


def parts_for(question: Question) -> list[tuple[str, str, str]]:
    """Return the sections that the asker's role is shown: refused attempts are an auditor's."""
    audits = question.actor.holds(Role.AUDITOR)
    return [one for one in SECTIONS if audits or one[0] != "refused"]


def section(question: Question, key: str, *, most: int = SHOWN) -> Section:
    """Return the newest *most* lines of a section."""
    title, nothing = next((title, nothing) for one, title, nothing in SECTIONS if one == key)
    events = question.events().filter(condition(question, key)).order_by("-seq")
    found = list(planned(events)[: most + 1])
    return Section(key, title, nothing, entries_of(question, found[:most]), len(found) > most)


def sections(question: Question, *, most: int = SHOWN) -> list[Section]:
    """Return every section that the asker is shown, with its newest lines."""
    return [section(question, key, most=most) for key, _, _ in parts_for(question)]


def readers_of_case(question: Question) -> list[ReaderOfCase]:
    """Return who of other agencies read it, each in one line, the last first; 200 at most."""
    rows = (
        question.events()
        .filter(condition(question, "outside"))
        .order_by()
        .values("person", "agency", "kind")
        .annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
    )
    grouped: dict[tuple[UUID | None, UUID | None], list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault((row["person"], row["agency"]), []).append(row)
    people = Person.objects.in_bulk({person for person, _ in grouped if person})
    agencies = Agency.objects.in_bulk({agency for _, agency in grouped if agency})
    found = [
        _reader(people.get(person or UUID(int=0)), agencies.get(agency or UUID(int=0)), group)
        for (person, agency), group in grouped.items()
    ]
    return sorted(found, key=lambda one: one.last, reverse=True)[:MOST_READERS]


def _reader(
    person: Person | None, agency: Agency | None, rows: list[dict[str, Any]]
) -> ReaderOfCase:
    order = {kind: place for place, kind in enumerate(READS)}
    rows = sorted(rows, key=lambda row: order[row["kind"]])
    return ReaderOfCase(
        person=person.name if person else "The portal",
        agency=agency.name if agency else "",
        counts=[(WHAT[row["kind"]], row["times"]) for row in rows],
        first=min(row["first"] for row in rows),
        last=max(row["last"] for row in rows),
    )


def weak_reasons(question: Question) -> int:
    """Return how many readings by other agencies name neither a case nor a reason that says why."""
    rows = list(
        _reads_of_others(question)
        .values_list("kind", "for_case", KeyTextTransform("request", "basis"))
        .annotate(times=Count("pk"))
        .order_by("-times")[:MOST_REASONS]
    )
    reasons = _reasons(request for _, _, request, _ in rows)
    return sum(
        times
        for kind, for_case, request, times in rows
        if is_weak(kind, for_case=for_case, reason=reasons.get(request or "", ""))
    )


def _reads_of_others(question: Question) -> EventQuerySet:
    return question.events().filter(condition(question, "outside")).order_by()


def _reasons(requests: Iterable[str | None]) -> dict[str, str]:
    found = ShareRequest.objects.in_bulk({UUID(one) for one in requests if one})
    return {str(key): request.reason for key, request in found.items()}
