"""Who was not seen for 90 days is out until their coordinator wakes them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agencies.actors import Actor, actor_of
from agencies.authority import is_administrator
from agencies.codes import Role
from agencies.models import Membership, Person
from agencies.refusals import NotAllowed, NotVisible
from agencies.services import wake_person
from agencies.services.waking import note_seen
from agencies.tokens import actor_for_token
from tests.agencies.cast import PORTAL, Cast, days, events, last_event, post
from tests.agencies.test_tokens import token_of

LONG_AGO = {"created_at": -200, "last_seen_at": -91, "woken_at": -100}


def asleep(person: Person) -> Person:
    """Have somebody not have been here for too long."""
    Person.objects.filter(pk=person.pk).update(**{key: days(n) for key, n in LONG_AGO.items()})
    person.refresh_from_db()
    return person


def acts(membership: Membership) -> bool:
    return Membership.objects.acting().filter(pk=membership.pk).exists()


def test_a_dormant_person_is_out_everywhere_until_woken(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.person)
    plain = token_of(cast.ana)
    assert client.get("/agencies/").status_code == 200
    assert actor_for_token(plain) is not None
    asleep(cast.ana.person)
    answer = client.get("/agencies/")
    assert answer.status_code == 403
    assert "90 days" in answer.content.decode()
    assert actor_for_token(plain) is None
    wake_person(cast.acts("kim"), cast.ana.person)
    assert (last_event().kind, last_event().concerns) == ("person.woken", [cast.alpha.pk])
    assert client.get("/agencies/").status_code == 200
    assert actor_for_token(plain) is not None
    before = events()
    wake_person(cast.acts("kim"), cast.ana.person)
    assert events() == before


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("sam", NotAllowed), ("lee", NotAllowed), ("bea", NotVisible), ("bo", NotVisible)],
)
def test_only_their_coordinator_or_an_administrator_wakes(
    cast: Cast, name: str, refusal: type[Exception]
) -> None:
    asleep(cast.ana.person)
    with pytest.raises(refusal):
        wake_person(cast.acts(name), cast.ana.person)
    assert not acts(cast.ana)
    wake_person(cast.root, cast.ana.person)
    assert acts(cast.ana)


def test_nobody_wakes_themselves_and_no_coordinator_another(cast: Cast) -> None:
    kit = post(cast.alpha, "kit", Role.COORDINATOR)
    asleep(kit.person)
    with pytest.raises(NotAllowed, match="portal administrator"):
        wake_person(cast.acts("kim"), kit.person)
    with pytest.raises(NotAllowed, match="themselves"):
        wake_person(Actor(person_id=kit.person_id), kit.person)
    wake_person(PORTAL, kit.person)
    assert acts(kit)


def test_being_there_is_noted_at_most_once_an_hour(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.person)
    client.get("/agencies/")
    seen = Person.objects.get(pk=cast.ana.person_id).last_seen_at
    assert seen is not None
    note_seen(cast.acts("ana"))
    assert Person.objects.get(pk=cast.ana.person_id).last_seen_at == seen
    Person.objects.filter(pk=cast.ana.person_id).update(last_seen_at=days(-0.1))
    note_seen(cast.acts("ana"))
    assert Person.objects.get(pk=cast.ana.person_id).last_seen_at > seen


def test_who_is_dormant_is_not_woken_by_a_mark(cast: Cast) -> None:
    asleep(cast.ana.person)
    note_seen(cast.acts("ana"))
    assert not acts(cast.ana)


def test_an_administrator_goes_dormant_too(cast: Cast, client: Client) -> None:
    root = Person.objects.get(pk=cast.root.person_id)
    assert (is_administrator(cast.root), actor_of(root).is_administrator) == (True, True)
    client.force_login(root)
    client.get("/agencies/")
    root.refresh_from_db()
    assert root.last_seen_at is not None
    asleep(root)
    assert (is_administrator(cast.root), actor_of(root).is_administrator) == (False, False)
    answers: list[Any] = [client.get(path) for path in ("/agencies/", "/people/")]
    assert {answer.status_code for answer in answers} == {403}
