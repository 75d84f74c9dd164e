"""What a release would show is what it shows: the same items with the same values, no others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from agencies.actors import Actor
from agencies.codes import Level, Sensitivity
from agencies.models import Roster
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services import end_agreement, set_agency_status
from cases.as_they_see import own_items, seen_by
from cases.listing import items_of
from cases.models import Case, Item
from cases.presentation import shown_case, shown_item
from cases.services import add_item, open_case
from ledger.models import Event
from sharing import services
from sharing.actions import Action
from sharing.models import Grant, ShareRequest
from sharing.supposing import as_if_released, as_readers_of
from tests.cast import PORTAL, terms, two_agencies

pytestmark = pytest.mark.django_db


class World:
    """Alpha's case with what is masked, held back and contributed; Bravo, Charlie and a force."""

    def __init__(self) -> None:
        self.cast = two_agencies()
        self.cast.agency("charlie")
        self.cast.person("ash", "charlie", "analyst", ceiling=Sensitivity.CONFIDENTIAL)
        self.cast.person("clerk", "bravo", "coordinator", ceiling=Sensitivity.CONFIDENTIAL)
        self.cast.agree("river", "alpha", "bravo", "charlie")
        self.cast.task_force("river", "bravo", "river", "ash")
        ana = self.cast.actor("ana")
        case = open_case(ana, title="Alder Street", type="burglary", summary="Pried doors")
        self.case = case.pk
        self.items: dict[str, UUID] = {}
        self.add("car", kind="vehicle", fields={"plate": "8KTR417"})
        self.add("victim", kind="person", role="victim", fields={"phone": "+1 212 555 0172"})
        self.add("hidden", kind="note", withheld=True, fields={"text": "Who told us"})
        self.add("close", kind="note", sensitivity="confidential", fields={"text": "Plans"})

    def add(self, name: str, *, by: str = "ana", **values: Any) -> None:
        made = add_item(self.cast.actor(by), self.case, title=f"The {name}", **values)
        self.items[name] = made.pk

    def supposed(self, to: str, **changes: Any) -> Any:
        """Return what a release on these terms would show."""
        roster = self.cast.rosters[to]
        supposition = as_if_released(
            self.cast.actor("ana"), self.case, roster_id=roster, terms=self.terms(changes)
        )
        return pictured(seen_by(self.cast.actor("ana"), self.case, supposition))

    def terms(self, changes: dict[str, Any]) -> Any:
        chosen = changes.get("items")
        items = [self.items[name] for name in chosen] if chosen else None
        return terms(**{**changes, "items": items})

    def give(self, to: str, **changes: Any) -> Grant:
        """Release it really."""
        request = services.offer_record(
            self.cast.actor("ana"),
            record_id=self.case,
            roster_id=self.cast.rosters[to],
            terms=self.terms(changes),
        )
        services.approve_request(self.cast.actor("sam"), request.pk)
        Grant.objects.filter(decision=request).update(**begun())
        return Grant.objects.filter(decision=request).latest("issued_at")

    def shown_to(self, name: str) -> Any:
        """Return what a partner's pages show."""
        actor = self.cast.actor(name)
        case = (
            Case.objects.permitting(actor, Action.KNOW)
            .with_access(actor)
            .select_related("record", "record__owner")
            .filter(pk=self.case)
            .first()
        )
        if case is None:
            return None, []
        rows = items_of(actor, self.case) if case.access_level >= Level.SUMMARY else []
        return shown_case(case), [shown_item(item) for item in rows]


def begun() -> dict[str, Any]:
    """Return what makes a grant read at once where an approval can be undone for some seconds."""
    names = {field.name for field in Grant._meta.concrete_fields}
    return (
        {"starts_at": Grant.objects.latest("issued_at").issued_at}
        if "starts_at" in names
        else {"version": 1}
    )


def pictured(seen: Any) -> Any:
    case = shown_case(seen.case) if seen.case else None
    return case, [shown_item(item) for item in seen.items]


@pytest.fixture
def world() -> World:
    return World()


TERMS: dict[str, dict[str, Any]] = {
    "full": {},
    "contact only": {"level": Level.POINTER},
    "summary": {"level": Level.SUMMARY},
    "may add": {"level": Level.CONTRIBUTE},
    "chosen, one held back and one masked": {"items": ["victim", "hidden"]},
    "chosen with names": {"items": ["victim"], "unmask": True},
    "everything later": {"later": "all"},
    "nothing later": {"later": "no"},
    "with names": {"unmask": True, "later": "all"},
    "with names until now": {"unmask": True},
}


@pytest.mark.parametrize("name", TERMS)
@pytest.mark.parametrize(("to", "reader"), [("bravo", "bo"), ("bo", "bo"), ("river", "ash")])
def test_a_release_shows_what_was_supposed(world: World, to: str, reader: str, name: str) -> None:
    supposed = world.supposed(to, **TERMS[name])
    assert world.shown_to(reader) == (None, [])
    world.give(to, **TERMS[name])
    shown = world.shown_to(reader)
    assert shown[0] is not None
    assert supposed == shown


def test_terms_in_the_place_of_others_show_what_they_would_leave(world: World) -> None:
    world.give("bravo", unmask=True, later="all")
    whole = world.shown_to("bo")
    less = {"level": Level.SUMMARY, "later": "no"}
    supposed = world.supposed("bravo", **less)
    assert supposed != whole
    world.give("bravo", **less)
    assert world.shown_to("bo") == supposed


def test_what_they_have_otherwise_is_seen_with_it(world: World) -> None:
    world.give("bravo", level=Level.SUMMARY)
    supposed = world.supposed("bo", items=["car"])
    world.give("bo", items=["car"])
    assert world.shown_to("bo") == supposed
    assert {row["level"] for row in supposed[1]} == {"summary", "view"}


def test_what_they_contributed_is_seen_with_it(world: World) -> None:
    given = world.give("bravo", level=Level.CONTRIBUTE)
    services.acknowledge_grant(world.cast.actor("stella"), given.pk)
    world.add("garage", by="bo", kind="note", fields={"text": "Seen there too"})
    shown = world.shown_to("bo")
    seen = seen_by(world.cast.actor("ana"), world.case, as_readers_of(given.roster))
    assert [item.pk for item in seen.items] == [row["id"] for row in shown[1]]
    assert world.items["garage"] in [item.pk for item in seen.items]


def test_what_one_person_there_has_alone_is_not_what_all_of_them_see(world: World) -> None:
    world.cast.person("bix", "bravo", "analyst", ceiling=Sensitivity.HIGHLY_CONFIDENTIAL)
    world.give("bix")
    ana, rosters = world.cast.actor("ana"), Roster.objects.select_related("agency", "membership")
    seen = {
        name: seen_by(ana, world.case, as_readers_of(rosters.get(pk=world.cast.rosters[name])))
        for name in ("bix", "bravo")
    }
    assert pictured(seen["bix"]) == world.shown_to("bix")
    assert seen["bix"].case is not None
    assert seen["bravo"].case is None


def test_an_access_is_shown_as_it_stands_and_not_once_it_has_ended(world: World) -> None:
    given = world.give("bravo")
    ana = world.cast.actor("ana")
    assert pictured(seen_by(ana, world.case, as_readers_of(given.roster))) == world.shown_to("bo")
    services.revoke_grant(ana, given.pk, reason_code="need_ended")
    assert seen_by(ana, world.case, as_readers_of(given.roster)).case is None


def test_nobody_sees_more_through_others_than_themselves(world: World) -> None:
    world.cast.person("axel", "alpha", "analyst", ceiling=Sensitivity.SENSITIVE)
    axel = world.cast.actor("axel")
    given = world.give("bravo")
    both = {
        name: {item.pk for item in seen_by(actor, world.case, as_readers_of(given.roster)).items}
        for name, actor in (("ana", world.cast.actor("ana")), ("axel", axel))
    }
    assert both["ana"] - both["axel"] == {world.items["close"]}
    assert both["axel"] == {world.items["car"]}


@pytest.mark.parametrize("name", ["bo", "ash", "ida", "cora"])
def test_nobody_but_the_owner_s_readers_looks_through_others(world: World, name: str) -> None:
    given = world.give("bravo")
    actor: Actor = world.cast.actor(name)
    own = {item.pk for item in items_of(actor, world.case)}
    seen = {item.pk for item in seen_by(actor, world.case, as_readers_of(given.roster)).items}
    assert seen <= own
    with pytest.raises((NotVisible, NotAllowed)):
        as_if_released(actor, world.case, roster_id=world.cast.id("charlie"), terms=terms())


def test_where_nobody_reads_cases_nothing_is_seen(world: World) -> None:
    given = world.give("bravo")
    set_agency_status(PORTAL, world.cast.agencies["bravo"], status="suspended")
    standing = as_readers_of(given.roster)
    assert (standing.post, standing.ceiling) == (None, 0)
    assert seen_by(world.cast.actor("ana"), world.case, standing).case is None


def test_supposing_writes_nothing(world: World) -> None:
    before = Event.objects.count(), Grant.objects.count(), ShareRequest.objects.count()
    world.supposed("bravo")
    assert (Event.objects.count(), Grant.objects.count(), ShareRequest.objects.count()) == before


def test_what_cannot_be_offered_cannot_be_supposed(world: World) -> None:
    with pytest.raises(Conflict) as own:
        world.supposed("alpha")
    assert own.value.code == "own_record"
    with pytest.raises(Invalid):
        world.supposed("bravo", later="maybe")
    for one in ("M1", "river"):
        end_agreement(PORTAL, world.cast.agreements[one])
    with pytest.raises(Conflict) as uncovered:
        world.supposed("bravo")
    assert uncovered.value.code == "outside_agreement"


def test_what_could_be_given_is_one_s_own(world: World) -> None:
    assert {item.pk for item in own_items(world.cast.actor("ana"), world.case)} == set(
        world.items.values()
    )
    assert own_items(world.cast.actor("bo"), world.case) == []
    assert Item.objects.unrestricted("a test counts").count() == len(world.items)
