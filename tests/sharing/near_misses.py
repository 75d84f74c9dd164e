"""Pairs that one condition of the rule alone keeps apart, for each branch and each condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from agencies.codes import Role, Sensitivity
from agencies.models import Agency, Agreement, Membership, Party
from sharing.models import Grant, Record, StandingGrant
from tests.sharing import factory as make

OTHER = "gang"
BOTH = [make.CATEGORY, OTHER]


@dataclass
class Stage:
    """An owner, a reader and what one branch takes to join them."""

    owner: Agency
    reading: Agency
    reader: Membership
    agreement: Agreement
    case: Record
    target: Record
    grant: Grant | StandingGrant | None = None

    def on_case(self, **fields: Any) -> None:
        """Change the case."""
        make.change(self.case, **fields)

    def on_target(self, **fields: Any) -> None:
        """Change what is read."""
        make.change(self.target, **fields)

    def on_grant(self, **fields: Any) -> None:
        """Change the grant."""
        assert self.grant is not None
        type(self.grant).objects.filter(pk=self.grant.pk).update(**fields)

    def on_reader(self, **fields: Any) -> None:
        """Change the reader's post."""
        Membership.objects.filter(pk=self.reader.pk).update(**fields)

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """Return who is kept from what."""
        return self.reader.pk, self.target.pk


def stage(branch: str) -> Stage:
    """Return a stage on which *branch* joins the reader to the target."""
    owner = make.an_agency(f"o{make.serial()}")
    reading = owner if branch == "own" else make.an_agency(f"r{make.serial()}")
    agreement = make.an_agreement(*{owner.pk: owner, reading.pk: reading}.values(), categories=BOTH)
    reader = make.a_membership(reading, ceiling=Sensitivity.SENSITIVE)
    case = make.a_record(owner, findability="listed")
    covered = branch in ("cover", "standing_cover")
    target = make.an_item(case) if covered else case
    found = Stage(owner, reading, reader, agreement, case, target)
    if branch.startswith("standing"):
        found.grant = make.a_standing_grant(owner, reading, agreement)
    elif branch != "own":
        found.grant = make.a_grant(case, reading, agreement)
    return found


Spoil = Callable[[Stage], Any]


def leave(agency: str) -> Spoil:
    """Return the act by which an agency of the stage leaves the agreement."""
    return lambda s: Party.objects.filter(agency=getattr(s, agency)).update(left_at=Now())


def end_grant(stage: Stage) -> None:
    """Revoke the grant."""
    stage.on_grant(revoked_at=Now(), revoke_reason="misuse")


def run_out(stage: Stage) -> None:
    """Let the grant's time pass."""
    stage.on_grant(issued_at=make.days(-9), until=make.days(-1))


READER: dict[str, Spoil] = {
    "role reads cases": lambda s: s.on_reader(roles=[Role.AUDITOR, Role.COORDINATOR]),
}
OPEN: dict[str, Spoil] = {
    "record is not sealed": lambda s: s.on_target(sealed_at=Now()),
    "record is not expunged": lambda s: s.on_target(expunged_at=Now()),
    "within the ceiling": lambda s: s.on_target(sensitivity=Sensitivity.CONFIDENTIAL),
}
UNDER: dict[str, Spoil] = {
    **READER,
    **OPEN,
    "has begun": lambda s: s.on_grant(starts_at=make.days(1)),
    "not revoked": end_grant,
    "not past its time": run_out,
    "reader's agency is a party": leave("reading"),
    "owner is a party": leave("owner"),
}
GRANT: dict[str, Spoil] = {
    **UNDER,
    "to a roster of the reader": lambda s: s.on_grant(roster_id=s.owner.pk),
    "not swept": lambda s: s.on_grant(ended_at=Now()),
}
STANDING: dict[str, Spoil] = {
    **UNDER,
    "of the grant's category": lambda s: s.on_target(category=OTHER),
}


def collect_elsewhere(stage: Stage) -> None:
    """Have a third agency be the one whose information it is."""
    stage.on_target(originator=make.an_agency(f"t{make.serial()}"))


def move(stage: Stage) -> None:
    """Give the case to a third agency, which is a party too."""
    third = make.an_agency(f"t{make.serial()}")
    Party.objects.create(agreement=stage.agreement, agency=third, joined_at=make.days(-20))
    stage.on_case(owner=third, originator=third)


SPOILS: dict[str, dict[str, Spoil]] = {
    "own": {
        **READER,
        **OPEN,
        "own agency": lambda s: s.on_target(owner=make.an_agency(f"t{make.serial()}")),
    },
    "grant": GRANT,
    "cover": {
        **GRANT,
        "scope is all": lambda s: s.on_grant(scope="record"),
        "covered in time": lambda s: s.on_grant(items_until=make.days(-1)),
        "not protected, or protected in time": lambda s: s.on_target(protected=True),
        "originated by its owner": collect_elsewhere,
    },
    "standing": {
        **STANDING,
        "originated by its owner": collect_elsewhere,
        "a listed case": lambda s: s.on_case(findability="contact_only"),
        "of the grant's owner": move,
    },
    "standing_cover": {
        **STANDING,
        "originated by its owner": collect_elsewhere,
        "a listed case covers it": lambda s: s.on_case(findability="silent"),
        "the case is the grant's owner's": move,
        "the case is of the grant's category": lambda s: s.on_case(category=OTHER),
        "the case is within the ceiling": lambda s: s.on_case(sensitivity=Sensitivity.CONFIDENTIAL),
        "the case is not sealed": lambda s: s.on_case(sealed_at=Now()),
        "the case is not expunged": lambda s: s.on_case(expunged_at=Now()),
        "not protected": lambda s: s.on_target(protected=True),
    },
}
