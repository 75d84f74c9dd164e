"""Who may see what, in plain Python, from the words of the design and from none of the code.

Time is a count of steps.  Levels and sensitivities are numbers in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import inf
from uuid import UUID

NEVER, FOREVER = -1.0, inf
POINTER, SUMMARY, VIEW, CONTRIBUTE, MANAGE = range(1, 6)
READERS = {"analyst", "supervisor", "liaison"}
ACTIONS = {
    "know": (POINTER, READERS),
    "list": (SUMMARY, READERS),
    "read": (VIEW, READERS),
    "contribute": (CONTRIBUTE, READERS),
    "edit": (MANAGE, READERS),
    "propose": (MANAGE, READERS),
    "restrict": (MANAGE, READERS),
    "release": (MANAGE, {"supervisor"}),
}
"""What each action takes: a level, and one of some roles."""

TIERS = {
    "full": ({"investigation", "incident_report"}, CONTRIBUTE),
    "limited": ({"investigation", "incident_report"}, CONTRIBUTE),
    "public_safety": ({"incident_report"}, VIEW),
    "community": (set(), SUMMARY),
}
"""What each tier takes part in, of the categories here, and the most that it receives."""


@dataclass(eq=False)
class Agency:
    """An agency, which exchanges while it is in good standing and works alone while limited."""

    key: UUID
    status: str = "active"
    tier: str = "full"
    trains: bool = False
    """Whether its posts take a credential."""

    def takes(self, category: str | None) -> bool:
        """Return whether its tier takes part in a category, or in whatever is not known yet."""
        return category is None or category in TIERS[self.tier][0]

    def receives(self, level: int) -> bool:
        return level <= TIERS[self.tier][1]

    @property
    def exchanges(self) -> bool:
        return self.status in ("pilot", "active")

    @property
    def works(self) -> bool:
        return self.exchanges or self.status == "limited_access"


@dataclass(eq=False)
class Agreement:
    """What some agencies signed; ``since`` says which are parties and from which step on."""

    key: UUID
    categories: set[str]
    level: int
    standing: bool
    since: dict[Agency, float]
    stopped: bool = False
    ended: bool = False

    def binds(self, agency: Agency, category: str | None, at: float) -> bool:
        """Return whether what was given at a step holds for *agency*, in effect and current."""
        in_effect = not (self.stopped or self.ended)
        current = agency.exchanges and agency in self.since and self.since[agency] <= at
        covered = category is None or category in self.categories
        return in_effect and current and covered and agency.takes(category)


@dataclass(eq=False)
class Force:
    """A task force."""

    key: UUID
    lead: Agency
    agreement: Agreement


@dataclass(eq=False)
class Person:
    """Whoever holds posts, until they are shut out."""

    key: UUID
    active: bool = True
    trained: bool = False
    asleep: bool = False


@dataclass(eq=False)
class Post:
    """A person's hat: what it may do, up to which sensitivity, and on which task forces."""

    key: UUID
    person: Person
    agency: Agency
    roles: set[str]
    ceiling: int
    forces: set[Force] = field(default_factory=set)
    over: bool = False
    leaving: bool = False
    """Whether an end is set ahead: nothing ends until it comes."""

    @property
    def acts(self) -> bool:
        ready = self.person.trained or not self.agency.trains
        there = self.person.active and not self.person.asleep
        return not self.over and there and ready and self.agency.works

    @property
    def rosters(self) -> set[Agency | Force | Post]:
        return {self.agency, self, *self.forces}


Roster = Agency | Force | Post


@dataclass(eq=False)
class Thing:
    """A record; what is withheld, a case and a contribution are covered by themselves (None)."""

    key: UUID
    kind: str
    owner: Agency
    originator: Agency
    category: str
    sensitivity: int
    findability: str = "contact_only"
    protected: bool = False
    case: Thing | None = None
    cover: Thing | None = None
    covered: float = 0
    closed: bool = False


@dataclass(eq=False)
class Gift:
    """A grant of one thing, and of what that covers if it is whole."""

    key: UUID
    thing: Thing
    roster: Roster
    level: int
    agreement: Agreement
    issued: float
    whole: bool
    later: str = "no"
    items_until: float = NEVER
    protected_until: float = NEVER
    unmask: bool = False
    acknowledged: bool = False
    over: bool = False

    def reaches(self, thing: Thing) -> bool:
        """The formula of the design; what came from elsewhere is not passed on under a cover."""
        if thing is self.thing:
            return True
        in_time = thing.covered <= self.items_until
        told = not thing.protected or thing.covered <= self.protected_until
        own = thing.originator is thing.owner
        return self.whole and thing.cover is self.thing and in_time and told and own


@dataclass(eq=False)
class Standing:
    """That an owner's listed cases of a category, with what they cover, are open to a roster."""

    key: UUID
    owner: Agency
    roster: Roster
    category: str
    level: int
    agreement: Agreement
    issued: float
    over: bool = False

    def opens(self, case: Thing) -> bool:
        listed = case.kind == "case" and case.findability == "listed" and not case.closed
        mine = case.owner is self.owner and case.originator is self.owner
        return listed and mine and case.category == self.category

    def reaches(self, thing: Thing, ceiling: int) -> bool:
        """Its cases, and the unprotected items of those that the reader may see."""
        if thing.cover is None:
            return self.opens(thing)
        own = thing.originator is thing.owner and thing.category == self.category
        seen = self.opens(thing.cover) and thing.cover.sensitivity <= ceiling
        return own and seen and not thing.protected


@dataclass
class Oracle:
    """Everything there is, and what follows from it."""

    posts: list[Post] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    gifts: list[Gift] = field(default_factory=list)
    standing: list[Standing] = field(default_factory=list)

    def ways(self, post: Post, thing: Thing) -> Iterator[tuple[UUID | None, int, bool]]:
        """Yield each way in which *post* reaches *thing*: by which grant, how far, unmasked or not.

        The owner's own way names no grant.
        """
        may = post.acts and not thing.closed and thing.sensitivity <= post.ceiling
        if not may or not post.roles & READERS:
            return
        if thing.owner is post.agency:
            yield None, MANAGE, True
        for gift in self.gifts:
            if gift.reaches(thing) and self.holds(post, gift, gift.thing.owner, thing.category):
                yield gift.key, gift.level, gift.unmask
        for one in self.standing:
            if one.reaches(thing, post.ceiling) and self.holds(post, one, one.owner, one.category):
                yield one.key, one.level, False

    def holds(self, post: Post, one: Gift | Standing, owner: Agency, category: str) -> bool:
        """Return whether *post* has the use of a grant: live, between current parties."""
        if one.over or one.roster not in post.rosters or not post.agency.receives(one.level):
            return False
        return all(one.agreement.binds(side, category, one.issued) for side in (owner, post.agency))

    def heads(self, post: Post, gift: Gift) -> bool:
        """Return whether *post* is release authority over the one person whom a gift names.

        It acknowledges for them what they hold, up to its own ceiling, and reads nothing by that.
        """
        named = isinstance(gift.roster, Post) and gift.roster.agency is post.agency
        above = "supervisor" in post.roles and gift.thing.sensitivity <= post.ceiling
        live = not gift.over and gift.agreement.binds(post.agency, None, gift.issued)
        return named and above and live and post.acts

    def level(self, post: Post, thing: Thing) -> int:
        return max((level for _, level, _ in self.ways(post, thing)), default=0)

    def identified(self, post: Post, thing: Thing) -> bool:
        """Return whether *post* gets the thing in full and with identities."""
        full = [(level, unmask) for _, level, unmask in self.ways(post, thing) if level >= VIEW]
        return bool(full) and (not thing.protected or any(unmask for _, unmask in full))

    def permitted(self, post: Post, action: str) -> set[UUID]:
        needed, roles = ACTIONS[action]
        if not roles & post.roles:
            return set()
        return {thing.key for thing in self.things if self.level(post, thing) >= needed}

    def listed(self, post: Post, kind: str) -> set[UUID]:
        seen = self.permitted(post, "list")
        return {thing.key for thing in self.things if thing.kind == kind} & seen

    def found(self, post: Post, *, by_identity: bool) -> set[UUID]:
        """Return what *post* finds by a word of the summaries, or by one of the full texts."""
        if not by_identity:
            return self.permitted(post, "list")
        return {thing.key for thing in self.things if self.identified(post, thing)}

    def granted(self, post: Post, action: str) -> set[UUID]:
        """Return what the person may do under any hat, of what *post* may know of."""
        hats = [one for one in self.posts if one.person is post.person]
        return self.permitted(post, "know") & set().union(
            *(self.permitted(hat, action) for hat in hats)
        )

    def reached_by(self, thing: Thing) -> set[tuple[UUID | None, int, frozenset[UUID]]]:
        """Return who can see a thing: by which grant, how far, and which posts."""
        found: dict[tuple[UUID | None, int], set[UUID]] = {}
        for post in self.posts:
            for key, level, _ in self.ways(post, thing):
                found.setdefault((key, level), set()).add(post.key)
        return {(key, level, frozenset(posts)) for (key, level), posts in found.items()}

    def covering(
        self,
        among: Iterable[Agreement],
        sides: Iterable[Agency],
        *,
        category: str,
        level: int,
        standing: bool = False,
    ) -> set[UUID]:
        """Return the agreements under which a release would be in order now."""
        both = list(sides)
        return {
            one.key
            for one in among
            if all(one.binds(side, category, FOREVER) for side in both)
            and one.level >= level
            and both[-1].receives(level)
            and (one.standing or not standing)
        }
