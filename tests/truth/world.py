"""The world of the truth table: every way of reaching a case, and every way of having lost it."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from agencies.actors import Actor
from agencies.clock import database_time
from agencies.codes import Level, Sensitivity
from agencies.services import (
    admit_person,
    end_agreement,
    end_membership,
    end_secondment,
    form_task_force,
    leave_agreement,
    second,
    set_agency_status,
)
from cases.services import add_item, open_case
from ledger.courier import deliver_batch
from sharing import services
from sharing.contributions import contribution_of
from sharing.models import Grant
from tests.cast import PORTAL, Cast, in_days, terms
from tests.truth.table import VEHICLES

COMMON = "harrow"
"""A word in the title of everything."""

NAMES = {
    "owner's analyst": "ana",
    "owner's analyst below the ceiling": "abe",
    "owner's supervisor": "sam",
    "owner's duty desk": "lee",
    "owner's auditor": "ida",
    "owner's coordinator": "cora",
    "portal administrator": "root",
    "granted partner": "bo",
    "granted partner's supervisor": "stella",
    "granted partner below the ceiling": "bea",
    "granted partner's auditor": "bob",
    "partner with contact only": "pete",
    "partner with summary": "sue",
    "partner with chosen items": "chad",
    "partner with later items off": "lou",
    "partner with identities": "uma",
    "partner whose access expired": "ed",
    "partner whose access was revoked": "rita",
    "partner of a suspended agency": "dina",
    "partner whose agreement ended": "eve",
    "partner whose agency left": "cleo",
    "task-force member": "fay",
    "former task-force member": "fritz",
    "colleague of a task-force member": "fern",
    "holder of a grant to a person": "hugo",
    "colleague of that holder": "hedda",
    "reader of a standing grant": "tess",
    "person who moved to a stranger": "otto",
    "stranger": "gus",
}
PARTNERS = {
    "bravo": ("bo", "stella", "bea", "bob"),
    "charlie": ("cleo",),
    "delta": ("dina",),
    "echo": ("eve",),
    "foxtrot": ("fay", "fritz", "fern"),
    "hotel": ("hugo", "hedda"),
    "lima": ("lou",),
    "papa": ("pete",),
    "quebec": ("chad",),
    "romeo": ("rita",),
    "sierra": ("sue",),
    "tango": ("tess",),
    "uniform": ("uma",),
    "xray": ("ed",),
}
ROLES = {"stella": "supervisor", "bob": "auditor"}
CEILINGS = {"bea": Sensitivity.SENSITIVE}


def title_of(name: str) -> str:
    """Return the one word that only the title of this record holds."""
    return f"zq{name}title"


def summary_of(name: str) -> str:
    """Return the one word that only the summary of this case holds."""
    return f"zq{name}summary"


def own_number_of(name: str) -> str:
    """Return the owner's own number of this case."""
    return f"ZQ-{name.upper()}-77"


def plate_of(name: str) -> str:
    """Return the plate of this vehicle; no two are alike enough to be taken for each other."""
    return f"ZQ{VEHICLES.index(name)}X{name[:4].upper()}"


@dataclass
class World:
    """Who is in it, and the ids of everything by name."""

    cast: Cast
    records: dict[str, UUID] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    root: UUID | None = None

    def actor(self, person: str) -> Actor:
        """Return one of the people of the table, acting now."""
        name = NAMES[person]
        if name == "root" and self.root:
            return Actor(person_id=self.root, is_administrator=True)
        return self.cast.actor(name)

    def name_of(self, person: str) -> str:
        """Return the short name of one of the people of the table."""
        return NAMES[person]

    def person_id(self, person: str) -> UUID:
        """Return the id under which one of the people of the table signs in."""
        name = NAMES[person]
        if name == "root" and self.root:
            return self.root
        return self.cast.posts[name].person_id

    def names(self, ids: Any) -> set[str]:
        """Return what the table calls these records; an id it does not know stays as it is."""
        by_id = {str(key): name for name, key in self.records.items()}
        return {by_id.get(str(one), str(one)) for one in ids}

    def case(self, by: str, name: str, **values: Any) -> None:
        """Open a case with words of its own in its title, summary and number."""
        case = open_case(
            self.cast.actor(by),
            title=f"{COMMON} {title_of(name)}",
            summary=summary_of(name),
            own_number=own_number_of(name),
            **{"type": "burglary", "findability": "contact_only", **values},
        )
        self.records[name], self.numbers[name] = case.pk, case.number

    def vehicle(self, by: str, case: str, name: str) -> None:
        """Add a vehicle with words of its own in its title and plate."""
        self._item(by, case, name, kind="vehicle", fields={"plate": plate_of(name)})

    def victim(self, by: str, case: str, name: str, **values: Any) -> None:
        """Add a person whom the law protects."""
        self._item(by, case, name, kind="person", role="victim", **values)

    def _item(self, by: str, case: str, name: str, **values: Any) -> None:
        title = f"{COMMON} {title_of(name)}"
        item = add_item(self.cast.actor(by), self.records[case], title=title, **values)
        self.records[name] = item.pk

    def give(self, to: UUID, name: str = "ordinary", **changes: Any) -> Grant:
        """Have Ana offer a record and Sam approve."""
        record = self.records[name]
        request = services.offer_record(
            self.cast.actor("ana"), record_id=record, roster_id=to, terms=terms(**changes)
        )
        services.approve_request(self.cast.actor("sam"), request.pk)
        return Grant.objects.get(record_id=record, roster_id=to, revoked_at=None)


def build() -> World:
    """Make the world through the services, step by step as it would come about."""
    world = World(_people())
    _records(world)
    run_out = in_days(1.5 / 86400)
    world.give(world.cast.id("xray"), until=run_out)
    _grants(world)
    tell()
    _later(world)
    _losses(world)
    tell()
    _wait_until_past(run_out)
    return world


def tell() -> None:
    """Deliver everything that waits to be told."""
    while deliver_batch():
        continue


def _people() -> Cast:
    cast = Cast()
    cast.agency("alpha")
    cast.person("ana", "alpha", "analyst")
    cast.person("abe", "alpha", "analyst", ceiling=Sensitivity.SENSITIVE)
    cast.person("sam", "alpha", "supervisor")
    cast.person("lee", "alpha", "liaison")
    cast.person("ida", "alpha", "auditor")
    cast.person("cora", "alpha", "coordinator")
    for agency, people in PARTNERS.items():
        cast.agency(agency)
        for name in people:
            ceiling = CEILINGS.get(name, Sensitivity.CONFIDENTIAL)
            cast.person(name, agency, ROLES.get(name, "analyst"), ceiling=ceiling)
        cast.agree(agency, "alpha", agency)
    cast.person("otto-then", "bravo", "analyst")
    cast.agency("golf")
    cast.person("gus", "golf", "analyst")
    return cast


def _records(world: World) -> None:
    world.case("ana", "ordinary")
    world.vehicle("ana", "ordinary", "car")
    world.victim("ana", "ordinary", "victim")
    world.victim("ana", "ordinary", "hidden", withheld=True)
    world.case("ana", "sensitive", sensitivity=Sensitivity.CONFIDENTIAL)
    world.vehicle("ana", "sensitive", "sensitivecar")
    world.case("ana", "silent", findability="silent")
    world.vehicle("ana", "silent", "silentcar")
    world.case("ana", "listed", findability="listed", grouping="incident")
    world.vehicle("ana", "listed", "listedcar")
    world.victim("ana", "listed", "listedvictim")
    world.case("ana", "pointed")
    world.vehicle("ana", "pointed", "pointedcar")
    world.case("bo", "bravos")
    world.case("dina", "deltas")
    world.case("gus", "golfs")
    world.vehicle("gus", "golfs", "golfscar")


def _grants(world: World) -> None:
    agency, records = world.cast.id, world.records
    whole = world.give(agency("bravo"), level=Level.CONTRIBUTE)
    services.acknowledge_grant(world.cast.actor("stella"), whole.pk)
    world.give(agency("bravo"), "sensitive")
    world.give(agency("bravo"), "pointed", level=Level.POINTER)
    world.give(agency("papa"), level=Level.POINTER)
    world.give(agency("sierra"), level=Level.SUMMARY)
    world.give(agency("quebec"), items=[records["car"], records["victim"]])
    world.give(agency("lima"), later="no")
    world.give(agency("uniform"), unmask=True, later="all")
    for name in ("romeo", "delta", "echo", "charlie"):
        world.give(agency(name))
    world.give(world.cast.posts["hugo"].pk)
    _task_force(world)
    _standing(world)


def _task_force(world: World) -> None:
    cast = world.cast
    agreement = cast.agree("river", "alpha", "foxtrot", "charlie")
    river = form_task_force(
        PORTAL,
        short_name="river",
        name="River Task Force",
        lead=cast.agencies["foxtrot"],
        agreement=agreement,
    )
    for name in ("fay", "cleo"):
        second(PORTAL, river, cast.posts[name])
    former = second(PORTAL, river, cast.posts["fritz"])
    world.give(river.pk)
    end_secondment(PORTAL, former)


def _standing(world: World) -> None:
    request = services.offer_standing(
        world.cast.actor("ana"),
        roster_id=world.cast.id("tango"),
        category="incident_report",
        terms=terms(),
    )
    services.approve_request(world.cast.actor("sam"), request.pk)


def _later(world: World) -> None:
    world.vehicle("ana", "ordinary", "later")
    world.victim("ana", "ordinary", "latervictim")
    world.vehicle("bo", "ordinary", "pawn")
    contribution = contribution_of(world.cast.id("bravo"), world.records["ordinary"])
    assert contribution is not None
    world.records["contribution"] = contribution.pk


def _losses(world: World) -> None:
    cast = world.cast
    revoked = Grant.objects.get(roster_id=cast.id("romeo"))
    services.revoke_grant(cast.actor("ana"), revoked.pk, reason_code="need_ended")
    set_agency_status(PORTAL, cast.agencies["delta"], status="suspended")
    end_agreement(PORTAL, cast.agreements["echo"])
    for agreement in ("charlie", "river"):
        leave_agreement(PORTAL, cast.agreements[agreement], cast.agencies["charlie"])
    end_membership(PORTAL, cast.posts["otto-then"])
    cast.person("otto", "golf", "analyst", also="otto-then")
    world.root = admit_person(
        PORTAL, email="root@portal.example", name="Root", is_administrator=True
    ).pk


def _wait_until_past(moment: Any) -> None:
    end = monotonic() + 10
    while database_time() <= moment:
        assert monotonic() < end
        sleep(0.05)
