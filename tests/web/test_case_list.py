"""The list of cases as people work in it: chips, columns, views, files and series."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from cases.models import Case, SavedView
from cases.services import open_case
from ledger.models import Event
from sharing.models import Record
from tests.cast import Cast, shared
from tests.web.conftest import Browser, text_of


def a_case(cast: Cast, title: str, name: str = "ana", **more: Any) -> Case:
    return open_case(cast.actor(name), title=title, **{"type": "burglary", **more})


def record(case: Case) -> Record:
    return Record.objects.unrestricted("a test").get(pk=case.pk)


def titles(response: Any) -> list[str]:
    """Return the titles of the cases on a list, in order."""
    return re.findall(r'<a href="/cases/[0-9a-f-]{36}/">([^<]*)</a>', response.content.decode())


def chips(response: Any) -> dict[str, str]:
    """Return the filters in force in words, each with the address without it."""
    found = re.findall(
        r'class="chip" href="/cases/\?([^"]*)".*?</span>(.*?)<span class="chip__x"',
        response.content.decode(),
        re.DOTALL,
    )
    return {re.sub(r"<[^>]+>", "", words): link.replace("&amp;", "&") for link, words in found}


def headings(response: Any) -> list[str]:
    return re.findall(
        r'<th scope="col"[^>]*>\s*([A-Z][\w\' ]+?)\s*</th>', response.content.decode()
    )


def went(response: Any) -> str:
    """Return where an answer leads on."""
    return str(response.url)


def test_filters_in_force_are_chips_and_each_can_be_taken_away(browse: Browser, cast: Cast) -> None:
    a_case(cast, "One")
    page = browse("ana").get(f"/cases/?type=burglary&status=open&owner={cast.id('alpha')}")
    assert chips(page) == {
        "Status: Open": f"type=burglary&owner={cast.id('alpha')}",
        "Type: Burglary": f"status=open&owner={cast.id('alpha')}",
        "Owner: Alpha Police": "status=open&type=burglary",
    }
    alone = browse("ana").get("/cases/?received=false")
    assert chips(alone) == {"Whose: Our own": "all=1"}
    assert chips(browse("ana").get("/cases/?type=no_such_type")) == {}


def test_words_that_were_typed_stand_in_no_address(browse: Browser, cast: Cast) -> None:
    a_case(cast, "Garage on Fifth")
    a_case(cast, "Pier")
    ana = browse("ana")
    address = went(ana.post("/cases/", {"q": "garage", "status": "open", "type": ""}))
    assert "garage" not in address
    page = ana.get(address)
    assert titles(page) == ["Garage on Fifth"]
    assert chips(page).keys() == {"Words: garage", "Status: Open"}
    assert chips(page)["Words: garage"] == "status=open"
    assert titles(ana.get(f"/cases/?{chips(page)['Status: Open']}")) == ["Garage on Fifth"]
    links = re.findall(r'(?:href|action)="([^"]*)"', page.content.decode())
    assert [link for link in links if "garage" in link.lower()] == []
    form = ana.get(f"/cases/export/?every=1&{address.partition('?')[2]}")
    assert "Export 1 case<" in text_of(form)
    colleague = browse("sam").get(address)
    assert titles(colleague) == ["Pier", "Garage on Fifth"]
    assert "are not kept any more" in text_of(colleague)
    assert went(ana.post("/cases/", {"q": ""})) == "/cases/?all=1"


def test_a_view_keeps_the_words_that_its_list_was_narrowed_by(browse: Browser, cast: Cast) -> None:
    a_case(cast, "Garage on Fifth")
    a_case(cast, "Pier")
    ana = browse("ana")
    address = went(ana.post("/cases/", {"q": "garage"}))
    form = ana.get(f"/cases/views/?{address.partition('?')[2]}").content.decode()
    query = re.findall(r'name="query" value="([^"]*)"', form)[0].replace("&amp;", "&")
    opened = went(ana.post("/cases/views/", {"name": "G", "query": query, "for_agency": "1"}))
    assert titles(ana.get(opened)) == ["Garage on Fifth"]
    assert titles(browse("sam").get(opened)) == ["Garage on Fifth"]
    assert titles(browse("bo").get(opened)) == []


def test_columns_and_density_are_chosen_in_the_address_and_kept(
    browse: Browser, cast: Cast
) -> None:
    a_case(cast, "One")
    ana = browse("ana")
    assert headings(ana.get("/cases/")) == [
        *("Number", "Case", "Status", "Owner", "You have", "Changed")
    ]
    chosen = ana.get("/cases/?columns=opened&columns=class&columns=nonsense&density=dense")
    assert headings(chosen) == ["Case", "Class", "Opened"]
    assert "rows--dense" in chosen.content.decode()
    again = ana.get("/cases/")
    assert headings(again) == ["Case", "Class", "Opened"]
    assert headings(ana.get("/cases/?density=usual")) == ["Case"]
    assert headings(browse("sam").get("/cases/"))[0] == "Number"


def test_a_view_is_saved_from_the_list_and_opened_again(browse: Browser, cast: Cast) -> None:
    a_case(cast, "One")
    a_case(cast, "Two", type="robbery")
    ana = browse("ana")
    query = "type=burglary&columns=opened&density=dense"
    form = ana.get(f"/cases/views/?{query}&cursor=x&evil=1")
    kept = re.findall(r'name="query" value="([^"]*)"', form.content.decode())
    assert kept == [query.replace("&", "&amp;")]
    said = {"name": "Burglaries", "query": f"{query}&evil=1", "is_default": "on"}
    sent: Any = ana.post("/cases/views/", said)
    view = SavedView.objects.get()
    assert sent.url == f"/cases/?view={view.pk}"
    assert titles(ana.get(sent.url)) == ["One"]
    assert headings(ana.get(sent.url)) == ["Case", "Opened"]
    first: Any = ana.get("/cases/")
    assert first.url == sent.url
    assert titles(ana.get("/cases/?all=1")) == ["Two", "One"]
    assert browse("sam").get("/cases/").status_code == 200


def test_one_s_own_first_view_comes_before_the_agency_s(browse: Browser, cast: Cast) -> None:
    def save(by: str, name: str, **more: str) -> str:
        said = {"name": name, "query": "status=open", "is_default": "on", **more}
        return went(browse(by).post("/cases/views/", said))

    ours = save("sam", "Ours", for_agency="1")
    assert went(browse("ana").get("/cases/")) == ours
    mine = save("ana", "Mine")
    assert went(browse("ana").get("/cases/")) == mine
    assert went(browse("lee").get("/cases/")) == ours


def test_a_name_that_does_not_do_loses_nothing(browse: Browser) -> None:
    sent = browse("ana").post("/cases/views/", {"name": " ", "query": "status=open"})
    assert sent.status_code == 422
    assert 'value="status=open' in sent.content.decode()


def test_views_are_changed_and_removed_on_their_pages(browse: Browser, cast: Cast) -> None:
    ana = browse("ana")
    ana.post("/cases/views/", {"name": "Mine", "query": "status=open"})
    view = SavedView.objects.get()
    address = f"/cases/views/{view.pk}/"
    assert "Remove this view" in text_of(ana.get(address))
    assert ana.post(address, {"name": "", "for_agency": "1"}).status_code == 422
    assert went(ana.post(address, {"name": "Ours", "for_agency": "1"})) == "/cases/views/"
    assert "Remove this view" not in text_of(browse("lee").get(address))
    assert browse("lee").post(f"{address}remove/").status_code == 403
    assert browse("bo").get(address).status_code == 404
    assert "Ours" in text_of(browse("lee").get("/cases/views/"))
    assert browse("sam").post(f"{address}remove/").status_code == 302
    assert not SavedView.objects.exists()


def test_no_views_say_how_to_have_one(browse: Browser) -> None:
    assert "No views yet." in text_of(browse("ana").get("/cases/views/"))


def in_csv(response: Any) -> list[list[str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


def in_xlsx(response: Any) -> list[list[str]]:
    book: Any = load_workbook(BytesIO(response.content))
    return [[str(cell.value or "") for cell in row] for row in book["Cases"].iter_rows()]


@pytest.mark.parametrize(("form", "read"), [("csv", in_csv), ("xlsx", in_xlsx)])
def test_a_file_holds_what_the_list_shows_with_its_columns(
    browse: Browser, cast: Cast, form: str, read: Any
) -> None:
    one = a_case(cast, "=HYPERLINK(1)")
    a_case(cast, "Two", type="robbery")
    ana = browse("ana")
    ana.get("/cases/?columns=status&density=usual")
    file = ana.post("/cases/export/", {"every": "1", "type": "burglary", "format": form})
    rows = read(file)
    assert rows[:2] == [
        ["Number", "Title", "Status", "Handling"],
        [one.number, "'=HYPERLINK(1)", "Open", "LES"],
    ]
    assert "attachment" in file["Content-Disposition"]
    assert Event.objects.get(kind="record.exported").records == [one.pk]


def test_what_may_not_leave_is_left_out_and_said(browse: Browser, cast: Cast) -> None:
    shared(cast, record(a_case(cast, "Read only")))
    shared(cast, record(a_case(cast, "With leave")), export=True)
    own = a_case(cast, "Bravo's", "bo")
    hidden = a_case(cast, "Hidden")
    bo = browse("bo")
    page = bo.get("/cases/export/?every=1")
    assert "Export 2 cases" in text_of(page)
    assert "1 case of Alpha Police" in text_of(page)
    keys = Case.objects.unrestricted("a test").values_list("pk", flat=True)
    file = bo.post("/cases/export/", {"case": [str(key) for key in keys], "format": "csv"})
    rows = in_csv(file)
    assert {row[1] for row in rows[1:3]} == {"With leave", "Bravo's"}
    assert [row for row in rows if len(row) == 1][1] == [
        "Left out: 1 of Alpha Police, which gave no leave to export."
    ]
    assert hidden.number not in file.content.decode()
    assert own.number in file.content.decode()


def test_nothing_chosen_and_nothing_to_take_out_are_said(browse: Browser, cast: Cast) -> None:
    bo = browse("bo")
    assert went(bo.get("/cases/export/")) == "/cases/"
    shared(cast, record(a_case(cast, "Read only")))
    assert "Nothing here may be exported" in text_of(bo.get("/cases/export/?every=1"))
    assert went(bo.post("/cases/export/", {"every": "1", "format": "csv"})) == "/cases/"
    assert not Event.objects.filter(kind="record.exported").exists()


def test_a_file_has_room_for_so_many(
    browse: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.views.exports.MOST", 2)
    for title in ("One", "Two", "Three"):
        a_case(cast, title)
    ana = browse("ana")
    assert "at most 2 cases" in text_of(ana.get("/cases/export/?every=1"))
    rows = in_csv(ana.post("/cases/export/", {"every": "1", "format": "csv"}))
    assert [row[1] for row in rows[1:3]] == ["Three", "Two"]
    assert len(rows) == 4


@pytest.mark.parametrize("address", ["/cases/export/", "/cases/series/new/"])
def test_whoever_reads_no_cases_takes_none_out(browse: Browser, cast: Cast, address: str) -> None:
    case = a_case(cast, "One")
    for name in ("ida", "cora"):
        assert browse(name).get(f"{address}?case={case.pk}").status_code == 403
    assert browse("ana").get(f"{address}?case={case.pk}").status_code == 200


def made(client: Client, *cases: Case, **more: Any) -> Any:
    ids = [str(case.pk) for case in cases]
    return client.post(
        "/cases/series/new/", {"case": ids, "title": "At noon", "type": "burglary", **more}
    )


def test_a_series_is_made_of_what_was_chosen(browse: Browser, cast: Cast) -> None:
    cases = [a_case(cast, f"Garage {number}") for number in range(6)]
    ana = browse("ana")
    query = "&".join(f"case={case.pk}" for case in cases)
    form = ana.get(f"/cases/series/new/?{query}&case=nonsense")
    assert "Make a series from 6 cases" in text_of(form)
    assert form.content.decode().count("checked") == 6
    sent = made(ana, *cases[:5])
    page = text_of(ana.get(sent.url))
    assert [case.number in page for case in cases] == [True] * 5 + [False]
    assert "Cases of this series" in page
    assert "Part of a series" in text_of(ana.get(f"/cases/{cases[0].pk}/"))
    assert "Part of a series" not in text_of(ana.get(f"/cases/{cases[5].pk}/"))


def test_all_that_a_list_holds_is_read_anew(browse: Browser, cast: Cast) -> None:
    a_case(cast, "One")
    a_case(cast, "Two", type="robbery")
    a_case(cast, "Bravo's", "bo")
    form = browse("ana").get("/cases/series/new/?every=1&type=burglary")
    assert "Make a series from 1 case<" in text_of(form)


def test_a_form_that_does_not_do_loses_nothing(browse: Browser, cast: Cast) -> None:
    one, hidden = a_case(cast, "One"), a_case(cast, "Bravo's", "bo")
    ana = browse("ana")
    sent = made(ana, one, title="", summary="Side doors")
    assert sent.status_code == 422
    assert "Give it a title." in text_of(sent)
    assert "Side doors" in text_of(sent)
    refused = made(ana, one, hidden)
    assert refused.status_code == 422
    assert "not available any more" in text_of(refused)
    assert str(hidden.pk) not in refused.content.decode()
    assert made(ana).url == "/cases/"


def test_more_are_added_to_a_series_and_taken_out(browse: Browser, cast: Cast) -> None:
    one, two = a_case(cast, "One"), a_case(cast, "Two")
    ana = browse("ana")
    address = made(ana, one).url
    series = address.split("/")[2]
    assert made(ana, two, series=series, title="", type="").url == address
    assert two.number in text_of(ana.get(address))
    ana.post(f"{address}series/remove/", {"member": str(two.pk)})
    assert two.number not in text_of(ana.get(address))
    assert ana.post(f"{address}series/remove/", {"member": "x"}).status_code == 404
    assert browse("bo").post(f"{address}series/remove/", {"member": one.pk}).status_code == 404


def test_a_partner_s_page_of_a_series_tells_of_no_others(browse: Browser, cast: Cast) -> None:
    one, two = a_case(cast, "One"), a_case(cast, "Two")
    address = made(browse("ana"), one, two).url
    series = record(Case.objects.unrestricted("a test").get(pk=address.split("/")[2]))
    shared(cast, series)
    alone = text_of(browse("bo").get(address))
    assert "None that you can see." in alone
    assert "Take out" not in alone
    shared(cast, record(one))
    page = text_of(browse("bo").get(address))
    assert one.number in page
    assert two.number not in page
    assert Event.objects.filter(kind="record.listed", records=[one.pk]).count() == 1


@pytest.mark.parametrize(("cap", "said"), [(2, True), (50, False)])
def test_facets_say_that_they_count_the_newest_where_the_count_stopped(
    browse: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch, cap: int, said: bool
) -> None:
    monkeypatch.setattr("cases.views.lists.CAP", cap)
    monkeypatch.setattr("cases.views.lists.SIZE", 1)
    a_case(cast, "One")
    a_case(cast, "Two", type="robbery")
    page = text_of(browse("ana").get("/cases/"))
    assert ("Of the newest 2" in page) == said
    assert "Robbery" in page
