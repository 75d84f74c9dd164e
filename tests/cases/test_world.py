"""World files: loaded by the people in them, whole or not at all."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from agencies.factors import factors_of
from agencies.models import Agency, Agreement, Membership, Person, TaskForce
from cases.listing import items_of
from cases.models import Case, Item, SeriesMember
from cases.world import BrokenWorld, load_world
from ledger.models import Event
from sharing.actions import Action
from sharing.models import Grant, Record, ShareRequest, StandingGrant
from tests.agencies.codes import code_of
from tests.cases.small_world import SMALL, acting, small
from tests.databases import ROOT

pytestmark = pytest.mark.django_db

TERMS = {"level": "view", "purpose": "criminal_justice", "reason": "The same crew.", "until": "+9d"}
DEMO = ROOT / "portal" / "demo" / "world.json"


def test_an_empty_world_is_loaded() -> None:
    assert load_world({}) == {}
    assert not Agency.objects.exists()


def test_a_world_answers_every_key_with_its_id() -> None:
    keys = load_world(small())
    assert set(keys) == {
        *("alpha", "bravo", "cairo", "dover", "river"),
        *(person["email"] for person in SMALL["people"]),
        *("M1", "K1", "K1.v1", "K1.p1", "K1.e1", "K1.b1", "K2"),
        *("r1", "r2", "r3", "g1", "g2", "g3"),
    }
    assert keys["M1"] == Agreement.objects.get().pk
    assert keys["river"] == TaskForce.objects.get().pk
    assert keys["ana@alpha.example"] == Person.objects.get(name="Ana").pk
    assert keys["g1"] == Grant.objects.get(record=keys["K1"], roster=keys["bravo"]).pk
    assert keys["g2"] == StandingGrant.objects.get().pk
    numbers = dict(Case.objects.unrestricted("test").values_list("pk", "own_number"))
    assert numbers == {keys["K1"]: "24-1832", keys["K2"]: ""}


def test_people_make_the_world_themselves() -> None:
    keys = load_world(small())
    opened = Event.objects.get(kind="case.opened", target=keys["K1"])
    assert opened.person == keys["ana@alpha.example"]
    granted = Grant.objects.get(pk=keys["g1"])
    asker, decider = granted.decision.requested_by, granted.issued_by
    assert asker is not None
    assert (asker.person.name, decider.person.name) == ("Ana", "Sam")
    other = Grant.objects.get(pk=keys["g3"])
    assert other.decision.requested_by is not None
    assert (other.decision.requested_by.person.name, other.unmask, other.export) == (
        "Ana",
        True,
        True,
    )


def test_statuses_times_and_contributions_come_out_as_written() -> None:
    keys = load_world(small())
    status = dict(Agency.objects.values_list("short_name", "status"))
    assert status == {
        "alpha": "active",
        "bravo": "active",
        "cairo": "suspended",
        "dover": "directory",
    }
    old = Case.objects.unrestricted("test").select_related("record").get(pk=keys["K2"])
    assert (old.record.status, old.disposition) == ("archived", "cleared_arrest")
    items = {one.record.title: one for one in items_of(acting("ana@alpha.example"), keys["K1"])}
    assert set(items) == {"Civic", "Vera", "Entry", "Seen here"}
    assert items["Seen here"].record.owner_id == keys["bravo"]
    day = (datetime.now(UTC) - timedelta(days=41)).date().isoformat()
    assert items["Entry"].fields == {"from": day, "to": f"{day}T23:10:00+00:00"}
    assert items["Entry"].withheld is True


def test_requests_stand_as_decided() -> None:
    keys = load_world(small())
    states = {
        key: ShareRequest.objects.values_list("state", flat=True).get(pk=keys[key])
        for key in ("r1", "r2", "r3")
    }
    assert states == {"r1": "submitted", "r2": "partly_approved", "r3": "denied"}
    assert ShareRequest.objects.get(pk=keys["r1"]).record_id == keys["K2"]
    bo = acting("bo@bravo.example")
    reached = Record.objects.permitting(bo, Action.LIST).values_list("pk", flat=True)
    assert set(reached) == {keys["K1"], keys["K1.v1"], keys["K1.b1"]} | {
        Record.objects.unrestricted("test").get(kind="contribution").pk
    }


def test_everybody_signs_participation_only_when_the_world_says_so() -> None:
    world = {"agencies": SMALL["agencies"][:2]}
    load_world(world)
    assert not Agreement.objects.exists()
    other = {"agencies": [{"short_name": "elko", "name": "Elko"}], "participation": True}
    load_world(other)
    agreement = Agreement.objects.get()
    assert agreement.kind == "participation"
    signed = {party.agency.short_name for party in agreement.parties.all()}
    assert signed == {"alpha", "bravo", "elko"}


def test_a_later_file_speaks_of_whom_the_portal_knows() -> None:
    load_world(small())
    case = {"key": "K9", "by": "ana@alpha.example", "title": "Another", "type": "robbery"}
    request = {"key": "r9", "case": "K9", "by": "sam@alpha.example", "direction": "offer"}
    later = {"cases": [case], "requests": [{**request, "to": "bravo", **TERMS}]}
    assert set(load_world(later)) == {"K9", "r9"}


def test_a_directory_entry_is_entered_once() -> None:
    entry = {"short_name": "echo", "name": "Echo Police", "kind": "county", "status": "directory"}
    first = load_world({"agencies": [entry]})
    assert load_world({"agencies": [entry]}) == first
    assert list(Event.objects.values_list("kind", flat=True)) == ["agency.listed"]


def test_an_administrator_may_be_in_the_world() -> None:
    load_world({"people": [{"email": "pat@x.example", "name": "Pat", "administrator": True}]})
    assert Person.objects.get().is_staff is True


def test_a_supervisor_alone_cannot_give_what_they_opened() -> None:
    world = small(requests=[], grants=[SMALL["grants"][2]])
    world["people"] = [
        one for one in world["people"] if "analyst" not in one["memberships"][0]["roles"]
    ]
    world["cases"], world["task_forces"] = world["cases"][1:], []
    with pytest.raises(BrokenWorld) as refused:
        load_world(world)
    assert "the agency has no other analyst to do this" in str(refused.value)


def test_a_person_with_two_hats_is_named_with_the_agency() -> None:
    world = small()
    world["people"][3]["memberships"].append({"agency": "cairo", "roles": ["analyst"]})
    with pytest.raises(BrokenWorld) as refused:
        load_world(world)
    assert 'bo@bravo.example has several memberships; name the "agency".' in str(refused.value)
    world["requests"][1]["agency"] = "bravo"
    assert "r2" in load_world(world)


def test_grants_go_to_people_and_task_forces_and_are_acknowledged_for_them() -> None:
    world = small(requests=[])
    world["task_forces"][0]["members"].append({"email": "stella@bravo.example"})
    world["cases"].append(
        {
            "by": "ana@alpha.example",
            "title": "Without a key",
            "type": "theft",
            "items": [{"by": "abe@alpha.example", "kind": "note", "title": "By a colleague"}],
        }
    )
    world["grants"] = [
        world["grants"][0],
        {
            "key": "gp",
            "case": "K2",
            "to": "stella@bravo.example",
            "by": "sam@alpha.example",
            "acknowledged": True,
            "unmask": True,
        },
        {
            "key": "gt",
            "case": "K1",
            "to": "river",
            "by": "sam@alpha.example",
            "until": "2099-01-01",
            "items": ["K1.v1"],
            "acknowledged": True,
            "contributions": "each",
        },
    ]
    keys = load_world(world)
    given = {
        key: Grant.objects.select_related("acknowledged_by__person").get(pk=keys[key])
        for key in ("gp", "gt")
    }
    signers = [one.acknowledged_by.person.name for one in given.values() if one.acknowledged_by]
    assert signers == ["Stella", "Stella"]
    assert (given["gp"].unmask, given["gt"].record_id) == (True, keys["K1"])
    added = Event.objects.get(kind="item.added", target=_note("By a colleague"))
    assert added.person == keys["abe@alpha.example"]


def _note(title: str) -> Any:
    return Item.objects.unrestricted("test").get(record__title=title).pk


def test_nobody_acknowledges_for_a_task_force_without_a_supervisor() -> None:
    world = small(requests=[])
    world["grants"][1]["acknowledged"] = True
    with pytest.raises(BrokenWorld) as refused:
        load_world(world)
    assert "no supervisor is seconded to River Task Force" in str(refused.value)


def test_less_is_approved_as_the_file_says() -> None:
    world = small(grants=[SMALL["grants"][0]])
    world["requests"] = [
        {
            "key": "r1",
            "case": "K2",
            "by": "bo@bravo.example",
            "until": "+60d",
            "decide": {
                "by": "sam@alpha.example",
                "as": "approve",
                "level": "summary",
                "until": "+5d",
                "later": "no",
                "conditions": {"export": False},
            },
        },
        {"key": "r2", "case": "K1", "by": "bo@bravo.example", "until": "+60d"},
    ]
    keys = load_world(world)
    grant = Grant.objects.get(record=keys["K2"])
    assert (grant.level, grant.later) == (2, "no")
    assert grant.until < datetime.now(UTC) + timedelta(days=6)
    known = ShareRequest.objects.get(pk=keys["r2"])
    assert (known.record_id, known.own_number) == (keys["K1"], "")


@pytest.mark.parametrize("wrong", ["+99999999w", "2026-13-01", "tomorrow"])
def test_a_time_that_is_none_is_refused(wrong: str) -> None:
    world = small()
    world["grants"][0]["until"] = wrong
    with pytest.raises(BrokenWorld) as refused:
        load_world(world)
    assert '"until" must be a time' in str(refused.value)


def test_somebody_of_another_agency_does_not_decide() -> None:
    world = small()
    world["grants"][0]["by"] = "stella@bravo.example"
    with pytest.raises(BrokenWorld) as refused:
        load_world(world)
    assert "stella@bravo.example is not of that agency." in str(refused.value)


def test_the_command_prints_the_keys_and_names_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    file.write_text(json.dumps(small()))
    printed = StringIO()
    call_command("load_world", str(file), stdout=printed)
    assert set(json.loads(printed.getvalue())) >= {"K1", "g1", "alpha"}
    for text in ("{", '{"planets": []}', "[]"):
        file.write_text(text)
        with pytest.raises(CommandError):
            call_command("load_world", str(file))
    with pytest.raises(CommandError):
        call_command("load_world", str(tmp_path / "none.json"))


def a_series(**more: Any) -> dict[str, Any]:
    """Return the small world with a series of Bo's in it."""
    world = small()
    series = {"key": "S1", "by": "bo@bravo.example", "class": "series", "title": "Pry bars, both"}
    world["cases"].insert(0, {**series, "type": "robbery", **more})
    return world


def test_a_series_names_its_members_wherever_they_stand_in_the_file() -> None:
    world = a_series(members=["own", "K1"])
    bo = {"by": "bo@bravo.example", "type": "robbery"}
    world["cases"].append({**bo, "key": "own", "class": "incident", "title": "Kiosk"})
    keys = load_world(world)
    links = SeriesMember.objects.filter(series_id=keys["S1"])
    said = links.values_list("member_id", "added_by__person__email")
    assert set(said) == {(keys["own"], bo["by"]), (keys["K1"], bo["by"])}
    extended = Event.objects.get(kind="series.extended")
    assert (extended.target, extended.person) == (keys["S1"], keys[bo["by"]])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"members": ["K9"]}, r'cases\[0\] \(S1\): there is no case "K9"'),
        ({"members": ["K2"]}, r"cases\[0\] \(S1\): case: A case that you chose is not available"),
        ({"members": "K1"}, r'cases\[0\] \(S1\): "members" must be a list'),
        ({"members": ["K1"], "class": "incident"}, r"cases\[0\] \(S1\): This case is no series"),
    ],
)
def test_a_series_of_what_its_maker_may_not_list_breaks_the_world(
    changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(BrokenWorld, match=says):
        load_world(a_series(**changes))
    assert not Case.objects.unrestricted("test").exists()


def test_the_demo_world_is_what_the_tour_needs() -> None:
    keys = load_world(json.loads(DEMO.read_text("utf-8")))
    posts = Membership.objects.values_list("agency__short_name", flat=True)
    agencies = ["harlan", "brook", "transit", "bureau", "ashby", "ridgemont"]
    assert sorted(posts) == sorted(agencies * 3)
    oris = Agency.objects.filter(short_name__in=agencies).values_list("ori", flat=True)
    assert all(ori is not None and ori.startswith("ZZ") for ori in oris)
    assert Case.objects.unrestricted("test").count() == 45
    joint = Item.objects.unrestricted("test").select_related("record")
    alder = {one.record.title: one for one in joint.filter(record__case_id=keys["alder"])}
    assert "Margaret Ellen Sayre" in [title for title, one in alder.items() if one.withheld]
    assert {one.record.owner_id for one in alder.values()} == {keys["harlan"], keys["brook"]}
    waiting = ShareRequest.objects.filter(owner=keys["harlan"], state="submitted")
    assert waiting.count() == 14
    members = SeriesMember.objects.values_list("series_id", flat=True)
    assert Counter(members) == {keys["alder"]: 3, keys["route9"]: 2}
    soon = Grant.objects.get(pk=keys["g-converters"]).until - datetime.now(UTC)
    assert timedelta(days=2) < soon < timedelta(days=4)
    doubtful = joint.filter(fields__has_key="warnings")
    assert not doubtful.exists()
    for person in Person.objects.all():
        assert person.check_password("correct-river-lantern")
    assert {"question", "answered", "approved"} <= steps_of(keys["r-alder"])
    assert Grant.objects.filter(decision=keys["r-alder"], revoke_reason="need_ended").exists()


def steps_of(request: object) -> set[str]:
    """Return what happened to a request, without the noun."""
    kinds = Event.objects.filter(target=request).values_list("kind", flat=True)
    return {kind.partition(".")[2] for kind in kinds}


def test_people_sign_in_with_the_app_whose_key_the_world_gives() -> None:
    cal = {"email": "cal@alpha.example", "name": "Cal", "totp_secret": "jbsw y3dp ehpk 3pxp"}
    load_world({"people": [cal]})
    kept = factors_of(Person.objects.get(email="cal@alpha.example")).get()
    assert kept.wrap().validate_code(code_of("JBSWY3DPEHPK3PXP"))
    assert "JBSWY3DPEHPK3PXP" not in str(kept.data)
    load_world({"people": [cal]})
    assert factors_of(kept.user).get() == kept
    with pytest.raises(BrokenWorld, match="base32"):
        load_world({"people": [{**cal, "email": "dan@alpha.example", "totp_secret": "1"}]})
