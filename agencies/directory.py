"""The agency directory: who is on board, and everyone the directory knows of."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from agencies.codes import AgencyStatus
from agencies.models import Agency, Agreement

PAGE = 50


@dataclass(frozen=True)
class DirectoryPage:
    """One page of the directory, and the agency behind which the next one starts."""

    agencies: list[Agency]
    next: UUID | None


def directory(
    *, text: str = "", everyone: bool = False, after: UUID | None = None
) -> DirectoryPage:
    """Return agencies by name whose name, ORI or place holds *text*; *everyone* is all known."""
    agencies = Agency.objects.order_by("name", "pk")
    if not everyone:
        agencies = agencies.exclude(status__in=(AgencyStatus.DIRECTORY, AgencyStatus.CLOSED))
    for word in text.split():
        agencies = agencies.filter(
            Q(name__icontains=word)
            | Q(ori__istartswith=word)
            | Q(county__icontains=word)
            | Q(state__icontains=word)
        )
    last = Agency.objects.filter(pk=after).first() if after else None
    if last is not None:
        agencies = agencies.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    found = list(agencies[: PAGE + 1])
    more = len(found) > PAGE
    return DirectoryPage(found[:PAGE], found[PAGE - 1].pk if more else None)


def agreements_between(one: UUID | None, other: UUID) -> QuerySet[Agreement]:
    """Return the agreements in effect to which both agencies are parties, newest first."""
    agreements = Agreement.objects.in_effect().order_by("-effective_at", "number")
    for agency in (one, other):
        agreements = agreements.filter(
            pk__in=Agreement.objects.filter(
                parties__agency=agency, parties__left_at__isnull=True
            ).values("pk")
        )
    return agreements
