"""Each named condition of who may act and which agreements bind, taken away in turn.

A case makes exactly one condition fail.  The view must then not show the row, the same view
without that condition must, and before the case it did.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from agencies.codes import Role
from agencies.effect import BINDING, IN_FORCE, SERVING, acting_view, party_view, seat_view
from agencies.models import Agency, Agreement, Arrangement, Membership, Party, Person, Secondment
from agencies.services import form_task_force, second
from tests.agencies.cast import PORTAL, Cast, agreement, days, post

Case = Callable[[Any], object]

NOT_ACTING: dict[str, Case] = {
    "post has begun": lambda one: _set(Membership, one, started_at=days(1)),
    "post has not ended": lambda one: _set(Membership, one, ended_at=days(-0.001)),
    "person is not disabled": lambda one: _set(Person, one.person, is_active=False),
    "agency is on board": lambda one: _set(Agency, one.agency, status="suspended"),
    "credentials have not lapsed": lambda one: _set(
        Membership, one, credentials_until=days(-0.001)
    ),
    "person is not dormant": lambda one: _set(
        Person, one.person, created_at=days(-91), last_seen_at=days(-90.01), woken_at=days(-90.01)
    ),
}
NOT_ACTING["arrangement holds"] = lambda one: _set(
    Membership,
    one,
    arrangement=Arrangement.objects.create(
        agency=one.agency, provider=Agency.objects.exclude(pk=one.agency_id)[0], duties=["entry"]
    ),
)
NOT_SERVING: dict[str, Case] = {
    "secondment has begun": lambda one: _set(Secondment, one, started_at=days(1)),
    "secondment has not ended": lambda one: _set(
        Secondment, one, started_at=days(-1), ended_at=days(-0.001)
    ),
}
NOT_BOUND: dict[str, Case] = {
    "party has joined": lambda one: _set(Party, one, joined_at=days(1)),
    "party has not left": lambda one: _set(Party, one, left_at=days(-0.001)),
    "agreement has begun": lambda one: _set(Agreement, one.agreement, effective_at=days(1)),
    "agreement has not expired": lambda one: _set(
        Agreement, one.agreement, expires_at=days(-0.001)
    ),
    "agreement is not terminated": lambda one: _set(
        Agreement, one.agreement, terminated_at=days(-0.001)
    ),
    "agreement is not suspended": lambda one: _set(
        Agreement, one.agreement, suspended_at=days(-0.001)
    ),
    "party exchanges": lambda one: _set(Agency, one.agency, status="limited_access"),
}


def _set(model: Any, row: Any, **fields: object) -> None:
    assert model.objects.filter(pk=row.pk).update(**fields) == 1


def shown(view: str, column: str, value: object) -> bool:
    """Return whether *view*, as the database has it, shows a row with that value."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {view} WHERE {column} = %s", [value])
        return bool(cursor.fetchone()[0])


def selected(statement: str, column: str, value: object) -> bool:
    """Return whether the SELECT of a CREATE VIEW shows a row with that value."""
    return shown(f"({statement.split(' AS', 1)[1]}) AS as_changed", column, value)


def without(conditions: dict[str, str], name: str) -> dict[str, str]:
    """Return the conditions less one."""
    return {key: text for key, text in conditions.items() if key != name}


def test_every_condition_has_its_case() -> None:
    assert set(NOT_ACTING) == set(IN_FORCE)
    assert set(NOT_SERVING) == set(SERVING)
    assert set(NOT_BOUND) == set(BINDING)


@pytest.mark.parametrize("name", NOT_ACTING)
def test_nobody_acts_where_one_condition_fails(cast: Cast, name: str) -> None:
    one = ("membership_id", cast.ana.pk)
    assert shown("agencies_acting", *one)
    assert Membership.objects.acting().filter(pk=cast.ana.pk).exists()
    NOT_ACTING[name](cast.ana)
    assert not shown("agencies_acting", *one)
    assert not Membership.objects.acting().filter(pk=cast.ana.pk).exists()
    assert selected(acting_view(without(IN_FORCE, name)), *one)


@pytest.mark.parametrize("mark", ["created_at", "last_seen_at", "woken_at"])
def test_whoever_was_made_known_seen_or_woken_within_90_days_acts(cast: Cast, mark: str) -> None:
    one = ("membership_id", cast.ana.pk)
    NOT_ACTING["person is not dormant"](cast.ana)
    _set(Person, cast.ana.person, **{mark: days(-89.9)})
    assert shown("agencies_acting", *one)
    assert Membership.objects.acting().filter(pk=cast.ana.pk).exists()


def test_what_is_needed_and_not_lapsed_keeps_nobody_out(cast: Cast) -> None:
    _set(Membership, cast.ana, credentials_until=days(0.01))
    assert shown("agencies_acting", "membership_id", cast.ana.pk)
    assert Membership.objects.acting().filter(pk=cast.ana.pk).exists()


@pytest.mark.parametrize("name", NOT_SERVING)
def test_nobody_sits_on_a_task_force_where_one_condition_fails(cast: Cast, name: str) -> None:
    force = form_task_force(
        PORTAL,
        short_name="river",
        name="River",
        lead=cast.alpha,
        agreement=agreement(cast.alpha, cast.bravo),
    )
    seat = second(PORTAL, force, cast.bo)
    one = ("roster_id", force.pk)
    assert shown("agencies_seat", *one)
    NOT_SERVING[name](seat)
    assert not shown("agencies_seat", *one)
    assert selected(seat_view(without(SERVING, name)), *one)


@pytest.mark.parametrize("name", NOT_BOUND)
def test_no_agency_is_bound_where_one_condition_fails(cast: Cast, name: str) -> None:
    party = agreement(cast.alpha, cast.bravo).parties.get(agency=cast.bravo)
    one = ("agency_id", cast.bravo.pk)
    assert shown("agencies_party_in_effect", *one)
    NOT_BOUND[name](party)
    assert not shown("agencies_party_in_effect", *one)
    assert selected(party_view(without(BINDING, name)), *one)


@pytest.mark.parametrize(
    ("status", "acts", "exchanges"),
    [
        ("pilot", True, True),
        ("active", True, True),
        ("limited_access", True, False),
        ("suspended", False, False),
        ("closed", False, False),
        ("provisioning", False, False),
    ],
)
def test_what_a_status_allows(cast: Cast, status: str, acts: bool, exchanges: bool) -> None:
    Agency.objects.filter(pk=cast.alpha.pk).update(status=status)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT exchanging FROM agencies_acting WHERE membership_id = %s", [cast.ana.pk]
        )
        assert cursor.fetchall() == ([(exchanges,)] if acts else [])


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        ("analyst", True),
        ("supervisor", True),
        ("liaison", True),
        ("coordinator", False),
        ("auditor", False),
    ],
)
def test_which_roles_read(cast: Cast, role: str, reads: bool) -> None:
    new = post(cast.alpha, "new", Role(role))
    with connection.cursor() as cursor:
        cursor.execute("SELECT reads FROM agencies_acting WHERE membership_id = %s", [new.pk])
        assert cursor.fetchall() == [(reads,)]
