"""Deciding on pages: two lanes, why to look closer, less, undoing, the next, several at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.codes import Level
from agencies.models import Agency
from cases.services import add_item, open_case
from sharing import services
from sharing.boxes import requests_for
from sharing.lanes import flags_of
from sharing.models import Grant, Record, ShareRequest
from tests.cast import Cast, in_days, terms
from tests.web.conftest import Browser, Burglary, text_of


@pytest.fixture
def grace(settings: Any) -> None:
    """Let approvals be undone for longer than any test takes."""
    settings.APPROVAL_UNDO_SECONDS = 600


def offered(cast: Cast, burglary: Burglary, **changes: Any) -> ShareRequest:
    return services.offer_record(
        cast.actor("ana"),
        record_id=burglary.case.pk,
        roster_id=cast.id("bravo"),
        terms=terms(**changes),
    )


def plain_case(cast: Cast, title: str = "Pry marks", **more: Any) -> ShareRequest:
    """Return an offer of a case with nothing in it that takes a closer look."""
    case = open_case(cast.actor("ana"), title=title, type="burglary", **more)
    return services.offer_record(
        cast.actor("ana"), record_id=case.pk, roster_id=cast.id("bravo"), terms=terms()
    )


def known_partner(cast: Cast) -> None:
    """Have Bravo been given something before."""
    services.approve_request(cast.actor("sam"), plain_case(cast, "Before").pk)


def decide(client: Client, request: ShareRequest, act: str, **said: Any) -> Any:
    request.refresh_from_db()
    return client.post(f"/requests/{request.pk}/{act}/", {"version": request.version, **said})


def flags(cast: Cast, request: ShareRequest) -> set[str]:
    found = requests_for(cast.actor("sam")).select_related("roster__agency").get(pk=request.pk)
    return set(flags_of(cast.actor("sam"), [found])[request.pk])


def test_what_is_usual_between_partners_is_routine(cast: Cast, db: None) -> None:
    known_partner(cast)
    assert flags(cast, plain_case(cast)) == set()


def test_the_first_time_with_a_partner_is_flagged(cast: Cast) -> None:
    assert flags(cast, plain_case(cast)) == {"First time with Bravo Police"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unmask": True}, "Names of protected people asked for"),
        ({"export": True}, "May export it"),
        ({"level": Level.CONTRIBUTE}, "May add to it"),
        ({"until": in_days(120)}, "Longer than the usual 90 days"),
    ],
)
def test_terms_beyond_the_usual_are_flagged(
    cast: Cast, burglary: Burglary, changes: dict[str, Any], words: str
) -> None:
    known_partner(cast)
    plain = flags(cast, offered(cast, burglary))
    assert flags(cast, offered(cast, burglary, **changes)) == plain | {words}


def test_what_came_later_is_flagged_and_who_is_held_back_anyway_is_not(
    cast: Cast, burglary: Burglary
) -> None:
    known_partner(cast)
    request = offered(cast, burglary)
    assert flags(cast, request) == set()
    add_item(cast.actor("ana"), burglary.case.pk, kind="note", title="Seen again")
    later = {"Case changed since it was asked for", "Items added since"}
    assert flags(cast, request) == later


def test_a_juvenile_is_flagged_as_one(cast: Cast, burglary: Burglary) -> None:
    known_partner(cast)
    add_item(
        cast.actor("ana"),
        burglary.case.pk,
        kind="person",
        title="Tim Roe",
        role="suspect",
        fields={"dob": (timezone.localdate() - timedelta(days=12 * 365)).isoformat()},
    )
    assert flags(cast, offered(cast, burglary)) == {"Juvenile in it"}


def test_only_chosen_items_are_looked_at_where_some_are_chosen(
    cast: Cast, burglary: Burglary
) -> None:
    known_partner(cast)
    assert flags(cast, offered(cast, burglary, items=[burglary.car.pk])) == set()
    both = offered(cast, burglary, items=[burglary.car.pk, burglary.witness.pk])
    assert flags(cast, both) == {"Protected person in it"}


def test_another_agencys_items_and_intelligence_are_flagged(cast: Cast, burglary: Burglary) -> None:
    known_partner(cast)
    records = Record.objects.unrestricted("a test changes whose it is")
    records.filter(pk=burglary.car.pk).update(originator=Agency.objects.get(pk=cast.id("charlie")))
    records.filter(pk=burglary.case.pk).update(grouping="intelligence")
    assert flags(cast, offered(cast, burglary)) == {
        "Intelligence",
        "1 of another agency: left out",
    }


def test_an_ask_by_number_and_standing_access_are_flagged(cast: Cast) -> None:
    known_partner(cast)
    asked = services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1", terms=terms()
    )
    assert flags(cast, asked) == {"No case attached yet"}
    standing = services.offer_standing(
        cast.actor("ana"), roster_id=cast.id("bravo"), category="investigation", terms=terms()
    )
    assert flags(cast, standing) == {"Standing access, not one case"}


def test_the_inbox_has_two_lanes_with_what_is_due_first_in_front(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    known_partner(cast)
    late, soon = plain_case(cast, "Late"), plain_case(cast, "Soon")
    ShareRequest.objects.filter(pk=late.pk).update(due_at=in_days(2))
    ShareRequest.objects.filter(pk=soon.pk).update(due_at=in_days(-0.5))
    closer = offered(cast, burglary, unmask=True)
    page = text_of(browse("sam").get("/requests/"))
    order = [page.index(words) for words in ("Routine 2", soon.number, late.number)]
    assert order == sorted(order)
    assert page.index("Look closer 1") < page.index(closer.number)
    assert "overdue by 12 h" in page
    assert "due in 47 h" in page


def test_the_inbox_takes_as_many_statements_for_many_as_for_few(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    client = browse("sam")
    offered(cast, burglary)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/requests/?box=inbox").status_code == 200
        return len(queries)

    statements()
    few = statements()
    for number in range(6):
        plain_case(cast, f"Case {number}")
        offered(cast, burglary, items=[burglary.car.pk])
    assert statements() <= few + 1


def test_a_page_of_the_inbox_leads_to_the_next(
    browse: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.request_page.PAGE", 2)
    found = [plain_case(cast, f"Case {number}") for number in range(3)]
    for number, request in enumerate(found):
        ShareRequest.objects.filter(pk=request.pk).update(due_at=in_days(number + 1))
    client = browse("sam")
    first = text_of(client.get("/requests/?box=inbox"))
    assert [one.number in first for one in found] == [True, True, False]
    older = re.search(r'rel="next" href="([^"]*)"', first)
    assert older is not None
    second = text_of(client.get("/requests/" + older[1].replace("&amp;", "&")))
    assert [one.number in second for one in found] == [False, False, True]


def test_one_request_says_all_that_the_decision_takes(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    known_partner(cast)
    request = offered(cast, burglary, export=True)
    page = text_of(browse("sam").get(f"/requests/{request.pk}/"))
    assert "2 people at Bravo Police can read <strong>1 of 3 items</strong> until" in page
    assert "category ✓ purpose ✓ level ✓ dates ✓" in page
    assert "You approved the same for Bravo Police on" in page
    assert '<li class="mark mark--warn">May export it</li>' in page
    assert "Held back: Victim 1, Witness 1." in page


def test_what_no_agreement_covers_any_more_says_so(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    request = offered(cast, burglary)
    cast.agreements["M1"].categories = ["warrant"]
    cast.agreements["M1"].save()
    page = text_of(browse("sam").get(f"/requests/{request.pk}/"))
    assert "No agreement in effect covers this." in page


@pytest.mark.parametrize(
    ("less", "given"),
    [
        ("summary", {"level": "summary", "which": "all"}),
        ("people", {"level": "view", "which": "chosen"}),
        ("month", {"level": "view", "which": "all"}),
        ("nonsense", {"level": "view", "which": "all"}),
    ],
)
def test_a_preset_fills_the_form_of_approving_less(
    browse: Browser, cast: Cast, burglary: Burglary, less: str, given: dict[str, str]
) -> None:
    request = offered(cast, burglary, later="all", until=in_days(80))
    response = browse("sam").get(f"/requests/{request.pk}/?less={less}")
    form = response.context["approve_form"]
    assert {name: form.initial[name] for name in given} == given
    assert set(response.context["presets"]) == {"summary", "people", "month"}
    assert response.context["less"] == ("" if less == "nonsense" else less)
    if less == "people":
        assert form.initial["items"] == [str(burglary.car.pk)]
    if less == "month":
        assert form.initial["until"] < request.until


def test_only_presets_that_take_something_away_are_offered(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    request = offered(cast, burglary, level=Level.SUMMARY)
    response = browse("sam").get(f"/requests/{request.pk}/")
    assert response.context["presets"] == {}


@pytest.mark.usefixtures("grace")
def test_after_an_approval_comes_the_next_with_a_way_to_undo(browse: Browser, cast: Cast) -> None:
    first, second = plain_case(cast, "First"), plain_case(cast, "Second")
    client = browse("sam")
    response = decide(client, first, "approve", as_asked="1")
    assert response.url == f"/requests/{second.pk}/"
    page = text_of(client.get(response.url))
    assert f'Approved: <a class="number" href="/requests/{first.pk}/">{first.number}</a>.' in page
    assert "Bravo Police is told at <time" in page
    assert re.search(r"Undo, <span data-undo-left>\d+</span> s", page)
    undone = client.post(f"/requests/{first.pk}/undo/")
    assert undone.url == f"/requests/{first.pk}/"
    page = text_of(client.get(undone.url))
    assert f"{first.number} waits for a decision again. Nobody was told." in page
    assert "data-undo-left" not in page
    first.refresh_from_db()
    assert first.state == "submitted"


@pytest.mark.usefixtures("grace")
def test_undoing_in_a_second_tab_says_that_it_is_too_late(browse: Browser, cast: Cast) -> None:
    request = plain_case(cast)
    client = browse("sam")
    decide(client, request, "approve", as_asked="1")
    assert client.post(f"/requests/{request.pk}/undo/").status_code == 302
    again = client.post(f"/requests/{request.pk}/undo/")
    assert again.status_code == 409
    assert "This took effect already." in text_of(again)


@pytest.mark.usefixtures("grace")
def test_the_partner_reads_nothing_while_it_can_be_undone(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    request = offered(cast, burglary)
    decide(browse("sam"), request, "approve", as_asked="1")
    assert browse("bo").get(burglary.url).status_code == 404
    assert browse("bo").get(f"/requests/{request.pk}/").status_code == 404
    assert browse("bo").post(f"/requests/{request.pk}/undo/").status_code == 404
    Grant.objects.update(starts_at=in_days(-1))
    assert browse("bo").get(burglary.url).status_code == 200


def hidden_fields(page: str, action: str) -> dict[str, str]:
    """Return what the form that is sent to *action* sends without being filled in."""
    (form,) = re.findall(rf'<form method="post" action="{action}">(.*?)</form>', page, re.DOTALL)
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize("less", [False, True])
def test_a_case_attached_since_the_page_was_opened_is_not_released_by_it(
    browse: Browser, cast: Cast, less: bool
) -> None:
    shown, wrong = (
        open_case(cast.actor("ana"), title=title, type="burglary") for title in ("Shown", "Wrong")
    )
    asked = services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1", terms=terms()
    )
    services.attach_record(cast.actor("lee"), asked.pk, record_id=shown.pk)
    sam, approve = browse("sam"), f"/requests/{asked.pk}/approve/"

    def opened() -> dict[str, Any]:
        response = sam.get(f"/requests/{asked.pk}/")
        if not less:
            return hidden_fields(response.content.decode(), approve)
        form = response.context["approve_form"]
        said = {name: form[name].value() for name in form.fields}
        return {**said, "until": said["until"], "unmask": "", "export": ""}

    before = opened()
    services.attach_record(cast.actor("lee"), asked.pk, record_id=wrong.pk)
    assert sam.post(approve, before).status_code == 412
    assert not Grant.objects.exists()
    assert sam.post(approve, opened()).status_code == 302
    assert Grant.objects.get().record_id == wrong.pk


def test_cases_attached_since_they_were_listed_are_not_approved_together(
    browse: Browser, cast: Cast
) -> None:
    known_partner(cast)
    shown, wrong = (
        open_case(cast.actor("ana"), title=title, type="burglary") for title in ("Shown", "Wrong")
    )
    asked = services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1", terms=terms()
    )
    services.attach_record(cast.actor("lee"), asked.pk, record_id=shown.pk)
    sam = browse("sam")

    def listed() -> dict[str, list[str]]:
        page = together(sam, asked).content.decode()
        return {"request": re.findall(r'name="request" value="([^"]*)"', page)}

    before = listed()
    services.attach_record(cast.actor("lee"), asked.pk, record_id=wrong.pk)
    assert sam.post("/requests/together/", before).status_code == 412
    assert sam.post("/requests/together/", listed()).status_code == 302
    assert set(Grant.objects.filter(decision=asked).values_list("record_id", flat=True)) == {
        wrong.pk
    }


def test_the_last_decision_leads_to_an_empty_inbox(browse: Browser, cast: Cast) -> None:
    request = plain_case(cast)
    client = browse("sam")
    response = decide(client, request, "approve", as_asked="1")
    assert response.url == "/requests/"
    page = text_of(client.get(response.url))
    assert "Approved. Bravo Police is told at" in page
    assert "No request waits for your agency." in page


def test_ones_own_requests_are_not_the_next(browse: Browser, cast: Cast) -> None:
    services.offer_record(
        cast.actor("sam"),
        record_id=open_case(cast.actor("ana"), title="Sam's", type="burglary").pk,
        roster_id=cast.id("bravo"),
        terms=terms(),
    )
    response = decide(browse("sam"), plain_case(cast), "approve", as_asked="1")
    assert response.url == "/requests/"


def test_a_denial_keeps_its_note_for_the_owners_release_authority(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    request = services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1832", terms=terms()
    )
    said = {"reason_code": "nothing_releasable", "own_note": "Ask Lee why", "text": "Sorry"}
    decide(browse("sam"), request, "deny", **said)
    pages = {
        name: text_of(browse(name).get(f"/requests/{request.pk}/")) for name in ("sam", "lee", "bo")
    }
    assert {name for name, page in pages.items() if "Ask Lee why" in page} == {"sam"}
    assert all("Sorry" in page for page in pages.values())
    assert f'href="/requests/ask/?less={request.pk}">ask for less</a>' in pages["bo"]
    assert "ask for less" not in pages["sam"]


def test_a_denial_without_the_words_that_its_reason_takes_keeps_what_was_typed(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    request = offered(cast, burglary)
    said = {"reason_code": "not_reliable", "own_note": "Lee is checking"}
    response = decide(browse("sam"), request, "deny", **said)
    page = text_of(response)
    assert response.status_code == 422
    assert "This reason needs a few words." in page
    assert "Lee is checking" in page
    assert 'class="sheet sheet--open" id="deny"' in page


def together(client: Client, *requests: ShareRequest) -> Any:
    marked = "&".join(f"request={one.pk}" for one in requests)
    return client.get(f"/requests/together/?{marked}")


def test_alike_requests_are_approved_together_after_all_were_listed(
    browse: Browser, cast: Cast
) -> None:
    known_partner(cast)
    found = [plain_case(cast, f"Case {number}") for number in range(3)]
    client = browse("sam")
    page = text_of(together(client, *found))
    assert all(one.number in page for one in found)
    assert "Approve all 3" in page
    said = {"request": [f"{one.pk}:{one.version}" for one in found]}
    assert client.post("/requests/together/", said).url == "/requests/"
    assert set(ShareRequest.objects.values_list("state", flat=True)) == {"approved"}
    assert Grant.objects.count() == 4


def test_requests_that_differ_or_are_flagged_are_not_approved_together(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    known_partner(cast)
    plain, changed = plain_case(cast), offered(cast, burglary)
    add_item(cast.actor("ana"), burglary.case.pk, kind="note", title="Seen again")
    for other, words in (
        (changed, "One of these takes a closer look"),
        (offered(cast, burglary, level=Level.SUMMARY), "These do not ask for the same"),
        (offered(cast, burglary, items=[burglary.car.pk]), "These do not ask for the same"),
    ):
        client = browse("sam")
        listed = together(client, plain, other)
        assert (listed.status_code, words in text_of(listed)) == (409, True)
        said = {"request": [f"{one.pk}:{one.version}" for one in (plain, other)]}
        assert client.post("/requests/together/", said).status_code == 409
    assert not Grant.objects.exclude(decision__number="").filter(decision=plain).exists()


def test_what_different_agreements_cover_is_not_approved_together(
    browse: Browser, cast: Cast
) -> None:
    known_partner(cast)
    cast.agree("M2", "alpha", "bravo", categories=["incident_report"])
    under_one, under_other = plain_case(cast), plain_case(cast, category="incident_report")
    said = {"request": [f"{one.pk}:{one.version}" for one in (under_one, under_other)]}
    assert browse("sam").post("/requests/together/", said).status_code == 409
    assert Grant.objects.count() == 1


def test_approving_together_is_all_or_none(browse: Browser, cast: Cast) -> None:
    known_partner(cast)
    first, second = plain_case(cast, "First"), plain_case(cast, "Second")
    client = browse("sam")
    stale = {"request": [f"{first.pk}:{first.version}", f"{second.pk}:{second.version + 1}"]}
    assert client.post("/requests/together/", stale).status_code == 412
    for wrong in ([], ["x"], [f"{first.pk}:{'9' * 20}"]):
        assert client.post("/requests/together/", {"request": wrong}).status_code == 400
    assert together(client).status_code == 409
    ana = browse("ana").post("/requests/together/", {"request": [f"{first.pk}:{first.version}"]})
    assert ana.status_code == 403
    bo = browse("bo").post("/requests/together/", {"request": [f"{first.pk}:{first.version}"]})
    assert bo.status_code == 400
    assert Grant.objects.count() == 1


def test_asking_for_longer_starts_from_what_there_is(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    request = offered(cast, burglary)
    services.approve_request(cast.actor("sam"), request.pk)
    grant = Grant.objects.get()
    for name in ("ana", "bo"):
        form = browse(name).get(f"/grants/{grant.pk}/renew/").context["form"]
        assert form.initial["reason"] == request.reason
        assert form.initial["until"] == grant.until + timedelta(days=90)
