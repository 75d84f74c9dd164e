"""World files that cannot be loaded: each says where, and leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest

from agencies.models import Agency
from cases.world import BrokenWorld, load_world
from ledger.models import Event
from tests.cases.small_world import small

pytestmark = pytest.mark.django_db


def broken(change: Any) -> str:
    """Return why a world is refused once *change* was made to it; nothing of it is there."""
    world = small()
    change(world)
    with pytest.raises(BrokenWorld) as refused:
        load_world(world)
    assert not Agency.objects.exists()
    assert not Event.objects.exists()
    return str(refused.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda w: w.update(planets=[]), 'the world: there is no key "planets" here.'),
        (lambda w: w.update(cases={}), 'the world: "cases" must be a list.'),
        (lambda w: w.update(cases=[7]), "cases[0]: this must be an object."),
        (
            lambda w: w["cases"][0].update(colour="red"),
            'cases[0] (K1): there is no key "colour" here.',
        ),
        (
            lambda w: w["cases"][0].update(type="mischief"),
            "cases[0] (K1): type: Give one of",
        ),
        (
            lambda w: w["cases"][0].update(by="zoe@x.example"),
            'cases[0] (K1): there is no person "zoe@x.example" in this world.',
        ),
        (lambda w: w["cases"][0].pop("title"), 'cases[0] (K1): "title" is missing.'),
        (lambda w: w["cases"][1].update(key="K1"), 'cases[1] (K1): the key "K1" is used twice.'),
        (
            lambda w: w["cases"][0]["items"][0].update(fields={"wings": 2}),
            "items[0] (K1.v1): fields.wings: A vehicle has no such field.",
        ),
        (
            lambda w: w["cases"][0].update(opened_on="soon"),
            'cases[0] (K1): "opened_on" must be a time as +30d, -2h, +3s or in ISO 8601.',
        ),
        (
            lambda w: w["grants"][0].update(to="zulu"),
            'grants[0] (g1): there is no agency, task force or person "zulu" in this world.',
        ),
        (
            lambda w: w["grants"][0].update(level="manage"),
            'grants[0] (g1): "manage" is no level; give one of pointer, summary, view, contribute.',
        ),
        (
            lambda w: w["grants"][0].update(purpose="public_safety"),
            "grants[0] (g1): No agreement in effect",
        ),
        (
            lambda w: w["grants"][0].update(by="ana@alpha.example"),
            "grants[0] (g1): Only the release authority",
        ),
        (
            lambda w: w["grants"][0].update(items=["K9"]),
            'grants[0] (g1): there is no key "K9" in this world.',
        ),
        (
            lambda w: w.update(people=[w["people"][0], *w["people"][2:]]) or w["people"].pop(0),
            "there is no person",
        ),
        (
            lambda w: w["requests"][0].update(direction="beg"),
            'requests[0] (r1): "direction" is ask or offer.',
        ),
        (
            lambda w: w["requests"][1]["decide"].update({"as": "maybe"}),
            'decide: "as" is approve or deny.',
        ),
        (
            lambda w: w["agencies"][0].update(status="asleep"),
            'agencies[0] (alpha): "asleep" is no status of an agency.',
        ),
        (
            lambda w: w["agencies"].append(w["agencies"][0]),
            'agencies[4] (alpha): there are two agencies "alpha".',
        ),
        (
            lambda w: w["people"].append(w["people"][0]),
            'there are two people "ana@alpha.example".',
        ),
        (
            lambda w: w["people"][0]["memberships"][0].update(ceiling="cosmic"),
            '"cosmic" is no ceiling.',
        ),
        (
            lambda w: w["task_forces"][0].update(short_name="alpha"),
            'task_forces[0] (alpha): the name "alpha" is taken.',
        ),
        (
            lambda w: w["agreements"][0].update(title=7),
            'agreements[0] (M1): "title" must be text.',
        ),
        (
            lambda w: w["agreements"][0].update(parties="alpha"),
            'agreements[0] (M1): "parties" must be a list of texts.',
        ),
        (lambda w: w.update(participation="yes"), '"participation" must be true or false.'),
    ],
)
def test_a_broken_world_names_the_entry_and_loads_nothing(change: Any, says: str) -> None:
    assert says in broken(change)
