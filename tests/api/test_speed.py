"""Lists ask the database the same few things however many rows they show."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import API, Caller
from tests.api.worlds import a_case, a_grant, an_item
from tests.cast import Cast

MOST = 8
CONTROL = ("SAVEPOINT", "RELEASE")


def asked(client: object, address: str) -> int:
    """Return how many statements a call takes, savepoints aside."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(API + address).status_code == 200
    return sum(not one["sql"].startswith(CONTROL) for one in captured.captured_queries)


@pytest.mark.parametrize(
    "address", ["cases", "share-requests", "grants", "cases/CASE/items", "agencies", "agreements"]
)
def test_a_list_takes_the_same_few_statements(cast: Cast, caller: Caller, address: str) -> None:
    ana, bo = caller("ana"), caller("bo")
    case = a_case(ana)
    a_grant(caller, case)
    an_item(ana, case)
    address = address.replace("CASE", case)
    asked(bo, address)  # notes that the token was used, which is done once an hour
    few = asked(bo, address)
    for number in range(4):
        a_grant(caller, a_case(ana, title=f"Case {number}"))
        an_item(ana, case)
        cast.agency(f"agency{number}")
        cast.agree(f"more{number}", "alpha", "bravo")
    assert asked(bo, address) == few
    assert few <= MOST
