"""Visits: what counts as being here, and since when one has been away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.middleware import HAT
from agencies.models import Visit
from agencies.services.visit import last_visit, note_visit
from agencies.visits import SEEN
from tests.cast import Cast, two_agencies

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return two_agencies()


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.posts[name].person, backend=BACKEND)
    return client


def ago(minutes: float) -> datetime:
    return timezone.now() - timedelta(minutes=minutes)


def seen(cast: Cast, name: str, at: datetime, since: datetime | None = None) -> None:
    """Have a post seen at a time, and before that at another."""
    values = {"seen_at": at, "since": since}
    Visit.objects.update_or_create(membership=cast.posts[name], defaults=values)


def test_the_first_visit_has_none_before_it(cast: Cast) -> None:
    assert last_visit(cast.actor("ana")) is None
    note_visit(cast.actor("ana"))
    assert last_visit(cast.actor("ana")) is None
    assert Visit.objects.get().membership == cast.posts["ana"]


def test_half_an_hour_away_begins_another_visit(cast: Cast) -> None:
    before, ana = ago(31), cast.actor("ana")
    seen(cast, "ana", before, since=ago(9000))
    assert last_visit(ana) == before
    note_visit(ana)
    assert last_visit(ana) == before
    assert Visit.objects.get().seen_at > ago(1)


def test_a_shorter_absence_goes_on_with_the_same_visit(cast: Cast) -> None:
    before, ana = ago(9000), cast.actor("ana")
    seen(cast, "ana", ago(29), since=before)
    note_visit(ana)
    assert last_visit(ana) == before


def test_a_visit_is_that_of_the_post_and_not_of_the_person(cast: Cast) -> None:
    cast.person("second", "bravo", "analyst", also="ana")
    seen(cast, "ana", ago(40))
    note_visit(cast.actor("second"))
    assert last_visit(cast.actor("second")) is None
    assert last_visit(cast.actor("ana")) is not None


def test_whoever_has_no_post_makes_no_visit(cast: Cast) -> None:
    from agencies.actors import Actor

    note_visit(Actor(person_id=cast.posts["ana"].person_id))
    assert not Visit.objects.exists()


def test_a_visit_before_the_one_before_is_refused(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        seen(cast, "ana", ago(10), since=ago(5))


def test_a_page_counts_and_counts_once_in_a_while(cast: Cast) -> None:
    ana = signed_in(cast, "ana")
    ana.get("/")
    first = Visit.objects.get().seen_at
    ana.get("/cases/")
    assert Visit.objects.get().seen_at == first
    session = ana.session
    session[SEEN] = [session[SEEN][0], session[SEEN][1] - 300]
    session.save()
    ana.get("/cases/")
    assert Visit.objects.get().seen_at > first


def test_another_post_counts_at_once(cast: Cast) -> None:
    second = cast.person("second", "bravo", "analyst", also="ana")
    ana = signed_in(cast, "ana")
    ana.get("/")
    session = ana.session
    session[HAT] = str(second.pk)
    session.save()
    ana.get("/")
    posts = {visit.membership_id for visit in Visit.objects.all()}
    assert posts == {cast.posts["ana"].pk, second.pk}


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/cases/00000000-0000-4000-8000-000000000000/", {}),
        ("/search/suggest/?q=civic", {"HX-Request": "true"}),
        ("/api/v1/cases", {}),
    ],
    ids=["what is not there", "what a page fetches", "what a program reads"],
)
def test_only_a_page_that_was_opened_counts(
    cast: Cast, address: str, headers: dict[str, Any]
) -> None:
    signed_in(cast, "ana").get(address, headers=headers)
    assert not Visit.objects.exists()


def test_a_visit_that_was_noted_costs_nothing(cast: Cast) -> None:
    ana = signed_in(cast, "ana")
    ana.get("/cases/")
    with CaptureQueriesContext(connection) as queries:
        ana.get("/cases/")
    assert [one["sql"] for one in queries if "agencies_visit" in one["sql"]] == []
