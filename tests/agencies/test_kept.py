"""Queries kept compiled: the same rows as built anew, read anew each time, for whoever is named."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.kept import Kept
from agencies.models import Membership
from tests.cast import two_agencies

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_query_and_read_anew_for_each_id() -> None:
    cast = two_agencies()
    posts = Kept(
        lambda person: (
            Membership.objects.acting()
            .filter(person_id=person, roles__overlap=["analyst", "supervisor"])
            .select_related("agency")
        ),
        "person",
    )
    for who in ("ana", "sam", "ana"):
        post = Membership.objects.get(pk=cast.actor(who).seat)
        with CaptureQueriesContext(connection) as queries:
            (found,) = posts(person=post.person_id)
            assert (found, found.agency) == (post, post.agency)
        assert len(queries) == 2
    Membership.objects.filter(pk=post.pk).update(title="Detective")
    assert [one.title for one in posts(person=post.person_id)] == ["Detective"]
    Membership.objects.filter(pk=post.pk).update(roles=["auditor"])
    assert posts(person=post.person_id) == []


def test_two_ids_take_their_own_places() -> None:
    cast = two_agencies()
    ana, sam = (Membership.objects.get(pk=cast.actor(who).seat) for who in ("ana", "sam"))
    one = Kept(
        lambda pk, person: Membership.objects.filter(pk=pk, person_id=person), "pk", "person"
    )
    assert one(pk=ana.pk, person=ana.person_id) == [ana]
    assert one(pk=sam.pk, person=sam.person_id) == [sam]
    assert one(pk=ana.pk, person=sam.person_id) == []


def test_the_connection_plans_it_once() -> None:
    post = Membership.objects.get(pk=two_agencies().actor("ana").seat)
    posts = Kept(lambda pk: Membership.objects.filter(pk=pk, roles__overlap=["analyst"]), "pk")
    with CaptureQueriesContext(connection) as queries:
        assert posts(pk=post.pk) == posts(pk=post.pk) == [post]
    first, second = (query["sql"] for query in queries)
    assert first == second
    name = first.removeprefix("EXECUTE ").split(maxsplit=1)[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [name])
        assert cursor.fetchone() == (1,)
