"""Opening requests: who may ask for or offer what, and what is refused in words."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from agencies.actors import Actor
from agencies.codes import Level, Sensitivity
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services.agency import set_agency_status
from ledger.models import Event, Message
from sharing import services
from sharing.boxes import record_shown, requests_for
from sharing.holdings import grants_for, standing_grants_for
from sharing.models import Record, ShareRequest
from sharing.posts import roster_of
from sharing.records import lock_record
from sharing.services.opening import submit_request
from sharing.terms import due_after
from tests.cast import PORTAL, Cast, a_case, an_item, in_days, shared, terms

pytestmark = pytest.mark.django_db


def test_a_pointer_is_enough_to_ask_for_more(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    shared(cast, case, level=Level.POINTER)
    request = services.ask_for_record(cast.actor("bo"), record_id=case.pk, terms=terms())
    assert (request.record_id, request.owner_id) == (case.pk, cast.id("alpha"))
    assert request.state == "submitted"
    event = Event.objects.get(kind="request.submitted", target=request.pk)
    assert set(event.concerns) == {cast.id("alpha"), cast.id("bravo")}
    told = Message.objects.filter(event=event).values_list("kind", "roster", "role")
    assert set(told) == {("request.received", cast.id("alpha"), "supervisor")}


def test_nobody_asks_for_what_is_their_own(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    with pytest.raises(Conflict, match="own agency"):
        services.ask_for_record(cast.actor("ana"), record_id=case.pk, terms=terms())
    with pytest.raises(Conflict, match="own agency"):
        services.ask_by_number(
            cast.actor("ana"), agency_id=cast.id("alpha"), own_number="1", terms=terms()
        )


def test_an_auditor_and_a_coordinator_ask_for_nothing(cast: Cast) -> None:
    cast.person("ira", "bravo", "auditor")
    cast.person("cid", "bravo", "coordinator")
    for name in ("ira", "cid"):
        with pytest.raises(NotAllowed, match="Only the"):
            services.ask_by_number(
                cast.actor(name), agency_id=cast.id("alpha"), own_number="1", terms=terms()
            )


def test_an_ask_by_number_says_what_it_is_about(cast: Cast) -> None:
    with pytest.raises(Invalid, match="describe"):
        services.ask_by_number(cast.actor("bo"), agency_id=cast.id("alpha"), terms=terms())
    request = services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), description="White van", terms=terms()
    )
    roles = Message.objects.filter(event__target=request.pk).values_list("role", flat=True)
    assert set(roles) == {"supervisor", "liaison"}


def test_an_agency_that_does_not_exchange_neither_asks_nor_is_asked(cast: Cast) -> None:
    with pytest.raises(Conflict, match="does not take requests"):
        services.ask_by_number(cast.actor("bo"), agency_id=uuid4(), own_number="1", terms=terms())
    set_agency_status(PORTAL, cast.agencies["bravo"], status="limited_access", reason_code="")
    with pytest.raises(NotAllowed, match="does not exchange"):
        services.ask_by_number(
            cast.actor("bo"), agency_id=cast.id("alpha"), own_number="1", terms=terms()
        )
    set_agency_status(PORTAL, cast.agencies["bravo"], status="suspended", reason_code="")
    with pytest.raises(NotAllowed, match="no membership"):
        services.ask_by_number(
            cast.actor("bo"), agency_id=cast.id("alpha"), own_number="1", terms=terms()
        )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": Level.MANAGE}, "level"),
        ({"reason": "  "}, "reason"),
        ({"until": in_days(-1)}, "until"),
        ({"items": []}, "items"),
        ({"later": "sometimes"}, "later"),
        ({"purpose": "curiosity"}, "purpose"),
    ],
)
def test_terms_that_make_no_sense_are_refused_by_field(
    cast: Cast, change: dict[str, object], field: str
) -> None:
    case = a_case(cast.actor("ana"))
    with pytest.raises(Invalid) as refused:
        services.offer_record(
            cast.actor("ana"),
            record_id=case.pk,
            roster_id=cast.id("bravo"),
            terms=terms(**change),
        )
    assert set(refused.value.errors) == {field}
    assert not ShareRequest.objects.exists()


def test_chosen_items_are_of_this_case_and_this_agency(cast: Cast) -> None:
    case, other = a_case(cast.actor("ana")), a_case(cast.actor("ana"), "Other")
    item, elsewhere = an_item(cast.actor("ana"), case), an_item(cast.actor("ana"), other)
    with pytest.raises(Invalid, match="items"):
        services.offer_record(
            cast.actor("ana"),
            record_id=case.pk,
            roster_id=cast.id("bravo"),
            terms=terms(items=[item.pk, elsewhere.pk]),
        )
    offered = services.offer_record(
        cast.actor("ana"),
        record_id=case.pk,
        roster_id=cast.id("bravo"),
        terms=terms(items=[item.pk, item.pk]),
    )
    assert offered.items == [item.pk, item.pk]


def test_what_another_agency_originated_is_not_offered(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    item = an_item(cast.actor("ana"), case, originator_id=cast.id("bravo"))
    foreign = a_case(cast.actor("ana"), "Theirs", originator_id=cast.id("bravo"))
    cast.agency("charlie")
    cast.agree("M2", "alpha", "charlie")
    for record, items in ((case, [item.pk]), (foreign, None)):
        with pytest.raises(NotAllowed, match="has not consented"):
            services.offer_record(
                cast.actor("ana"),
                record_id=record.pk,
                roster_id=cast.id("charlie"),
                terms=terms(items=items),
            )


def test_nothing_is_offered_to_ones_own_agency_or_to_nobody(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    for name in ("alpha", "abe"):
        with pytest.raises(Conflict, match="own agency"):
            services.offer_record(
                cast.actor("ana"),
                record_id=case.pk,
                roster_id=cast.rosters[name],
                terms=terms(),
            )
    for record_id, roster_id in ((case.pk, uuid4()), (uuid4(), cast.id("bravo"))):
        with pytest.raises(NotVisible):
            services.offer_record(
                cast.actor("ana"), record_id=record_id, roster_id=roster_id, terms=terms()
            )


def test_a_person_above_whose_ceiling_a_case_is_cannot_offer_it(cast: Cast) -> None:
    case = a_case(cast.actor("ana"), sensitivity=Sensitivity.CONFIDENTIAL)
    with pytest.raises(NotVisible):
        services.offer_record(
            cast.actor("abe"), record_id=case.pk, roster_id=cast.id("bravo"), terms=terms()
        )


def test_standing_access_takes_a_known_category_and_at_most_full(cast: Cast) -> None:
    for change, category in (({}, "gossip"), ({"level": Level.CONTRIBUTE}, "investigation")):
        with pytest.raises(Invalid):
            services.offer_standing(
                cast.actor("ana"),
                roster_id=cast.id("bravo"),
                category=category,
                terms=terms(**change),
            )
    with pytest.raises(Conflict, match="own agency"):
        services.offer_standing(
            cast.actor("ana"),
            roster_id=cast.id("alpha"),
            category="investigation",
            terms=terms(),
        )
    offered = services.offer_standing(
        cast.actor("ana"), roster_id=cast.id("bravo"), category="investigation", terms=terms()
    )
    assert offered.category == "investigation"


def test_a_named_agreement_is_the_one_a_release_rests_on(cast: Cast) -> None:
    newer = cast.agree("M2", "alpha", "bravo")
    case = a_case(cast.actor("ana"))
    assert shared(cast, case).agreement == newer
    older = cast.agreements["M1"]
    assert shared(cast, case, agreement_id=older.pk).agreement == older


def test_the_asker_of_a_number_learns_of_a_record_only_when_it_is_released(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    request = services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1", terms=terms()
    )
    before = (request.state, request.version)
    services.attach_record(cast.actor("lee"), request.pk, record_id=case.pk)
    request.refresh_from_db()
    assert (request.state, request.version) == before
    assert record_shown(cast.actor("bo"), request) is None
    assert record_shown(cast.actor("sam"), request) == case.pk
    decided = services.approve_request(cast.actor("sam"), request.pk)
    assert record_shown(cast.actor("bo"), decided) == case.pk


def test_routine_requests_are_due_in_three_business_days() -> None:
    friday = in_days(0).replace(year=2026, month=11, day=20)
    assert due_after(friday).strftime("%a %H:%M") == "Wed 17:00"


def test_every_number_taken_ends_in_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda _: 1)
    case = a_case(cast.actor("ana"))
    offer = {"record_id": case.pk, "roster_id": cast.id("bravo")}
    services.offer_record(cast.actor("ana"), **offer, terms=terms())
    with pytest.raises(Conflict, match="number"):
        services.offer_record(cast.actor("ana"), **offer, terms=terms())


def test_a_fault_in_the_row_is_not_taken_for_a_number_in_use(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        submit_request(
            cast.actor("ana"),
            owner=cast.agencies["alpha"],
            roster=roster_of(cast.id("bravo")),
            terms=terms(),
            tell=[],
            direction=ShareRequest.Direction.OFFER,
        )


def test_whoever_acts_under_no_membership_has_empty_boxes(cast: Cast) -> None:
    nobody = Actor(person_id=cast.posts["ana"].person_id)
    shared(cast, a_case(cast.actor("ana")))
    assert not requests_for(nobody).exists()
    assert not grants_for(nobody).exists()
    assert not standing_grants_for(nobody).exists()


def test_a_record_needs_an_owner_and_a_lock_needs_a_record() -> None:
    with pytest.raises(NotVisible):
        lock_record(uuid4(), "test")
    with pytest.raises(NotVisible):
        a_case(PORTAL)  # type: ignore[arg-type]


def test_boxes_hold_what_waits_where_it_waits(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    offer = services.offer_record(
        cast.actor("ana"), record_id=case.pk, roster_id=cast.id("bravo"), terms=terms()
    )
    ask = services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="7", terms=terms()
    )
    boxes = {
        (name, box): set(requests_for(cast.actor(name), box))
        for name in ("sam", "ana", "bo", "stella", "ida", "cora", "abe")
        for box in ("inbox", "sent", "decided")
    }
    expected = {
        ("sam", "inbox"): {offer, ask},
        ("sam", "sent"): {offer},
        ("ana", "inbox"): {offer},
        ("ana", "sent"): {offer},
        ("bo", "sent"): {ask},
        ("stella", "sent"): {ask},
    }
    assert boxes == {key: expected.get(key, set()) for key in boxes}
    services.approve_request(cast.actor("sam"), offer.pk)
    assert set(requests_for(cast.actor("bo"), "decided")) == {offer}
    assert set(requests_for(cast.actor("stella"))) == {offer, ask}
    assert not Record.objects.unrestricted("test").filter(kind="item").exists()
