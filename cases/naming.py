"""What cases and items are called for one reader, and finding a case of one's own by its number."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from agencies.actors import Actor
from agencies.codes import Level
from cases.models import Case
from sharing.actions import Action
from sharing.models import Record
from sharing.naming import Name
from sharing.normalize import normalize_number


def names(actor: Actor, records: Iterable[UUID]) -> dict[UUID, Name]:
    """Return the names of *records* that *actor* may know of; a part goes by its case's number."""
    parts = {
        part.pk: part
        for part in Record.objects.permitting(actor, Action.KNOW)
        .with_access(actor)
        .filter(pk__in=set(records))
    }
    wanted = {part.case_id or part.pk for part in parts.values()}
    cases = {
        case.pk: case
        for case in Case.objects.permitting(actor, Action.KNOW)
        .with_access(actor)
        .select_related("record", "agency")
        .filter(pk__in=wanted)
    }
    return {
        key: _name(part, cases[part.case_id or part.pk])
        for key, part in parts.items()
        if (part.case_id or part.pk) in cases
    }


def _name(part: Record, case: Case) -> Name:
    url = reverse("case", args=[case.pk])
    if part.pk == case.pk:
        title = case.record.title if case.access_level >= Level.SUMMARY else ""  # type: ignore[attr-defined]
        return Name(case.number, title, url, case.agency.name, part)
    full = part.access_level >= Level.VIEW and (not part.protected or part.access_unmask)  # type: ignore[attr-defined]
    title = part.title if full else part.label
    return Name(case.number, title, url, case.agency.name, part)


def own_case(actor: Actor, number: str) -> UUID | None:
    """Return the case of the actor's agency that has this number, ours or the agency's own."""
    key = normalize_number(number)
    if not key:
        return None
    cases = Case.objects.permitting(actor, Action.EDIT).filter(
        Q(number__iexact=number.strip()) | Q(own_number_key=key)
    )
    found = list(cases.values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def numbers(records: Iterable[UUID]) -> dict[UUID, str]:
    """Return the numbers of those of *records* that are cases; the caller asked who may know."""
    cases = Case.objects.unrestricted("numbers of records that the reader's log names")
    return dict(cases.filter(pk__in=set(records)).values_list("pk", "number"))


def numbered(agency_id: UUID, number: str) -> list[UUID]:
    """Return the cases of this number, ours or that agency's own; the caller narrows them."""
    meant = Q(number__iexact=number.strip())
    if key := normalize_number(number):
        meant |= Q(agency=agency_id, own_number_key=key)
    cases = Case.objects.unrestricted("cases that a number may mean, before its asker is known")
    return list(cases.filter(meant).values_list("pk", flat=True)[:100])
