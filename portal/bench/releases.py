"""The grants of a world and the decisions they come from."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

from agencies.codes import Level
from agencies.models import Agency
from portal.bench.authorities import Authorities, now
from portal.bench.contents import Contents
from portal.bench.copying import NULL, Sheet
from portal.bench.sizes import (
    AGREEMENTS,
    EXPIRED,
    GRANTS_PER_CASE,
    GRANTS_WEIGHTS,
    KINDS,
    REVOKED,
    UNSWEPT,
    Sizes,
)
from sharing.terms import FOREVER, NEVER

HELD = {"few": 20, "some": 1700, "forty": 70}
"""Live grants of the placed readers, at every size of the world; of the forty, to each."""

ENDING = AGREEMENTS - 2
"""The agreement that is ended while the benchmark runs, and carries a thirtieth of all grants."""

GRANT = Sheet(
    "sharing_grant",
    [
        "id",
        "record_id",
        "roster_id",
        "level",
        "agreement_id",
        "decision_id",
        "issued_by_id",
        "until",
        "revoked_at",
        "revoke_reason",
        "ended_at",
        "touched_at",
        "owner",
        "sensitivity",
        "category",
        "grouping",
        "type",
        "status",
        "issued_at",
    ],
    scope="all",
    purpose="criminal_justice",
    items_until=FOREVER.isoformat(),
    protected_until=NEVER.isoformat(),
    later="except_protected",
    export="f",
    onward="f",
    unmask="f",
    contributions="",
    revoke_text="",
    version="1",
    kind="case",
)
REQUEST = Sheet(
    "sharing_sharerequest",
    ["id", "number", "owner_id", "roster_id", "decided_by_id"],
    state="approved",
    state_before="",
    own_note="",
    priority="routine",
    for_case_known="f",
    direction="offer",
    own_number="",
    description="",
    category="any",
    level=str(int(Level.VIEW)),
    purpose="criminal_justice",
    for_case="",
    on_behalf_of="",
    contact_phone="",
    reason="Works the same series.",
    until=FOREVER.isoformat(),
    later="except_protected",
    export="f",
    unmask="f",
    due_at=FOREVER.isoformat(),
    decided_at=NEVER.isoformat(),
    reason_code="",
    decision_text="",
    version="1",
)
LEVELS = (Level.POINTER, Level.SUMMARY, Level.VIEW, Level.CONTRIBUTE)


@dataclass
class Releases:
    """Draws who is given what; one decision for each owner and roster."""

    made: Authorities
    contents: Contents
    chance: Random
    decisions: dict[tuple[UUID, UUID], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.agreements = [str(one.pk) for one in self.made.agreements]
        self.kinds = [chance for _, chance in KINDS]
        self.people = [
            post.pk for agency in self.made.agencies for post in self.made.people[agency.pk][1:]
        ]
        self.moments = [(now() + timedelta(days=day)).isoformat() for day in range(-900, 800)]
        self.begun = (now() - timedelta(days=950)).isoformat()
        self.forces = list(accumulate(1 / (rank + 4) for rank in range(len(self.made.forces))))

    def rows(self, sizes: Sizes) -> Iterator[tuple[Any, ...]]:
        """Yield every grant of the world."""
        big = self.made.agencies[0]
        for place, owner in enumerate(self.contents.owners):
            number = self.chance.choices(GRANTS_PER_CASE, GRANTS_WEIGHTS)[0]
            rosters = {self._roster() for _ in range(number)} - {owner.pk}
            if owner is not big and self.chance.random() < sizes.biggest_receives:
                rosters.add(big.pk)
            for roster in rosters:
                yield self._grant(place, roster)
        yield from self._placed(sizes)

    def _placed(self, sizes: Sizes) -> Iterator[tuple[Any, ...]]:
        """Yield the grants of the readers who see as much in every world."""
        placed = self.made.placed
        yield from self._given(placed["few"], placed["few"].pk, HELD["few"])
        yield from self._given(placed["some"], placed["some"].pk, int(HELD["some"] * sizes.scale))
        for force in self.made.forty:
            yield from self._given(placed["forces"], force.pk, int(HELD["forty"] * sizes.scale))

    def _given(self, reader: Agency, roster: UUID, live: int) -> Iterator[tuple[Any, ...]]:
        """Yield *live* grants to a roster, and a third as many that have expired."""
        others = [
            place
            for place in self.chance.sample(range(len(self.contents.ids)), live * 2)
            if self.contents.owners[place] is not reader
        ]
        for position, place in enumerate(others[: live + live // 3]):
            yield self._grant(place, roster, live=position < live)

    def _roster(self) -> UUID:
        """Return whom a grant goes to: agencies by size, task forces, single people."""
        drawn = bisect(self.kinds, self.chance.random())
        if drawn == 0:
            agencies = self.made.agencies[1:]
            return self.chance.choices(agencies, cum_weights=self.made.weights)[0].pk
        if drawn == 1:
            return self.chance.choices(self.made.forces, cum_weights=self.forces)[0].pk
        return self.chance.choice(self.people)

    def _grant(self, place: int, roster: UUID, *, live: bool | None = None) -> tuple[Any, ...]:
        chance, contents = self.chance, self.contents
        drawn = chance.random() if live is None else (1.0 if live else 0.0)
        expired, revoked = drawn < EXPIRED, EXPIRED <= drawn < REVOKED
        until = self.moments[chance.randrange(0, 895) if expired else chance.randrange(910, 1690)]
        ended = until if (expired or revoked) and chance.random() > UNSWEPT else NULL
        owner = contents.owners[place]
        level = LEVELS[2] if live else chance.choices(LEVELS, (5, 25, 50, 20))[0]
        return (
            UUID(int=chance.getrandbits(128), version=4),
            contents.ids[place], roster, int(level), self._agreement(live),
            self._decision(owner, roster), self.made.officer(owner).pk, until,
            self.moments[895] if revoked else NULL, "no_longer_needed" if revoked else "",
            self.moments[895] if revoked and ended != NULL else ended,
            contents.touched[place], owner.pk, contents.sensitivities[place],
            contents.categories[place], contents.classes[place], contents.types[place],
            contents.statuses[place], self.begun,
        )  # fmt: skip

    def _agreement(self, live: bool | None) -> str:
        """Return an agreement; those who see as much in every world hold under lasting ones."""
        last = AGREEMENTS if live is None else ENDING
        return self.agreements[self.chance.randrange(last)]

    def _decision(self, owner: Agency, roster: UUID) -> str:
        key = (owner.pk, roster)
        if key not in self.decisions:
            self.decisions[key] = str(UUID(int=self.chance.getrandbits(128), version=4))
        return self.decisions[key]

    def requests(self) -> Iterator[tuple[Any, ...]]:
        """Yield the decisions that the grants drawn so far come from."""
        deciders = {agency.pk: self.made.officer(agency).pk for agency in self._agencies()}
        for serial, ((owner, roster), pk) in enumerate(self.decisions.items()):
            yield pk, f"B-{serial:08d}", owner, roster, deciders[owner]

    def _agencies(self) -> list[Agency]:
        return [*self.made.agencies, *self.made.placed.values()]
