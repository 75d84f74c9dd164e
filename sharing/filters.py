"""What a list of records is narrowed to, by whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sharing.search.terms import Terms, terms_of


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; *received* is whether another agency owns it."""

    grouping: str = ""
    status: str = ""
    type: str = ""
    owner: UUID | None = None
    received: bool | None = None
    text: str = ""

    @property
    def terms(self) -> Terms:
        """Return what the text asks for."""
        return terms_of(self.text)

    @property
    def impossible(self) -> bool:
        """Return whether a text was given that nothing can match."""
        return bool(self.text.strip()) and not self.terms
