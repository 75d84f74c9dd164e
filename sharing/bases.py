"""What an access rests on: the grant, the request it came from, the agreement, and who signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sharing.models import Grant, StandingGrant


@dataclass(frozen=True)
class Basis:
    """Why a membership reaches a record; all empty for the owner's own."""

    grant: Grant | StandingGrant | None = None

    @property
    def purpose(self) -> str:
        """Return the purpose for which it was given."""
        return self.grant.purpose if self.grant else ""

    @property
    def for_case(self) -> str:
        """Return the case of the asker for which it was given."""
        return self.grant.decision.for_case if self.grant else ""

    @property
    def ids(self) -> dict[str, Any]:
        """Return it as an event carries it."""
        if self.grant is None:
            return {}
        return {
            "grant": self.grant.pk,
            "request": self.grant.decision_id,
            "agreement": self.grant.agreement_id,
            "agreement_version": self.grant.agreement.version,
            "approved_by": self.grant.issued_by_id,
        }


def bases_of(ids: Iterable[UUID | None]) -> dict[UUID, Basis]:
    """Return the bases of those *ids* that name a grant or a standing grant."""
    wanted = {one for one in ids if one is not None}
    found: dict[UUID, Basis] = {}
    for model in (Grant, StandingGrant):
        missing = wanted - found.keys()
        if missing:
            grants = model.objects.select_related(
                "decision", "agreement", "roster", "issued_by__person"
            ).filter(pk__in=missing)
            found.update({grant.pk: Basis(grant) for grant in grants})
    return found


def basis_of(key: UUID | None) -> Basis | None:
    """Return the basis that *key* names, if any."""
    return bases_of([key]).get(key) if key else None
