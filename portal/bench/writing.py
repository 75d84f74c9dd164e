"""What changes things, by our services; every change is taken back, so that each finds the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies.actors import acting_as
from agencies.codes import Level
from agencies.models import Agency
from agencies.services import end_agreement, set_agency_status
from cases.services import add_item, amend_case
from ledger.doer import Portal
from portal.bench.authorities import now
from portal.bench.reading import OURS, Race
from portal.bench.releases import ENDING
from portal.bench.sizes import OPENED
from portal.bench.stopwatch import Work
from portal.bench.world import World
from sharing.models import Grant, Record
from sharing.services import approve_request, offer_record, offer_standing, revoke_grant
from sharing.terms import Terms

PLAIN = "one row"
WITH_HISTORY = "one row with history"
UPDATE = "UPDATE agencies_agency SET county = county WHERE id = %s"
EVENT = """INSERT INTO ledger_event (uuid, kind, outcome, agency, roles, target_kind, target,
 records, concerns, level, purpose, for_case, basis, facts, xid, at)
VALUES (gen_random_uuid(), 'bench.written', 'done', %(agency)s, '{analyst}', 'agency', %(agency)s,
 ARRAY[%(record)s]::uuid[], ARRAY[%(agency)s]::uuid[], 'view', 'criminal_justice', '', '{}', '{}',
 pg_current_xact_id(), statement_timestamp()) RETURNING seq"""
MESSAGE = """INSERT INTO ledger_message (id, event_id, kind, roster, role, subject_kind, subject,
 state, attempts, created_at, next_attempt_at, last_error)
VALUES (gen_random_uuid(), %(seq)s, 'bench.written', %(agency)s, '', 'agency', %(agency)s,
 'waiting', 0, statement_timestamp(), statement_timestamp(), '')"""


def taken_back(work: Callable[[], Any]) -> None:
    """Do *work* in a transaction and undo it."""
    with transaction.atomic(), as_outermost():
        work()
        transaction.set_rollback(True)


@contextmanager
def as_outermost() -> Iterator[None]:
    """Have what is a transaction of its own in a request be no savepoint of the one undone."""
    its_own = connection.savepoint

    def savepoint() -> str | None:
        return its_own() if connection.savepoint_ids else None

    connection.savepoint = savepoint  # type: ignore[method-assign]
    try:
        yield
    finally:
        del connection.savepoint


def statements(work: Callable[[], Any]) -> int:
    """Return how many statements *work* takes, once what is kept is kept."""
    taken_back(work)
    with CaptureQueriesContext(connection) as queries:
        taken_back(work)
    return len(queries)


def writing(world: World) -> Iterator[Race]:
    """Yield every change, beside the update of one row that nothing hangs on, and beside the same
    with the rows that tell of it, in SQL written by hand.
    """
    stranger = world.made.placed["stranger"].pk
    opened = _opened_by(world)
    for name, work in _changes(world).items():
        contestants: dict[str, Work] = {
            OURS: partial(taken_back, work),
            PLAIN: partial(taken_back, partial(plain, stranger)),
            WITH_HISTORY: partial(taken_back, partial(with_history, stranger)),
        }
        note = f"{statements(work)} statements"
        if "standing" in name:
            note = f"over {opened:,} cases, {note}"
        yield Race(name, "", contestants, against=PLAIN, note=note)


def _opened_by(world: World) -> int:
    """Return how many cases the standing grant opens."""
    cases = Record.objects.unrestricted("the benchmark says what it measured").filter(
        kind=Record.Kind.CASE,
        owner=world.made.agencies[0],
        category=OPENED,
        findability="listed",
        sealed_at__isnull=True,
    )
    return cases.count()


def plain(agency: UUID) -> None:
    """Update one row."""
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [agency])


def with_history(agency: UUID) -> None:
    """Update one row, write that it was, and leave a message for somebody."""
    values = {"agency": agency, "record": agency}
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [agency])
        cursor.execute(EVENT, values)
        cursor.execute(MESSAGE, {**values, "seq": cursor.fetchone()[0]})


def _newest_of(agency: Agency) -> tuple[Record, Grant]:
    """Return the newest case of an agency and the longest of the grants it gave."""
    own = Record.objects.unrestricted("the benchmark writes to what it made").filter(
        owner=agency, kind="case", sealed_at__isnull=True
    )
    grants = Grant.objects.filter(owner=agency.pk, revoked_at__isnull=True, until__gt=now())
    return (
        own.order_by("-touched_at")[0],
        grants.filter(ended_at__isnull=True).order_by("-until")[0],
    )


def _terms() -> Terms:
    return Terms(
        level=Level.VIEW,
        purpose="criminal_justice",
        reason="Works the same series.",
        until=now() + timedelta(days=100),
    )


def _changes(world: World) -> dict[str, Callable[[], Any]]:
    made, biggest = world.made, world.made.agencies[0]
    supervisor, analyst = (acting_as(post) for post in made.people[biggest.pk][:2])
    record, grant = _newest_of(biggest)
    stranger = made.placed["stranger"]
    terms = _terms()

    def share() -> None:
        request = offer_record(analyst, record_id=record.pk, roster_id=stranger.pk, terms=terms)
        approve_request(supervisor, request.pk)

    def open_category() -> None:
        request = offer_standing(analyst, roster_id=stranger.pk, category=OPENED, terms=terms)
        approve_request(supervisor, request.pk)

    return {
        "save a case": lambda: amend_case(
            analyst, record.pk, version=record.version, summary="Seen again."
        ),
        "add an item": lambda: add_item(
            analyst, record.pk, kind="vehicle", title="Van", fields={"plate": "ABC1234"}
        ),
        "offer and approve a grant": share,
        "revoke a grant": lambda: revoke_grant(supervisor, grant.pk, reason_code="need_ended"),
        "offer and approve a standing grant": open_category,
        **_endings(world),
    }


def _endings(world: World) -> dict[str, Callable[[], Any]]:
    """Return what ends much at once, and the same with nothing hanging on it."""
    made = world.made
    stranger, biggest = made.placed["stranger"], made.agencies[0]
    return {
        "suspend an agency of nothing": lambda: set_agency_status(
            Portal(), stranger, status="suspended"
        ),
        "suspend the biggest agency": lambda: set_agency_status(
            Portal(), biggest, status="suspended"
        ),
        "end an agreement with a thirtieth of all grants": lambda: end_agreement(
            Portal(), made.agreements[ENDING]
        ),
    }
