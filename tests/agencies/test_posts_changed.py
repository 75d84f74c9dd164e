"""Posts are narrowed at once and widened by two; nobody acts on a higher role."""

from __future__ import annotations

import pytest

from agencies.codes import Role, Sensitivity
from agencies.models import Membership, Nomination
from agencies.refusals import Conflict, NotAllowed, NotVisible
from agencies.services import change_post, end_membership, validate_nomination
from tests.agencies.cast import PORTAL, Cast, days, events, last_event, post

LOW, HIGH = Sensitivity.ROUTINE, Sensitivity.HIGHLY_CONFIDENTIAL


def now(membership: Membership) -> tuple[list[str], int]:
    """Return what a post holds now."""
    found = Membership.objects.get(pk=membership.pk)
    return sorted(found.roles), found.ceiling


def test_less_than_before_holds_at_once(cast: Cast) -> None:
    two = post(cast.alpha, "tom", Role.ANALYST, Role.LIAISON)
    assert change_post(cast.acts("kim"), two, roles=["analyst"], ceiling=LOW) is None
    assert now(two) == (["analyst"], LOW)
    event = last_event()
    assert (event.kind, event.facts["roles_before"], event.facts["ceiling_before"]) == (
        "membership.changed",
        ["analyst", "liaison"],
        "sensitive",
    )
    before = events()
    assert change_post(cast.acts("kim"), two, roles=["analyst"], ceiling=LOW) is None
    assert events() == before


@pytest.mark.parametrize(
    ("roles", "ceiling"),
    [(["analyst", "supervisor"], Sensitivity.SENSITIVE), (["analyst"], HIGH)],
)
def test_more_than_before_takes_a_second(cast: Cast, roles: list[str], ceiling: int) -> None:
    made = change_post(cast.acts("kim"), cast.ana, roles=roles, ceiling=ceiling)
    assert isinstance(made, Nomination)
    assert now(cast.ana) == (["analyst"], Sensitivity.SENSITIVE)
    with pytest.raises(Conflict, match="waits for a second"):
        change_post(cast.acts("kim"), cast.ana, roles=roles, ceiling=ceiling)
    with pytest.raises(NotAllowed, match="second person"):
        validate_nomination(cast.acts("kim"), made)
    validate_nomination(cast.acts("sam"), made)
    assert now(cast.ana) == (sorted(roles), ceiling)


def test_what_ended_is_neither_changed_nor_widened(cast: Cast) -> None:
    made = change_post(cast.acts("kim"), cast.ana, roles=["analyst"], ceiling=HIGH)
    assert made is not None
    end_membership(PORTAL, cast.ana)
    with pytest.raises(Conflict, match="has ended"):
        validate_nomination(cast.acts("sam"), made)
    with pytest.raises(Conflict, match="has ended"):
        change_post(cast.acts("kim"), cast.ana, roles=["analyst"], ceiling=LOW)


@pytest.mark.parametrize("name", ["ana", "sam", "lee", "ida"])
def test_only_the_coordinator_changes_posts(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        change_post(cast.acts(name), cast.ana, roles=["analyst"], ceiling=LOW)
    change_post(cast.acts("kim"), cast.ana, roles=["analyst"], ceiling=LOW)
    assert now(cast.ana) == (["analyst"], LOW)


def test_a_post_of_another_agency_is_not_there(cast: Cast) -> None:
    with pytest.raises(NotVisible):
        change_post(cast.acts("bea"), cast.ana, roles=["analyst"], ceiling=LOW)


def test_nobody_changes_their_own_post_or_another_coordinators(cast: Cast) -> None:
    kit = post(cast.alpha, "kit", Role.COORDINATOR, Role.ANALYST)
    with pytest.raises(NotAllowed, match="their own post"):
        change_post(cast.acts("kim"), cast.kim, roles=["coordinator"], ceiling=LOW)
    with pytest.raises(NotAllowed, match="portal administrator"):
        change_post(cast.acts("kim"), kit, roles=["analyst"], ceiling=kit.ceiling)
    change_post(cast.root, kit, roles=["analyst"], ceiling=kit.ceiling)
    assert now(kit) == (["analyst"], Sensitivity.SENSITIVE)
    change_post(PORTAL, kit, roles=["analyst"], ceiling=LOW)
    assert now(kit) == (["analyst"], LOW)


def test_an_administrator_says_who_coordinates_and_not_what_is_read(cast: Cast) -> None:
    for roles, ceiling in (
        (["analyst", "supervisor"], cast.ana.ceiling),
        (["analyst"], HIGH),
        (["analyst"], LOW),
    ):
        with pytest.raises(NotAllowed, match="who coordinates"):
            change_post(cast.root, cast.ana, roles=roles, ceiling=ceiling)
    change_post(cast.root, cast.ana, roles=["analyst", "coordinator"], ceiling=cast.ana.ceiling)
    assert now(cast.ana) == (["analyst", "coordinator"], Sensitivity.SENSITIVE)


def test_a_coordinators_post_is_ended_by_an_administrator_alone(cast: Cast) -> None:
    kit = post(cast.alpha, "kit", Role.COORDINATOR)
    for name in ("kim", "sam", "lee"):
        with pytest.raises(NotAllowed, match="portal administrator"):
            end_membership(cast.acts(name), kit)
    friday = days(3)
    assert end_membership(cast.root, kit, at=friday).ended_at == friday
    with pytest.raises(NotAllowed):
        end_membership(cast.root, cast.ana, at=friday)
    assert end_membership(cast.acts("kim"), cast.ana, at=friday).ended_at == friday
