"""How large a world is, derived from its number of cases; what readers see stays the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Counts of one world; shares of the issue that asked for it."""

    cases: int

    @property
    def agencies(self) -> int:
        """Return how many agencies there are, the specially placed ones aside."""
        return 60 + self.cases // 2000

    @property
    def task_forces(self) -> int:
        """Return how many task forces there are, those of the reader with forty aside."""
        return 20 + self.agencies // 3

    @property
    def biggest_owns(self) -> float:
        """Return the share of cases that the biggest agency owns."""
        return 0.13

    @property
    def biggest_receives(self) -> float:
        """Return the share of cases that others gave to the biggest agency, before expiry."""
        return 0.095

    @property
    def scale(self) -> float:
        """Return by how much the middling readers shrink in worlds too small for them."""
        return min(1.0, self.cases / 10_000)


GRANTS_PER_CASE = (0, 1, 2, 3, 4, 5, 9)
GRANTS_WEIGHTS = (8, 15, 22, 22, 14, 12, 7)
"""About three on average."""

KINDS = (("agency", 0.60), ("task_force", 0.85), ("person", 1.0))
EXPIRED, REVOKED, UNSWEPT = 0.25, 0.28, 0.01
PEOPLE = 4
ITEMS_EVERY, ITEMS = 4, 2
AGREEMENTS, CATEGORIES = 30, ("investigation", "incident_report", "arrest_booking", "tip_sar")
OPENED = CATEGORIES[0]
"""The category of the biggest agency's cases that a standing grant opens: of a million in all, some
hundred thousand.
"""

TYPES = ("theft", "burglary", "assault", "robbery", "fraud", "vehicle_theft", "drugs", "weapons")
STATUSES = ("open", "open", "open", "suspended", "prosecution", "closed", "closed")
CLASSES = ("incident", "incident", "investigation", "series")
