"""Readers that Django developers know: ``has_perm`` and the shortcuts of django-guardian."""

from __future__ import annotations

from functools import partial

from guardian.core import ObjectPermissionChecker
from guardian.shortcuts import get_objects_for_user, get_perms

from agencies.models import Person
from cases.models import Case
from sharing.actions import Action
from sharing.models import Record
from tests.truth.reader import Reader, known, sample, sampled
from tests.truth.table import CASES, RECORDS, reached
from tests.truth.world import World

RANKS = {
    "know_record": 1,
    "list_record": 2,
    "view_record": 3,
    "contribute_record": 4,
    "change_record": 5,
}


def user(world: World, person: str) -> Person:
    """Return one of the people, under the hat that the table means."""
    found = Person.objects.get(pk=world.person_id(person))
    found.actor = world.actor(person)
    return found


def record(world: World, name: str) -> Record:
    """Return a record, whoever may see it."""
    return Record.objects.unrestricted("a test asks who may see it").get(pk=world.records[name])


def has_perm(world: World, person: str, perm: str) -> set[str]:
    """Return the records on which a permission is held."""
    asker = user(world, person)
    return {
        name
        for name in sample(person, RECORDS, most=1)
        if asker.has_perm(f"sharing.{perm}", record(world, name))
    }


def has_perm_on_cases(world: World, person: str) -> set[str]:
    """Return the cases that may be read in full; nothing is held on all of them."""
    asker = user(world, person)
    assert not asker.has_perm("cases.view_case")
    assert not asker.has_perm("sharing.view_record")
    cases = {name: Case(pk=world.records[name]) for name in sample(person, CASES)}
    return {name for name, case in cases.items() if asker.has_perm("cases.view_case", case)}


def objects_for_user(world: World, person: str) -> set[str]:
    """Return what guardian lists among the records that the rule opens."""
    actor = world.actor(person)
    opened = Record.objects.permitting(actor, Action.KNOW)
    found = get_objects_for_user(user(world, person), "sharing.know_record", klass=opened)
    return world.names(found.values_list("pk", flat=True))


def perms_for_user(world: World, person: str) -> set[str]:
    """Return the records on which guardian lists just the permissions of the table."""
    asker, found = user(world, person), set()
    for name in sample(person, RECORDS):
        perms = set(get_perms(asker, record(world, name)))
        held = {perm for perm, rank in RANKS.items() if name in reached(person, rank)}
        if "supervisor" in person and name in reached(person, 5):
            held.add("release_record")
        assert perms == held, name
        found |= {name} if perms else set()
    return found


def checked(world: World, person: str) -> set[str]:
    """Return what guardian's checker lets a person read in full."""
    checker = ObjectPermissionChecker(user(world, person))
    return {
        name
        for name in sample(person, RECORDS)
        if checker.has_perm("view_record", record(world, name))
    }


READERS: dict[str, Reader] = {
    **{
        f"has_perm: {perm}": Reader(partial(has_perm, perm=perm), sampled(RECORDS, rank, most=1))
        for perm, rank in RANKS.items()
    },
    "has_perm on cases": Reader(has_perm_on_cases, sampled(CASES, 3)),
    "guardian: get_objects_for_user": Reader(objects_for_user, known),
    "guardian: get_perms": Reader(perms_for_user, sampled(RECORDS, 1)),
    "guardian: checker": Reader(checked, sampled(RECORDS, 3)),
}
