"""Records that leave the portal on paper: each owner learns of its own, and of nobody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import OuterRef, Subquery

from agencies.actors import Actor
from agencies.codes import Level
from ledger.services import record_event
from sharing.bases import Basis, bases_of
from sharing.models import Access, BriefingCopy, RecordPart
from sharing.sealed.queryset import SealedQuerySet

P = TypeVar("P", bound=RecordPart)


def with_way(actor: Actor, parts: SealedQuerySet[P]) -> SealedQuerySet[P]:
    """Add how *actor* reaches each of *parts*: level, unmasking, and what the best way rests on."""
    ways = Access.objects.filter(membership=actor.seat, record=OuterRef("pk")).order_by(
        "-level", "-unmask", "-until", "basis"
    )
    reached: SealedQuerySet[P] = parts.with_access(actor).annotate(
        access_via=Subquery(ways.values("via")[:1]),
        access_basis=Subquery(ways.values("basis")[:1]),
    )
    return reached


def log_printing(actor: Actor, copy: BriefingCopy, parts: Sequence[Any]) -> set[UUID]:
    """Write that *parts*, read ``with_way``, were printed as *copy*; return who was told.

    One event for each owner, level and decision, so that each says by whose leave, and no owner
    reads what an access of another's rests on.
    """
    bases = bases_of(part.access_basis for part in parts)
    groups: dict[Any, list[Any]] = {}
    for part in parts:
        grant = bases.get(part.access_basis, Basis()).grant
        decision = grant.decision_id if grant else None
        key = (part.record.owner_id, part.access_level, decision)
        groups.setdefault(key, []).append(part)
    return {agency for group in groups.values() for agency in _printed(actor, copy, group, bases)}


def _printed(
    actor: Actor, copy: BriefingCopy, parts: Sequence[Any], bases: Mapping[UUID, Basis]
) -> list[UUID]:
    first = parts[0]
    basis = bases.get(first.access_basis, Basis())
    event = record_event(
        actor,
        "record.printed",
        copy,
        records=[part.record.pk for part in parts],
        concerns=[
            agency for part in parts for agency in (part.record.owner_id, part.record.originator_id)
        ],
        level=Level(first.access_level).code,
        purpose=copy.purpose,
        for_case=copy.for_case,
        basis={**basis.ids, "via": first.access_via},
        channel="paper",
        copy=copy.number,
    )
    return list(event.concerns)
