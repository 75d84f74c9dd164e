"""Where random operations begin: four agencies, nine posts, three agreements and a task force."""

from __future__ import annotations

from dataclasses import dataclass, field

from agencies.actors import Actor
from agencies.codes import Level, Sensitivity
from agencies.models import Agreement
from agencies.services import admit_person
from tests.cast import CATEGORIES, PORTAL, Cast
from tests.sharing import oracle as o

ROLES = {"a": "analyst", "s": "supervisor", "x": "auditor"}
POSTS = (
    ("ana", "alpha", "a", 3),
    ("abe", "alpha", "a", 1),
    ("sam", "alpha", "s", 4),
    ("ida", "alpha", "x", 4),
    ("bo", "bravo", "a", 2),
    ("stella", "bravo", "s", 4),
    ("cy", "charlie", "a", 3),
    ("chris", "charlie", "s", 4),
    ("dee", "delta", "as", 4),
    ("bo-two", "delta", "a", 3),
)
AGREEMENTS = {
    "two": ("alpha", "bravo"),
    "three": ("alpha", "bravo", "charlie"),
    "all": ("alpha", "bravo", "charlie", "delta"),
}


@dataclass
class Start:
    """The same beginning twice: for the oracle, and by name for the rules."""

    oracle: o.Oracle = field(default_factory=o.Oracle)
    agencies: dict[str, o.Agency] = field(default_factory=dict)
    agreements: list[o.Agreement] = field(default_factory=list)
    forces: list[o.Force] = field(default_factory=list)
    administrators: list[Actor] = field(default_factory=list)
    now: int = 0


def begin() -> Start:
    """Make the beginning by the services and return what the oracle knows of it."""
    cast, start = Cast(), Start()
    for name in ("alpha", "bravo", "charlie", "delta"):
        start.agencies[name] = o.Agency(cast.agency(name).pk)
    people: dict[str, o.Person] = {}
    for name, agency, roles, ceiling in POSTS:
        named = [ROLES[letter] for letter in roles]
        also = "bo" if name == "bo-two" else ""
        post = cast.person(name, agency, *named, ceiling=Sensitivity(ceiling), also=also)
        person = people.setdefault(also or name, o.Person(post.person_id))
        start.oracle.posts.append(
            o.Post(post.pk, person, start.agencies[agency], set(named), ceiling)
        )
    for key, parties in AGREEMENTS.items():
        kind = "participation" if key == "all" else "bilateral"
        covered = CATEGORIES[:1] if key == "two" else CATEGORIES
        made = cast.agree(key, *parties, kind=kind, categories=covered)
        start.agreements.append(known(made, [start.agencies[name] for name in parties], at=0))
    force = cast.task_force("river", "alpha", "three", "bo", "chris", "abe")
    start.forces.append(o.Force(force.pk, start.agencies["alpha"], start.agreements[1]))
    seated = {cast.posts[name].pk for name in ("bo", "chris", "abe")}
    for one in start.oracle.posts:
        if one.key in seated:
            one.forces.add(start.forces[0])
    for name in ("root", "rita"):
        row = admit_person(
            PORTAL, email=f"{name}@portal.example", name=name.title(), is_administrator=True
        )
        start.administrators.append(Actor(person_id=row.pk, is_administrator=True))
    return start


def known(agreement: Agreement, parties: list[o.Agency], *, at: float) -> o.Agreement:
    """Return what the oracle knows of an agreement just concluded."""
    return o.Agreement(
        key=agreement.pk,
        categories=set(agreement.categories),
        level=Level(agreement.level),
        standing=agreement.kind == Agreement.Kind.BILATERAL,
        since=dict.fromkeys(parties, at),
    )
