"""People become known, hold posts and lose them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from agencies.clock import database_time
from agencies.codes import Role, Sensitivity
from agencies.models import Agency, Membership, Person, Roster
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services import (
    accept_nomination,
    add_membership,
    admit_person,
    disable_person,
    end_membership,
    nominate,
    set_agency_status,
)
from tests.agencies.cast import PORTAL, Cast, days, events, known, last_event, post

ROUTINE = Sensitivity.ROUTINE


def test_a_person_is_admitted_once_whatever_the_case_of_the_address(cast: Cast) -> None:
    person = admit_person(cast.acts("kim"), email=" New@Example.ORG ", name="New  One")
    assert (person.email, person.name, person.has_usable_password()) == (
        "new@example.org",
        "New One",
        False,
    )
    assert (last_event().kind, last_event().target) == ("person.admitted", person.pk)
    before = events()
    again = admit_person(cast.acts("kim"), email="NEW@example.org", name="Somebody Else")
    assert (again, again.name, events()) == (person, "New One", before)


@pytest.mark.parametrize("name", ["ana", "sam", "lee", "ida"])
def test_only_coordinators_and_administrators_admit(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed, match="coordinator or a portal administrator"):
        admit_person(cast.acts(name), email="new@example.org", name="New")
    assert admit_person(cast.root, email="new@example.org", name="New").is_active


def test_the_coordinator_of_a_suspended_agency_admits_nobody(cast: Cast) -> None:
    set_agency_status(PORTAL, cast.alpha, status="suspended")
    with pytest.raises(NotAllowed):
        admit_person(cast.acts("kim"), email="new@example.org", name="New")
    set_agency_status(PORTAL, cast.alpha, status="active")
    assert admit_person(cast.acts("kim"), email="new@example.org", name="New").is_active


def test_only_the_portal_itself_sets_a_password(cast: Cast) -> None:
    for name in ("kim", "root"):
        with pytest.raises(NotAllowed, match="their own password"):
            admit_person(cast.acts(name), email="n@example.org", name="N", password="x")
    person = admit_person(PORTAL, email="n@example.org", name="N", password="x")
    assert person.check_password("x")


def test_only_an_administrator_makes_an_administrator(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        admit_person(cast.acts("kim"), email="a@example.org", name="A", is_administrator=True)
    made = admit_person(cast.root, email="a@example.org", name="A", is_administrator=True)
    assert (made.is_staff, made.is_superuser, last_event().kind) == (
        True,
        False,
        "person.made_administrator",
    )


def test_somebody_known_does_not_become_an_administrator_by_the_way(cast: Cast) -> None:
    with pytest.raises(Conflict, match="account is one of its own"):
        known("ana", is_administrator=True)
    assert not Person.objects.get(email="ana@example.org").is_staff


@pytest.mark.parametrize("email", ["", "no address", "a@b", "a\x00@example.org"])
def test_a_wrong_address_is_refused(db: None, email: str) -> None:
    with pytest.raises(Invalid) as refusal:
        admit_person(PORTAL, email=email, name="New")
    assert set(refusal.value.errors) == {"email"}


def test_an_administrator_disables_a_person_once(cast: Cast) -> None:
    with pytest.raises(NotVisible):
        disable_person(cast.acts("bea"), cast.ana.person)
    assert Membership.objects.acting().filter(pk=cast.ana.pk).exists()
    disable_person(cast.root, cast.ana.person, reason_code="misuse")
    assert (last_event().kind, last_event().concerns) == ("person.disabled", [cast.alpha.pk])
    assert not Membership.objects.acting().filter(pk=cast.ana.pk).exists()
    before = events()
    disable_person(cast.root, cast.ana.person)
    assert events() == before


def test_a_command_gives_a_post_with_its_roster_and_event(cast: Cast) -> None:
    new = known("new")
    given = add_membership(PORTAL, new, cast.alpha, roles=["analyst", "liaison"], ceiling=ROUTINE)
    assert (given.roles, given.ceiling) == (["analyst", "liaison"], ROUTINE)
    assert Roster.objects.get(pk=given.pk).membership == given
    assert last_event().facts == {
        "person": str(new.pk),
        "roles": ["analyst", "liaison"],
        "ceiling": "routine",
    }
    before = events()
    again = add_membership(PORTAL, new, cast.alpha, roles=["liaison", "analyst"], ceiling=ROUTINE)
    assert (again, events()) == (given, before)
    with pytest.raises(Conflict, match="end it first"):
        add_membership(PORTAL, new, cast.alpha, roles=["auditor"], ceiling=ROUTINE)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", ["ana", "sam", "lee", "ida", "kim", "bea"])
def test_nobody_of_an_agency_gives_a_post_alone(cast: Cast, name: str, role: Role) -> None:
    before = Membership.objects.count()
    with pytest.raises(NotAllowed, match="validated by a second"):
        add_membership(cast.acts(name), known("new"), cast.alpha, roles=[role], ceiling=ROUTINE)
    assert Membership.objects.count() == before
    given = add_membership(PORTAL, known("new"), cast.alpha, roles=[role], ceiling=ROUTINE)
    assert given.roles == [role]


WAYS_TO_A_POST = {
    "agencies/posts.py": "open_post itself",
    "agencies/services/membership.py": "the portal's commands",
    "agencies/services/nomination_step.py": "nominated, accepted, validated",
    "agencies/services/program.py": "a program, never more than who answers for it",
}


def test_these_are_all_the_ways_to_a_post() -> None:
    root = Path(__file__).resolve().parent.parent.parent
    places = {
        str(path.relative_to(root))
        for app in ("agencies", "sharing", "cases", "portal")
        for path in (root / app).rglob("*.py")
        if re.search(r"open_post\(|Membership\.objects\.(bulk_)?create\(|Membership\(", _code(path))
        and "migrations" not in path.parts
        and "bench" not in path.parts
    }
    assert places == {*WAYS_TO_A_POST, "agencies/models/membership.py"}
    adding = {
        str(path.relative_to(root))
        for app in ("agencies", "sharing", "cases", "portal")
        for path in (root / app).rglob("*.py")
        if "add_membership(" in _code(path) and "bench" not in path.parts
    }
    assert adding == {
        "agencies/services/membership.py",
        "agencies/management/commands/create_agency.py",
        "cases/world/authorities.py",
    }


def _code(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ANALYST])
def test_an_administrator_gives_no_post_either_and_nominates_coordinators(
    cast: Cast, role: Role
) -> None:
    with pytest.raises(NotAllowed, match="validated by a second"):
        add_membership(cast.root, known("new"), cast.alpha, roles=[role], ceiling=ROUTINE)
    said = {"email": "new@example.org", "name": "New", "ceiling": ROUTINE}
    with pytest.raises(NotAllowed, match="appoints coordinators"):
        nominate(cast.root, cast.alpha, roles=[Role.ANALYST], **said)
    made = nominate(cast.root, cast.alpha, roles=[Role.COORDINATOR], **said)
    assert accept_nomination(made, person=known("new")).post is not None


def test_an_administrator_holds_no_post_that_reads(cast: Cast) -> None:
    root = Person.objects.get(pk=cast.root.person_id)
    with pytest.raises(Conflict, match="reads nothing"):
        add_membership(PORTAL, root, cast.alpha, roles=["analyst"], ceiling=ROUTINE)
    assert add_membership(
        PORTAL, root, cast.alpha, roles=["coordinator"], ceiling=ROUTINE
    ).roles == ["coordinator"]


def test_nobody_has_a_post_where_the_directory_knows_no_more_than_a_name(cast: Cast) -> None:
    entry = Agency.objects.create(name="Delta", ori="ZZ0010000")
    with pytest.raises(Conflict, match="not on board"):
        add_membership(PORTAL, known("new"), entry, roles=["analyst"], ceiling=ROUTINE)


@pytest.mark.parametrize(
    ("roles", "ceiling", "field"),
    [([], ROUTINE, "roles"), (["chief"], ROUTINE, "roles"), (["analyst"], 9, "ceiling")],
)
def test_a_wrong_role_or_ceiling_is_refused(
    cast: Cast, roles: list[str], ceiling: Sensitivity, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        add_membership(PORTAL, known("new"), cast.alpha, roles=roles, ceiling=ceiling)
    assert set(refusal.value.errors) == {field}


def test_a_post_that_begins_later_is_not_in_force_yet(cast: Cast) -> None:
    later = post(cast.alpha, "new", Role.ANALYST, started_at=days(1))
    assert not Membership.objects.acting().filter(pk=later.pk).exists()


@pytest.mark.parametrize("name", ["sam", "lee", "kim", "root"])
def test_whoever_restricts_ends_a_post_at_once(cast: Cast, name: str) -> None:
    ended = end_membership(cast.acts(name), cast.ana)
    assert not Membership.objects.acting().filter(pk=ended.pk).exists()
    assert (last_event().kind, last_event().target) == ("membership.ended", cast.ana.pk)
    before = events()
    assert end_membership(cast.acts(name), cast.ana).ended_at == ended.ended_at
    assert events() == before


@pytest.mark.parametrize("name", ["ana", "ida", "bea", "bo"])
def test_others_end_no_post(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        end_membership(cast.acts(name), cast.lee)
    assert Membership.objects.acting().filter(pk=cast.lee.pk).exists()


def test_a_coordinator_ends_a_post_days_ahead_and_nobody_else_does(cast: Cast) -> None:
    friday = days(3)
    with pytest.raises(NotAllowed):
        end_membership(cast.acts("sam"), cast.ana, at=friday)
    ended = end_membership(cast.acts("kim"), cast.ana, at=friday)
    assert ended.ended_at == friday
    assert Membership.objects.acting().filter(pk=cast.ana.pk).exists()
    before = events()
    end_membership(cast.acts("kim"), cast.ana, at=friday)
    assert events() == before
    sooner = end_membership(cast.acts("sam"), cast.ana)
    assert sooner.ended_at is not None
    assert sooner.ended_at < friday


def test_an_end_in_the_past_is_now_and_an_ended_post_does_not_revive(cast: Cast) -> None:
    begun = database_time()
    ended = end_membership(PORTAL, cast.ana, at=begun - timedelta(days=9))
    assert ended.ended_at is not None
    assert ended.ended_at > begun
    assert end_membership(PORTAL, cast.ana, at=days(9)).ended_at == ended.ended_at


def test_somebody_who_left_can_be_given_a_new_post(cast: Cast) -> None:
    end_membership(PORTAL, cast.ana)
    again = post(cast.alpha, "ana", Role.ANALYST)
    assert again.pk != cast.ana.pk
    assert set(Membership.objects.acting().filter(person=again.person)) == {again}
