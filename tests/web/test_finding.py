"""Search, suggestions, the audit log, notifications, the directory and the queues of home."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agencies.codes import AgencyStatus
from agencies.models import Agency
from ledger.courier import deliver_batch
from ledger.doer import Portal
from sharing.models import Notification, Record, ShareRequest
from sharing.services import offer_record
from tests.cast import Cast, in_days, shared, terms
from tests.web.conftest import Browser, Burglary, text_of


def record_of(burglary: Burglary) -> Record:
    found: Record = Record.objects.unrestricted("a test").get(pk=burglary.case.pk)
    return found


def hits(response: Any) -> list[str]:
    """Return the titles found, in order."""
    return re.findall(r'<a href="/cases/[^"]*">([^<]*)</a>', text_of(response))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8ktr 417", ["Blue Civic"]),
        ("(212) 555-0172", ["Will Tarn"]),
        ("24-1832", ["Garage burglaries on Fifth"]),
        ("tarn", ["Will Tarn"]),
        ("nothing like it", []),
        ("", []),
    ],
)
def test_search_finds_plates_phones_numbers_and_names(
    browse: Browser, burglary: Burglary, text: str, found: list[str]
) -> None:
    assert hits(browse("ana").get("/search/", {"q": text})) == found


def test_search_shows_a_partner_only_what_it_may_see(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    partner = browse("bo")
    assert hits(partner.get("/search/", {"q": "8KTR417"})) == []
    shared(cast, record_of(burglary))
    assert hits(partner.get("/search/", {"q": "8KTR417"})) == ["Blue Civic"]
    assert hits(partner.get("/search/", {"q": "Tarn"})) == []


def test_a_hit_leads_to_the_item_on_its_case(browse: Browser, burglary: Burglary) -> None:
    page = text_of(browse("ana").get("/search/", {"q": "8KTR417"}))
    assert f'href="{burglary.url}items/#item-{burglary.car.pk}"' in page
    assert f'id="item-{burglary.car.pk}"' in text_of(browse("ana").get(f"{burglary.url}items/"))


def test_suggestions_are_a_fragment_of_what_may_be_seen(
    browse: Browser, burglary: Burglary
) -> None:
    page = text_of(browse("ana").get("/search/suggest/", {"q": "garage"}))
    assert page.startswith('<div class="suggestions__one" id="suggestion-1" role="option"')
    assert "Garage burglaries on Fifth" in page
    assert text_of(browse("ash").get("/search/suggest/", {"q": "garage"})) == ""
    assert text_of(browse("ana").get("/search/suggest/", {"q": "g"})) == ""


def test_the_audit_log_shows_an_agency_who_read_its_records(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    shared(cast, record_of(burglary))
    browse("bo").get(burglary.url)
    page = text_of(browse("ana").get("/ledger/?kind=record.opened"))
    assert re.findall(r'<th scope="row"> (\w+)', page) == ["Bo"]
    assert burglary.case.number in page
    assert "Garage burglaries" not in text_of(browse("ida").get("/ledger/"))
    assert burglary.case.number not in text_of(browse("ash").get("/ledger/"))


def test_the_audit_log_goes_on_page_by_page(browse: Browser, burglary: Burglary) -> None:
    client = browse("ana")
    for _ in range(60):
        client.get(burglary.url)
    first = text_of(client.get("/ledger/?kind=record.opened"))
    older = re.search(r'href="\?(kind=record.opened&amp;after=\d+)"', first)
    assert older
    assert first.count('<th scope="row">') == 50
    rest = text_of(client.get(f"/ledger/?{older[1].replace('&amp;', '&')}"))
    assert rest.count('<th scope="row">') == 10


def test_notifications_say_what_and_why_and_are_read_once(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    offer_record(
        cast.actor("ana"), record_id=burglary.case.pk, roster_id=cast.id("bravo"), terms=terms()
    )
    deliver_batch(50)
    client = browse("sam")
    assert '<span class="count">1</span>' in text_of(client.get("/"))
    page = text_of(client.get("/notifications/"))
    request = ShareRequest.objects.get()
    assert f"{request.number}: Alpha Police asks for a decision" in page
    assert "You get this because you hold release authority for Alpha Police." in page
    notice = Notification.objects.get(membership=cast.posts["sam"].pk)
    assert browse("ana").post(f"/notifications/{notice.pk}/read/").status_code == 404
    client.post(f"/notifications/{notice.pk}/read/")
    assert 'class="count"' not in text_of(client.get("/"))


def test_all_notifications_are_marked_as_read_at_once(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    for roster in ("bravo", "charlie"):
        cast.agree(roster, "alpha", roster)
        offer_record(
            cast.actor("ana"), record_id=burglary.case.pk, roster_id=cast.id(roster), terms=terms()
        )
    deliver_batch(50)
    client = browse("sam")
    assert '<span class="count">2</span>' in text_of(client.get("/"))
    client.post("/notifications/read/")
    assert not Notification.objects.filter(read_at=None, membership=cast.posts["sam"].pk).exists()


def named(page: str) -> list[str]:
    return re.findall(r'<a href="/agencies/[0-9a-f-]{36}/">([^<]*)</a>', page)


def test_the_directory_shows_who_is_on_board_and_on_request_everyone(
    browse: Browser, cast: Cast
) -> None:
    Agency.objects.create(name="Nowhere Marshals", ori="ZZ0990000", county="Nil", state="ZZ")
    client = browse("ana")
    on_board = ["Alpha Police", "Bravo Police", "Charlie Police"]
    assert named(text_of(client.get("/agencies/"))) == on_board
    assert named(text_of(client.get("/agencies/?everyone=on"))) == [*on_board, "Nowhere Marshals"]
    assert named(text_of(client.get("/agencies/?everyone=on&q=zz099"))) == ["Nowhere Marshals"]
    assert named(text_of(client.get("/agencies/?q=bravo"))) == ["Bravo Police"]


def test_the_directory_goes_on_by_key(
    browse: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agencies.directory.PAGE", 2)
    client = browse("ana")
    first = text_of(client.get("/agencies/"))
    onward = re.search(r"after=([0-9a-f-]{36})", first)
    assert onward
    assert named(first) == ["Alpha Police", "Bravo Police"]
    assert named(text_of(client.get(f"/agencies/?after={onward[1]}"))) == ["Charlie Police"]


def test_an_agencys_page_says_which_agreements_bind_both(browse: Browser, cast: Cast) -> None:
    page = text_of(browse("ana").get(f"/agencies/{cast.id('bravo')}/"))
    assert "Agreement M1" in page
    assert f"/requests/ask/?agency={cast.id('bravo')}" in page
    stranger = text_of(browse("ana").get(f"/agencies/{cast.id('charlie')}/"))
    assert "No agreement is in effect" in stranger


def test_a_suspended_agency_is_shown_as_such_and_not_asked(browse: Browser, cast: Cast) -> None:
    Agency.objects.filter(pk=cast.id("bravo")).update(status=AgencyStatus.SUSPENDED)
    page = text_of(browse("ana").get(f"/agencies/{cast.id('bravo')}/"))
    assert "is suspended; its people cannot see what you shared. Nothing for you to do." in page
    assert "Ask this agency" not in page


def waiting(response: Any) -> dict[str, int]:
    """Return the numbers of the tiles of home, by queue, without those where nothing waits."""
    found = re.findall(r'href="/queues/(\w+)/"> <strong>(\d+)</strong>', text_of(response))
    assert len(found) > 6
    return {key: int(number) for key, number in found if number != "0"}


def test_home_counts_what_waits_for_each_role(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    offer_record(
        cast.actor("ana"), record_id=burglary.case.pk, roster_id=cast.id("bravo"), terms=terms()
    )
    assert waiting(browse("sam").get("/")) == {"decide": 1}
    assert waiting(browse("ana").get("/")) == {"sent": 1}
    assert waiting(browse("bo").get("/")) == {}


def test_what_was_shared_and_ends_soon_is_in_both_queues(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    shared(cast, record_of(burglary), until=in_days(3))
    assert waiting(browse("bo").get("/")) == {"shared": 1, "ending": 1}
    page = text_of(browse("bo").get("/queues/ending/"))
    assert burglary.case.number in page
    assert "from Alpha Police" in page


def test_an_empty_home_says_where_to_start(browse: Browser) -> None:
    page = text_of(browse("bo").get("/"))
    assert "<strong>Nothing waits for you.</strong> Start here:" in page
    assert "1 agreement in effect" in page


def test_standing_access_is_proposed_listed_and_stopped(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    said = {
        "who": str(cast.id("bravo")),
        "category": "incident_report",
        "level": "view",
        "until": in_days(60).date().isoformat(),
        "purpose": "criminal_justice",
        "reason": "Both work Fifth Street",
    }
    assert browse("ana").post("/requests/standing/new/", said).status_code == 302
    request = ShareRequest.objects.get()
    browse("sam").post(
        f"/requests/{request.pk}/approve/", {"version": request.version, "as_asked": "1"}
    )
    page = text_of(browse("bo").get("/requests/standing/"))
    assert "Incident reports" in page
    assert "Received" in page
    grant = request.standing_grants.get()
    browse("ana").post(f"/grants/{grant.pk}/revoke/", {"reason_code": "need_ended"})
    assert "Incident reports" not in text_of(browse("bo").get("/requests/standing/"))


def test_an_administrator_without_a_post_sees_agencies_and_no_cases(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    from django.test import Client

    from agencies.services.person import admit_person
    from tests.web.conftest import BACKEND

    admin = admit_person(Portal(), email="root@portal.example", name="Root", is_administrator=True)
    client = Client()
    client.force_login(admin, backend=BACKEND)
    assert "You act under no post in an agency" in text_of(client.get("/"))
    assert hits(client.get("/cases/")) == []
    assert client.get(burglary.url).status_code == 404
