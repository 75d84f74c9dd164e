"""What each reader sees of cases and items, in lists and one by one."""

from __future__ import annotations

from typing import Any

import pytest

from agencies.codes import Level
from cases.listing import case_page, items_of, own_contributions
from cases.models import Case, Item
from cases.presentation import allowed_on_case, allowed_on_item, shown_case, shown_item
from cases.services import add_item, open_case
from ledger.models import Event
from sharing.actions import Action
from sharing.models import Grant
from sharing.services import acknowledge_grant, approve_request, offer_record, revoke_grant
from tests.cast import Cast, terms, two_agencies

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return two_agencies()


@pytest.fixture
def case(cast: Cast) -> Case:
    ana = cast.actor("ana")
    case = open_case(
        ana,
        title="Alder Street",
        type="burglary",
        summary="Seven houses",
        own_number="26-1832",
        opened_on="2026-03-01",
    )
    add_item(ana, case.pk, kind="vehicle", title="Civic", role="used", fields={"plate": "8KT417"})
    add_item(ana, case.pk, kind="person", title="Vera", role="victim", fields={"given": "Vera"})
    add_item(ana, case.pk, kind="person", title="Source 14", role="informant")
    add_item(ana, case.pk, kind="note", title="Held", withheld=True)
    return case


def give(cast: Cast, case: Case, level: Level, **changes: Any) -> Grant:
    request = offer_record(
        cast.actor("ana"),
        record_id=case.pk,
        roster_id=cast.id("bravo"),
        terms=terms(level=level, **changes),
    )
    approve_request(cast.actor("sam"), request.pk)
    return Grant.objects.get(record_id=case.pk, roster_id=cast.id("bravo"), revoked_at=None)


def case_for(cast: Cast, who: str, case: Case) -> dict[str, Any]:
    """Return what a person sees of a case, with what it may do."""
    actor = cast.actor(who)
    row = (
        Case.objects.permitting(actor, Action.KNOW)
        .with_access(actor)
        .select_related("record", "record__owner")
        .get(pk=case.pk)
    )
    return {**shown_case(row), "allowed_actions": allowed_on_case(actor, row)}


def items_for(cast: Cast, who: str, case: Case) -> dict[str, dict[str, Any]]:
    """Return what a person sees of the items of a case, by title."""
    actor = cast.actor(who)
    shown = [
        {**shown_item(item), "allowed_actions": allowed_on_item(actor, item)}
        for item in items_of(actor, case.pk)
    ]
    return {one["title"]: one for one in shown}


OWN = {
    "number",
    "owner",
    "contact",
    "received",
    "level",
    "id",
}
OF_SUMMARY = {
    "class",
    "title",
    "type",
    "status",
    "disposition",
    "sensitivity",
    "handling",
    "category",
    "findability",
    "opened_on",
    "touched_at",
    "version",
}
OF_BODY = {"summary", "own_number"}


@pytest.mark.parametrize(
    ("level", "seen", "allowed"),
    [
        (Level.POINTER, OWN, ["ask"]),
        (Level.SUMMARY, OWN | OF_SUMMARY, ["ask"]),
        (Level.VIEW, OWN | OF_SUMMARY | OF_BODY, ["read", "ask"]),
        (Level.CONTRIBUTE, OWN | OF_SUMMARY | OF_BODY, ["read"]),
    ],
)
def test_each_level_shows_exactly_its_own_values(
    cast: Cast, case: Case, level: Level, seen: set[str], allowed: list[str]
) -> None:
    give(cast, case, level)
    shown = case_for(cast, "bo", case)
    assert shown.pop("allowed_actions") == allowed
    assert {name for name, value in shown.items() if value is not None} == seen
    assert (shown["level"], shown["received"]) == (level.code, True)


def test_the_owner_sees_all_and_may_do_all(cast: Cast, case: Case) -> None:
    shown = case_for(cast, "ana", case)
    assert shown.pop("allowed_actions") == ["read", "edit", "add_item", "share", "revoke"]
    assert (shown["level"], shown["received"], shown["summary"], shown["own_number"]) == (
        "manage",
        False,
        "Seven houses",
        "26-1832",
    )
    assert shown["owner"] == {"short_name": "alpha", "name": "Alpha Police"}


def test_adding_is_offered_once_it_was_acknowledged(cast: Cast, case: Case) -> None:
    grant = give(cast, case, Level.CONTRIBUTE)
    assert case_for(cast, "bo", case)["allowed_actions"] == ["read"]
    acknowledge_grant(cast.actor("stella"), grant.pk)
    assert case_for(cast, "bo", case)["allowed_actions"] == ["read", "contribute"]
    (row,), _ = case_page(cast.actor("bo"))
    assert allowed_on_case(cast.actor("bo"), row) == ["read", "contribute"]


def test_the_owner_sees_every_item_in_full(cast: Cast, case: Case) -> None:
    items = items_for(cast, "ana", case)
    assert set(items) == {"Civic", "Vera", "Source 14", "Held"}
    assert {title: one["withheld"] for title, one in items.items() if one["withheld"]} == {
        "Held": True
    }
    assert items["Vera"]["fields"] == {"given": "Vera"}
    assert items["Held"]["allowed_actions"] == ["read", "edit", "share", "release"]
    assert items["Civic"]["allowed_actions"] == ["read", "edit", "share", "withhold"]


def test_a_summary_names_nobody(cast: Cast, case: Case) -> None:
    give(cast, case, Level.SUMMARY)
    items = items_for(cast, "bo", case)
    assert {title: (one["fields"], one["masked"]) for title, one in items.items()} == {
        "Vehicle 1": (None, True)
    }
    assert items["Vehicle 1"]["allowed_actions"] == ["ask"]


def test_masked_people_go_by_their_labels(cast: Cast, case: Case) -> None:
    give(cast, case, Level.SUMMARY, unmask=True)
    items = items_for(cast, "bo", case)
    assert {title: (one["role"], one["fields"]) for title, one in items.items()} == {
        "Vehicle 1": ("used", None),
        "Victim 1": ("victim", None),
        "Protected person 1": (None, None),
    }


def test_full_access_unmasks_only_where_it_says_so(cast: Cast, case: Case) -> None:
    give(cast, case, Level.VIEW)
    assert set(items_for(cast, "bo", case)) == {"Civic"}
    give(cast, case, Level.VIEW, unmask=True)
    items = items_for(cast, "bo", case)
    assert set(items) == {"Civic", "Vera", "Source 14"}
    assert (items["Vera"]["withheld"], items["Vera"]["originator"]["short_name"]) == (
        None,
        "alpha",
    )


def test_chosen_items_come_alone_with_the_case_at_summary(cast: Cast, case: Case) -> None:
    civic = Item.objects.unrestricted("test").get(kind="vehicle")
    give(cast, case, Level.VIEW, items=[civic.pk])
    assert set(items_for(cast, "bo", case)) == {"Civic"}
    assert case_for(cast, "bo", case)["summary"] is None


def test_a_list_shows_what_one_reaches_and_is_on_the_ledger(cast: Cast, case: Case) -> None:
    open_case(cast.actor("ana"), title="Not shared", type="theft")
    assert case_page(cast.actor("bo"))[0] == []
    assert not Event.objects.filter(kind="record.listed").exists()
    give(cast, case, Level.SUMMARY)
    cases, _ = case_page(cast.actor("bo"), channel="api")
    assert [one.record.title for one in cases] == ["Alder Street"]
    event = Event.objects.get(kind="record.listed")
    assert (event.records, event.facts["channel"]) == ([case.pk], "api")
    assert {one.record.title for one in case_page(cast.actor("ana"))[0]} == {
        "Alder Street",
        "Not shared",
    }
    assert Event.objects.filter(kind="record.listed").count() == 1


def test_a_contributor_that_lost_the_case_keeps_its_own_items(cast: Cast, case: Case) -> None:
    grant = give(cast, case, Level.CONTRIBUTE)
    acknowledge_grant(cast.actor("stella"), grant.pk)
    add_item(cast.actor("bo"), case.pk, kind="note", title="From Bravo")
    assert set(items_for(cast, "bo", case)) == {"Civic", "From Bravo"}
    assert set(items_for(cast, "ana", case)) == {
        "Civic",
        "Vera",
        "Source 14",
        "Held",
        "From Bravo",
    }
    revoke_grant(cast.actor("ana"), grant.pk, reason_code="need_ended")
    assert set(items_for(cast, "bo", case)) == {"From Bravo"}
    assert [one.record.title for one in own_contributions(cast.actor("bo"))] == ["From Bravo"]
    assert own_contributions(cast.actor("ana")) == []


def test_a_page_runs_as_many_queries_for_many_rows_as_for_one(
    cast: Cast, case: Case, django_assert_num_queries: Any
) -> None:
    give(cast, case, Level.CONTRIBUTE)
    bo = cast.actor("bo")
    with django_assert_num_queries(6):
        case_page(bo)
    for number in range(3):
        more = open_case(cast.actor("ana"), title=f"More {number}", type="theft")
        give(cast, more, Level.CONTRIBUTE)
    with django_assert_num_queries(6):
        assert len(case_page(bo)[0]) == 4
