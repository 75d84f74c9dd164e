"""The demonstration shows how protected people are kept back, and keeps them back itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agencies.actors import Actor, acting_as
from agencies.codes import Role
from agencies.models import Membership
from cases.exposure import Texts, exposures
from cases.models import Case, Item
from cases.world import load_world
from sharing.actions import Action
from tests.databases import ROOT

pytestmark = pytest.mark.django_db

DEMO = ROOT / "portal" / "demo" / "world.json"


def signers() -> dict[Any, Actor]:
    """Return for each agency its release authority, whose ceiling is its highest."""
    posts = Membership.objects.holding(Role.SUPERVISOR).select_related("person")
    return {post.agency_id: acting_as(post) for post in posts}


def named_to_partners() -> list[str]:
    """Return what any text of the demonstration tells partners of whom they may not know."""
    by = signers()
    said: list[str] = []
    for case in Case.objects.unrestricted("test").select_related("record"):
        texts = Texts({"title": case.record.title}, {"summary": case.summary})
        said += map(str, exposures(by[case.record.owner_id], case.pk, texts))
    for item in Item.objects.unrestricted("test").select_related("record"):
        assert item.record.case_id is not None
        texts = Texts(
            {"title": item.record.title},
            {name: json.dumps(value) for name, value in item.fields.items()},
            item=item,
            masked=item.record.protected,
            withheld=item.withheld,
        )
        said += map(str, exposures(by[item.record.owner_id], item.record.case_id, texts))
    return said


def readers(record: Any) -> set[str]:
    """Return who may know of an item, by e-mail."""
    posts = Membership.objects.acting().select_related("person")
    found = (
        post.person.email
        for post in posts
        if Item.objects.permitting(acting_as(post), Action.KNOW).filter(pk=record).exists()
    )
    return set(found)


def test_no_partner_reads_who_is_protected() -> None:
    world = json.loads(DEMO.read_text("utf-8"))
    acts = world.pop("acts")
    keys = load_world(world)
    statement = "“text” names Witness 1 (Andrade), who is held back from Brook"
    before = named_to_partners()
    assert len(before) == 1
    assert before[0].startswith(statement)
    assert any(act["do"] == "stop" and act["item"] == "alder.statement" for act in acts)
    assert "ana@brook.example" in readers(keys["alder.statement"])


def test_what_was_shared_by_mistake_is_held_back_when_the_story_begins() -> None:
    keys = load_world(json.loads(DEMO.read_text("utf-8")))
    assert named_to_partners() == []
    assert readers(keys["alder.statement"]) == {"ben@harlan.example", "sam@harlan.example"}
