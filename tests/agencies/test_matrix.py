"""The matrix of who may do what to whom, run over the pages; each denial beside who may."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies.models import Person
from agencies.services import disable_person, end_membership, set_agency_status
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, days
from tests.agencies.matrix import DENIED, GETS, PEOPLE, ROOT, ROWS, Row

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CHANGES = tuple(row for row in ROWS if row.sends is not None)


def browser(cast: Cast, who: str) -> Client:
    """Return a browser of somebody of the matrix."""
    named = PEOPLE[who]
    key = cast.root.person_id if who == ROOT else getattr(cast, named).person_id
    client = Client()
    client.force_login(Person.objects.get(pk=key), backend=BACKEND)
    return client


def answer(cast: Cast, client: Client, row: Row) -> int:
    """Return the status of a row's address, about Lee of Alpha."""
    address = row.path.format(id=row.made(cast, cast.lee))
    if row.sends is None:
        return client.get(address).status_code
    return client.post(address, dict(row.sends)).status_code


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.action)
def test_who_may_do_what_to_alphas_people(cast: Cast, row: Row, who: str) -> None:
    client = browser(cast, who)
    before = Event.objects.filter(person__isnull=False).count()
    status = answer(cast, client, row)
    if row.may(who):
        assert status in GETS
    else:
        assert status in row.denied
        assert Event.objects.filter(person__isnull=False).count() == before


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.action)
def test_each_row_has_somebody_who_may_and_somebody_who_may_not(row: Row) -> None:
    assert {row.may(who) for who in PEOPLE} == {True, False}


@pytest.mark.parametrize("state", ["suspended", "ended", "ended ahead", "disabled", "dormant"])
@pytest.mark.parametrize("row", CHANGES, ids=lambda row: row.action)
def test_whoever_may_may_no_more_once_they_are_out(cast: Cast, row: Row, state: str) -> None:
    who = next(one for one in PEOPLE if row.may(one) and one != ROOT)
    client, post = browser(cast, who), getattr(cast, PEOPLE[who])
    address = row.path.format(id=row.made(cast, cast.lee))
    if state == "suspended":
        set_agency_status(PORTAL, post.agency, status="suspended")
    elif state == "ended":
        end_membership(PORTAL, post)
    elif state == "ended ahead":
        post.ended_at = days(-0.0001)
        post.save()
    elif state == "disabled":
        disable_person(PORTAL, post.person)
    else:
        Person.objects.filter(pk=post.person_id).update(created_at=days(-91))
    status = client.post(address, dict(row.sends or {})).status_code
    assert status in DENIED | {302, 401}
    assert Event.objects.filter(person=post.person_id).exclude(kind="person.signed_in").count() == 0
