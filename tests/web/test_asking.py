"""Asking an agency: whom, for which case, how soon; asking for less; the same answer to all."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases.services import open_case
from sharing import services
from sharing.answering import usual_answer
from sharing.models import ShareRequest
from tests.cast import Cast, in_days, terms
from tests.web.conftest import Browser, Burglary, text_of
from tests.web.test_main_job import ask


def asked(cast: Cast, **changes: Any) -> ShareRequest:
    return services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1", terms=terms(**changes)
    )


def test_ones_own_open_cases_are_offered_to_ask_for(browse: Browser, cast: Cast) -> None:
    case = open_case(cast.actor("bo"), title="Garage series", type="burglary")
    page = text_of(browse("bo").get("/requests/ask/"))
    assert f'<option value="{case.number}">Garage series</option>' in page


@pytest.mark.parametrize("known", [True, False])
def test_a_number_that_is_no_case_of_theirs_is_marked_as_typed(
    browse: Browser, cast: Cast, known: bool
) -> None:
    case = open_case(cast.actor("bo"), title="Garage series", type="burglary")
    number = case.number if known else "BR-77"
    response = browse("bo").post("/requests/ask/", ask(cast, for_case=number))
    page = text_of(browse("sam").get(response.url))
    assert f"for their case <strong>{number}</strong>" in page
    assert ("(as typed, not checked)" in page) is not known


@pytest.mark.parametrize(
    ("priority", "within"),
    [("flash", timedelta(minutes=30)), ("urgent", timedelta(hours=8)), ("", timedelta(days=6))],
)
def test_how_soon_it_is_due_is_said_when_asking(
    browse: Browser, cast: Cast, priority: str, within: timedelta
) -> None:
    browse("bo").post("/requests/ask/", ask(cast, priority=priority))
    request = ShareRequest.objects.get()
    assert timezone.now() < request.due_at <= timezone.now() + within
    assert request.priority == (priority or "routine")
    if not priority:
        assert request.due_at.hour == 17


def test_a_priority_that_is_none_is_refused(browse: Browser, cast: Cast) -> None:
    response = browse("bo").post("/requests/ask/", ask(cast, priority="yesterday"))
    assert response.status_code == 422
    assert not ShareRequest.objects.exists()


def test_asking_for_less_starts_from_what_was_denied(browse: Browser, cast: Cast) -> None:
    request = asked(cast, reason="Same pry marks", for_case="BR-77")
    form = browse("bo").get(f"/requests/ask/?less={request.pk}").context["form"]
    expected = {
        "agency_id": str(cast.id("alpha")),
        "own_number": "24-1",
        "reason": "Same pry marks",
        "for_case": "BR-77",
        "level": "summary",
    }
    assert {name: form.initial[name] for name in expected} == expected
    for name in ("sam", "ash"):
        other = browse(name).get(f"/requests/ask/?less={request.pk}").context["form"]
        assert "reason" not in other.initial
    assert browse("bo").get("/requests/ask/?less=nonsense").status_code == 200


def test_an_agency_is_found_by_its_name_where_there_are_many(
    browse: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Find the agency" not in text_of(browse("bo").get("/requests/ask/"))
    monkeypatch.setattr("sharing.forms.asking.MANY", 1)
    page = text_of(browse("bo").get("/requests/ask/?find=CHAR%20police"))
    assert "1 agency below." in page
    assert "Charlie Police</option>" in page
    assert "Alpha Police</option>" not in page
    nobody = text_of(browse("bo").get("/requests/ask/?find=zulu"))
    assert "None is called so; all are below." in nobody
    assert "Alpha Police</option>" in nobody


def test_what_is_usual_is_said_once_there_are_some_answers(browse: Browser, cast: Cast) -> None:
    page = text_of(browse("bo").get(f"/requests/ask/?agency={cast.id('alpha')}"))
    assert "Alpha Police duty desk" in page
    for number in range(5):
        request = asked(cast, reason=f"Reason {number}")
        services.deny_request(cast.actor("sam"), request.pk, reason_code="nothing_releasable")
    ShareRequest.objects.update(created_at=in_days(-1), decided_at=in_days(-0.75))
    found = usual_answer(cast.id("alpha"))
    assert found is not None
    assert round(found.total_seconds() / 3600) == 6
    page = text_of(browse("bo").get(f"/requests/ask/?agency={cast.id('alpha')}"))
    assert "Alpha Police usually answers in 6 h; duty desk" in page
    assert usual_answer(cast.id("bravo")) is None


def test_the_same_is_answered_whether_the_number_exists_or_not(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    pages = []
    for number in ("24-1832", "24-9999"):
        response = browse("bo").post("/requests/ask/", ask(cast, own_number=number))
        request = ShareRequest.objects.latest("created_at")
        page = text_of(browse("bo").get(response.url))
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        for own in (request.number, str(request.pk), number):
            page = page.replace(own, "…")
        pages.append(page.partition("<main")[2].replace(" ", ""))
    first, second = pages
    assert first.split("<dt>Sent")[0] == second.split("<dt>Sent")[0]
