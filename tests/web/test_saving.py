"""Forms that lose nothing: what others saved meanwhile, names that should stay hidden, drafts."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from agencies.drafts import draft_key, draft_owner
from cases.models import Case
from cases.services import add_item, amend_case
from sharing.models import Record
from sharing.revisions import revision_at, revisions_of
from tests.cast import Cast, shared
from tests.web.conftest import Browser, Burglary, text_of
from tests.web.markup import faults_of
from tests.web.test_cases import editing


def case_now(burglary: Burglary) -> Case:
    return Case.objects.unrestricted("a test").select_related("record").get(pk=burglary.case.pk)


def give(cast: Cast, burglary: Burglary, **changes: Any) -> None:
    shared(cast, Record.objects.unrestricted("a test").get(pk=burglary.case.pk), **changes)


def test_changes_of_different_fields_are_joined_and_it_is_said(
    browse: Browser, burglary: Burglary
) -> None:
    first = editing(burglary.case, status="suspended")
    second = editing(burglary.case, title="Title by Ana")
    browse("sam").post(f"{burglary.url}edit/", first)
    ana = browse("ana")
    assert ana.post(f"{burglary.url}edit/", second).url == burglary.url
    page = text_of(ana.get(burglary.url))
    assert re.search(r"Saved together with what Sam \d+ s ago changed: Status\.", page)
    record = case_now(burglary).record
    assert (record.title, record.status) == ("Title by Ana", "suspended")


def test_an_item_added_meanwhile_is_no_clash(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    said = editing(burglary.case, title="Title by Ana")
    add_item(cast.actor("sam"), burglary.case.pk, kind="note", title="Talk")
    assert browse("ana").post(f"{burglary.url}edit/", said).status_code == 302
    assert case_now(burglary).record.title == "Title by Ana"


def test_theirs_can_be_taken_field_by_field(browse: Browser, burglary: Burglary) -> None:
    first = editing(burglary.case, title="Title by Sam", summary="Summary by Sam")
    second = editing(burglary.case, title="Title by Ana", summary="Summary by Ana")
    browse("sam").post(f"{burglary.url}edit/", first)
    ana = browse("ana")
    response = ana.post(f"{burglary.url}edit/", second)
    assert response.status_code == 422
    assert faults_of(response.content.decode()) == []
    version = re.search(r'name="version" value="(\d+)"', response.content.decode())
    assert version
    chosen = {"keep.title": "theirs", "keep.summary": "mine", "version": version[1]}
    assert ana.post(f"{burglary.url}edit/", {**second, **chosen}).status_code == 302
    case = case_now(burglary)
    assert (case.record.title, case.summary) == ("Title by Sam", "Summary by Ana")


def test_a_third_change_while_choosing_is_shown_again(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    first = editing(burglary.case, title="Title by Sam")
    second = editing(burglary.case, title="Title by Ana")
    browse("sam").post(f"{burglary.url}edit/", first)
    again = {**second, "version": first["version"] + 1}
    amend_case(
        cast.actor("sam"), burglary.case.pk, version=first["version"] + 1, title="Third title"
    )
    response = browse("ana").post(f"{burglary.url}edit/", again)
    assert response.status_code == 422
    assert "Third title" in text_of(response)
    assert case_now(burglary).record.title == "Third title"


def test_two_at_one_item_are_asked_too(browse: Browser, burglary: Burglary) -> None:
    address = f"/items/{burglary.car.pk}/edit/"
    common = {"title": "Blue Civic", "role": "used", "version": burglary.car.record.version}
    browse("sam").post(address, {**common, "fields.color": "Red"})
    ana = browse("ana")
    assert ana.post(address, {**common, "fields.color": "Green"}).status_code == 422
    assert ana.post(address, {**common, "fields.model": "Civic"}).status_code == 302
    burglary.car.refresh_from_db()
    assert burglary.car.fields == {
        "plate": "8KTR417",
        "make": "Honda",
        "color": "Red",
        "model": "Civic",
    }


def test_revisions_are_for_whoever_manages_the_record(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    give(cast, burglary)
    pk = burglary.case.pk
    assert [one.content["title"] for one in revisions_of(cast.actor("ana"), pk)] == [
        "Garage burglaries on Fifth"
    ]
    assert list(revisions_of(cast.actor("bo"), pk)) == []
    assert revision_at(cast.actor("bo"), pk, 1) is None
    assert revision_at(cast.actor("ana"), pk, 0) is None


NAMES = "“Summary” names Witness 1 (Tarn), who is held back from Bravo Police."


def test_a_summary_that_names_a_witness_is_asked_back_about_in_a_shared_case(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    ana, address = browse("ana"), f"{burglary.url}edit/"
    said = editing(burglary.case, summary="Will Tarn saw them. Old words.")
    assert ana.post(address, said).status_code == 302
    give(cast, burglary)
    said = editing(case_now(burglary), summary="Will Tarn saw two of them.")
    response = ana.post(address, said)
    page = text_of(response)
    assert response.status_code == 422
    assert NAMES.replace("Tarn", "Will Tarn") in page
    assert "Will Tarn saw two of them.</textarea>" in page
    assert faults_of(response.content.decode()) == []
    confirm = confirmation(page)
    other = {**said, "summary": "Vera Holm saw Will Tarn.", "save_all_the_same": confirm}
    assert ana.post(address, other).status_code == 422
    assert ana.post(address, {**said, "save_all_the_same": confirm}).status_code == 302
    assert case_now(burglary).summary == "Will Tarn saw two of them."


def confirmation(page: str) -> str:
    """Return what the box to save all the same sends."""
    found = re.search(r'name="save_all_the_same" value="(\w+)"', page)
    assert found, page
    return found[1]


def test_what_was_there_before_is_not_asked_about_again(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    ana, address = browse("ana"), f"{burglary.url}edit/"
    ana.post(address, editing(burglary.case, summary="Will Tarn saw them."))
    give(cast, burglary)
    assert ana.post(address, editing(case_now(burglary), title="New title")).status_code == 302


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"title": "Talk", "fields.text": "Vera Holm called."}, 422),
        ({"title": "Vera Holm called", "fields.text": "At ten."}, 422),
        ({"title": "Talk", "fields.text": "Vera Holm called.", "withheld": "on"}, 302),
        ({"title": "Talk", "fields.text": "The victim called."}, 302),
    ],
)
def test_a_note_that_names_who_is_held_back_is_asked_back_about(
    browse: Browser, cast: Cast, burglary: Burglary, said: dict[str, str], status: int
) -> None:
    give(cast, burglary)
    response = browse("ana").post(f"{burglary.url}items/new/?kind=note", said)
    assert response.status_code == status


def test_a_new_victim_may_be_named_in_the_own_item(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    give(cast, burglary)
    said = {"role": "victim", "fields.surname": "Holm", "fields.given": "Vic"}
    response = browse("ana").post(f"{burglary.url}items/new/?kind=person", said)
    assert response.status_code == 302


def metas(client: Client, address: str) -> dict[str, list[str]]:
    """Return what a page tells the script of drafts."""
    page = client.get(address).content.decode()
    found: dict[str, list[str]] = {}
    for name, content in re.findall(r'<meta name="(draft-\w+)" content="([^"]*)"', page):
        found.setdefault(name, []).append(content)
    for key in re.findall(r'data-draft="([^"]*)"', page):
        found.setdefault("key", []).append(key)
    return found


def test_drafts_are_locked_with_a_key_of_the_post_and_filed_under_the_person(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    address = f"{burglary.url}edit/"
    ana, sam = metas(browse("ana"), address), metas(browse("sam"), address)
    assert ana["draft-owner"] == [draft_owner(cast.actor("ana"))]
    assert ana["key"] == [draft_key(cast.actor("ana"))]
    assert ana["draft-owner"] != sam["draft-owner"]
    assert ana["key"] != sam["key"]
    assert "key" not in metas(browse("ana"), burglary.url)
    assert metas(Client(), "/account/login/") == {}


def test_a_saved_form_is_named_once_so_that_its_draft_is_forgotten(
    browse: Browser, burglary: Burglary
) -> None:
    ana, address = browse("ana"), f"{burglary.url}edit/"
    ana.post(address, editing(burglary.case, title=""))
    assert "draft-saved" not in metas(ana, burglary.url)
    ana.post(address, editing(burglary.case, title="Another"))
    new = f"{burglary.url}items/new/?kind=note"
    ana.post(new, {"title": "Talk"})
    assert metas(ana, burglary.url)["draft-saved"] == [address, new]
    assert "draft-saved" not in metas(ana, burglary.url)


def test_a_form_that_comes_after_its_session_is_given_back(
    browse: Browser, burglary: Burglary
) -> None:
    ana, address = browse("ana"), f"{burglary.url}items/new/?kind=note"
    ana.logout()
    said = {"title": "Talk", "fields.text": "A long account.\nOf two lines.", "version": "3"}
    response = ana.post(address, {**said, "old_password": "secret words"})
    page = response.content.decode()
    assert (response.status_code, response["Cache-Control"]) == (401, "no-store")
    assert faults_of(page) == []
    assert re.findall(r'<label for="typed-\d">([^<]*)<', page) == ["Title", "Text"]
    assert "A long account.\nOf two lines.</textarea>" in page
    assert "secret words" not in page
    link = re.search(r'href="([^"]*)" target="_blank"', page)
    assert link
    assert unquote(link[1]).endswith(f"?next={address}")
    assert "Garage burglaries" not in page


def test_whoever_is_signed_out_and_typed_nothing_is_sent_to_sign_in(burglary: Burglary) -> None:
    client = Client()
    address = f"{burglary.url}edit/"
    for response in (client.get(address), client.post(address, {"version": "1"})):
        assert response.status_code == 302
    part = client.post(address, {"title": "x"}, headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Refresh"], part.content) == (401, "true", b"")
