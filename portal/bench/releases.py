"""The grants of a world and the decisions they come from."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate
from random import Random
from typing import Any

from agencies.codes import Level
from portal.bench.authorities import Authorities, now
from portal.bench.contents import Contents
from portal.bench.copying import NULL, Sheet, key
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
LEVELS = tuple(map(int, (Level.POINTER, Level.SUMMARY, Level.VIEW, Level.CONTRIBUTE)))
SHARES = (0.05, 0.30, 0.80)
"""Where the share of one level ends and that of the next begins."""


@dataclass
class Releases:
    """Draws who is given what; one decision for each owner and roster."""

    made: Authorities
    contents: Contents
    chance: Random
    decisions: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        made = self.made
        self.agreements = [str(one.pk) for one in made.agreements]
        self.kinds = [chance for _, chance in KINDS]
        self.many = [str(one.pk) for one in made.agencies[1:]]
        self.people = [
            str(post.pk) for agency in made.agencies for post in made.people[agency.pk][1:]
        ]
        self.moments = [(now() + timedelta(days=day)).isoformat() for day in range(-900, 800)]
        self.begun = (now() - timedelta(days=950)).isoformat()
        self.teams = [str(one.pk) for one in made.forces]
        self.forces = list(accumulate(1 / (rank + 4) for rank in range(len(made.forces))))
        everyone = [*made.agencies, *made.placed.values()]
        self.keys = {one.pk: str(one.pk) for one in everyone}
        self.deciders = {str(one.pk): str(made.officer(one).pk) for one in everyone}
        self.owners = [self.keys[owner.pk] for owner in self.contents.owners]

    def rows(self, sizes: Sizes) -> Iterator[tuple[Any, ...]]:
        """Yield every grant of the world."""
        big = self.keys[self.made.agencies[0].pk]
        numbers = self.chance.choices(GRANTS_PER_CASE, GRANTS_WEIGHTS, k=len(self.owners))
        for place, owner in enumerate(self.owners):
            rosters = {self._roster(): None for _ in range(numbers[place])}
            if owner != big and self.chance.random() < sizes.biggest_receives:
                rosters[big] = None
            for roster in rosters:
                if roster != owner:
                    yield self._grant(place, roster)
        yield from self._placed(sizes)

    def _placed(self, sizes: Sizes) -> Iterator[tuple[Any, ...]]:
        """Yield the grants of the readers who see as much in every world."""
        placed = self.made.placed
        few, some, forces = (str(placed[name].pk) for name in ("few", "some", "forces"))
        yield from self._given(few, few, HELD["few"])
        yield from self._given(some, some, int(HELD["some"] * sizes.scale))
        for force in self.made.forty:
            yield from self._given(forces, str(force.pk), int(HELD["forty"] * sizes.scale))

    def _given(self, reader: str, roster: str, live: int) -> Iterator[tuple[Any, ...]]:
        """Yield *live* grants to a roster, and a third as many that have expired."""
        others = [
            place
            for place in self.chance.sample(range(len(self.contents.ids)), live * 2)
            if self.owners[place] != reader
        ]
        for position, place in enumerate(others[: live + live // 3]):
            yield self._grant(place, roster, live=position < live)

    def _roster(self) -> str:
        """Return whom a grant goes to: agencies by size, task forces, single people."""
        chance = self.chance
        drawn = bisect(self.kinds, chance.random())
        if drawn == 0:
            return _drawn(chance, self.many, self.made.weights)
        if drawn == 1:
            return _drawn(chance, self.teams, self.forces)
        return self.people[int(chance.random() * len(self.people))]

    def _grant(self, place: int, roster: str, *, live: bool | None = None) -> tuple[Any, ...]:
        chance, contents = self.chance.random, self.contents
        drawn = chance() if live is None else (1.0 if live else 0.0)
        expired, revoked = drawn < EXPIRED, EXPIRED <= drawn < REVOKED
        until = self.moments[int(chance() * 895) if expired else 910 + int(chance() * 780)]
        ended = until if (expired or revoked) and chance() > UNSWEPT else NULL
        owner = self.owners[place]
        level = int(Level.VIEW) if live else LEVELS[bisect(SHARES, chance())]
        return (
            key(self.chance), contents.ids[place], roster, level, self._agreement(live),
            self._decision(owner, roster), self.deciders[owner], until,
            self.moments[895] if revoked else NULL, "no_longer_needed" if revoked else "",
            self.moments[895] if revoked and ended != NULL else ended,
            contents.touched[place], owner, contents.sensitivities[place],
            contents.categories[place], contents.classes[place], contents.types[place],
            contents.statuses[place], self.begun,
        )  # fmt: skip

    def _agreement(self, live: bool | None) -> str:
        """Return an agreement; those who see as much in every world hold under lasting ones."""
        last = AGREEMENTS if live is None else ENDING
        return self.agreements[int(self.chance.random() * last)]

    def _decision(self, owner: str, roster: str) -> str:
        pair = (owner, roster)
        found = self.decisions.get(pair)
        if found is None:
            found = self.decisions[pair] = key(self.chance)
        return found

    def requests(self) -> Iterator[tuple[Any, ...]]:
        """Yield the decisions that the grants drawn so far come from."""
        for serial, ((owner, roster), pk) in enumerate(self.decisions.items()):
            yield pk, f"B-{serial:08d}", owner, roster, self.deciders[owner]


def _drawn(chance: Random, things: list[str], weights: list[float]) -> str:
    """Return one of *things* by cumulated *weights*."""
    return things[bisect(weights, chance.random() * weights[-1], hi=len(things) - 1)]
