"""Who did it, as far as history needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class Doer(Protocol):
    """Whoever an event is laid to: a person under a membership, or the portal (all ids None)."""

    @property
    def person_id(self) -> UUID | None:
        """Return who it is, whatever the e-mail address."""

    @property
    def membership_id(self) -> UUID | None:
        """Return the hat."""

    @property
    def agency_id(self) -> UUID | None:
        """Return whose hat it is."""

    @property
    def roles(self) -> Sequence[str]:
        """Return the roles that the hat has now."""


@dataclass(frozen=True)
class Portal:
    """The portal acting by itself: a sweep, an expiry, a sealing."""

    person_id: None = None
    membership_id: None = None
    agency_id: None = None
    roles: tuple[str, ...] = ()
