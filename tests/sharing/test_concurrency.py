"""Two at once, a hundred times each, over connections of their own that really commit.

A grant inserted beside an update of its record is raced where drift is tested.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from functools import partial
from threading import Barrier
from threading import Event as Flag
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from agencies.codes import Level
from agencies.models import Agreement
from agencies.prepared import planned_once
from agencies.refusals import Conflict, NotVisible, Refusal
from agencies.services.agreement import end_agreement
from cases.models import Case
from cases.services import open_case
from ledger.models import Event, Message
from sharing import services
from sharing.actions import Action
from sharing.disclosure import open_record
from sharing.listing import page
from sharing.models import Grant, Record, ShareRequest
from sharing.search import search
from tests import databases
from tests.cast import PORTAL, Cast, a_case, an_item, terms, two_agencies
from tests.sharing import factory as make

pytestmark = pytest.mark.slow

ROUNDS = 100
Race = Callable[..., list[Any]]


@pytest.fixture
def race(cloned_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Race]:
    """Return a function that lets two go at the same moment and returns what each got."""
    monkeypatch.setattr("ledger.services.wake_courier", lambda: None)
    with ThreadPoolExecutor(2) as pool:

        def run(*acts: Callable[[], Any]) -> list[Any]:
            start = Barrier(len(acts), timeout=30)

            def one(act: Callable[[], Any]) -> Any:
                start.wait()
                try:
                    with planned_once():
                        return act()
                except Refusal as refusal:
                    return refusal

            return [each.result(60) for each in [pool.submit(one, act) for act in acts]]

        yield run
        run(databases.close_connections, databases.close_connections)


@pytest.fixture
def cast(race: Race) -> Cast:
    """Give Alpha and Bravo, with two supervisors each."""
    made = two_agencies()
    made.person("sue", "alpha", "supervisor")
    made.person("stan", "bravo", "supervisor")
    return made


def offers(cast: Cast, records: list[UUID], **changes: Any) -> list[UUID]:
    """Return a submitted offer to Bravo of each of *records*."""
    offered = services.offer_record(
        cast.actor("ana"), record_id=records[0], roster_id=cast.id("bravo"), terms=terms(**changes)
    )
    rows = [offered]
    for number, record in enumerate(records[1:]):
        row = copy(offered)
        row.pk, row.number, row.record_id = uuid4(), f"SR-{number}", record
        rows.append(row)
    ShareRequest.objects.bulk_create(rows[1:])
    return [row.pk for row in rows]


def outcomes(results: list[Any]) -> set[type]:
    return {type(one) for one in results}


def readable(cast: Cast, name: str) -> set[UUID]:
    found = Record.objects.permitting(cast.actor(name), Action.KNOW)
    return set(found.values_list("pk", flat=True))


def events(kind: str) -> Counter[UUID | None]:
    return Counter(Event.objects.filter(kind=kind).values_list("target", flat=True))


def test_two_approvals_issue_once_and_tell_once(cast: Cast, race: Race) -> None:
    case = a_case(cast.actor("ana"))
    sam, sue = cast.actor("sam"), cast.actor("sue")
    requests = offers(cast, [case.pk] * ROUNDS)
    for key in requests:
        done = race(
            partial(services.approve_request, sam, key),
            partial(services.approve_request, sue, key),
        )
        assert outcomes(done) == {ShareRequest, Conflict}
    once = Counter(requests)
    assert Counter(Grant.objects.values_list("decision_id", flat=True)) == once
    assert Grant.objects.filter(revoked_at=None).count() == 1
    assert events("request.approved") == once
    assert set(events("grant.issued").values()) == {1}
    assert len(events("grant.issued")) == ROUNDS
    told = Counter(Message.objects.exclude(kind="request.received").values_list("kind", flat=True))
    assert told == dict.fromkeys(
        ("request.approved", "grant.issued", "grant.acknowledge_needed"), ROUNDS
    )


def test_approval_and_withdrawal_leave_one_final_state(cast: Cast, race: Race) -> None:
    case = a_case(cast.actor("ana"))
    sam, ana = cast.actor("sam"), cast.actor("ana")
    requests = offers(cast, [case.pk] * ROUNDS)
    for key in requests:
        done = race(
            partial(services.approve_request, sam, key),
            partial(services.withdraw_request, ana, key),
        )
        assert outcomes(done) == {ShareRequest, Conflict}
    states = dict(ShareRequest.objects.values_list("pk", "state"))
    approved = {key for key, state in states.items() if state == "approved"}
    withdrawn = {key for key, state in states.items() if state == "withdrawn"}
    assert approved | withdrawn == set(requests)
    assert events("request.approved") == Counter(approved)
    assert events("request.withdrawn") == Counter(withdrawn)
    assert Counter(Grant.objects.values_list("decision_id", flat=True)) == Counter(approved)


def opens(cast: Cast, case: UUID) -> bool:
    try:
        opened: Case = open_record(cast.actor("bo"), Case, case)
    except NotVisible:
        return False
    return bool(opened.pk == case)


READS: dict[str, Callable[[Cast, UUID], bool]] = {
    "opening": opens,
    "page": lambda cast, case: case in {key.id for key in page(cast.actor("bo")).keys},
    "search": lambda cast, case: case in {hit.id for hit in search(cast.actor("bo"), "pry").hits},
    "check": lambda cast, case: case in readable(cast, "bo"),
}


def reads_after(race: Race, revoke: Callable[[], object], read: Callable[[], bool]) -> list[bool]:
    """Return what reads gave that began after the answer to *revoke*, among reads all the while."""
    answered = Flag()
    reads: list[tuple[float, bool]] = []

    def and_answer() -> float:
        revoke()
        moment = perf_counter()
        answered.set()
        return moment

    def go_on_reading() -> None:
        last = False
        while not last:
            last, began = answered.is_set(), perf_counter()
            reads.append((began, read()))

    moment, _ = race(and_answer, go_on_reading)
    return [seen for began, seen in reads if began > moment]


@pytest.mark.parametrize("read", READS)
def test_what_begins_after_a_revocation_was_answered_reads_nothing(
    cast: Cast, race: Race, read: str
) -> None:
    case = open_case(cast.actor("ana"), title="Pry marks", type="burglary")
    ana, sam = cast.actor("ana"), cast.posts["sam"]
    for _ in range(ROUNDS // len(READS)):
        grant = make.a_grant(
            case.record, cast.agencies["bravo"], cast.agreements["M1"], issued_by=sam
        )
        assert READS[read](cast, case.pk)
        late = reads_after(
            race,
            partial(services.revoke_grant, ana, grant.pk, reason_code="need_ended"),
            partial(READS[read], cast, case.pk),
        )
        assert set(late) == {False}


def test_what_is_granted_while_its_agreement_ends_is_over_with_it(cast: Cast, race: Race) -> None:
    alpha, bravo = cast.agencies["alpha"], cast.agencies["bravo"]
    case = a_case(cast.actor("ana"))
    sam = cast.actor("sam")
    for key in offers(cast, [case.pk] * ROUNDS):
        agreement = make.an_agreement(alpha, bravo)
        ShareRequest.objects.filter(pk=key).update(agreement=agreement)
        done = race(
            partial(services.approve_request, sam, key),
            partial(end_agreement, PORTAL, agreement),
        )
        assert outcomes(done) in ({ShareRequest, Agreement}, {Conflict, Agreement})
        issued = [isinstance(one, ShareRequest) for one in done].count(True)
        grants = list(Grant.objects.filter(decision=key).select_related("agreement"))
        assert len(grants) == issued
        for grant in grants:
            assert grant.agreement == agreement
            assert grant.agreement.terminated_at is not None
            assert grant.issued_at < grant.agreement.terminated_at
        assert readable(cast, "bo") == set()


def test_two_acknowledgements_open_one_contribution(cast: Cast, race: Race) -> None:
    stella, stan, sam = cast.actor("stella"), cast.actor("stan"), cast.posts["sam"]
    for _ in range(ROUNDS):
        case = a_case(cast.actor("ana"))
        grant = make.a_grant(
            case,
            cast.agencies["bravo"],
            cast.agreements["M1"],
            issued_by=sam,
            level=Level.CONTRIBUTE,
        )
        done = race(
            partial(services.acknowledge_grant, stella, grant.pk),
            partial(services.acknowledge_grant, stan, grant.pk),
        )
        assert outcomes(done) == {Grant}
    contributions = Record.objects.unrestricted("a test counts them").filter(kind="contribution")
    owned = set(contributions.values_list("pk", flat=True))
    assert len(owned) == ROUNDS
    to_owner = Grant.objects.filter(roster_id=cast.id("alpha"))
    assert Counter(to_owner.values_list("record_id", flat=True)) == Counter(owned)
    assert set(events("grant.acknowledged").values()) == {1}
    assert len(events("grant.acknowledged")) == ROUNDS


def reached_by(request: UUID) -> int:
    """Return how many items the grants of a request reach, as committed so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM sharing_grant g JOIN sharing_record r ON r.cover_id = g.record_id"
            " AND r.id <> g.record_id AND r.covered_at <= g.items_until WHERE g.decision_id = %s",
            [request],
        )
        return int(cursor.fetchone()[0])


def test_an_item_added_beside_a_grant_of_what_is_there_now_was_there_or_stays_out(
    cast: Cast, race: Race
) -> None:
    ana, sam = cast.actor("ana"), cast.actor("sam")
    cases = [a_case(ana) for _ in range(ROUNDS)]
    requests = offers(cast, [case.pk for case in cases], later="no")

    def approve(key: UUID) -> int:
        with transaction.atomic():
            services.approve_request(sam, key)
            return reached_by(key)

    for case, key in zip(cases, requests, strict=True):
        decided, item = race(partial(approve, key), partial(an_item, ana, case))
        assert reached_by(key) == decided
        assert (item.pk in readable(cast, "bo")) == bool(decided)
