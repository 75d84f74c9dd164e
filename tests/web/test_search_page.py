"""The search page: what it matched, facets and chips, and that no address holds what was typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from cases.services import add_item, open_case
from ledger.models import Event
from sharing.models import Record
from sharing.search import SearchPage
from tests.cast import Cast, shared
from tests.web.conftest import Browser, Burglary, text_of


def looked_for(client: Client, text: str, **narrowed: str) -> str:
    """Type *text* into the search box, narrow what was found, and return the page."""
    sent = client.post("/search/", {"q": text})
    assert sent.status_code == 302
    return text_of(
        client.get(sent["Location"], narrowed) if narrowed else client.get(sent["Location"])
    )


def hits(page: str) -> list[str]:
    return re.findall(r'<a href="/cases/[^"]*">([^<]*)</a>', page)


def facets(page: str) -> dict[str, list[str]]:
    """Return each facet with its values and counts."""
    parts = re.findall(r'<h2 class="facets__label">([^<]*)</h2> <ul>(.*?)</ul>', page)
    values = r'<a href="[^"]*">([^<]*)</a> <span class="quiet">(\d+)</span>'
    return {name: [" ".join(one) for one in re.findall(values, part)] for name, part in parts}


def test_what_was_typed_is_in_no_address(browse: Browser, burglary: Burglary) -> None:
    client = browse("ana")
    sent = client.post("/search/", {"q": "Will Tarn"})
    assert re.fullmatch(r"/search/\?s=[\w-]{8}", sent["Location"])
    page = text_of(client.get(sent["Location"]))
    assert hits(page) == ["Will Tarn"]
    assert not re.search(r'(?:href|action|src)="[^"]*(?i:tarn)', page)
    assert client.post("/search/", {"q": "Will Tarn"})["Location"] == sent["Location"]


def test_an_address_finds_nothing_in_anybody_else_s_session(
    browse: Browser, burglary: Burglary
) -> None:
    address = browse("ana").post("/search/", {"q": "Will Tarn"})["Location"]
    page = text_of(browse("ana").get(address))
    assert "kept in the session of whoever typed it" in page
    assert "Tarn" not in page


def test_a_session_keeps_the_last_twenty(browse: Browser) -> None:
    client = browse("ana")
    addresses = [client.post("/search/", {"q": f"word{n}"})["Location"] for n in range(21)]
    assert "Type it again" in text_of(client.get(addresses[0]))
    assert "word1”" in text_of(client.get(addresses[1]))


def test_nothing_typed_is_no_search_and_too_much_comes_back(browse: Browser) -> None:
    client = browse("ana")
    assert client.post("/search/", {"q": "  "})["Location"] == "/search/"
    answer = client.post("/search/", {"q": "x" * 201})
    assert answer.status_code == 422
    assert "x" * 201 in text_of(answer)
    assert "at most 200 characters" in text_of(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("8KTR417", "Matched the plate 8KTR417"),
        ("8ktr-417", "Matched the plate 8ktr-417 as 8KTR417"),
        ("plate 8KTR4I7", "Matched the plate 8KTR4I7, read as 8KTR417"),
        ("(212) 555-0172", "Matched the phone (212) 555-0172 as +12125550172"),
        ("24/1832", "Matched the number of Alpha Police 24/1832 as 24-1832"),
        ("alpha 24-1832", "Matched the number of Alpha Police 24-1832"),
        ("Tarn, Will", "Matched the name Will Tarn"),
        ("Will Tarm", "Matched the name Will Tarn, spelled like Will Tarm"),
    ],
)
def test_the_page_says_what_it_matched(
    browse: Browser, burglary: Burglary, typed: str, said: str
) -> None:
    page = looked_for(browse("ana"), typed)
    assert said in re.findall(r'<span class="rows__under">([^<]*)</span>', page)


def test_a_plate_is_misread_only_where_it_is_said_to_be_one(
    browse: Browser, burglary: Burglary
) -> None:
    assert hits(looked_for(browse("ana"), "8KTR4I7")) == []
    assert hits(looked_for(browse("ana"), "tag 8KTR4I7")) == ["Blue Civic"]


def test_a_date_of_birth_narrows_names_however_both_are_written(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    ana = cast.actor("ana")
    for given, day in (("John", "1980-02-03"), ("Jonas", "1991-07-30")):
        fields = {"given": given, "surname": "Smith", "dob": day}
        add_item(
            ana,
            burglary.case.pk,
            kind="person",
            title=f"{given} Smith",
            role="suspect",
            fields=fields,
        )
    for typed in ("Smith, John 1980-02-03", "john smith 2/3/1980", "Jon Smyth 02/03/1980"):
        assert hits(looked_for(browse("ana"), typed)) == ["John Smith"]
    assert hits(looked_for(browse("ana"), "John Smith 1980-02-04")) == []


def test_the_agency_named_before_a_number_comes_first(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    other = open_case(cast.actor("bo"), title="Theirs", type="theft", own_number="24-1832")
    shared(cast, Record.objects.unrestricted("a test").get(pk=burglary.case.pk))
    assert set(hits(looked_for(browse("bo"), "24-1832"))) == {
        "Garage burglaries on Fifth",
        "Theirs",
    }
    assert hits(looked_for(browse("bo"), "alpha 24-1832"))[0] == "Garage burglaries on Fifth"
    assert hits(looked_for(browse("bo"), "bravo 24-1832"))[0] == other.record.title


def test_facets_narrow_and_chips_widen_again(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    open_case(cast.actor("ana"), title="Garage theft", type="theft")
    add_item(cast.actor("ana"), burglary.case.pk, kind="vehicle", title="Garage van", role="seen")
    page = looked_for(browse("ana"), "garage")
    assert facets(page) == {
        "Kind": ["Case 2", "Vehicle 1"],
        "Type": ["Burglary 1", "Theft 1"],
    }
    client = browse("ana")
    address = client.post("/search/", {"q": "garage"})["Location"]
    narrowed = text_of(client.get(f"{address}&type=theft"))
    assert hits(narrowed) == ["Garage theft"]
    assert f'<a class="chip" href="{address.removeprefix("/search/")}">Type: Theft' in narrowed
    assert len(hits(text_of(client.get(f"{address}&kind=vehicle")))) == 1
    assert len(hits(text_of(client.get(f"{address}&kind=nonsense&type=x&owner=%20")))) == 3


def test_ours_and_theirs_are_told_apart(browse: Browser, cast: Cast, burglary: Burglary) -> None:
    shared(cast, Record.objects.unrestricted("a test").get(pk=burglary.case.pk))
    open_case(cast.actor("bo"), title="Garage fire", type="arson")
    client = browse("bo")
    address = client.post("/search/", {"q": "garage"})["Location"]
    page = text_of(client.get(address))
    assert facets(page)["Whose"] == ["Ours 1", "Received 1"]
    assert facets(page)["Owner"] == ["Alpha Police 1", "Bravo Police 1"]
    assert hits(text_of(client.get(f"{address}&received=true"))) == ["Garage burglaries on Fifth"]
    assert hits(text_of(client.get(f"{address}&received=false"))) == ["Garage fire"]
    assert hits(text_of(client.get(f"{address}&owner=bravo"))) == ["Garage fire"]
    chip = text_of(client.get(f"{address}&owner=bravo"))
    assert "Owner: Bravo Police" in chip
    assert "Whose: Ours" in text_of(client.get(f"{address}&received=false"))


def test_facets_of_a_partner_tell_of_nothing_it_may_not_see(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    open_case(cast.actor("bo"), title="Garage fire", type="arson")
    assert facets(looked_for(browse("bo"), "garage")) == {}
    assert "1 found" in looked_for(browse("bo"), "garage")


def test_the_newest_thousand_are_ranked_and_labelled_so(
    browse: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = cast.actor("ana")
    for number in range(5):
        open_case(ana, title=f"Harbor {number}", type="theft")
    monkeypatch.setattr("sharing.search.finding.CAP", 3)
    monkeypatch.setattr("sharing.search.statement.CLOSE", 2)
    client = browse("ana")
    address = client.post("/search/", {"q": "harbor"})["Location"]
    page = text_of(client.get(address))
    assert hits(page) == ["Harbor 4", "Harbor 3", "Harbor 2"]
    assert "the newest 1,000 that you may see are ranked" in page
    whole = text_of(client.get(f"{address}&all=on"))
    assert len(hits(whole)) == 5
    assert "all ranked" in whole
    monkeypatch.setattr("sharing.search.finding.CAP", 5)
    assert "ranked" not in text_of(client.get(address))


def test_words_are_marked_and_never_as_markup(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    open_case(cast.actor("ana"), title="Odd", type="theft", summary="A <b>blunt</b> crowbar & more")
    page = looked_for(browse("ana"), "crowbar")
    assert "A &lt;b&gt;blunt&lt;/b&gt; <mark>crowbar</mark> &amp; more" in page


def test_an_empty_answer_offers_to_ask_with_what_was_typed(browse: Browser) -> None:
    client = browse("ana")
    for typed, name in (("24-9999", "own_number"), ("Blue van", "description")):
        page = looked_for(client, typed)
        offered = re.search(r'href="(/requests/ask/\?s=[\w-]+)"', page)
        assert offered
        form = text_of(client.get(offered[1]))
        field = re.search(rf'name="{name}"[^>]*?(?:value="([^"]*)"|>\s*([^<]*?)\s*<)', form)
        assert field
        assert typed in field.groups()


def test_a_search_is_on_the_ledger_with_what_it_listed(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    shared(cast, Record.objects.unrestricted("a test").get(pk=burglary.case.pk))
    looked_for(browse("bo"), "8ktr417")
    listed = Event.objects.filter(kind="record.listed").order_by("-seq").first()
    assert listed is not None
    assert listed.records == [burglary.car.pk]
    before = Event.objects.count()
    looked_for(browse("bo"), "nothing like it")
    assert Event.objects.count() == before


def test_suggestions_come_by_post_as_options(browse: Browser, burglary: Burglary) -> None:
    client = browse("ana")
    page = text_of(client.post("/search/suggest/", {"q": "garage"}))
    assert re.findall(r'role="option" aria-selected="false" data-url="([^"]*)"', page) == [
        burglary.url
    ]
    assert "Blue Civic" in text_of(client.post("/search/suggest/", {"q": "8ktr4"}))
    assert text_of(client.post("/search/suggest/", {"q": "8"})) == ""
    assert "Matched the plate 8KTR417" in text_of(client.post("/search/suggest/", {"q": "8KTR417"}))
    assert text_of(browse("ash").post("/search/suggest/", {"q": "garage"})) == ""


def test_searching_takes_the_same_few_statements_however_much_it_finds(
    browse: Browser, cast: Cast, burglary: Burglary, django_assert_max_num_queries: Any
) -> None:
    client = browse("ana")
    client.get("/search/")
    counts = []
    for _ in range(2):
        for number in range(4):
            open_case(cast.actor("ana"), title=f"Garage {number}", type="theft")
        address = client.post("/search/", {"q": "garage"})["Location"]
        with django_assert_max_num_queries(25) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("given_up", "said"),
    [
        (True, "Looking through everything for “barrow” took too long."),
        (False, "Nothing that you can see matches “barrow”."),
    ],
)
def test_a_search_that_was_given_up_does_not_say_that_there_is_nothing(
    browse: Browser, monkeypatch: pytest.MonkeyPatch, given_up: bool, said: str
) -> None:
    monkeypatch.setattr(
        "sharing.search_page.search", lambda *asked, **how: SearchPage(given_up=given_up)
    )
    assert said in re.sub(r"</?bdi>", "", looked_for(browse("ana"), "barrow"))
