"""The conditions of who acts, who serves and who is bound, each taken away from under the rule.

The views of agencies have near misses of their own; here it is a record that is reached.  For each
branch and each condition of the views it reads something is put amiss that this condition alone
stands against: the record is out of reach, and within it once the condition is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from django.db import connection

from agencies.effect import BINDING, IN_FORCE, SERVING, acting_view, party_view, seat_view
from agencies.models import Party, Secondment
from agencies.services import form_task_force, second
from sharing.policy import access_view
from tests.agencies.test_effect import NOT_ACTING, NOT_BOUND, NOT_SERVING
from tests.cast import PORTAL
from tests.sharing import factory as make
from tests.sharing.near_misses import Stage, stage

pytestmark = pytest.mark.django_db

GIVEN = ("grant", "cover", "standing", "standing_cover")
ON_BOARD, EXCHANGES, JOINED = "agency is on board", "party exchanges", "party has joined"
OWNERS_ALONE = {ON_BOARD}
"""Of a reader who was given something two conditions say it: no agency exchanges but on board."""

SAID_TWICE = {JOINED}
"""The policy says it too: a party since before the grant was issued has joined."""

ACTING = [
    (branch, name)
    for branch in ("own", *GIVEN)
    for name in IN_FORCE
    if branch == "own" or name not in OWNERS_ALONE
]
BOUND = [
    (branch, side, name)
    for branch in GIVEN
    for side in ("reading", "owner")
    for name in BINDING
    if name not in SAID_TWICE
]


def less(conditions: Mapping[str, str], gone: Iterable[str]) -> dict[str, str]:
    """Return the conditions without some of them."""
    return {name: text for name, text in conditions.items() if name not in gone}


def reached(here: Stage, *gone: str) -> bool:
    """Return whether the reader reaches the target, were the views without some conditions."""
    views = {
        "agencies_acting": acting_view(less(IN_FORCE, gone)),
        "agencies_seat": seat_view(less(SERVING, gone)),
        "agencies_party_in_effect": party_view(less(BINDING, gone)),
    }
    ahead = ", ".join(f"{name} AS ({selected(text)})" for name, text in views.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {ahead} SELECT count(*) FROM ({selected(access_view())}) x"
            " WHERE membership_id = %s AND record_id = %s",
            here.pair,
        )
        return bool(cursor.fetchone()[0])


def selected(view: str) -> str:
    """Return the SELECT of a CREATE VIEW."""
    return view.partition(" AS\n")[2]


def party_of(here: Stage, side: str) -> Party:
    """Return the signature of an agency of the stage."""
    return here.agreement.parties.get(agency=getattr(here, side))


def seated(here: Stage) -> Secondment:
    """Have the grant be to a task force on which the reader serves, and return the seat."""
    force = form_task_force(
        PORTAL, short_name="river", name="River", lead=here.owner, agreement=here.agreement
    )
    here.on_grant(roster_id=force.pk)
    return second(PORTAL, force, here.reader)


@pytest.mark.parametrize("branch", ["own", *GIVEN])
def test_the_record_is_within_reach_while_nothing_is_amiss(branch: str) -> None:
    assert reached(stage(branch))


@pytest.mark.parametrize(("branch", "name"), ACTING)
def test_whoever_does_not_act_reaches_nothing(branch: str, name: str) -> None:
    here = stage(branch)
    make.an_agency("elsewhere")
    assert reached(here)
    NOT_ACTING[name](here.reader)
    assert not reached(here)
    assert reached(here, name)


@pytest.mark.parametrize("branch", GIVEN)
def test_whose_agency_is_not_on_board_exchanges_nothing_either(branch: str) -> None:
    here = stage(branch)
    NOT_ACTING[ON_BOARD](here.reader)
    for gone in ((), (ON_BOARD,), (EXCHANGES,)):
        assert not reached(here, *gone)
    assert reached(here, ON_BOARD, EXCHANGES)


@pytest.mark.parametrize(("branch", "side", "name"), BOUND)
def test_no_agency_gives_or_receives_unbound(branch: str, side: str, name: str) -> None:
    here = stage(branch)
    assert reached(here)
    NOT_BOUND[name](party_of(here, side))
    assert not reached(here)
    assert reached(here, name)


@pytest.mark.parametrize("name", SERVING)
def test_nobody_reads_for_a_task_force_that_they_do_not_serve_on(name: str) -> None:
    here = stage("grant")
    seat = seated(here)
    assert reached(here)
    NOT_SERVING[name](seat)
    assert not reached(here)
    assert reached(here, name)


def test_every_condition_is_taken_away_from_under_a_record() -> None:
    gone: set[Any] = {name for _, name in ACTING} | {name for *_, name in BOUND} | set(SERVING)
    assert gone | SAID_TWICE == {*IN_FORCE, *BINDING, *SERVING}
