"""Text that names a protected person: found however it is written, said of whom and to whom."""

from __future__ import annotations

from typing import Any

import pytest

from agencies.codes import Level
from cases.exposure import Texts, exposures, names_of_person
from cases.models import Case, Item
from cases.services import add_item, open_case
from sharing.models import Record
from sharing.services import acknowledge_grant
from tests.cast import Cast, shared, two_agencies


@pytest.fixture
def cast(db: None) -> Cast:
    """Return Alpha, Bravo and Charlie."""
    made = two_agencies()
    made.agency("charlie")
    made.person("ash", "charlie", "analyst")
    made.agree("M2", "alpha", "charlie")
    return made


@pytest.fixture
def case(cast: Cast) -> Case:
    """Return a case of Ana's."""
    return open_case(cast.actor("ana"), title="Alder Street", type="burglary")


def person(cast: Cast, case: Case, *, by: str = "ana", **more: Any) -> Item:
    """Add a victim by name."""
    fields = {"given": "Vera", "surname": "Holm", **more.pop("fields", {})}
    values = {"title": "Vera Holm", "role": "victim", "fields": fields, **more}
    return add_item(cast.actor(by), case.pk, kind="person", **values)


def give(cast: Cast, thing: Case | Item, **changes: Any) -> None:
    shared(cast, Record.objects.unrestricted("a test").get(pk=thing.pk), **changes)


def named(
    cast: Cast, case: Case, text: str = "Seen by Vera Holm at ten.", **more: Any
) -> list[str]:
    """Return what would be said about a summary of these words."""
    actor = cast.actor(more.pop("by", "ana"))
    texts = Texts(titles=more.pop("titles", {}), body={"Summary": text}, **more)
    return [str(one) for one in exposures(actor, case.pk, texts)]


SAID = "“Summary” names Victim 1 (Holm), who is held back from Bravo Police."


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("Seen by Vera Holm at ten.", True),
        ("HOLM called.", True),
        ("At Hólm’s door", True),
        ("At Holm's door", True),
        ("Mrs. Holm, 41, ran.", True),
        ("Vera called.", False),
        ("In Stockholm", False),
        ("Holmes called.", False),
        ("Known as Vee-Vee there", True),
        ("Known as Vee there", False),
        ("", False),
    ],
)
def test_names_are_found_as_whole_words_however_they_are_written(
    cast: Cast, case: Case, text: str, warned: bool
) -> None:
    person(cast, case, fields={"aliases": ["Vee Vee"]})
    give(cast, case)
    assert bool(named(cast, case, text)) is warned


def test_it_says_who_is_named_and_from_whom_they_are_held_back(cast: Cast, case: Case) -> None:
    person(cast, case)
    assert named(cast, case) == []
    give(cast, case)
    assert named(cast, case) == [SAID]
    give(cast, case, to="charlie")
    assert named(cast, case) == [SAID.replace("Bravo Police", "Bravo Police, Charlie Police")]


def test_whoever_has_the_name_already_is_told_nothing_new(cast: Cast, case: Case) -> None:
    person(cast, case)
    give(cast, case, later="all", unmask=True)
    assert named(cast, case) == []


def test_whoever_has_the_person_masked_is_not_to_read_the_name(cast: Cast, case: Case) -> None:
    victim = person(cast, case)
    give(cast, case, later="all")
    assert named(cast, case) == [SAID]
    assert named(cast, case, item=victim) == []


def test_colleagues_who_may_not_read_the_item_are_no_other_agency(cast: Cast) -> None:
    routine = open_case(
        cast.actor("ana"), title="Elm Street", type="burglary", sensitivity="routine"
    )
    person(cast, routine, sensitivity="confidential")
    assert named(cast, routine) == []
    give(cast, routine)
    assert named(cast, routine) == [SAID]


def test_a_reader_of_the_summary_alone_reads_titles(cast: Cast, case: Case) -> None:
    person(cast, case)
    give(cast, case, level=Level.SUMMARY)
    assert named(cast, case) == []
    assert named(cast, case, "", titles={"Title": "Holm entry"}) == [
        SAID.replace("Summary", "Title")
    ]
    assert named(cast, case, "", titles={"Title": "Elm entry"}) == []


@pytest.mark.parametrize(
    ("more", "warned"),
    [
        ({"role": "suspect"}, False),
        ({"role": "suspect", "withheld": True}, True),
        ({"role": "victim"}, True),
        ({"role": "suspect", "fields": {"dob": "2015-02-01"}}, True),
    ],
)
def test_who_is_neither_protected_nor_held_back_may_be_named(
    cast: Cast, case: Case, more: dict[str, Any], warned: bool
) -> None:
    person(cast, case, **more)
    give(cast, case)
    assert bool(named(cast, case)) is warned


def test_what_nobody_outside_reads_may_name_anybody(cast: Cast, case: Case) -> None:
    person(cast, case)
    give(cast, case)
    assert named(cast, case, withheld=True) == []
    assert named(cast, case, masked=True) == []
    assert named(cast, case) == [SAID]


def test_an_item_may_name_itself_and_is_judged_by_its_own_readers(cast: Cast, case: Case) -> None:
    victim = person(cast, case)
    note = add_item(cast.actor("ana"), case.pk, kind="note", title="Talk", withheld=True)
    give(cast, case)
    assert named(cast, case, item=victim) == []
    assert named(cast, case, item=note, withheld=True) == []
    assert named(cast, case, item=note) == [SAID]
    shown = add_item(cast.actor("ana"), case.pk, kind="note", title="Walk")
    assert named(cast, case, item=shown) == [SAID]


def test_what_a_partner_adds_is_judged_by_who_reads_its_contribution(
    cast: Cast, case: Case
) -> None:
    person(cast, case)
    give(cast, case, level=Level.CONTRIBUTE)
    grant = Record.objects.unrestricted("a test").get(pk=case.pk).grants.get()
    acknowledge_grant(cast.actor("stella"), grant.pk)
    assert named(cast, case, by="bo") == []
    added = person(cast, case, by="bo", withheld=True, title="Ned Ost", fields={"surname": "Ost"})
    text = Texts(titles={}, body={"Text": "Ost and Holm met."})
    found = [str(one) for one in exposures(cast.actor("bo"), case.pk, text)]
    label = added.record.label
    assert found == [f"“Text” names {label} (Ost), who is held back from Alpha Police."]


@pytest.mark.parametrize(
    ("title", "fields", "names"),
    [
        ("Vera Holm", {"surname": "Holm"}, ["Holm"]),
        ("Vera Holm", {}, ["Vera Holm", "Holm"]),
        ("Unknown male", {}, ["Unknown male"]),
        ("Vera", {}, ["Vera"]),
        ("unknown", {}, []),
        ("Holm Motors", {"name": "Holm Motors", "aliases": ["HM"]}, ["Holm Motors", "HM"]),
    ],
)
def test_names_come_from_the_fields_or_else_from_the_title(
    title: str, fields: dict[str, Any], names: list[str]
) -> None:
    item = Item(kind="person", fields=fields)
    item.record = Record(title=title)
    assert names_of_person(item) == names
