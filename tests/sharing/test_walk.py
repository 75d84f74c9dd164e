"""Long lists: a walk of all their pages meets each record once, and a page costs what it costs."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Membership
from agencies.services.token import issue_token
from sharing.cursors import decode, encode
from sharing.listing import count, page
from sharing.models import Record
from tests.sharing import factory as make
from tests.sharing.bulk import many_cases, many_grants
from tests.sharing.readers import walk, walk_back

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MOST_QUERIES = 8
VISIBLE = 5000


@pytest.fixture
def world() -> make.World:
    return make.World()


def visible_through_many_ways(world: make.World) -> set[UUID]:
    """Return 5000 records that Bo reaches, most in several ways, among others he does not."""
    post = Membership.objects.get(pk=world.bo.seat)
    force = make.a_task_force(world.alpha, world.agreement, post)
    like = world.share(make.a_record(world.charlie), world.alpha).pk
    make.a_standing_grant(world.alpha, world.bravo, world.agreement)
    make.a_standing_grant(world.alpha, force, world.agreement)
    own = many_cases(world.bravo.pk, 1000, tied=7)
    listed = many_cases(world.alpha.pk, 2000, findability="listed", tied=7)
    granted = many_cases(world.alpha.pk, 2000, tied=7)
    many_cases(world.alpha.pk, 300, tied=7)
    many_cases(world.charlie.pk, 300, findability="listed", tied=7)
    theirs = [*granted, *listed[::2]]
    many_grants([*granted, *listed[::4]], world.bravo.pk, like=like)
    many_grants(theirs[::2], force.pk, like=like)
    many_grants(theirs[::3], post.pk, like=like)
    return {*own, *listed, *granted}


def newest_first(records: set[UUID]) -> list[UUID]:
    rows = Record.objects.unrestricted("a test orders what it made").filter(pk__in=records)
    moments = dict(rows.values_list("pk", "touched_at"))
    return sorted(records, key=lambda key: (moments[key], key.int), reverse=True)


def test_a_walk_over_five_thousand_records_returns_each_once_and_in_order(
    world: make.World,
) -> None:
    expected = newest_first(visible_through_many_ways(world))
    assert len(expected) == VISIBLE
    assert walk(world.bo, "case", 100) == expected
    assert walk_back(world.bo, "case", 250) == expected
    assert (count(world.bo).count, count(world.bo).capped) == (1000, True)


def test_a_walk_by_cursor_goes_on_where_a_record_has_gone(world: make.World) -> None:
    like = world.share(make.a_record(world.charlie), world.alpha).pk
    keys = many_cases(world.alpha.pk, 200, tied=5)
    many_grants(keys, world.bravo.pk, like=like)
    ordered = newest_first(set(keys))
    first = page(world.bo, size=50)
    assert [key.id for key in first.keys] == ordered[:50]
    make.change(Record(pk=ordered[49]), sealed_at=make.days(0))
    make.change(Record(pk=ordered[60]), sealed_at=make.days(0))
    assert first.next is not None
    after, _ = decode(encode(first.next))
    second = page(world.bo, size=50, after=after)
    assert [key.id for key in second.keys] == [*ordered[50:60], *ordered[61:101]]


def statements(client: Client, address: str, **headers: str) -> int:
    """Return how many statements an answer takes, transactions' own ends apart."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, headers=headers).status_code == 200
    ends = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return sum(not one["sql"].startswith(ends) for one in queries)


def signed_in(world: make.World) -> tuple[Client, dict[str, str]]:
    post = Membership.objects.select_related("person").get(pk=world.bo.seat)
    client = Client()
    client.force_login(post.person, backend=BACKEND)
    token = issue_token(post.person, membership=post, scopes=["read"], days=1)
    return client, {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("address", ["/cases/", "/cases/?status=open", "/api/v1/cases"])
def test_a_page_of_a_list_takes_as_many_queries_of_ten_rows_as_of_ten_thousand(
    world: make.World, address: str
) -> None:
    client, token = signed_in(world)
    headers = {}
    if address.startswith("/api/"):  # a program sends its token and no session
        client, headers = Client(), token
    like = world.share(make.a_record(world.charlie), world.alpha).pk
    taken = []
    for number in (10, 90, 9900):
        keys = many_cases(world.alpha.pk, number, minutes=number)
        many_grants(keys, world.bravo.pk, like=like)
        client.get(address, headers=headers)
        taken.append(statements(client, address, **headers))
    assert taken == [taken[0]] * 3
    assert taken[0] <= MOST_QUERIES
