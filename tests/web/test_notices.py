"""The page of notifications: under the case, muted and told again, and by which channel."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.services import open_case
from ledger.courier import deliver_batch
from sharing.models import ChannelChoice, Grant, Mute, Notification, Record
from sharing.services import revoke_grant
from sharing.telling.kinds import HEADINGS
from tests.cast import Cast, shared
from tests.web.conftest import Browser, Burglary, text_of

PAGE = "/notifications/"
SETTINGS = "/notifications/settings/"


@pytest.fixture
def grant(cast: Cast, burglary: Burglary) -> Grant:
    """Return what Bravo was given of the burglary, with everybody told."""
    made = shared(cast, record_of(burglary.case.pk))
    deliver_all()
    return made


def record_of(pk: Any) -> Record:
    found: Record = Record.objects.unrestricted("a test").get(pk=pk)
    return found


def deliver_all() -> None:
    while deliver_batch():
        pass


def sections(client: Client) -> list[tuple[str, int]]:
    """Return what each section of the page is headed, in words, and how many lines it has."""
    parts = re.findall(r'<section class="told".*?</section>', text_of(client.get(PAGE)))
    found = []
    for part in parts:
        heading = re.search(r"<h2[^>]*>(.*?)</h2>", part)
        assert heading
        words = " ".join(re.sub(r"<[^>]*>", " ", heading[1]).split())
        found.append((words, part.count("<li")))
    return found


def test_notifications_are_grouped_under_their_case(
    browse: Browser, cast: Cast, burglary: Burglary, grant: Grant
) -> None:
    other = open_case(cast.actor("ana"), title="Harbor", type="theft")
    shared(cast, record_of(other.pk))
    deliver_all()
    assert sections(browse("bo")) == [
        (f"Case {other.number} Alpha Police", 1),
        (f"Case {burglary.case.number} Alpha Police", 1),
    ]
    assert sections(browse("sam")) == sections(browse("ana"))


def test_a_case_that_is_gone_heads_nothing(
    browse: Browser, cast: Cast, burglary: Burglary, grant: Grant
) -> None:
    revoke_grant(cast.actor("ana"), grant.pk, reason_code="need_ended")
    deliver_all()
    page = text_of(browse("bo").get(PAGE))
    assert sections(browse("bo")) == [("Requests, access and people", 1)]
    assert burglary.case.number not in page
    assert str(burglary.case.pk) not in page
    assert "and 1 before" in page


def test_one_click_mutes_a_case_and_one_undoes_it(
    browse: Browser, cast: Cast, burglary: Burglary, grant: Grant
) -> None:
    client = browse("bo")
    mute = re.search(r'action="(/notifications/mute/[^"]*)"', text_of(client.get(PAGE)))
    assert mute
    said = text_of(client.post(mute[1], follow=True))
    assert "You get no more news of this case." in said
    assert burglary.case.number in text_of(client.get(SETTINGS))
    again = re.search(r'action="(/notifications/unmute/[^"]*)"', said)
    assert again
    assert "You are told of this case again." in text_of(client.post(again[1], follow=True))
    assert not Mute.objects.exists()
    assert client.post(again[1]).status_code == 404
    assert client.get(mute[1]).status_code == 405
    client.post(mute[1])
    assert client.post(again[1], {"settings": "1"})["Location"] == SETTINGS
    assert browse("ash").post(mute[1]).status_code == 404


def test_what_was_gathered_after_the_page_was_shown_stays_unread(
    browse: Browser, grant: Grant
) -> None:
    client = browse("bo")
    notice = Notification.objects.get(kind="grant.issued", membership__person__name="Bo")
    assert 'name="count" value="1"' in text_of(client.get(PAGE))
    Notification.objects.filter(pk=notice.pk).update(count=2)
    client.post(f"{PAGE}{notice.pk}/read/", {"count": "1"})
    notice.refresh_from_db()
    assert notice.read_at is None
    assert client.post(f"{PAGE}{notice.pk}/read/", {"count": "2", "open": "1"}).status_code == 302
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_those_of_one_case_are_marked_as_read_together(
    browse: Browser, cast: Cast, burglary: Burglary, grant: Grant
) -> None:
    other = open_case(cast.actor("ana"), title="Harbor", type="theft")
    shared(cast, record_of(other.pk))
    deliver_all()
    mine = Notification.objects.filter(membership=cast.posts["bo"].pk, read_at=None)
    first = mine.get(record=other.pk)
    client = browse("bo")
    foreign = Notification.objects.filter(membership=cast.posts["sam"].pk).first()
    assert foreign is not None
    client.post("/notifications/read/", {"one": [str(first.pk), str(foreign.pk), "nonsense"]})
    assert [notice.record for notice in mine] == [burglary.case.pk]
    foreign.refresh_from_db()
    assert foreign.read_at is None


def chosen(page: str) -> dict[str, str]:
    """Return the channel that is checked for each kind."""
    radios = re.findall(r'name="([a-z_.]+)" value="(\w+)" checked', page)
    return dict(radios)


def test_channels_are_chosen_in_a_table(browse: Browser, cast: Cast) -> None:
    client = browse("bo")
    page = text_of(client.get(SETTINGS))
    usual = chosen(page)
    assert usual.keys() == HEADINGS.keys()
    assert 'name="grant.issued" value="none"' in page
    assert 'name="request.received" value="none"' not in page
    sent = client.post(SETTINGS, {**usual, "grant.issued": "none", "hour": "5"})
    assert sent["Location"] == SETTINGS
    page = text_of(client.get(SETTINGS))
    assert chosen(page) == {**usual, "grant.issued": "none"}
    assert '<option value="5" selected>05:00</option>' in page
    assert ChannelChoice.objects.get().membership == cast.posts["bo"]
    assert chosen(text_of(browse("sam").get(SETTINGS))) == usual


def test_a_choice_that_may_not_be_comes_back_with_what_was_sent(browse: Browser) -> None:
    client = browse("bo")
    usual = chosen(text_of(client.get(SETTINGS)))
    said = {**usual, "request.received": "none", "grant.issued": "portal", "hour": "9"}
    answer = client.post(SETTINGS, said)
    page = text_of(answer)
    assert answer.status_code == 422
    assert chosen(page)["grant.issued"] == "portal"
    assert '<option value="9" selected>' in page
    assert not ChannelChoice.objects.exists()


def test_who_reads_no_cases_chooses_nothing(browse: Browser) -> None:
    client = browse("ida")
    usual = chosen(text_of(browse("ana").get(SETTINGS)))
    assert "Choose what you are told" not in text_of(client.get(PAGE))
    answer = client.post(SETTINGS, {**usual, "hour": "9"})
    assert answer.status_code == 422
    assert "Only the" in text_of(answer)


def test_pages_lead_to_older_ones(
    browse: Browser, cast: Cast, burglary: Burglary, grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.telling.page.SHOWN", 1)
    shared(cast, record_of(open_case(cast.actor("ana"), title="Harbor", type="theft").pk))
    deliver_all()
    client = browse("bo")
    older = re.search(r'rel="next" href="(\?after=[^"]*)"', text_of(client.get(PAGE)))
    assert older
    page = text_of(client.get(f"{PAGE}{older[1]}"))
    assert burglary.case.number in page
    assert "Newest</a>" in page
    assert client.get(f"{PAGE}?after=nonsense").status_code in (400, 422)


def test_the_page_takes_the_same_few_statements_however_long_it_is(
    browse: Browser, cast: Cast, burglary: Burglary, grant: Grant
) -> None:
    client = browse("bo")
    client.get(PAGE)
    counts = []
    for _ in range(2):
        for number in range(3):
            case = open_case(cast.actor("ana"), title=f"Harbor {number}", type="theft")
            shared(cast, record_of(case.pk))
        deliver_all()
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]
