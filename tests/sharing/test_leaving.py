"""Whoever leaves at a moment set ahead has nothing left then; the agency keeps its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.test import Client

from agencies.actors import actor_of
from agencies.models import Membership
from agencies.services import end_membership, issue_token
from agencies.tokens import actor_for_token
from ledger.courier import deliver_batch
from sharing import services
from sharing.actions import Action
from sharing.models import Grant, Record
from tests.cast import PORTAL, Cast, a_case, in_days, readable, shared, terms, two_agencies

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AHEAD = timedelta(days=3)


@pytest.fixture
def cast(db: None) -> Cast:
    return two_agencies()


def leaves_ahead(cast: Cast, name: str) -> Membership:
    """Have a coordinator set the end of a post three days ahead."""
    return end_membership(PORTAL, cast.posts[name], at=in_days(AHEAD.days))


def the_moment_comes(post: Membership) -> None:
    """Have three days and a minute go by for a post."""
    gone = AHEAD + timedelta(minutes=1)
    Membership.objects.filter(pk=post.pk).update(
        started_at=F("started_at") - gone, ended_at=F("ended_at") - gone
    )


def test_until_then_everything_is_open_and_from_then_on_nothing(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    shared(cast, case)
    client = Client()
    client.force_login(cast.posts["bo"].person, backend=BACKEND)
    post = cast.posts["bo"]
    plain = issue_token(post.person, membership=post, scopes=["read"], days=30)
    leaves_ahead(cast, "bo")
    bearer = actor_for_token(plain)
    assert client.get("/cases/").status_code == 200
    assert (actor_of(post.person).membership_id, bearer is None) == (post.pk, False)
    assert readable(cast, "bo") == {case.title}
    the_moment_comes(post)
    assert client.get("/cases/").status_code == 403
    assert (actor_of(post.person).membership_id, actor_for_token(plain)) == (None, None)
    assert readable(cast, "bo") == set()


def test_task_forces_end_with_the_post(cast: Cast) -> None:
    cast.agency("charlie")
    cast.person("cy", "charlie", "analyst")
    cast.agree("M3", "alpha", "charlie")
    cast.task_force("river", "alpha", "M3", "cy")
    case = a_case(cast.actor("ana"))
    shared(cast, case, to="river")
    post = leaves_ahead(cast, "cy")
    assert readable(cast, "cy") == {case.title}
    the_moment_comes(post)
    assert readable(cast, "cy") == set()


def test_mail_to_the_old_address_stops_though_it_was_queued_before(cast: Cast) -> None:
    post = leaves_ahead(cast, "bo")
    shared(cast, a_case(cast.actor("ana")))
    the_moment_comes(post)
    while deliver_batch():
        pass
    told = {address for one in mail.outbox for address in one.to}
    assert "stella@bravo.example" in told
    assert "bo@bravo.example" not in told


def test_who_stays_is_told(cast: Cast) -> None:
    leaves_ahead(cast, "bo")
    shared(cast, a_case(cast.actor("ana")))
    while deliver_batch():
        pass
    assert "bo@bravo.example" in {address for one in mail.outbox for address in one.to}


def test_what_was_given_to_the_agency_stays_and_what_to_the_person_ends(cast: Cast) -> None:
    cast.person("ben", "bravo", "analyst")
    ours, mine = a_case(cast.actor("ana"), "Ours"), a_case(cast.actor("ana"), "Mine")
    shared(cast, ours)
    request = services.offer_record(
        cast.actor("ana"), record_id=mine.pk, roster_id=cast.posts["bo"].pk, terms=terms()
    )
    services.approve_request(cast.actor("sam"), request.pk)
    post = leaves_ahead(cast, "bo")
    assert readable(cast, "bo") == {"Ours", "Mine"}
    the_moment_comes(post)
    assert readable(cast, "ben") == {"Ours"}
    assert Grant.objects.filter(revoked_at=None).count() == 2
    assert not reads(mine, "bo", cast)
    assert not reads(mine, "ben", cast)


def reads(case: Record, name: str, cast: Cast) -> bool:
    """Return whether somebody reaches a record."""
    actor = cast.actor(name)
    return Record.objects.permitting(actor, Action.KNOW).filter(pk=case.pk).exists()
