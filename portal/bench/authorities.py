"""The agencies, people, agreements and task forces of a world."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from uuid import UUID

from agencies.codes import Level, Role, Sensitivity
from agencies.models import (
    Agency,
    Agreement,
    Membership,
    Party,
    Person,
    Roster,
    Secondment,
    TaskForce,
)
from portal.bench.sizes import AGREEMENTS, CATEGORIES, PEOPLE, Sizes

PLACED = ("few", "some", "forces", "stranger", "lister", "flooded")
"""Agencies with a purpose of their own, apart from the many."""

FORCES = 40


@dataclass
class Authorities:
    """Who there is, in lists that are drawn from by number; the biggest agency is the first."""

    agencies: list[Agency] = field(default_factory=list)
    placed: dict[str, Agency] = field(default_factory=dict)
    people: dict[UUID, list[Membership]] = field(default_factory=dict)
    agreements: list[Agreement] = field(default_factory=list)
    forces: list[TaskForce] = field(default_factory=list)
    forty: list[TaskForce] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def officer(self, agency: Agency) -> Membership:
        """Return the post of an agency that reads and decides."""
        return self.people[agency.pk][0]


def now() -> datetime:
    """Return the time a world is made at."""
    return datetime.now(UTC)


def make_authorities(sizes: Sizes, chance: Random) -> Authorities:
    """Return the authorities of a world, all in the database."""
    made = Authorities()
    made.agencies = [_agency(f"agency-{place}", chance) for place in range(sizes.agencies)]
    made.placed = {name: _agency(name, chance) for name in PLACED}
    everyone = [*made.agencies, *made.placed.values()]
    Agency.objects.bulk_create(everyone)
    Roster.objects.bulk_create(
        Roster(id=agency.pk, kind=Roster.Kind.AGENCY, agency=agency) for agency in everyone
    )
    made.weights = list(accumulate(1 / rank for rank in range(2, sizes.agencies + 1)))
    _people(made, everyone, chance)
    _agreements(made, everyone)
    _forces(made, sizes, chance)
    return made


def authorities_at_hand() -> Authorities:
    """Return the authorities that the database holds already, in the order they were made."""
    made = Authorities()
    known = {str(one.short_name): one for one in Agency.objects.exclude(short_name=None)}
    made.placed = {name: known.pop(name) for name in PLACED}
    made.agencies = sorted(known.values(), key=lambda one: int(str(one.short_name).split("-")[1]))
    posts = Membership.objects.select_related("person").order_by("person__email")
    for post in posts:
        made.people.setdefault(post.agency_id, []).append(post)
    agreements = {one.number: one for one in Agreement.objects.all()}
    made.agreements = [agreements[f"B-{number}"] for number in range(AGREEMENTS)]
    return made


def key(chance: Random) -> UUID:
    """Return an id, the same one every time."""
    return UUID(int=chance.getrandbits(128), version=4)


def _agency(name: str, chance: Random) -> Agency:
    return Agency(
        id=key(chance),
        short_name=name,
        name=f"{name.replace('-', ' ').title()} Police",
        kind="municipal",
        status="active",
    )


def _people(made: Authorities, everyone: list[Agency], chance: Random) -> None:
    """Give every agency its people: one who decides, the others analysts."""
    people, posts = [], []
    for agency in everyone:
        made.people[agency.pk] = []
        for place in range(PEOPLE):
            email = f"p{place}@{agency.short_name}.example"
            person = Person(id=key(chance), email=email, name=f"Person {place}", password="!")  # noqa: S106  (nobody signs in)
            post = Membership(
                id=key(chance),
                person=person,
                agency=agency,
                roles=[Role.ANALYST, *([] if place else [Role.SUPERVISOR])],
                ceiling=Sensitivity.HIGHLY_CONFIDENTIAL,
                started_at=now() - timedelta(days=900),
            )
            people.append(person)
            posts.append(post)
            made.people[agency.pk].append(post)
    Person.objects.bulk_create(people)
    Membership.objects.bulk_create(posts, batch_size=2000)
    Roster.objects.bulk_create(
        (Roster(id=post.pk, kind=Roster.Kind.MEMBERSHIP, membership=post) for post in posts),
        batch_size=2000,
    )


def _agreements(made: Authorities, everyone: list[Agency]) -> None:
    """Conclude agreements that all have signed; the last but one carries many grants, to be ended,
    and the last was terminated.
    """
    for number in range(AGREEMENTS):
        made.agreements.append(
            Agreement(
                number=f"B-{number}",
                title=f"Exchange {number}",
                categories=list(CATEGORIES),
                purposes=["criminal_justice"],
                level=Level.CONTRIBUTE,
                effective_at=now() - timedelta(days=1000),
                expires_at=now() + timedelta(days=900),
                terminated_at=now() - timedelta(days=9) if number == AGREEMENTS - 1 else None,
            )
        )
    Agreement.objects.bulk_create(made.agreements)
    Party.objects.bulk_create(
        (
            Party(agreement=agreement, agency=agency, joined_at=now() - timedelta(days=999))
            for agreement in made.agreements
            for agency in everyone
        ),
        batch_size=5000,
    )


def _forces(made: Authorities, sizes: Sizes, chance: Random) -> None:
    """Form task forces: those of the reader with forty, and those of everyone else."""

    def force(name: str, lead: Agency) -> TaskForce:
        agreement = made.agreements[0]
        return TaskForce(
            id=key(chance), short_name=name, name=name.title(), lead=lead, agreement=agreement
        )

    made.forces = [
        force(f"force-{place}", chance.choice(made.agencies)) for place in range(sizes.task_forces)
    ]
    made.forty = [force(f"forty-{place}", made.placed["forces"]) for place in range(FORCES)]
    TaskForce.objects.bulk_create([*made.forces, *made.forty])
    Roster.objects.bulk_create(
        Roster(id=one.pk, kind=Roster.Kind.TASK_FORCE, task_force=one)
        for one in [*made.forces, *made.forty]
    )
    posts = [made.people[agency.pk][2] for agency in made.agencies]
    members = [
        (one, post) for one in made.forces for post in chance.sample(posts, min(12, len(posts)))
    ]
    reader = made.officer(made.placed["forces"])
    members += [(one, reader) for one in made.forty]
    members += [(made.forty[0], made.officer(made.placed["some"]))]
    members += [(one, made.officer(made.agencies[0])) for one in made.forces[:3]]
    Secondment.objects.bulk_create(
        Secondment(task_force=one, membership=post, started_at=now() - timedelta(days=800))
        for one, post in members
    )
