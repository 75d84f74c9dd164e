"""Parts of the rule's conditions taken away one by one, and the script that does it to services.

The policy's own test takes away each named condition whole; here are the parts of those that have
several, and the lists, which are made of the same conditions.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from agencies.actors import acting_as
from agencies.codes import Tier
from agencies.models import Agency, Agreement, Membership, Party
from sharing.listing import page
from sharing.models import StandingGrant
from sharing.policy import COVER, STANDING, STANDING_COVER, WITHIN_TIER, Branch
from tests.mutations import applied, mutants_of
from tests.sharing import factory as make
from tests.sharing.near_misses import OTHER, SPOILS, Stage, stage
from tests.sharing.test_policy_sql import NAMES, every_condition, reached

pytestmark = pytest.mark.django_db

JOINED = " AND p.joined_at <= g.issued_at"
COVERED = " AND r.category = ANY (p.categories)"
OF_TIER, AS_FAR_AS_TIER = (
    f" AND {text.format(category='r.category')}" for text in WITHIN_TIER.values()
)
GIVEN = ("grant", "cover", "standing", "standing_cover")
PARTIES = ("reader's agency is a party", "owner is a party")


@dataclass(frozen=True)
class Part:
    """A part of some conditions of a branch, and the act that it alone stands against."""

    branch: str
    conditions: tuple[str, ...]
    text: str
    spoil: Callable[[Stage], Any]

    def __str__(self) -> str:
        return f"{self.branch}: {' and '.join(self.conditions)} without {self.text.strip()}"

    def taken_away(self) -> Branch:
        """Return the branch less this part of it."""
        branch = NAMES[self.branch]
        kept = dict(branch.conditions)
        for name in self.conditions:
            assert self.text in kept[name]
            kept[name] = kept[name].replace(self.text, "")
        return replace(branch, conditions=kept)


def return_of(side: str) -> Callable[[Stage], Any]:
    """Return the act by which an agency leaves the agreement and signs it again."""

    def spoil(here: Stage) -> None:
        agency = getattr(here, side)
        Party.objects.filter(agency=agency).update(left_at=Now())
        Party.objects.create(agreement=here.agreement, agency=agency)

    return spoil


def narrow_agreement(here: Stage) -> None:
    """Have the agreement speak of other data."""
    Agreement.objects.filter(pk=here.agreement.pk).update(categories=[OTHER])


def lower_tier(side: str) -> Callable[[Stage], Any]:
    """Return the act by which an agency gets a tier that takes no part in such data."""
    return lambda here: Agency.objects.filter(pk=getattr(here, side).pk).update(
        tier=Tier.PUBLIC_SAFETY
    )


def take_summaries_alone(here: Stage) -> None:
    """Have everything be of data that the reader's tier takes part in, at a lower level."""
    Agreement.objects.filter(pk=here.agreement.pk).update(categories=["bulletin"])
    for change in (here.on_case, here.on_target):
        change(category="bulletin")
    if isinstance(here.grant, StandingGrant):
        here.on_grant(category="bulletin")
    assert reached(here)
    Agency.objects.filter(pk=here.reading.pk).update(tier=Tier.COMMUNITY)


def make_item(here: Stage) -> None:
    """Have the target be an item, covered by itself, of another case of its owner."""
    here.on_target(kind="item", case=make.a_record(here.owner, findability="silent"))


def make_contribution(here: Stage) -> None:
    """Have what covers the target be a contribution to another case of its owner."""
    here.on_case(kind="contribution", case=make.a_record(here.owner, findability="silent"))


PARTS = [
    *(Part(branch, (PARTIES[0],), JOINED, return_of("reading")) for branch in GIVEN),
    *(Part(branch, (PARTIES[1],), JOINED, return_of("owner")) for branch in GIVEN),
    *(Part(branch, PARTIES, COVERED, narrow_agreement) for branch in GIVEN),
    *(Part(branch, (PARTIES[0],), OF_TIER, lower_tier("reading")) for branch in GIVEN),
    *(Part(branch, (PARTIES[1],), OF_TIER, lower_tier("owner")) for branch in GIVEN),
    *(Part(branch, (PARTIES[0],), AS_FAR_AS_TIER, take_summaries_alone) for branch in GIVEN),
    Part("standing", ("a listed case",), "r.kind = 'case' AND ", make_item),
    Part("standing_cover", ("a listed case covers it",), "c.kind = 'case' AND ", make_contribution),
]


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_each_part_of_a_condition_keeps_somebody_from_something(part: Part) -> None:
    here = stage(part.branch)
    assert reached(here)
    part.spoil(here)
    assert not reached(here)
    assert reached(here, (part.taken_away(),))


def test_every_part_that_can_be_taken_away_alone_is_taken_away() -> None:
    several = {
        (name, condition)
        for name, branch in NAMES.items()
        for condition, text in branch.conditions.items()
        if " AND " in text
    }
    assert several == {(part.branch, one) for part in PARTS for one in part.conditions}


@pytest.mark.parametrize("branch", [COVER, STANDING_COVER], ids=["grant", "standing grant"])
def test_what_covers_is_not_covered_by_itself(branch: Branch) -> None:
    assert "r.id <> " in branch.rows
    here = stage("cover" if branch is COVER else "standing_cover")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT via FROM sharing_access WHERE membership_id = %s AND record_id = %s",
            [here.reader.pk, here.case.pk],
        )
        assert cursor.fetchall() == [("grant" if branch is COVER else STANDING.via,)]


def listed(here: Stage) -> bool:
    """Return whether the reader's list holds the target."""
    reader = acting_as(Membership.objects.select_related("person").get(pk=here.reader.pk))
    reader_, target = here.pair
    assert reader_ == reader.membership_id
    here.target.refresh_from_db()
    return target in {key.id for key in page(reader, kind=here.target.kind).keys}


@pytest.mark.parametrize(("branch", "condition"), list(every_condition()))
def test_lists_keep_each_condition_of_each_branch(branch: str, condition: str) -> None:
    here = stage(branch)
    assert listed(here)
    SPOILS[branch][condition](here)
    assert not listed(here)


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_lists_keep_each_part_of_a_condition(part: Part) -> None:
    here = stage(part.branch)
    assert listed(here)
    part.spoil(here)
    assert not listed(here)


SERVICE = """
class Refused(Exception):
    pass

def give(rows, asker, decider, limit=None):
    if asker == decider:
        raise Refused
    if limit is not None and rows.size > limit:
        raise Refused
    return [one for one in rows.filter(live=True, owner=asker) if one.large or one.old]
"""


@pytest.fixture
def service(tmp_path: Path) -> ModuleType:
    """Return a module with six conditions."""
    path = tmp_path / "service.py"
    path.write_text(SERVICE)
    spec = importlib.util.spec_from_file_location("service", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_takes_away_every_condition_of_a_service(service: ModuleType) -> None:
    assert sorted(mutant.missing for mutant in mutants_of(service)) == [
        "if asker == decider",
        "if limit is not None and rows.size > limit",
        "limit is not None",
        "live=True",
        "one.large",
        "one.old",
        "owner=asker",
        "rows.size > limit",
    ]


def test_a_mutant_takes_the_place_of_its_function_for_a_while(
    service: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Rows:
        size = 3

        def filter(self, **conditions: object) -> list[object]:
            return []

    monkeypatch.setattr("tests.mutations.importlib.import_module", lambda name: service)
    give = service.give
    guard = next(one for one in mutants_of(service) if one.missing == "if asker == decider")
    with pytest.raises(service.Refused):
        give(Rows(), "ana", "ana")
    with applied(guard):
        assert give(Rows(), "ana", "ana") == []
    with pytest.raises(service.Refused):
        give(Rows(), "ana", "ana")
