"""Tiers: what each takes part in, at each decision and at each reading."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from agencies.codes import Level, Tier
from agencies.codetable import codes
from agencies.coverage import covering_agreements, covers
from agencies.effect import party_view
from agencies.models import Agency
from agencies.refusals import Conflict
from agencies.services import conclude_agreement, conclude_participation, join_agreement
from agencies.tiers import (
    BOUNDS,
    INTELLIGENCE,
    categories_within,
    takes,
    tiers_reaching,
    tiers_taking,
)
from tests.agencies.cast import PORTAL, Cast, agreement, days, on_board

EVERYTHING = list(codes("categories"))


def given(cast: Cast, *, to: str = "bravo", **asked: Any) -> bool:
    """Return whether any agreement covers a release between Alpha and Bravo."""
    owner, recipient = (cast.alpha, cast.bravo) if to == "bravo" else (cast.bravo, cast.alpha)
    terms: dict[str, Any] = {
        "category": "investigation",
        "purpose": "criminal_justice",
        "level": Level.VIEW,
    }
    terms |= {"owner": owner.pk, "recipient": recipient.pk, **asked}
    return covering_agreements(**terms).exists()


def tier(agency: Agency, tier: str) -> None:
    """Give an agency a tier, whoever says so."""
    Agency.objects.filter(pk=agency.pk).update(tier=tier)


def test_every_tier_has_its_bounds_and_none_names_a_category_that_there_is_not() -> None:
    assert set(BOUNDS) == set(Tier)
    for bounds in BOUNDS.values():
        assert set(bounds.categories or ()) <= set(EVERYTHING)
        assert Level.POINTER <= bounds.level <= Level.CONTRIBUTE


def test_each_tier_takes_part_in_less_than_the_one_before() -> None:
    sizes = [len(categories_within(tier, EVERYTHING)) for tier in Tier]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == len(EVERYTHING)
    levels = [BOUNDS[tier].level for tier in Tier]
    assert levels == sorted(levels, reverse=True)


@pytest.mark.parametrize("category", sorted(INTELLIGENCE))
def test_intelligence_is_for_agencies_that_meet_every_duty(category: str) -> None:
    assert tiers_taking(category) == [Tier.FULL]
    assert not takes(Tier.LIMITED, category)
    assert takes(Tier.LIMITED, "investigation")


def test_who_may_receive_how_far() -> None:
    assert tiers_reaching(Level.SUMMARY) == list(Tier)
    assert Tier.COMMUNITY not in tiers_reaching(Level.VIEW)
    assert tiers_reaching(Level.CONTRIBUTE) == [Tier.FULL, Tier.LIMITED]
    assert tiers_taking(None) == list(Tier)


@pytest.mark.parametrize("side", ["alpha", "bravo"])
def test_data_that_a_tier_takes_no_part_in_is_covered_neither_way(cast: Cast, side: str) -> None:
    made = agreement(cast.alpha, cast.bravo)
    assert given(cast)
    tier(getattr(cast, side), Tier.PUBLIC_SAFETY)
    assert not given(cast)
    assert not given(cast, to="alpha")
    assert given(cast, category="incident_report")
    words = covers(
        made,
        owner=cast.alpha.pk,
        recipient=cast.bravo.pk,
        category="investigation",
        purpose="criminal_justice",
        level=Level.VIEW,
    )
    name = getattr(cast, side).name
    assert words == [
        f"Agreement {made.number} cannot carry investigations for {name} (public safety tier)."
    ]


def test_a_level_is_bounded_for_who_receives_and_not_for_who_gives(cast: Cast) -> None:
    made = agreement(cast.alpha, cast.bravo, categories=["bulletin"])
    tier(cast.bravo, Tier.COMMUNITY)
    assert not given(cast, category="bulletin")
    assert given(cast, category="bulletin", level=Level.SUMMARY)
    assert given(cast, category="bulletin", to="alpha")
    words = covers(
        made,
        owner=cast.alpha.pk,
        recipient=cast.bravo.pk,
        category=None,
        purpose="criminal_justice",
        level=Level.VIEW,
    )
    assert words == [
        f"Agreement {made.number} gives Bravo Police no more than “summary” (community tier)."
    ]


def test_the_database_holds_the_view_of_the_tiers(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_viewdef('agencies_party_in_effect'::regclass)")
        (kept,) = cursor.fetchone()
        cursor.execute(f"CREATE TEMPORARY VIEW made_anew AS {party_view().partition(' AS')[2]}")
        cursor.execute("SELECT pg_get_viewdef('made_anew'::regclass)")
        assert cursor.fetchone() == (kept,)


def test_an_agency_joins_no_agreement_of_which_its_tier_takes_nothing(cast: Cast) -> None:
    made = agreement(cast.alpha, cast.bravo)
    shelter = on_board("shelter", kind="community", tier="community")
    with pytest.raises(Conflict, match="takes no part in anything that it covers"):
        join_agreement(cast.root, made, shelter)
    signed = conclude_participation(cast.root)
    assert signed.parties.filter(agency=shelter).count() == 1


def test_an_administrator_concludes_none_with_it_either_and_a_command_may(cast: Cast) -> None:
    shelter = on_board("shelter", kind="community", tier="community")
    values: dict[str, Any] = {
        "title": "With the shelter",
        "parties": [cast.alpha, shelter],
        "categories": ["investigation"],
        "purposes": ["criminal_justice"],
        "level": Level.VIEW,
        "effective_at": days(-1),
        "expires_at": days(1),
    }
    with pytest.raises(Conflict, match="Shelter Police"):
        conclude_agreement(cast.root, **values)
    allowed = conclude_agreement(cast.root, **{**values, "categories": ["bulletin"]})
    assert allowed.parties.count() == 2
    assert conclude_agreement(PORTAL, **values).parties.count() == 2
