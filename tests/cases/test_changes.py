"""What changed since the last visit: by whom, in what one may see, and in what words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from agencies.clock import database_time
from agencies.codes import Level
from cases.changes import changes_since
from cases.models import Case, Item
from cases.services import add_item, amend_case, amend_item, open_case
from sharing.models import Grant, Record
from sharing.services import acknowledge_grant, approve_request, offer_record, release_item
from tests.cast import Cast, in_days, shared, terms, two_agencies


@pytest.fixture
def cast(db: None) -> Cast:
    return two_agencies()


@pytest.fixture
def case(cast: Cast) -> Case:
    return open_case(cast.actor("ana"), title="Garages on Fifth", type="burglary")


def record(case: Case) -> Record:
    return Record.objects.unrestricted("a test").get(pk=case.pk)


def add(cast: Cast, case: Case, name: str = "ana", **more: Any) -> Item:
    values = {"kind": "vehicle", "title": "Blue Civic", **more}
    return add_item(cast.actor(name), case.pk, **values)


def told(cast: Cast, name: str, since: datetime | None) -> dict[UUID, list[str]]:
    return {one.case_id: one.words for one in changes_since(cast.actor(name), since)}


def test_the_first_visit_is_told_nothing(cast: Cast, case: Case) -> None:
    shared(cast, record(case))
    assert told(cast, "bo", None) == {}


def test_what_was_shared_since_is_told_and_not_its_items(cast: Cast, case: Case) -> None:
    since = database_time()
    add(cast, case)
    shared(cast, record(case))
    assert told(cast, "bo", since) == {case.pk: ["Shared with you"]}
    assert told(cast, "bo", database_time()) == {}


def test_a_partner_is_told_of_new_changed_and_saved(cast: Cast, case: Case) -> None:
    old = add(cast, case)
    shared(cast, record(case))
    since = database_time()
    add(cast, case, title="Red Honda")
    add(cast, case, title="Green Ford")
    amend_item(cast.actor("ana"), old.pk, version=1, title="Dark blue Civic")
    amend_case(cast.actor("ana"), case.pk, version=record(case).version, title="Garages")
    assert told(cast, "bo", since) == {case.pk: ["2 new items", "1 item changed", "New version"]}


def test_what_one_may_not_see_is_no_change(cast: Cast, case: Case) -> None:
    shared(cast, record(case))
    since = database_time()
    add(cast, case, kind="person", title="Vera Holm", role="victim")
    add(cast, case, title="Held back", withheld=True)
    assert record(case).touched_at > since
    assert told(cast, "bo", since) == {}
    assert told(cast, "sam", since) == {case.pk: ["2 new items"]}


def test_what_waited_and_was_released_is_told_as_such(cast: Cast, case: Case) -> None:
    grant = shared(cast, record(case))
    victim = add(cast, case, kind="person", title="Vera Holm", role="victim")
    since = database_time()
    waits = release_item(cast.actor("ana"), victim.pk, grant_id=grant.pk, reason="They met her")
    approve_request(cast.actor("sam"), waits.pk)
    assert told(cast, "bo", since) == {case.pk: ["1 item released to you"]}


def test_what_was_held_back_and_is_put_in_is_released(cast: Cast, case: Case) -> None:
    held = add(cast, case, withheld=True)
    shared(cast, record(case))
    since = database_time()
    amend_item(cast.actor("ana"), held.pk, version=1, withheld=False)
    assert told(cast, "bo", since) == {case.pk: ["1 item released to you"]}


def test_items_chosen_later_are_released(cast: Cast, case: Case) -> None:
    civic, honda = add(cast, case), add(cast, case, title="Red Honda")
    shared(cast, record(case), items=[civic.pk])
    since = database_time()
    request = offer_record(
        cast.actor("ana"),
        record_id=case.pk,
        roster_id=cast.id("bravo"),
        terms=terms(items=[civic.pk, honda.pk]),
    )
    approve_request(cast.actor("sam"), request.pk)
    assert told(cast, "bo", since) == {case.pk: ["1 item released to you"]}


def test_a_renewal_is_no_news(cast: Cast, case: Case) -> None:
    shared(cast, record(case))
    since = database_time()
    shared(cast, record(case), until=in_days(60))
    assert told(cast, "bo", since) == {}


def test_what_oneself_did_is_not_told(cast: Cast, case: Case) -> None:
    since = database_time()
    item = add(cast, case)
    amend_item(cast.actor("ana"), item.pk, version=1, title="Dark blue Civic")
    amend_case(cast.actor("ana"), case.pk, version=record(case).version, title="Garages")
    assert told(cast, "ana", since) == {}
    assert told(cast, "sam", since) == {case.pk: ["1 new item", "New version"]}


def test_a_new_case_of_the_agency_is_no_change(cast: Cast) -> None:
    since = database_time()
    case = open_case(cast.actor("ana"), title="Pier", type="robbery")
    add(cast, case)
    assert told(cast, "sam", since) == {}


def test_whoever_may_not_list_a_case_is_told_nothing(cast: Cast, case: Case) -> None:
    shared(cast, record(case), level=Level.POINTER)
    since = database_time()
    add(cast, case)
    assert told(cast, "bo", since) == {}
    assert told(cast, "abe", since) == {}
    assert told(cast, "ida", since) == {}
    assert told(cast, "sam", since) == {case.pk: ["1 new item"]}


def test_whoever_lost_a_case_is_told_nothing_of_it(cast: Cast, case: Case) -> None:
    from sharing.services import revoke_grant

    grant = shared(cast, record(case))
    since = database_time()
    add(cast, case)
    assert told(cast, "bo", since) == {case.pk: ["1 new item"]}
    revoke_grant(cast.actor("ana"), grant.pk, reason_code="need_ended")
    assert told(cast, "bo", since) == {}


def test_the_owner_is_told_what_a_partner_contributed(cast: Cast, case: Case) -> None:
    grant = shared(cast, record(case), level=Level.CONTRIBUTE)
    acknowledge_grant(cast.actor("stella"), Grant.objects.get(pk=grant.pk).pk)
    since = database_time()
    add(cast, case, "bo", title="Pawned bracelet", kind="property")
    assert told(cast, "ana", since) == {case.pk: ["1 new item"]}
    assert told(cast, "bo", since) == {}


def test_what_changed_last_comes_first(cast: Cast, case: Case) -> None:
    other = open_case(cast.actor("ana"), title="Pier", type="robbery")
    since = database_time()
    add(cast, other)
    add(cast, case)
    assert list(told(cast, "sam", since)) == [case.pk, other.pk]
