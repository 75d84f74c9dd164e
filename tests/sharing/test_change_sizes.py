"""A change takes as many statements, and writes as many rows, whatever it covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.codes import Level
from agencies.services.agency import set_agency_status
from agencies.services.agreement import end_agreement
from cases.services import add_item, amend_case, open_case
from sharing import services
from sharing.models import Grant, Record
from tests.cast import PORTAL, Cast, a_case, an_item, shared, terms, two_agencies

FEW, MANY = 2, 12
WRITTEN = """SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
 WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"""

pytestmark = pytest.mark.django_db


def written() -> dict[str, int]:
    """Return how many rows of each table this transaction has written."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())


def effort(work: Callable[[], Any]) -> tuple[int, dict[str, int]]:
    """Return the number of statements that *work* takes, and the rows that it writes by table."""
    before = written()
    with CaptureQueriesContext(connection) as queries:
        work()
    after = written()
    return len(queries), {
        table: rows - before.get(table, 0)
        for table, rows in after.items()
        if rows != before.get(table, 0)
    }


def a_case_of(cast: Cast, items: int) -> Record:
    case = a_case(cast.actor("ana"))
    for number in range(items):
        an_item(cast.actor("ana"), case, label=f"Vehicle {number}")
    return case


def given(cast: Cast, record: Record, **changes: Any) -> Any:
    request = services.offer_record(
        cast.actor("ana"), record_id=record.pk, roster_id=cast.id("bravo"), terms=terms(**changes)
    )
    return services.approve_request(cast.actor("sam"), request.pk)


def opened(cast: Cast) -> Any:
    request = services.offer_standing(
        cast.actor("ana"), roster_id=cast.id("bravo"), category="investigation", terms=terms()
    )
    return services.approve_request(cast.actor("sam"), request.pk)


@pytest.fixture
def cast(db: None) -> Cast:
    return two_agencies()


def test_a_grant_of_a_case_costs_the_same_whatever_the_case_holds(cast: Cast) -> None:
    few, many = a_case_of(cast, FEW), a_case_of(cast, MANY)
    given(cast, a_case_of(cast, 1))
    small, large = effort(lambda: given(cast, few)), effort(lambda: given(cast, many))
    assert small == large
    assert small[1]["sharing_grant"] == 1
    assert "sharing_record" not in small[1]


def test_ending_it_costs_the_same_whatever_the_case_holds(cast: Cast) -> None:
    grants = [shared(cast, a_case_of(cast, items)) for items in (1, FEW, MANY)]
    sam = cast.actor("sam")
    efforts = [
        effort(lambda key=grant.pk: services.revoke_grant(sam, key, reason_code="need_ended"))  # type: ignore[misc]
        for grant in grants
    ]
    assert efforts[1] == efforts[2]
    assert efforts[1][1]["sharing_grant"] == 1


def test_chosen_items_are_one_row_each_in_the_same_statements(cast: Cast) -> None:
    cases = [a_case_of(cast, items) for items in (1, FEW, MANY)]
    chosen = [list(_items(case)) for case in cases]
    efforts = [
        effort(lambda case=case, items=items: given(cast, case, items=items))  # type: ignore[misc]
        for case, items in zip(cases, chosen, strict=True)
    ]
    assert efforts[1][0] == efforts[2][0]
    assert [one[1]["sharing_grant"] for one in efforts] == [1 + 1, FEW + 1, MANY + 1]


def test_a_standing_grant_costs_the_same_however_many_cases_it_opens(cast: Cast) -> None:
    opened(cast)
    efforts = []
    for _ in range(2):
        efforts.append(effort(lambda: opened(cast)))
        for _ in range(MANY):
            a_case(cast.actor("ana"), findability="listed")
    efforts.append(effort(lambda: opened(cast)))
    assert efforts[1] == efforts[2]
    assert "sharing_record" not in efforts[2][1]


def test_ending_an_agreement_costs_the_same_however_many_grants_hang_on_it(cast: Cast) -> None:
    agreements = [cast.agree(f"M{number}", "alpha", "bravo") for number in (2, 3)]
    for agreement, number in zip(agreements, (FEW, MANY), strict=True):
        for _ in range(number):
            shared(cast, a_case(cast.actor("ana")), agreement_id=agreement.pk)
    small, large = (
        effort(lambda one=one: end_agreement(PORTAL, one))  # type: ignore[misc]
        for one in agreements
    )
    assert small == large
    assert "sharing_grant" not in large[1]
    assert Grant.objects.filter(agreement=agreements[1]).count() == MANY


def test_suspending_an_agency_costs_the_same_whatever_it_gave_and_holds(cast: Cast) -> None:
    for _ in range(MANY):
        shared(cast, a_case(cast.actor("ana")), level=Level.SUMMARY)
    cast.agency("idle")
    small = effort(lambda: set_agency_status(PORTAL, cast.agencies["idle"], status="suspended"))
    large = effort(lambda: set_agency_status(PORTAL, cast.agencies["alpha"], status="suspended"))
    assert small == large
    assert large[1] == {"agencies_agency": 1, "ledger_event": 1}


def _items(case: Record) -> list[Any]:
    parts = Record.objects.unrestricted("what a test has put into a case").filter(case_id=case.pk)
    return list(parts.values_list("pk", flat=True))


MOST = {
    "open a case": 11,
    "save a case": 11,
    "add an item": 14,
    "offer": 8,
    "approve": 19,
    "revoke": 10,
    "offer a standing grant": 7,
    "approve a standing grant": 17,
    "suspend an agency": 5,
    "end an agreement": 7,
}
"""Statements of each change, its transaction among them, once what a process keeps is kept."""


def changes(cast: Cast) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield each change and how it is made, one after the other."""
    ana, sam = cast.actor("ana"), cast.actor("sam")
    made: dict[str, Any] = {}

    def keep(name: str, work: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: made.update({name: work()})

    offer = partial(services.offer_record, ana, roster_id=cast.id("bravo"), terms=terms())
    standing = partial(services.offer_standing, ana, roster_id=cast.id("bravo"), terms=terms())
    yield (
        "open a case",
        keep("case", lambda: open_case(ana, title="Pier hold-ups", type="robbery")),
    )
    case = made["case"]
    yield "save a case", lambda: amend_case(ana, case.pk, version=1, summary="Seen again.")
    yield (
        "add an item",
        lambda: add_item(ana, case.pk, kind="vehicle", title="Van", fields={"plate": "ABC1234"}),
    )
    yield "offer", keep("offer", lambda: offer(record_id=case.pk))
    yield "approve", lambda: services.approve_request(sam, made["offer"].pk)
    grant = Grant.objects.get(decision=made["offer"])
    yield "revoke", lambda: services.revoke_grant(sam, grant.pk, reason_code="need_ended")
    yield "offer a standing grant", keep("standing", lambda: standing(category="investigation"))
    yield (
        "approve a standing grant",
        lambda: services.approve_request(sam, made["standing"].pk),
    )
    another = str(case.pk)[:8]
    idle = cast.agency(f"idle-{another}")
    yield "suspend an agency", lambda: set_agency_status(PORTAL, idle, status="suspended")
    agreement = cast.agree(f"M-{another}", "alpha", "bravo")
    yield "end an agreement", lambda: end_agreement(PORTAL, agreement)


def test_each_change_takes_as_many_statements_as_it_needs_and_no_more(cast: Cast) -> None:
    for _, work in changes(cast):
        work()
    assert {name: effort(work)[0] for name, work in changes(cast)} == MOST
