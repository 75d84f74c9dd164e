"""Item forms, made for each kind: what is asked at once, what is folded, how it is kept."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cases.item_fields import GRADES, MORE, QUICK
from cases.models import Item
from tests.cast import Cast
from tests.web.conftest import Browser, Burglary, text_of
from tests.web.markup import faults_of

GOOD_VIN = "1HGCM82633A004352"
BAD_VIN = "1HGCM82633A004353"


def saved(title: str) -> Item:
    """Return the item of this title."""
    items = Item.objects.unrestricted("a test").select_related("record")
    return items.get(record__title=title)


def add(client: Any, burglary: Burglary, kind: str, **said: Any) -> Any:
    """Send the form of a kind; ``role`` and ``title`` as they are, the rest as fields."""
    plain = {"title", "role", "withheld", "another", "save_all_the_same"}
    sent = {name if name in plain else f"fields.{name}": value for name, value in said.items()}
    return client.post(f"{burglary.url}items/new/?kind={kind}", sent)


@pytest.mark.parametrize("kind", Item.Kind.values)
def test_each_kind_asks_about_six_fields_at_once_and_folds_the_rest(
    browse: Browser, burglary: Burglary, kind: str
) -> None:
    page = browse("ana").get(f"{burglary.url}items/new/?kind={kind}").content.decode()
    assert faults_of(page) == []
    at_once, *folded = page.partition("<main")[2].split("<details")
    asked = re.findall(r'name="fields\.(\w+?)(?:_day|_time)?"', at_once)
    assert list(dict.fromkeys(asked)) == list(QUICK[kind])
    assert len(QUICK[kind]) <= 6
    named = set(re.findall(r'name="fields\.(\w+?)(?:_day|_time)?"', "".join(folded)))
    assert named == {*MORE[kind], *GRADES}


def test_roles_that_protect_say_so(browse: Browser, burglary: Burglary) -> None:
    def page(kind: str) -> str:
        return text_of(browse("ana").get(f"{burglary.url}items/new/?kind={kind}"))

    assert "Victim (protected)</option>" in page("person")
    assert "Suspect</option>" in page("person")
    assert "Victim</option>" in page("organization")
    assert "A protected role hides who it is" in page("person")
    assert "A protected role hides who it is" not in page("vehicle")


def test_add_another_leads_to_an_empty_form_of_the_same_kind(
    browse: Browser, burglary: Burglary
) -> None:
    client = browse("ana")
    response = add(client, burglary, "vehicle", plate="ZZZ 111", another="yes")
    assert response.url == f"{burglary.url}items/new/?kind=vehicle"
    page = text_of(client.get(response.url))
    assert "Saved." in page
    assert "ZZZ 111" not in page


def test_times_without_a_zone_are_those_of_the_agency(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    agency = cast.agencies["alpha"]
    agency.time_zone = "America/New_York"
    agency.save()
    client = browse("ana")
    add(client, burglary, "event", title="Entry", from_day="2026-03-01", from_time="21:40")
    item = saved("Entry")
    assert item.fields == {"from": "2026-03-01T21:40:00-05:00"}
    assert "1 Mar 2026, 21:40" in text_of(client.get(f"{burglary.url}items/"))
    page = text_of(client.get(f"/items/{item.pk}/edit/"))
    assert 'name="fields.from_day" id="id_fields.from_day" value="2026-03-01"' in page
    assert 'name="fields.from_time" id="id_fields.from_time" value="21:40"' in page


def test_an_event_is_titled_by_its_offense_and_time_in_words(
    browse: Browser, burglary: Burglary
) -> None:
    add(browse("ana"), burglary, "event", offense="Burglary", from_day="2026-03-01")
    assert saved("Burglary 1 Mar 2026").fields["from"] == "2026-03-01"


def test_an_end_before_the_beginning_is_said_at_the_field(
    browse: Browser, burglary: Burglary
) -> None:
    said = {"from_day": "2026-03-02", "to_day": "2026-03-01", "title": "Entry"}
    response = add(browse("ana"), burglary, "event", **said)
    assert response.status_code == 422
    page = text_of(response)
    assert 'id="id_fields.to_error">The end lies before the beginning.' in page
    assert 'value="2026-03-02"' in page


def test_usual_actions_are_ticked_and_others_typed(browse: Browser, burglary: Burglary) -> None:
    client = browse("ana")
    said = {"title": "Entry", "actions": ["Wore gloves", "Used a key"], "actions.others": "Sang; "}
    add(client, burglary, "event", **said)
    item = saved("Entry")
    assert item.fields == {"actions": ["Wore gloves", "Used a key", "Sang"]}
    page = text_of(client.get(f"/items/{item.pk}/edit/"))
    ticked = re.findall(r'name="fields\.actions" value="([^"]*)"[^>]* checked', page)
    assert sorted(ticked) == ["Used a key", "Wore gloves"]
    assert 'name="fields.actions.others" value="Sang"' in page


def test_a_note_is_titled_by_its_first_words(browse: Browser, burglary: Burglary) -> None:
    text = "The neighbor at number nine saw a light truck leave at ten and did not think of it."
    add(browse("ana"), burglary, "note", text=text)
    title = "The neighbor at number nine saw a light truck leave at ten and did not think of"
    assert saved(title).fields == {"text": text}
    response = add(browse("ana"), burglary, "note", text=" ")
    assert "Give a title, or what makes one." in text_of(response)


def test_a_vin_with_a_wrong_check_digit_is_asked_back_about_once(
    browse: Browser, burglary: Burglary
) -> None:
    client = browse("ana")
    response = add(client, burglary, "vehicle", make="Honda", vin=BAD_VIN)
    page = text_of(response)
    assert response.status_code == 422
    assert "The check digit of this VIN does not fit" in page
    assert f'value="{BAD_VIN}"' in page
    confirm = re.search(r'name="save_all_the_same" value="(\w+)"', page)
    assert confirm
    said = {"make": "Honda", "vin": BAD_VIN, "save_all_the_same": confirm[1]}
    assert add(client, burglary, "vehicle", **said).status_code == 302
    assert saved("Honda").fields["warnings"] == ["vin_check_digit"]


@pytest.mark.parametrize(
    ("vin", "year"), [(GOOD_VIN, ""), (BAD_VIN, "1979"), ("9Z123456", ""), ("", "2003")]
)
def test_a_vin_that_fits_or_is_older_than_check_digits_is_saved_at_once(
    browse: Browser, burglary: Burglary, vin: str, year: str
) -> None:
    response = add(browse("ana"), burglary, "vehicle", title="Old car", vin=vin, year=year)
    assert response.status_code == 302
    assert "warnings" not in saved("Old car").fields


def test_a_form_changes_only_what_it_was_asked_to_change(
    browse: Browser, burglary: Burglary
) -> None:
    client = browse("ana")
    car = saved("Blue Civic")
    said = {"fields.color": "Blue", "title": "Blue Civic", "version": car.record.version}
    client.post(f"/items/{car.pk}/edit/", said)
    assert saved("Blue Civic").fields == {"plate": "8KTR417", "make": "Honda", "color": "Blue"}
    said = {"fields.color": "", "title": "Blue Civic", "version": car.record.version + 1}
    client.post(f"/items/{car.pk}/edit/", said)
    assert saved("Blue Civic").fields == {"plate": "8KTR417", "make": "Honda"}


def test_a_title_that_was_made_is_made_again(browse: Browser, burglary: Burglary) -> None:
    client = browse("ana")
    add(client, burglary, "person", given="Rob", surname="Dale")
    item = saved("Rob Dale")
    said = {"fields.surname": "Dole", "fields.given": "Rob", "title": "Rob Dale", "version": 1}
    client.post(f"/items/{item.pk}/edit/", said)
    assert saved("Rob Dole").pk == item.pk
    named = {**said, "title": "Rob the Dole", "version": 2}
    client.post(f"/items/{item.pk}/edit/", {**named, "fields.surname": "Dole"})
    client.post(f"/items/{item.pk}/edit/", {**named, "fields.surname": "Dull", "version": 3})
    assert saved("Rob the Dole").fields == {"given": "Rob", "surname": "Dull"}


def test_saying_yes_or_no_is_kept_as_such(browse: Browser, burglary: Burglary) -> None:
    client = browse("ana")
    add(client, burglary, "person", surname="Dale", deceased="no", not_criminal="yes")
    item = saved("Dale")
    assert item.fields == {"surname": "Dale", "deceased": False, "not_criminal": True}
    page = text_of(client.get(f"/items/{item.pk}/edit/"))
    assert '<option value="no" selected>No</option>' in page
