"""The view is the policy, and each condition of each branch alone keeps somebody from something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection

from agencies.models import Agency
from sharing import policy
from sharing.policy import BRANCHES, Branch, access_view
from tests.sharing.near_misses import SPOILS, Stage, stage

NAMES = {
    "own": policy.OWN,
    "grant": policy.GRANT,
    "cover": policy.COVER,
    "standing": policy.STANDING,
    "standing_cover": policy.STANDING_COVER,
}


def every_condition() -> Iterator[tuple[str, str]]:
    for name, branch in NAMES.items():
        for condition in branch.conditions:
            yield name, condition


def without(branch: Branch, condition: str) -> Branch:
    """Return *branch* less one of its conditions."""
    kept = {name: sql for name, sql in branch.conditions.items() if name != condition}
    return replace(branch, conditions=kept)


def reached(stage: Stage, branches: tuple[Branch, ...] = BRANCHES) -> bool:
    """Return whether the reader of *stage* reaches its target by *branches*."""
    _, _, select = access_view(branches).partition("AS\n")
    reader, target = stage.pair
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({select}) x WHERE membership_id = %s AND record_id = %s",
            [reader, target],
        )
        return bool(cursor.fetchone()[0])


def test_no_branch_and_no_condition_is_without_its_near_miss() -> None:
    assert [branch for branch in BRANCHES if branch not in NAMES.values()] == []
    assert {(name, one) for name, spoils in SPOILS.items() for one in spoils} == set(
        every_condition()
    )


@pytest.mark.parametrize("branch", NAMES)
def test_a_branch_joins_reader_and_record_while_nothing_is_amiss(db: None, branch: str) -> None:
    assert reached(stage(branch))
    assert reached(stage(branch), (NAMES[branch],))


@pytest.mark.parametrize(("branch", "condition"), list(every_condition()))
def test_each_condition_keeps_somebody_from_something(
    db: None, branch: str, condition: str
) -> None:
    here = stage(branch)
    SPOILS[branch][condition](here)
    assert not reached(here)
    assert reached(here, (without(NAMES[branch], condition),))


@pytest.mark.parametrize("branch", ["grant", "cover", "standing", "standing_cover"])
@pytest.mark.parametrize("side", ["owner", "reading"])
@pytest.mark.parametrize("status", ["limited_access", "suspended", "closed"])
def test_an_agency_that_does_not_exchange_neither_gives_nor_receives(
    db: None, branch: str, side: str, status: str
) -> None:
    here = stage(branch)
    Agency.objects.filter(pk=getattr(here, side).pk).update(status=status)
    assert not reached(here)


def test_the_database_holds_the_view_of_the_policy(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_viewdef('sharing_access'::regclass)")
        (kept,) = cursor.fetchone()
        select = access_view().partition("AS\n")[2]
        cursor.execute(f"CREATE TEMPORARY VIEW made_anew AS {select}")
        cursor.execute("SELECT pg_get_viewdef('made_anew'::regclass)")
        assert cursor.fetchone() == (kept,)


def test_the_view_gives_what_a_branch_says_of_level_and_unmasking(db: None) -> None:
    here = stage("grant")
    here.on_grant(level=2, unmask=True, export=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT level, unmask, export, via, basis_id FROM sharing_access"
            " WHERE membership_id = %s AND record_id = %s",
            here.pair,
        )
        assert here.grant is not None
        assert cursor.fetchall() == [(2, True, True, "grant", UUID(str(here.grant.pk)))]
