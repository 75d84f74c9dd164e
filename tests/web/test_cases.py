"""Lists and forms of cases: filters in the address, pages by key, nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from cases.models import Case, Item
from cases.services import open_case
from sharing.models import Record
from tests.cast import Cast, shared, terms
from tests.web.conftest import Browser, Burglary, text_of


def titles(response: Any) -> list[str]:
    """Return the titles of the cases on a list, in order."""
    return re.findall(r'<a href="/cases/[0-9a-f-]{36}/">([^<]*)</a>', response.content.decode())


def open_several(cast: Cast, *names: str, **more: Any) -> None:
    for name in names:
        open_case(cast.actor("ana"), title=name, type=more.get("type", "robbery"))


def test_the_list_shows_what_the_reader_reaches_and_no_more(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    assert titles(browse("ana").get("/cases/")) == ["Garage burglaries on Fifth"]
    assert titles(browse("bo").get("/cases/")) == []
    shared(cast, Record.objects.unrestricted("a test").get(pk=burglary.case.pk))
    assert titles(browse("bo").get("/cases/")) == ["Garage burglaries on Fifth"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Hold-up at the pier", "Garage burglaries on Fifth"]),
        ("type=burglary", ["Garage burglaries on Fifth"]),
        ("type=robbery", ["Hold-up at the pier"]),
        ("status=closed", []),
        ("class=investigation", ["Hold-up at the pier", "Garage burglaries on Fifth"]),
        ("received=true", []),
        ("received=false", ["Hold-up at the pier", "Garage burglaries on Fifth"]),
        ("q=pier", ["Hold-up at the pier"]),
        ("q=24-1832", ["Garage burglaries on Fifth"]),
        ("type=no_such_type", ["Hold-up at the pier", "Garage burglaries on Fifth"]),
    ],
)
def test_filters_stand_in_the_address(
    browse: Browser, cast: Cast, burglary: Burglary, query: str, found: list[str]
) -> None:
    open_several(cast, "Hold-up at the pier")
    assert titles(browse("ana").get(f"/cases/?{query}")) == found


def test_pages_go_on_by_key_and_back(
    browse: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.views.lists.SIZE", 2)
    open_several(cast, "One", "Two", "Three", "Four", "Five")
    ana = browse("ana")
    first = ana.get("/cases/?type=robbery")
    second = ana.get(f"/cases/?{link(first, 'next')}")
    third = ana.get(f"/cases/?{link(second, 'next')}")
    back = ana.get(f"/cases/?{link(third, 'prev')}")
    shown = [titles(page) for page in (first, second, third, back)]
    assert shown == [["Five", "Four"], ["Three", "Two"], ["One"], ["Three", "Two"]]
    assert "type=robbery" in link(first, "next")


def link(response: Any, rel: str) -> str:
    """Return the query of the link to the page beside this one."""
    page = response.content.decode()
    found = re.search(rf'rel="{rel}"\s+href="\?([^"]*)"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


def test_a_cursor_of_no_list_is_refused_in_words(browse: Browser) -> None:
    response = browse("ana").get("/cases/?cursor=nonsense")
    assert response.status_code == 400
    assert "This is not a cursor of this list." in text_of(response)


def test_facets_count_what_the_reader_sees(browse: Browser, cast: Cast, burglary: Burglary) -> None:
    open_several(cast, "Hold-up at the pier", "Hold-up at the station")
    page = text_of(browse("ana").get("/cases/"))
    facets = re.findall(r'href="\?type=(\w+)" > <span>[^<]*</span> <span[^>]*>(\d+)', page)
    assert facets == [("robbery", "2"), ("burglary", "1")]
    assert 'class="facet"' not in text_of(browse("ash").get("/cases/"))


def test_opening_a_case_leads_to_it(browse: Browser) -> None:
    said = {"title": "Pier hold-ups", "type": "robbery", "grouping": "series", "summary": "Two."}
    ana = browse("ana")
    response = ana.post("/cases/new/", said)
    case = Case.objects.unrestricted("a test").select_related("record").get()
    assert response.url == f"/cases/{case.pk}/"
    assert (case.record.title, case.record.grouping) == ("Pier hold-ups", "series")
    assert f"Opened as {case.number}." in text_of(ana.get(response.url))


def test_a_case_without_a_type_is_not_opened_and_keeps_what_was_typed(browse: Browser) -> None:
    said = {"title": "Pier hold-ups", "grouping": "series", "summary": "A long story"}
    response = browse("ana").post("/cases/new/", said)
    page = text_of(response)
    assert response.status_code == 422
    assert '<a href="#id_type">Type: This field is required.</a>' in page
    assert 'value="Pier hold-ups"' in page
    assert "A long story" in page
    assert not Case.objects.unrestricted("a test").exists()


def editing(case: Case, **changes: Any) -> dict[str, Any]:
    """Return what the form of a case sends, with changes."""
    case.record.refresh_from_db()
    return {
        "title": case.record.title,
        "status": case.record.status,
        "grouping": case.record.grouping,
        "type": case.record.type,
        "own_number": case.own_number,
        "summary": case.summary,
        "findability": case.record.findability,
        "sensitivity": "sensitive",
        "version": case.record.version,
        **changes,
    }


def test_a_change_is_saved_as_a_new_version(browse: Browser, burglary: Burglary) -> None:
    said = editing(burglary.case, title="Garages and sheds on Fifth", status="suspended")
    assert browse("ana").post(f"{burglary.url}edit/", said).url == burglary.url
    burglary.case.record.refresh_from_db()
    record = burglary.case.record
    assert (record.title, record.status) == ("Garages and sheds on Fifth", "suspended")
    assert record.version == said["version"] + 1


def test_who_comes_second_sees_the_others_version_and_keeps_the_own_text(
    browse: Browser, burglary: Burglary
) -> None:
    first = editing(burglary.case, title="Title by Sam")
    second = editing(burglary.case, title="Title by Ana", summary="Ana's long summary")
    browse("sam").post(f"{burglary.url}edit/", first)
    response = browse("ana").post(f"{burglary.url}edit/", second)
    page = text_of(response)
    assert response.status_code == 422
    assert re.search(r"Saved by Sam \d+ s ago, while you were writing", page)
    row = re.search(r'<th scope="row">Title</th>(.*?)</tr>', page)
    assert row
    assert re.findall(r'class="text"[^>]*>([^<]*)<', row[1]) == [
        "Garage burglaries on Fifth",
        "Title by Sam",
        "Title by Ana",
    ]
    assert "Ana&#x27;s long summary</textarea>" in page
    again = {**second, "version": first["version"] + 1}
    assert browse("ana").post(f"{burglary.url}edit/", again).status_code == 302
    burglary.case.record.refresh_from_db()
    assert burglary.case.record.title == "Title by Ana"


def test_a_partner_is_told_who_changes_a_case(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    shared(cast, Record.objects.unrestricted("a test").get(pk=burglary.case.pk))
    response = browse("bo").get(f"{burglary.url}edit/")
    assert response.status_code == 403
    assert "Only Alpha Police changes this;" in text_of(response)


def add_person(client: Client, burglary: Burglary, **fields: Any) -> Any:
    said = {"role": "suspect", **{f"fields.{name}": value for name, value in fields.items()}}
    return client.post(f"{burglary.url}items/new/?kind=person", said)


def test_an_item_is_titled_by_its_fields(browse: Browser, burglary: Burglary) -> None:
    response = add_person(browse("ana"), burglary, given="Rob", surname="Dale", aliases="Bo; Bob")
    assert response.url == f"{burglary.url}items/"
    items = Item.objects.unrestricted("a test").select_related("record")
    item = items.get(record__title="Rob Dale")
    assert item.fields == {"given": "Rob", "surname": "Dale", "aliases": ["Bo", "Bob"]}


def test_a_field_in_error_is_named_and_nothing_is_added(
    browse: Browser, burglary: Burglary
) -> None:
    response = add_person(browse("ana"), burglary, given="Rob", dob="31 May")
    page = text_of(response)
    assert response.status_code == 422
    assert '<a href="#id_fields.dob">Date of birth: This must be a day as YYYY-MM-DD.</a>' in page
    assert 'value="31 May"' in page


def test_holding_an_item_back_takes_it_from_the_partner(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    shared(cast, Record.objects.unrestricted("a test").get(pk=burglary.case.pk))
    partner = browse("bo")
    assert "Blue Civic" in text_of(partner.get(f"{burglary.url}items/"))
    item = Item.objects.unrestricted("a test").select_related("record").get(pk=burglary.car.pk)
    said = {"title": "Blue Civic", "role": "used", "withheld": "on", "version": item.record.version}
    assert browse("ana").post(f"/items/{item.pk}/edit/", said).status_code == 302
    assert "Blue Civic" not in text_of(partner.get(f"{burglary.url}items/"))


def test_a_partner_sees_protected_people_by_their_labels(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    shared(cast, Record.objects.unrestricted("a test").get(pk=burglary.case.pk), later="all")
    page = text_of(browse("bo").get(f"{burglary.url}items/"))
    assert "Witness 1" in page
    assert "Identity held back" in page
    for hidden in ("Will Tarn", "5550172", "Vera Holm", "Victim 1"):
        assert hidden not in page
    owner = text_of(browse("ana").get(f"{burglary.url}items/"))
    for shown in ("Will Tarn", "Vera Holm", "Held back from everyone outside"):
        assert shown in owner


def test_at_contact_only_the_page_says_whom_to_call(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    record = Record.objects.unrestricted("a test").get(pk=burglary.case.pk)
    shared(cast, record, level=terms(level=1).level)
    partner = browse("bo")
    page = text_of(partner.get(burglary.url))
    assert "Alpha Police duty desk, +1 555 0100" in page
    assert "Garage burglaries" not in page
    assert partner.get(f"{burglary.url}items/").status_code == 404
    assert partner.get(f"/records/{record.pk}/ask/").status_code == 200


def test_the_sharing_tab_names_every_reader_to_every_reader(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    shared(cast, Record.objects.unrestricted("a test").get(pk=burglary.case.pk))
    for name in ("ana", "bo"):
        page = text_of(browse(name).get(f"{burglary.url}sharing/"))
        who = re.findall(r'<th scope="row"> ([A-Z][a-z]+ Police)', page)
        assert who == ["Alpha Police", "Bravo Police"]
    assert "Stop sharing" in text_of(browse("ana").get(f"{burglary.url}sharing/"))
    assert "Stop sharing" not in text_of(browse("bo").get(f"{burglary.url}sharing/"))
