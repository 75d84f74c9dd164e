"""Who passes each guard of people and agencies, as one table, and each guard less each condition.

A guard lets pass, refuses, or says that there is nothing: the last tells nobody of what is not
theirs.  A condition whose absence changes nothing in the table would guard nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import FrameType
from typing import Any

import pytest

from agencies.refusals import NotAllowed, NotVisible
from tests.agencies.cast import Cast
from tests.agencies.guard_scene import Guard, Scene
from tests.agencies.guarded import EXPECTED
from tests.mutations import Mutant, applied, mutants_of

MODULES = ("agencies.authority", "agencies.charge", "agencies.services.looking_after")
"""Whose conditions the table takes away; ``python -m tests.mutations`` takes away the others'."""

SHORTCUTS = {
    "_posts: if by.person_id is None or by.membership_id is None",
    "_posts: by.person_id is None",
    "_posts: by.membership_id is None",
    "require_charge_of_person: by.agency_id is None",
    "looks_after: by.agency_id is None",
}
"""Conditions that spare a question whose answer is no: who has no id has no rows."""


def verdict(guard: Guard, by: Any) -> str:
    """Return what a guard says."""
    try:
        guard(by)
    except NotVisible:
        return "nothing"
    except NotAllowed:
        return "refused"
    except (AttributeError, TypeError) as broken:
        return type(broken).__name__
    return "passes"


def said_of(guard: Guard, people: dict[str, Any]) -> dict[str, set[str]]:
    """Return who passes a guard, and to whom there is nothing."""
    said = {who: verdict(guard, by) for who, by in people.items()}
    wanted = ("passes", "nothing")
    return {one: {who for who, what in said.items() if what == one} for one in wanted}


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """Give the test its scene."""
    return Scene(cast)


def test_exactly_those_pass_each_guard(scene: Scene) -> None:
    people = scene.people()
    found = {name: said_of(guard, people) for name, guard in scene.guards().items()}
    assert found == EXPECTED


def reached_by(scene: Scene) -> dict[str, set[tuple[str, str]]]:
    """Return by guard the functions that it comes by, as their code names them."""
    people = [scene.cast.acts(name) for name in ("kim", "bea", "root")]
    found: dict[str, set[tuple[str, str]]] = {}
    for name, guard in scene.guards().items():
        came = found.setdefault(name, set())

        def note(frame: FrameType, event: str, _: object, came: set[Any] = came) -> None:
            if event == "call":
                came.add((frame.f_code.co_filename, frame.f_code.co_qualname))

        sys.setprofile(note)
        try:
            for by in people:
                verdict(guard, by)
        finally:
            sys.setprofile(None)
    return found


def unnoticed(scene: Scene, mutant: Mutant, asked: list[str]) -> bool:
    """Return whether what some guards say is the same without a condition."""
    guards, people = scene.guards(), scene.people()
    with applied(mutant):
        return all(EXPECTED[name] == said_of(guards[name], people) for name in asked)


@pytest.mark.parametrize("module", MODULES)
def test_no_guard_has_a_condition_that_keeps_nobody_from_anything(
    scene: Scene, module: str
) -> None:
    ways = reached_by(scene)
    found = set()
    for one in mutants_of(import_module(module)):
        asked = [name for name, came in ways.items() if one.of in came]
        if asked and unnoticed(scene, one, asked):
            found.add(f"{one.function}: {one.missing}")
    assert found - SHORTCUTS == set()
