"""The case form and the case page: two questions, the rest derived; what it is, always in sight."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agencies.codes import Level
from cases.models import Case, Item
from cases.services import add_item, amend_case, amend_item
from sharing.models import Grant, Record, ShareRequest
from sharing.services import acknowledge_grant
from tests.cast import Cast, in_days, shared
from tests.web.conftest import Browser, Burglary, text_of
from tests.web.markup import faults_of

SAID = {"title": "Pier hold-ups", "type": "robbery"}


def only_case() -> Case:
    return Case.objects.unrestricted("a test").select_related("record").get()


def give(cast: Cast, burglary: Burglary, **changes: Any) -> Grant:
    return shared(cast, Record.objects.unrestricted("a test").get(pk=burglary.case.pk), **changes)


@pytest.mark.parametrize(
    ("answers", "findability"),
    [
        ({}, "listed"),
        ({"protected": ""}, "listed"),
        ({"protected": "someone"}, "contact_only"),
        ({"protected": "source"}, "silent"),
        ({"protected": "someone", "type": "human_trafficking"}, "silent"),
        ({"protected": "source", "findability": "listed"}, "listed"),
        ({"findability": "silent"}, "silent"),
        ({"type": "kidnapping"}, "contact_only"),
    ],
)
def test_two_questions_decide_who_can_find_a_case(
    browse: Browser, answers: dict[str, str], findability: str
) -> None:
    browse("ana").post("/cases/new/", {**SAID, **answers})
    assert only_case().record.findability == findability


def test_the_rest_follows_from_the_type_and_can_be_said(browse: Browser) -> None:
    ana = browse("ana")
    ana.post("/cases/new/", SAID)
    case = only_case()
    record = case.record
    assert (record.grouping, record.category, record.handling) == (
        "investigation",
        "investigation",
        ["LES"],
    )
    said = {"category": "analysis_product", "opened_on": "2026-01-05", "grouping": "series"}
    ana.post("/cases/new/", {**SAID, **said, "title": "Another"})
    made = Case.objects.unrestricted("a test").select_related("record").get(opened_on="2026-01-05")
    assert (made.record.grouping, made.record.category) == ("series", "analysis_product")


def test_whoever_is_protected_is_asked_for_next(browse: Browser) -> None:
    ana = browse("ana")
    response = ana.post("/cases/new/", {**SAID, "protected": "someone"})
    assert response.url == f"/cases/{only_case().pk}/items/new/?kind=person"
    assert "Add who is protected now" in text_of(ana.get(response.url))


def test_what_follows_is_said_while_the_form_is_filled_in(browse: Browser) -> None:
    def derived(**said: str) -> str:
        response = browse("ana").get("/cases/new/", said, headers={"HX-Request": "true"})
        assert "<html" not in response.content.decode()
        return text_of(response)

    assert "follow from the type" in derived()
    assert "<dd> Listed for partners </dd>" in derived(type="robbery")
    assert "<dd> Contact only </dd>" in derived(type="robbery", protected="someone")
    assert "<dd> Silent </dd>" in derived(type="robbery", findability="silent")
    assert "<dd> Series </dd>" in derived(type="robbery", grouping="series")


def test_six_fields_are_asked_and_the_rest_is_folded(browse: Browser) -> None:
    page = browse("ana").get("/cases/new/").content.decode()
    at_once, folded = page.partition("<main")[2].split('<details class="fold"')
    asked = [name for name in re.findall(r' name="(\w+)"', at_once) if name != CSRF]
    assert list(dict.fromkeys(asked)) == [
        "title",
        "type",
        "own_number",
        "summary",
        "findability",
        "protected",
    ]
    assert re.findall(r' name="(\w+)"', folded.partition("</details")[0]) == [
        "grouping",
        "category",
        "sensitivity",
        "opened_on",
    ]


CSRF = "csrfmiddlewaretoken"


def test_marks_are_ticked_and_the_agency_s_own_typed(browse: Browser, burglary: Burglary) -> None:
    ana = browse("ana")
    burglary.case.record.refresh_from_db()
    said = {
        "title": "Garage burglaries on Fifth",
        "type": "burglary",
        "status": "open",
        "version": burglary.case.record.version,
        "handling": ["LES", "officer_safety"],
        "handling.others": "Harbor unit only; ",
    }
    assert ana.post(f"{burglary.url}edit/", said).status_code == 302
    assert only_case().record.handling == ["LES", "officer_safety", "Harbor unit only"]
    page = text_of(ana.get(burglary.url))
    strip = re.search(r'case-bar__strip">(.*?)</p>', page)
    assert strip
    assert re.findall(r"<span>([^<]*)</span>", strip[1]) == [
        "LES",
        "Officer safety",
        "Harbor unit only",
        "Sensitive",
    ]


def chip(browse: Browser, name: str, burglary: Burglary) -> str:
    """Return what the page says of who sees the case."""
    page = text_of(browse(name).get(burglary.url))
    found = re.search(r">((?:Visible|Not shared)[^/]*?)(?:<time[^>]*>([^<]*)</time>)?</a>", page)
    return f"{found[1]}{found[2] or ''}" if found else ""


def test_the_chip_says_how_many_agencies_see_it_and_which_end_first(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    assert chip(browse, "ana", burglary) == "Visible to your agency alone"
    give(cast, burglary)
    until = Grant.objects.get().until
    day = f"{until.day} {until:%b %Y}"
    assert chip(browse, "ana", burglary) == f"Visible to 1 agency, 1 expires {day}"
    cast.agree("M2", "alpha", "charlie")
    give(cast, burglary, to="charlie", until=in_days(60))
    assert chip(browse, "ana", burglary) == f"Visible to 2 agencies, 1 expires {day}"
    assert chip(browse, "bo", burglary) == (
        f"Visible to 2 agencies beside the owner, 1 expires {day}"
    )


def test_a_received_case_looks_received_and_says_on_what_terms(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    give(cast, burglary)
    theirs, own = (text_of(browse(name).get(burglary.url)) for name in ("bo", "ana"))
    assert "case-bar--received" in theirs
    assert "<strong>Received from Alpha Police</strong>, Full, until" in theirs
    number = cast.agreements["M1"].number
    assert f"under agreement {number}. You may not pass it on without their consent." in theirs
    assert "received" not in own.partition("<main")[2].lower()


def groups(page: str) -> list[tuple[str, list[str]]]:
    """Return the titles of items under the name of their group, in order."""
    parts = re.split(r'class="group__head"> <strong>([^<]*)</strong>', page)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    title = r'class="item__title"> <span[^>]*>[^<]*</span> ([^<]*?) </h3>'
    return [(name, re.findall(title, rows)) for name, rows in pairs]


def test_items_stand_by_kind_and_can_be_narrowed_to_one(
    browse: Browser, burglary: Burglary
) -> None:
    ana = browse("ana")
    page = text_of(ana.get(f"{burglary.url}items/"))
    assert groups(page) == [("People", ["Vera Holm", "Will Tarn"]), ("Vehicles", ["Blue Civic"])]
    counts = re.findall(r'href="\?kind=(\w+)" >\w+ <span class="quiet">(\d+)', page)
    assert counts == [("person", "2"), ("vehicle", "1")]
    narrowed = text_of(ana.get(f"{burglary.url}items/?kind=vehicle"))
    assert groups(narrowed) == [("Vehicles", ["Blue Civic"])]
    assert "None here." in text_of(ana.get(f"{burglary.url}items/?kind=phone"))


def test_a_partner_s_counts_are_of_what_it_reaches(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    give(cast, burglary, later="all")
    page = text_of(browse("bo").get(f"{burglary.url}items/"))
    assert groups(page) == [("People", ["Witness 1"]), ("Vehicles", ["Blue Civic"])]
    assert "Alpha Police keeps who this is to itself" in page
    counts = re.findall(r'href="\?kind=(\w+)" >\w+ <span class="quiet">(\d+)', page)
    assert counts == [("person", "1"), ("vehicle", "1")]


def test_items_go_on_by_key(
    browse: Browser, burglary: Burglary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.views.pages.ITEMS", 2)
    ana = browse("ana")
    first = text_of(ana.get(f"{burglary.url}items/"))
    assert groups(first) == [("People", ["Vera Holm"]), ("Vehicles", ["Blue Civic"])]
    link = re.search(r'rel="next" href="\?kind=&amp;after=([0-9a-f-]+)"', first)
    assert link
    rest = text_of(ana.get(f"{burglary.url}items/?after={link[1]}"))
    assert groups(rest) == [("People", ["Will Tarn"])]
    assert "Later items" not in rest
    everything = text_of(ana.get(f"{burglary.url}items/?after=nonsense"))
    assert groups(everything) == groups(first)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"role": "victim"}, "Protected: victim"),
        ({"role": "suspect", "fields": {"dob": "2015-01-01"}}, "Protected: juvenile"),
        ({"role": "suspect", "restrictions": ["informant"]}, "Protected: Informant"),
    ],
)
def test_its_owner_reads_why_an_item_is_protected(
    browse: Browser, cast: Cast, burglary: Burglary, said: dict[str, Any], words: str
) -> None:
    add_item(cast.actor("ana"), burglary.case.pk, kind="person", title="Ned Ost", **said)
    page = text_of(browse("ana").get(f"{burglary.url}items/"))
    assert f"{words}</span>" in page[page.index("Ned Ost") :]


def test_what_protects_no_more_is_still_marked(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    item = burglary.witness
    amend_item(cast.actor("ana"), item.pk, version=item.record.version, role="suspect")
    page = text_of(browse("ana").get(f"{burglary.url}items/"))
    assert "Protected</span>" in page[page.index("Will Tarn") :]


def test_what_waits_is_released_from_the_items_in_one_tap(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    ana, address = browse("ana"), f"{burglary.url}items/"
    assert "Waiting to be released" not in text_of(ana.get(address))
    grant = give(cast, burglary)
    later = add_item(
        cast.actor("ana"), burglary.case.pk, kind="person", title="Ned Ost", role="witness"
    )
    response = ana.get(address)
    page = text_of(response)
    assert faults_of(response.content.decode()) == []
    assert "<strong>Ned Ost</strong> is held back from Bravo Police." in page
    assert "Waiting to be released" not in text_of(browse("bo").get(address))
    forms = re.findall(r'<form method="post" action="(/grants/[^"]*)">(.*?)</form>', page)
    action, fields = next(one for one in forms if str(later.pk) in one[1])
    assert action == f"/grants/{grant.pk}/release/"
    said = dict(re.findall(r'name="(item_id|reason)" value="([^"]*)"', fields))
    assert ana.post(action, said).status_code == 302
    assert ShareRequest.objects.latest("created_at").record_id == later.pk


def test_contributions_stand_apart_under_their_owner(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    grant = give(cast, burglary, level=Level.CONTRIBUTE)
    acknowledge_grant(cast.actor("stella"), grant.pk)
    add_item(cast.actor("bo"), burglary.case.pk, kind="note", title="Seen at our garage")
    for name in ("ana", "bo"):
        page = text_of(browse(name).get(f"{burglary.url}items/"))
        own, _, contributed = page.partition("Contributed by Bravo Police")
        assert "Seen at our garage" not in own
        assert groups(contributed) == [("Notes", ["Seen at our garage"])]
        assert "These stay Bravo Police" in contributed


def test_the_overview_leads_to_changing_what_was_derived(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    page = text_of(browse("ana").get(burglary.url))
    anchors = re.findall(r"edit/#(\w+)", page)
    assert anchors == ["id_findability_0", "id_category", "id_sensitivity"]
    form = browse("ana").get(f"{burglary.url}edit/").content.decode()
    assert all(f'id="{anchor}"' in form for anchor in anchors)
    assert "<dt>Protected in it</dt> <dd> 2 items" in page
    give(cast, burglary)
    theirs = text_of(browse("bo").get(burglary.url))
    assert re.findall(r"edit/#(\w+)", theirs) == []
    assert "Protected in it" not in theirs
    assert Item.objects.unrestricted("a test").count() == 3


def test_the_history_shows_what_each_version_changed(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    ana = browse("ana")
    amend_case(
        cast.actor("sam"),
        burglary.case.pk,
        version=only_case().record.version,
        title="Sheds on Fifth",
        status="suspended",
        sensitivity="confidential",
        handling=["LES", "Harbor unit only"],
    )
    response = ana.get(f"{burglary.url}history/")
    page = text_of(response)
    assert faults_of(response.content.decode()) == []
    cell = r' <td class="text"[^>]*>([^<]*)</td>'
    rows = re.findall(rf'<th scope="row">([^<]*)</th>{cell}{cell}', page[page.index("Versions") :])
    assert rows == [
        ("Title", "Garage burglaries on Fifth", "Sheds on Fifth"),
        ("Status", "Open", "Suspended"),
        ("How closely held", "Sensitive", "Confidential"),
        ("Handling", "LES", "LES; Harbor unit only"),
    ]
    assert re.search(r"</strong> saved by Sam, <time", page)
    give(cast, burglary)
    assert browse("bo").get(f"{burglary.url}history/").status_code == 404


def test_history_goes_on_by_key(
    browse: Browser, cast: Cast, burglary: Burglary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.views.pages.EVENTS", 2)
    ana = browse("ana")
    first = text_of(ana.get(f"{burglary.url}history/"))
    link = re.search(r'rel="next" href="\?after=(\d+)"', first)
    assert link
    rest = text_of(ana.get(f"{burglary.url}history/?after={link[1]}"))
    assert rest != first
    assert "Versions" not in rest
    assert ana.get(f"{burglary.url}history/?after=no-number").status_code == 200
