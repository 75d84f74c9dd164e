"""Who has something: whom the rule lets read it, who was shown it, and what paper there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, QuerySet

from agencies.models import Agency, Program, Roster, Secondment
from ledger.models import Event
from sharing.holdings import not_over
from sharing.models import Access, BriefingCopy, Grant, HandOver, Record, StandingGrant

SHOWN = ("record.opened", "record.listed", "record.printed", "record.exported")
"""Kinds of event by which something was shown to its reader."""


@dataclass
class Holder:
    """One agency, or one recipient outside the directory, that has or had something.

    ``posts`` are the memberships that did; None for whoever reads cases there.  ``shown`` counts
    readers by kind of event, ``programs`` those of them that are programs.
    """

    agency: Agency | None
    recipient: str = ""
    posts: set[UUID] | None = field(default_factory=set)
    shown: dict[str, int] = field(default_factory=dict)
    programs: dict[str, int] = field(default_factory=dict)
    told: int = 0
    copies: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return whom it is."""
        return self.agency.name if self.agency else self.recipient

    def take_in(self, posts: Iterable[UUID] | None) -> None:
        """Count in more of its people; None for all of them."""
        if posts is None or self.posts is None:
            self.posts = None
        else:
            self.posts |= set(posts)


def holders_of(record: Record) -> list[Holder]:
    """Return who has or had *record*, of other agencies than its owner, the most exposed first.

    For its owner's people; the caller asks who may.
    """
    keys = parts_with(record)
    found: dict[UUID, Holder] = {}
    _add_readers(found, record, keys)
    _add_shown(found, record, keys)
    _add_copies(found, record)
    agencies = Agency.objects.in_bulk(found)
    for key, holder in found.items():
        holder.agency = agencies[key]
    told = _told(found, record)
    ranked = sorted(found.values(), key=lambda one: (-sum(one.shown.values()), one.name))
    return [*ranked, *told]


def parts_with(record: Record) -> list[UUID]:
    """Return a record and, of a case, the items that its owner put in it."""
    if record.kind != Record.Kind.CASE:
        return [record.pk]
    parts = Record.objects.unrestricted("what is called back with a case").filter(
        case_id=record.pk, owner_id=record.owner_id
    )
    return [record.pk, *parts.values_list("pk", flat=True)]


def knows_case(record: Record, agencies: Iterable[UUID]) -> set[UUID]:
    """Return those of *agencies* that were ever given or shown the case that *record* is in."""
    wanted = set(agencies)
    if record.case_id is None:
        return wanted
    given = Grant.objects.filter(record_id=record.case_id).values_list("roster_id", flat=True)
    by_roster = {agency for agency, _ in _people_of(given)}
    shown = Event.objects.filter(
        records__contains=[record.case_id], agency__in=wanted, outcome=Event.Outcome.DONE
    )
    return wanted & (by_roster | set(shown.values_list("agency", flat=True)))


def _add_readers(found: dict[UUID, Holder], record: Record, keys: Sequence[UUID]) -> None:
    """Take in whom a grant, or standing access, lets read it now."""
    over_it = Q(record_id__in=keys)
    if record.cover_id != record.pk:
        late = Q(protected_until__gte=record.covered_at) if record.protected else Q()
        over_it |= late & Q(
            record_id=record.cover_id, scope=Grant.Scope.ALL, items_until__gte=record.covered_at
        )
    given = Grant.objects.filter(not_over(), over_it).values_list("roster_id", flat=True)
    standing = Access.objects.filter(record=record.pk, via="standing").values("basis")
    opened = StandingGrant.objects.filter(pk__in=standing).values_list("roster_id", flat=True)
    for agency, posts in _people_of({*given, *opened}):
        if agency != record.owner_id:
            found.setdefault(agency, Holder(None)).take_in(posts)


def _people_of(rosters: Iterable[UUID]) -> list[tuple[UUID, set[UUID] | None]]:
    """Return by agency who is on some rosters now; None for all of an agency."""
    found: list[tuple[UUID, set[UUID] | None]] = []
    for roster in Roster.objects.select_related("membership").filter(pk__in=set(rosters)):
        if roster.agency_id:
            found.append((roster.agency_id, None))
        elif roster.membership:
            found.append((roster.membership.agency_id, {roster.pk}))
        else:
            serving = Secondment.objects.filter(task_force=roster.pk, ended_at__isnull=True)
            pairs = serving.values_list("membership__agency_id", "membership_id")
            found += [(agency, {post}) for agency, post in pairs]
    return found


def _add_shown(found: dict[UUID, Holder], record: Record, keys: Sequence[UUID]) -> None:
    """Take in who was shown it, as the log has it."""
    by_program = Q(membership__in=Program.objects.values("membership"))
    shown = (
        Event.objects.filter(
            records__overlap=list(keys),
            kind__in=SHOWN,
            outcome=Event.Outcome.DONE,
            agency__isnull=False,
        )
        .exclude(agency=record.owner_id)
        .order_by()
        .values("agency", "kind")
        .annotate(
            readers=Count("person", distinct=True),
            programs=Count("person", distinct=True, filter=by_program),
            posts=ArrayAgg("membership", distinct=True),
        )
    )
    for row in shown:
        holder = found.setdefault(row["agency"], Holder(None))
        way = row["kind"].partition(".")[2]
        holder.shown[way], holder.programs[way] = row["readers"], row["programs"]
        holder.take_in(row["posts"])


def _add_copies(found: dict[UUID, Holder], record: Record) -> None:
    """Take in who made marked paper of it."""
    copies = BriefingCopy.objects.filter(voided_at__isnull=True).exclude(agency=record.owner_id)
    made = copies.filter(Q(record_id=record.pk) | Q(items__contains=[record.pk]))
    for copy in made.order_by("issued_at"):
        holder = found.setdefault(copy.agency_id, Holder(None))
        holder.copies.append(copy.number)
        holder.take_in({copy.membership_id})


def _told(found: dict[UUID, Holder], record: Record) -> list[Holder]:
    """Count in who was told outside the portal; return those that are in no directory.

    Who it was in an agency is not known, so that its release authority alone is asked.
    """
    outside: dict[str, Holder] = {}
    for one in hand_overs_of(record):
        if one.agency_id:
            holder = found.setdefault(one.agency_id, Holder(one.agency))
        else:
            holder = outside.setdefault(one.recipient, Holder(None, one.recipient))
        holder.told += 1
    return [outside[name] for name in sorted(outside)]


def hand_overs_of(record: Record) -> QuerySet[HandOver]:
    """Return what was told of a record outside the portal, latest first; of an item, where it was
    among what was told.
    """
    told = HandOver.objects.select_related("agency", "logged_by__person").order_by("-told_at", "pk")
    if record.case_id is None:
        return told.filter(record_id=record.pk)
    return told.filter(record_id=record.case_id, items__contains=[record.pk])


def grouped(holders: Iterable[Holder]) -> dict[str, int]:
    """Return how many were shown something in each way, people and programs told apart for what
    was opened.
    """
    counted: dict[str, int] = defaultdict(int)
    for holder in holders:
        for kind, readers in holder.shown.items():
            counted[kind] += readers
        counted["by_programs"] += holder.programs.get("opened", 0)
        counted["told"] += holder.told
        counted["copies"] += len(holder.copies)
    counted["by_people"] = counted["opened"] - counted["by_programs"]
    return dict(counted)
