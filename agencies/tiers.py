"""What each tier of agency may give and receive, as one table.

A tier bounds every agreement that the agency signs: what lies outside it is covered for nobody.
It is asked at each decision and at each reading, so that lowering a tier holds at the next
statement.  Categories are those of ``codes/categories``; the bounds follow what the tiers mean:
public safety without criminal history or intelligence, community without identities.
"""

from __future__ import annotations

from dataclasses import dataclass

from agencies.codes import Level, Tier
from agencies.codetable import codes

INTELLIGENCE = frozenset({"criminal_intelligence", "gang"})
"""Categories held under a predicate (28 CFR 23): for agencies that meet every duty."""

SAFETY = (
    "incident_report",
    "call_for_service",
    "missing_person",
    "bulletin",
    "analysis_product",
    "contact_roster",
)
COMMUNITY = ("missing_person", "bulletin", "analysis_product", "contact_roster")


@dataclass(frozen=True)
class Bounds:
    """The categories a tier takes part in (None: all), and the highest level it receives."""

    categories: tuple[str, ...] | None
    level: Level


BOUNDS = {
    Tier.FULL: Bounds(None, Level.CONTRIBUTE),
    Tier.LIMITED: Bounds(
        tuple(code for code in codes("categories") if code not in INTELLIGENCE), Level.CONTRIBUTE
    ),
    Tier.PUBLIC_SAFETY: Bounds(SAFETY, Level.VIEW),
    Tier.COMMUNITY: Bounds(COMMUNITY, Level.SUMMARY),
}


def takes(tier: str, category: str) -> bool:
    """Return whether agencies of a tier give and receive that category."""
    bounds = BOUNDS[Tier(tier)]
    return bounds.categories is None or category in bounds.categories


def tiers_taking(category: str | None) -> list[str]:
    """Return the tiers that take part in a category; all of them where none is named."""
    return [tier for tier in Tier if category is None or takes(tier, category)]


def tiers_reaching(level: int) -> list[str]:
    """Return the tiers that may receive at a level."""
    return [tier for tier in Tier if BOUNDS[tier].level >= level]


def categories_within(tier: str, categories: list[str]) -> list[str]:
    """Return those of *categories* that the tier takes part in."""
    return [category for category in categories if takes(tier, category)]
