"""The world of the truth table: every way of reaching a case, and every way of having lost it."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from django.core import mail
from django.test import Client

from agencies.actors import Actor
from agencies.clock import database_time
from agencies.codes import Level, Sensitivity
from agencies.middleware import HAT
from agencies.models import Person
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
    "contributor whose access was revoked": "vic",
    "that contributor's supervisor": "vera",
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
    "victor": ("vic", "vera"),
    "xray": ("ed",),
}
ROLES = {"stella": "supervisor", "vera": "supervisor", "bob": "auditor"}
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
    requests: dict[str, UUID] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    root: UUID | None = None
    mail: list[Any] = field(default_factory=list)
    sessions: dict[str, Any] = field(default_factory=dict)

    def actor(self, person: str) -> Actor:
        """Return one of the people of the table, acting now."""
        name = NAMES[person]
        if name == "root" and self.root:
            return Actor(person_id=self.root, is_administrator=True)
        return self.cast.actor(name)

    def person_id(self, person: str) -> UUID:
        """Return the id under which one of the people of the table signs in."""
        name = NAMES[person]
        if name == "root" and self.root:
            return self.root
        return self.cast.posts[name].person_id

    def people(self, ids: Any) -> set[str]:
        """Return whom the table means by these people; an id it does not know stays as it is."""
        by_id = {self.person_id(person): person for person in NAMES}
        return {by_id.get(one, str(one)) for one in ids}

    def asked(self, ids: Any) -> set[str]:
        """Return what the table calls these requests; an id it does not know stays as it is."""
        by_id = {str(key): name for name, key in self.requests.items()}
        return {by_id.get(str(one), str(one)) for one in ids}

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

    def give(
        self, to: str, name: str = "ordinary", *, but: tuple[str, ...] = (), **changes: Any
    ) -> Grant:
        """Have Ana offer a record to an agency or a person, and Sam approve it *but* some items."""
        record = self.records[name]
        roster = self.cast.posts[to].pk if to in self.cast.posts else self.cast.id(to)
        request = services.offer_record(
            self.cast.actor("ana"), record_id=record, roster_id=roster, terms=terms(**changes)
        )
        self.requests[f"{name} to {to}"] = request.pk
        less = [one for one in changes.get("items", ()) if one not in map(self.records.get, but)]
        fewer: dict[str, Any] = {"items": less} if but else {}
        services.approve_request(self.cast.actor("sam"), request.pk, **fewer)
        return Grant.objects.get(record_id=record, roster_id=roster, revoked_at=None)


def build() -> World:
    """Make the world through the services, step by step as it would come about."""
    world = World(_people())
    _records(world)
    _grants(world)
    short = world.give("xray")
    run_out = in_days(2 / 86400)
    services.narrow_grant(world.cast.actor("ana"), short.pk, until=run_out)
    _task_force(world)
    _standing(world)
    _asked(world)
    _contribute(world, "stella", "bo", "pawn", "contribution")
    _contribute(world, "vera", "vic", "receipt", "formercontribution")
    tell()
    world.vehicle("ana", "ordinary", "later")
    world.victim("ana", "ordinary", "latervictim")
    _losses(world)
    tell()
    _wait_until_past(run_out)
    world.mail = list(mail.outbox)
    world.sessions = {person: _session(world, person) for person in NAMES}
    return world


def tell() -> None:
    """Deliver everything that waits to be told."""
    while deliver_batch():
        continue


def _session(world: World, person: str) -> Any:
    """Return the cookies of a browser in which a person has signed in."""
    client = Client()
    client.force_login(Person.objects.get(pk=world.person_id(person)))
    session = client.session
    session[HAT] = str(world.actor(person).membership_id or "")
    session.save()
    return client.cookies


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
    cast.agree("golf", "alpha", "golf")
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
    chosen = [world.records[one] for one in ("car", "victim", "hidden")]
    world.give("bravo", level=Level.CONTRIBUTE)
    world.give("bravo", "sensitive")
    world.give("bravo", "pointed", level=Level.POINTER)
    world.give("papa", level=Level.POINTER)
    world.give("sierra", level=Level.SUMMARY)
    world.give("quebec", items=chosen, but=("hidden",))
    world.give("lima", later="no")
    world.give("uniform", unmask=True, later="all", export=True)
    world.give("victor", level=Level.CONTRIBUTE)
    for name in ("romeo", "delta", "echo", "charlie", "hugo"):
        world.give(name)


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
    request = services.offer_record(
        cast.actor("ana"),
        record_id=world.records["ordinary"],
        roster_id=river.pk,
        terms=terms(),
    )
    world.requests["ordinary to river"] = request.pk
    services.approve_request(cast.actor("sam"), request.pk)
    end_secondment(PORTAL, former)


def _standing(world: World) -> None:
    request = services.offer_standing(
        world.cast.actor("ana"),
        roster_id=world.cast.id("tango"),
        category="incident_report",
        terms=terms(),
    )
    world.requests["standing to tango"] = request.pk
    services.approve_request(world.cast.actor("sam"), request.pk)


def _asked(world: World) -> None:
    """Have a stranger ask by number for what is silent, and the duty desk find it."""
    request = services.ask_by_number(
        world.cast.actor("gus"),
        agency_id=world.cast.id("alpha"),
        own_number="24-1832",
        terms=terms(),
    )
    world.requests["asked by number"] = request.pk
    services.attach_record(world.cast.actor("lee"), request.pk, record_id=world.records["silent"])


def _contribute(world: World, confirming: str, adding: str, item: str, cover: str) -> None:
    """Have a partner's release authority confirm, and its analyst add an item."""
    agency = world.cast.posts[adding].agency_id
    grant = Grant.objects.get(roster_id=agency, record_id=world.records["ordinary"])
    services.acknowledge_grant(world.cast.actor(confirming), grant.pk)
    world.vehicle(adding, "ordinary", item)
    contribution = contribution_of(agency, world.records["ordinary"])
    assert contribution is not None
    world.records[cover] = contribution.pk


def _losses(world: World) -> None:
    cast = world.cast
    for name in ("romeo", "victor"):
        revoked = Grant.objects.get(roster_id=cast.id(name))
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
