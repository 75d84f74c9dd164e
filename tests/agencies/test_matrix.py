"""The matrix of who may do what to whom, over the pages and over the interface; each denial beside
who may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import time
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from agencies.actors import NOBODY
from agencies.codes import Role
from agencies.models import Membership, Person
from agencies.refusals import Refusal
from agencies.services import disable_person, end_membership, issue_token, set_agency_status
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, days, post
from tests.agencies.matrix import GETS, PEOPLE, PROGRAM, RIVAL, ROOT, Row
from tests.agencies.matrix_agencies import a_program
from tests.agencies.matrix_interface import CALLS, Call, NoCall
from tests.agencies.matrix_rows import (
    ABOUT_LEE,
    CHANGES,
    CLOSED_TO,
    ROWS,
    states_of,
)
from tests.sessions import signed_in_at

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
API = "/api/v1/"
LOOKS_ONLY = ("person.signed_in", "token.issued")
"""What is written of somebody who changed nothing."""

DONE = GETS | {201}
REFUSED = frozenset({302, 400, 401, 403, 404, 409, 422})
Asked = Callable[[Client], int]
Surface = Callable[[Cast, Row], Asked]


def post_of(cast: Cast, who: str) -> Membership | None:
    """Return the post under which somebody of the matrix acts; None for the administrator."""
    made: dict[str, Callable[[], Membership]] = {
        RIVAL: lambda: post(cast.bravo, "bud", Role.SUPERVISOR),
        PROGRAM: lambda: a_program(cast).membership,
    }
    if who == ROOT:
        return None
    return made[who]() if who in made else getattr(cast, PEOPLE[who])


def browser(key: Any) -> Client:
    """Return a browser of somebody who has just signed in."""
    client = Client()
    client.force_login(Person.objects.get(pk=key), backend=BACKEND)
    return client


def on_page(cast: Cast, row: Row) -> Asked:
    """Return what asks for a row's page, once what it is about is made."""
    made = row.made(cast, cast.lee)
    address, body = row.path.format(id=made), row.posted(cast, made)
    if row.sends is None:
        return lambda client: looked(client.get(address))
    return lambda client: client.post(address, body).status_code


def looked(answer: Any) -> int:
    """Return the status of an answer, and read what it gives as a file to its end."""
    if answer.streaming:
        b"".join(answer.streaming_content)
    return int(answer.status_code)


def by_interface(cast: Cast, row: Row, **headers: str) -> Asked:
    """Return what makes a row's call; one that there is not is tried with an empty body."""
    call = CALLS[row.action]
    address = API + call.address.format(id=row.made(cast, cast.lee))
    body = call.body(cast)
    send = partial(Client.post, path=address, data=body, content_type="application/json")
    ask = partial(Client.get, path=address) if call.sends is None else send
    return lambda client: int(ask(client, headers=headers).status_code)


SURFACES: dict[str, Surface] = {"page": on_page, "interface": by_interface}
TRIED = [
    pytest.param(row, surface, id=f"{row.action}, by {surface}")
    for row in ROWS
    for surface in SURFACES
    if surface == "page" or isinstance(CALLS[row.action], Call)
]
CHANGED = [one for one in TRIED if one.values[0] in CHANGES]


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever happens in here."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def written_by(person: Any) -> int:
    """Return how many changes somebody made."""
    return Event.objects.filter(person=person).exclude(kind__in=LOOKS_ONLY).count()


def did(cast: Cast, row: Row, surface: str, who: str, state: str = "active") -> bool:
    """Return whether somebody did what a row says, in a state; fail on anything between yes and no.

    Whoever did it was answered so, and what is changed is on the ledger as theirs; whoever did not
    was refused, and nothing of theirs is on it.
    """
    with undone():
        seat = post_of(cast, who)
        key = seat.person_id if seat else cast.root.person_id
        client, ask = browser(key), SURFACES[surface](cast, row)
        if state != "active":
            put_in(state, seat, key)
        before = written_by(key)
        status = ask(client)
        wrote = written_by(key) > before
    if row.sends is None:
        assert status in DONE | REFUSED
        return status == 200
    assert status in (DONE if wrote else REFUSED), (who, state, status, wrote)
    return wrote


def put_in(state: str, seat: Membership | None, key: Any) -> None:
    """Put somebody, with the post they act under, into a state."""
    posts = Membership.objects.filter(pk=seat.pk if seat else NOBODY)
    people = Person.objects.filter(pk=key)
    states: dict[str, Callable[[], object]] = {
        "restricted": lambda: set_agency_status(PORTAL, posts[0].agency, status="limited_access"),
        "suspended": lambda: set_agency_status(PORTAL, posts[0].agency, status="suspended"),
        "post ended": lambda: end_membership(PORTAL, posts[0]),
        "post ended ahead": lambda: posts.update(ended_at=days(-0.0001)),
        "post not begun": lambda: posts.update(started_at=days(1)),
        "credential lapsed": lambda: posts.update(credentials_until=days(-0.0001)),
        "disabled": lambda: disable_person(PORTAL, people[0]),
        "dormant": lambda: people.update(created_at=days(-91), last_seen_at=None, woken_at=None),
        "no administrator any more": lambda: people.update(is_staff=False),
    }
    states[state]()


@pytest.mark.parametrize(("row", "surface"), TRIED)
def test_exactly_those_may_who_are_said_to(cast: Cast, row: Row, surface: str) -> None:
    assert {who for who in PEOPLE if did(cast, row, surface, who)} == {
        who for who in PEOPLE if row.may(who)
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.action)
def test_each_row_has_somebody_who_may_and_somebody_who_may_not(row: Row) -> None:
    assert {row.may(who) for who in PEOPLE} == {True, False}


@pytest.mark.parametrize(("row", "surface"), CHANGED)
def test_whoever_may_may_in_exactly_these_states(cast: Cast, row: Row, surface: str) -> None:
    who = next(one for one in PEOPLE if row.may(one))
    states = states_of(row, administrator=who == ROOT)
    found = {state: did(cast, row, surface, who, state) for state in states}
    assert found == states


@pytest.mark.parametrize("row", ABOUT_LEE, ids=lambda row: row.action)
def test_about_whoever_is_gone_is_done_what_is_left_to_do(cast: Cast, row: Row) -> None:
    who = next(one for one in PEOPLE if row.may(one))
    for state, closed in CLOSED_TO.items():
        with undone():
            put_in(state, cast.lee, cast.lee.person_id)
            cast.lee.refresh_from_db()
            try:
                found = did(cast, row, "page", who)
            except Refusal:
                found = False
        assert found == (row.action not in closed), state


def test_every_action_says_what_it_is_by_the_interface() -> None:
    assert set(CALLS) == {row.action for row in ROWS}
    assert len(ROWS) == len(CALLS)


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if isinstance(CALLS[row.action], NoCall)],
    ids=lambda row: row.action,
)
def test_what_is_a_page_alone_has_no_call(cast: Cast, row: Row) -> None:
    for key in (cast.root.person_id, cast.kim.person_id):
        client, address = browser(key), API + CALLS[row.action].address.format(id=uuid4())
        ask = partial(client.post, data={}, content_type="application/json")
        assert (client.get if row.sends is None else ask)(address).status_code in (404, 405)


CALLED = [one for one in TRIED if one.values[1] == "interface"]


@pytest.mark.parametrize(("row", "surface"), CALLED)
def test_a_token_administers_where_its_holder_said_so(cast: Cast, row: Row, surface: str) -> None:
    who = next(one for one in PEOPLE if row.may(one))
    for scopes, may in ((["read", "write"], False), (["read", "write", "administer"], True)):
        with undone():
            seat = post_of(cast, who)
            key = seat.person_id if seat else cast.root.person_id
            plain = issue_token(Person.objects.get(pk=key), membership=seat, scopes=scopes, days=1)
            ask = by_interface(cast, row, Authorization=f"Bearer {plain}")
            assert (ask(Client()) in DONE) == may


@pytest.mark.parametrize(("row", "surface"), CALLED)
def test_a_session_acts_by_the_interface_while_it_is_fresh(
    cast: Cast, row: Row, surface: str
) -> None:
    who = next(one for one in PEOPLE if row.may(one))
    seat = post_of(cast, who)
    key = seat.person_id if seat else cast.root.person_id
    client, ask = browser(key), by_interface(cast, row)
    signed_in_at(client, Person.objects.get(pk=key), 0.0)
    assert ask(client) == (403 if row.sends is not None else 200)
    signed_in_at(client, Person.objects.get(pk=key), time())
    assert ask(client) in DONE
