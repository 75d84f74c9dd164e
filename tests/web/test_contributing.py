"""Adding to another's case, keeping what one added, releasing what waits, and naming one person."""

from __future__ import annotations

from typing import Any

import pytest

from agencies.services.membership import add_membership
from cases.models import Item
from cases.services import add_item
from ledger.doer import Portal
from sharing.models import Grant, Record, ShareRequest
from sharing.services import acknowledge_grant, revoke_grant
from tests.cast import Cast, shared, terms
from tests.web.conftest import Browser, Burglary, text_of
from tests.web.test_main_job import offer


@pytest.fixture
def given(cast: Cast, burglary: Burglary) -> Grant:
    """Return Bravo's access to the case, with leave to add, acknowledged."""
    record = Record.objects.unrestricted("a test").get(pk=burglary.case.pk)
    grant = shared(cast, record, level=terms(level=4).level)
    acknowledge_grant(cast.actor("stella"), grant.pk)
    return grant


def test_what_was_added_stays_with_who_added_it_when_the_case_is_gone(
    browse: Browser, cast: Cast, burglary: Burglary, given: Grant
) -> None:
    add_item(cast.actor("bo"), burglary.case.pk, kind="note", title="Seen at our garage")
    partner = browse("bo")
    assert "Seen at our garage" in text_of(partner.get("/contributions/"))
    revoke_grant(cast.actor("ana"), given.pk, reason_code="need_ended")
    page = text_of(partner.get("/contributions/"))
    assert f'<span class="number">{burglary.case.number}</span>, Alpha Police' in page
    assert "Seen at our garage" in page
    assert "Garage burglaries on Fifth" not in page
    assert partner.get(burglary.url).status_code == 404
    assert "added nothing" in text_of(browse("ash").get("/contributions/"))


def test_a_protected_item_added_later_waits_and_is_released_through_a_request(
    browse: Browser, cast: Cast, burglary: Burglary, given: Grant
) -> None:
    later = add_item(
        cast.actor("ana"), burglary.case.pk, kind="person", title="Ned Ost", role="witness"
    )
    client = browse("ana")
    assert "Release 2 waiting" in text_of(client.get(f"{burglary.url}sharing/"))
    said = {"item_id": str(later.pk), "reason": "He agreed"}
    assert client.post(f"/grants/{given.pk}/release/", said).status_code == 302
    request = ShareRequest.objects.latest("created_at")
    assert (request.record_id, request.state) == (later.pk, "submitted")
    elsewhere = {"item_id": str(burglary.car.pk), "reason": "He agreed"}
    assert client.post(f"/grants/{given.pk}/release/", elsewhere).status_code == 422


def test_a_person_with_several_posts_is_offered_a_case_in_one_of_them(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    bo = cast.posts["bo"].person
    second = add_membership(Portal(), bo, cast.agencies["charlie"], roles=["analyst"], ceiling=2)
    cast.agree("M3", "alpha", "charlie")
    client = browse("ana")
    found = text_of(client.get("/recipients/", {"find": bo.email}))
    assert f'<option value="{cast.posts["bo"].pk}">Bo, Bravo Police</option>' in found
    assert f'<option value="{second.pk}">Bo, Charlie Police</option>' in found
    client.post(f"{burglary.url}share/", offer(cast, step="send", who=str(second.pk)))
    request = ShareRequest.objects.get()
    assert request.roster_id == second.pk
    page = text_of(client.get(f"/requests/{request.pk}/"))
    assert "Alpha Police offers Bo, Charlie Police case" in page


@pytest.mark.parametrize("find", ["nobody@x.example", "Ana", "zz zz"])
def test_nobody_is_found_who_is_not_there_or_of_one_s_own(
    browse: Browser, cast: Cast, burglary: Burglary, find: str
) -> None:
    page = text_of(browse("ana").get("/recipients/", {"find": find}))
    assert "Nobody on board is called so." in page
    assert page.count("<option") == 1


@pytest.mark.parametrize(
    ("kind", "sent", "kept", "shown"),
    [
        ("phone", {"number": "(212) 555-0133"}, {"number": "+12125550133"}, "+12125550133"),
        ("place", {"lat": "45.5231", "lon": "-122.67"}, {"lat": 45.5231}, "45.5231"),
        ("event", {"from": "2026-03-01"}, {"from": "2026-03-01"}, "1 Mar 2026"),
        ("event", {"to": "2026-03-01T21:40+00:00"}, {}, "1 Mar 2026, 21:40"),
        ("person", {"sex": "F"}, {"sex": "F"}, "Female"),
        ("note", {"text": "Line one"}, {"text": "Line one"}, "Line one"),
    ],
)
def test_fields_are_kept_one_way_and_shown_in_words(
    browse: Browser,
    burglary: Burglary,
    kind: str,
    sent: dict[str, str],
    kept: dict[str, Any],
    shown: str,
) -> None:
    client = browse("ana")
    said = {"title": "A new thing", **{f"fields.{name}": value for name, value in sent.items()}}
    client.post(f"{burglary.url}items/new/?kind={kind}", said)
    items = Item.objects.unrestricted("a test").select_related("record")
    item = items.get(record__title="A new thing")
    assert {name: item.fields[name] for name in kept} == kept
    page = text_of(client.get(f"{burglary.url}items/"))
    assert shown in page[page.index("A new thing") :]


def test_an_item_says_again_what_its_form_was_given(browse: Browser, burglary: Burglary) -> None:
    page = text_of(browse("ana").get(f"/items/{burglary.car.pk}/edit/"))
    assert 'name="fields.plate" value="8KTR417"' in page
    assert '<option value="used" selected>Used</option>' in page
