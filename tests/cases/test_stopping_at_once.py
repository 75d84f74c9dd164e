"""Stopping beside an approval: whichever comes first, nobody reads what was stopped last."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from cases.services import add_item, open_case, stop_sharing
from sharing import services
from sharing.actions import Action
from sharing.models import Recall
from tests import databases
from tests.cast import Cast, readable, terms, two_agencies

pytestmark = pytest.mark.slow

ROUNDS = 5


def together(*acts: Callable[[], Any]) -> None:
    """Do all at once, each on a connection of its own; each must succeed."""
    start = Barrier(len(acts), timeout=30)

    def one(act: Callable[[], Any]) -> None:
        start.wait()
        try:
            act()
        finally:
            databases.close_connections()

    with ThreadPoolExecutor(len(acts)) as pool:
        for running in [pool.submit(one, act) for act in acts]:
            running.result(60)


def a_case(cast: Cast) -> tuple[UUID, UUID]:
    ana = cast.actor("ana")
    case = open_case(ana, title="Alder Street", type="burglary").pk
    return case, add_item(ana, case, kind="note", title="By mistake").pk


def offered(cast: Cast, record: UUID, **changes: object) -> UUID:
    return services.offer_record(
        cast.actor("ana"), record_id=record, roster_id=cast.id("bravo"), terms=terms(**changes)
    ).pk


def test_an_item_stopped_while_its_case_is_approved_is_read_by_nobody(
    cloned_database: str,
) -> None:
    cast = two_agencies()
    for _ in range(ROUNDS):
        case, item = a_case(cast)
        request = offered(cast, case)
        together(
            lambda request=request: services.approve_request(cast.actor("sam"), request),
            lambda item=item: stop_sharing(cast.actor("ana"), item),
        )
        assert "By mistake" not in readable(cast, "bo", Action.KNOW)
        assert "Alder Street" in readable(cast, "bo")


def test_two_who_stop_at_once_begin_one_recall(cloned_database: str) -> None:
    cast = two_agencies()
    for _ in range(ROUNDS):
        case, item = a_case(cast)
        services.approve_request(cast.actor("sam"), offered(cast, case))
        together(
            lambda item=item: stop_sharing(cast.actor("ana"), item),
            lambda item=item: stop_sharing(cast.actor("lee"), item),
        )
        assert Recall.objects.filter(record_id=item).count() == 1
        assert "By mistake" not in readable(cast, "bo", Action.KNOW)
