"""Who did it, as far as history needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class Doer(Protocol):
    """Whoever an event is laid to: a person acting under a membership, or the portal itself (all ids None)."""

    @property
    def person_id(self) -> UUID | None: ...

    @property
    def membership_id(self) -> UUID | None: ...

    @property
    def agency_id(self) -> UUID | None: ...

    @property
    def roles(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Portal:
    """The portal acting by itself: a sweep, an expiry, a sealing."""

    person_id: None = None
    membership_id: None = None
    agency_id: None = None
    roles: tuple[str, ...] = ()
