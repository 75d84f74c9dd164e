"""Queues at home: paged by key, counted up to a cap, with what to do about each row."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.codes import Level
from agencies.models import Visit
from cases.models import Case
from cases.services import add_item, open_case
from portal.queues import queue, queue_of
from sharing.models import Grant, ShareRequest
from sharing.services import (
    approve_request,
    ask_by_number,
    ask_for_record,
    ask_question,
    offer_record,
)
from tests.cast import Cast, in_days, shared, terms
from tests.web.conftest import Browser, text_of


def cases(cast: Cast, *titles: str) -> list[Case]:
    return [open_case(cast.actor("ana"), title=one, type="burglary") for one in titles]


def found(response: Any) -> list[str]:
    """Return the titles of the cases in a queue, in order."""
    return re.findall(r"</span> ([^<]*)</a>", response.content.decode())


@pytest.mark.parametrize(
    ("key", "days", "order"),
    [
        ("shared", (30, 30, 30), ["Three", "Two", "One"]),
        ("ending", (3, 1, 2), ["Two", "Three", "One"]),
    ],
)
def test_pages_of_a_queue_go_on_by_key(
    browse: Browser,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    days: tuple[int, ...],
    order: list[str],
) -> None:
    monkeypatch.setattr("portal.queues.building.PAGE", 2)
    for case, end in zip(cases(cast, "One", "Two", "Three"), days, strict=True):
        shared(cast, case.record, until=in_days(end))
    bo = browse("bo")
    first = bo.get(f"/queues/{key}/")
    link = re.search(r'rel="next" href="\?([^"]*)"', first.content.decode())
    assert link
    second = bo.get(f"/queues/{key}/?{link[1]}")
    assert [found(first), found(second)] == [order[:2], order[2:]]
    assert "rel=" not in second.content.decode().partition("<main")[2]
    assert ": 3" in text_of(second)
    assert bo.get(f"/queues/{key}/?cursor=made-up").status_code == 400


def test_a_tile_stops_counting(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "CAP", 2)
    for case in cases(cast, "One", "Two"):
        shared(cast, case.record)
    waiting = queue_of(cast.actor("bo"), "shared")
    assert waiting is not None
    assert (waiting.number, waiting.count) == ("2", 2)
    shared(cast, cases(cast, "Three")[0].record)
    more = queue_of(cast.actor("bo"), "shared")
    assert more is not None
    assert more.number == "2+"


def test_a_queue_of_another_role_is_not_there(browse: Browser, cast: Cast) -> None:
    assert browse("sam").get("/queues/decide/").status_code == 200
    for name in ("ana", "ida", "bo"):
        assert browse(name).get("/queues/decide/").status_code == 404
    assert queue_of(cast.actor("ida"), "shared") is None


def test_what_ends_soon_leads_to_renewing_it(browse: Browser, cast: Cast) -> None:
    grant = shared(cast, cases(cast, "One")[0].record, until=in_days(3))
    for name in ("ana", "bo"):
        page = browse(name).get("/queues/ending/").content.decode()
        assert f'href="/grants/{grant.pk}/renew/"' in page
        assert browse(name).get(f"/grants/{grant.pk}/renew/").status_code == 200
    assert "/renew/" not in browse("bo").get("/queues/shared/").content.decode()


def test_what_opens_adding_leads_to_acknowledging_it(browse: Browser, cast: Cast) -> None:
    grant = shared(cast, cases(cast, "One")[0].record, level=Level.CONTRIBUTE)
    page = browse("stella").get("/queues/acknowledge/").content.decode()
    assert f'href="/grants/{Grant.objects.get().pk}/acknowledge/"' in page
    assert browse("bo").get("/queues/acknowledge/").status_code == 404
    assert grant.level == Level.CONTRIBUTE


def test_nobody_has_their_own_offer_to_decide(browse: Browser, cast: Cast) -> None:
    case = cases(cast, "One")[0]
    offer_record(cast.actor("sam"), record_id=case.pk, roster_id=cast.id("bravo"), terms=terms())
    sam = browse("sam")
    assert found_requests(sam.get("/queues/decide/")) == set()
    assert found_requests(sam.get("/queues/sent/")) == {ShareRequest.objects.get().number}


def found_requests(response: Any) -> set[str]:
    main = response.content.decode().partition("<main")[2]
    return set(re.findall(r">(SR-\d+)<", main))


def test_what_is_late_is_so_for_both_sides_and_nobody_else(browse: Browser, cast: Cast) -> None:
    asked = ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1", terms=terms()
    )
    sides = ("sam", "lee", "bo")
    assert [found_requests(browse(name).get("/queues/overdue/")) for name in sides] == [set()] * 3
    late = timezone.now() - timedelta(hours=1)
    ShareRequest.objects.filter(pk=asked.pk).update(due_at=late)
    for name in sides:
        assert found_requests(browse(name).get("/queues/overdue/")) == {asked.number}, name
    assert found_requests(browse("ash").get("/queues/overdue/")) == set()


def test_a_question_waits_for_whoever_asked(browse: Browser, cast: Cast) -> None:
    asked = ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1", terms=terms()
    )
    assert found_requests(browse("lee").get("/queues/desk/")) == {asked.number}
    assert found_requests(browse("bo").get("/queues/answer/")) == set()
    ask_question(cast.actor("lee"), asked.pk, text="Which street?")
    assert found_requests(browse("bo").get("/queues/answer/")) == {asked.number}
    assert found_requests(browse("bo").get("/queues/sent/")) == set()


@pytest.mark.parametrize("questioned", [False, True])
def test_queues_of_whoever_asked_stay_as_they_were_while_an_approval_can_be_undone(
    browse: Browser, cast: Cast, questioned: bool
) -> None:
    (case,) = cases(cast, "One")
    shared(cast, case.record, level=Level.POINTER)
    asked = ask_for_record(cast.actor("bo"), record_id=case.pk, terms=terms())
    late = timezone.now() - timedelta(hours=1)
    ShareRequest.objects.filter(pk=asked.pk).update(due_at=late)
    if questioned:
        ask_question(cast.actor("sam"), asked.pk, text="Which street?")

    def queues(name: str) -> dict[str, set[str]]:
        keys = ("answer", "sent", "overdue")
        return {key: found_requests(browse(name).get(f"/queues/{key}/")) for key in keys}

    before = queues("bo")
    assert before["overdue"] == before["answer" if questioned else "sent"] == {asked.number}
    approve_request(cast.actor("sam"), asked.pk, grace=timedelta(minutes=10))
    assert queues("bo") == before
    assert queues("sam") == {"answer": set(), "sent": set(), "overdue": set()}
    passed = timezone.now() - timedelta(seconds=1)
    ShareRequest.objects.filter(pk=asked.pk).update(effective_at=passed)
    assert queues("bo") == {"answer": set(), "sent": set(), "overdue": set()}


def test_what_changed_is_at_home_in_words(browse: Browser, cast: Cast) -> None:
    case = cases(cast, "One")[0]
    shared(cast, case.record)
    bo = browse("bo")
    assert "This is your first visit." in text_of(bo.get("/queues/changed/"))
    Visit.objects.update(since=timezone.now(), seen_at=timezone.now() + timedelta(seconds=1))
    assert "Nothing that you can see was changed" in text_of(bo.get("/queues/changed/"))
    add_item(cast.actor("ana"), case.pk, kind="vehicle", title="Blue Civic")
    page = text_of(bo.get("/"))
    assert case.number in page
    assert "1 new item" in page
    assert "Nothing waits for you." not in page


@pytest.mark.parametrize("key", ["decide", "answer", "overdue", "shared", "given", "ending"])
def test_an_empty_queue_says_what_to_do_next(browse: Browser, key: str) -> None:
    main = browse("stella").get(f"/queues/{key}/").content.decode().partition('class="empty"')[2]
    assert main.count("usa-button") >= 1
