"""What the search page shows of each hit beside the hit itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agencies.actors import Actor
from sharing.actions import Action
from sharing.models import Record
from sharing.naming import Name, names_of
from sharing.search import Hit


@dataclass(frozen=True)
class NamedHit:
    """A hit, and the case it is or sits in as the reader may see it named."""

    hit: Hit
    name: Name | None

    @property
    def url(self) -> str:
        """Return where the hit is shown; an item is a place on its case's page of items."""
        if self.name is None:
            return ""
        if self.hit.case is None:
            return self.name.url
        return f"{self.name.url}items/#item-{self.hit.id}"


def named_hits(actor: Actor, hits: Sequence[Hit]) -> list[NamedHit]:
    """Return *hits* with their cases named, in one go."""
    names = names_of(actor, [hit.case or hit.id for hit in hits])
    return [NamedHit(hit, names.get(hit.case or hit.id)) for hit in hits]


def records_of(actor: Actor, hits: Sequence[Hit]) -> list[Record]:
    """Return the records of *hits*, for the audit log."""
    ids = [hit.id for hit in hits]
    return list(Record.objects.permitting(actor, Action.LIST).filter(pk__in=ids)) if ids else []
