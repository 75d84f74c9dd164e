"""What the rules of the machine do with: people to act, things to act on, and the oracle's side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.codes import Level
from agencies.refusals import Refusal
from sharing import services
from sharing.contributions import contribution_of
from sharing.models import Grant, Record, ShareRequest
from sharing.preview import preview
from sharing.records import register_record
from sharing.search import index_record
from sharing.terms import Terms
from tests.sharing import oracle as o
from tests.sharing.machine_start import Start
from tests.sharing.readers import IDENTITY, SUMMARY_WORD, actor_for, view_disagreements

GRACE = timedelta(minutes=10)
LATER = ["no", "except_protected", "all"]
T = TypeVar("T")
Pair = tuple[o.Post, o.Post]


def attempt(act: Callable[[], T], expected: bool) -> T | None:
    """Return what *act* gives; it must be refused exactly where that is not expected."""
    done, refusal = None, None
    try:
        done = act()
    except Refusal as raised:
        refusal = raised
    assert (refusal is None) == expected, refusal or "this was to be refused"
    return done


class Hands:
    """The world as the oracle has it, kept in step with the database."""

    def __init__(self, world: Start) -> None:
        self.world = world
        self.oracle = world.oracle

    @property
    def now(self) -> int:
        return self.world.now

    @now.setter
    def now(self, step: int) -> None:
        self.world.now = step

    def record(self, thing: o.Thing) -> Record:
        return Record.objects.unrestricted("a test acts on a record").get(pk=thing.key)

    def clerk(self, agency: o.Agency) -> Actor:
        """Return anybody of *agency*, for what the layer above has already allowed."""
        return actor_for(next(post for post in self.oracle.posts if post.agency is agency))

    def register(
        self,
        owner: o.Agency,
        kind: str,
        *,
        case: o.Thing | None = None,
        cover: o.Thing | None = None,
        foreign: bool = False,
        **fields: Any,
    ) -> o.Thing:
        others = [one for one in self.world.agencies.values() if one is not owner]
        originator = others[-1] if foreign else owner
        record = register_record(
            self.clerk(owner),
            kind=kind,
            title=f"{kind} {len(self.oracle.things)}",
            label=f"Label {len(self.oracle.things)}",
            case=self.record(case) if case else None,
            cover=self.record(cover) if cover else None,
            originator_id=originator.key,
            content={},
            **fields,
        )
        self.now += 1
        thing = o.Thing(record.pk, kind, owner, originator, case=case, cover=cover, **fields)
        return self.keep(thing)

    def keep(self, thing: o.Thing) -> o.Thing:
        """Remember a thing that came to be now, and let it be found."""
        thing.covered = self.now
        self.oracle.things.append(thing)
        index_record(thing.key, Level.SUMMARY, SUMMARY_WORD)
        index_record(thing.key, Level.VIEW, IDENTITY)
        return thing

    def pick(self, thing: o.Thing, chosen: set[int] | None) -> list[o.Thing] | None:
        """Return some of the items that a case's owner could choose; None for all of them."""
        own = [
            one
            for one in self.oracle.things
            if one.case is thing and one.kind == "item" and one.owner is thing.owner
        ]
        return [one for at, one in enumerate(own) if at in (chosen or ())] or None

    def cover_of(self, item: o.Thing) -> o.Thing | None:
        """Return what an item belongs under: its owner's case, or its owner's contribution."""
        case = item.case
        if case is None or case.owner is item.owner:
            return case
        return self.contribution(item.owner, case)

    def contribution(self, agency: o.Agency, case: o.Thing) -> o.Thing | None:
        made = (
            one
            for one in self.oracle.things
            if one.kind == "contribution" and one.case is case and one.owner is agency
        )
        return next(made, None)

    def roster(self, number: int, owner: o.Agency) -> o.Roster:
        """Return somebody to give to; the owner itself and its people are among them."""
        rosters: list[o.Roster] = [
            *(one for one in self.world.agencies.values() if one is not owner),
            *self.world.forces,
            *(one for one in self.oracle.posts if one.agency is not owner),
            owner,
            *(one for one in self.oracle.posts if one.agency is owner),
        ]
        return rosters[number % len(rosters)]

    def readers(self, agency: o.Agency) -> list[o.Post]:
        """Return who works with cases there now, who may read most first."""
        posts = [one for one in self.oracle.posts if one.agency is agency and one.acts]
        reading = [one for one in posts if one.roles & o.READERS]
        return sorted(reading, key=lambda one: -one.ceiling)

    def manager(self, thing: o.Thing) -> o.Post | None:
        posts = self.readers(thing.owner)
        return next((one for one in posts if self.oracle.level(one, thing) == o.MANAGE), None)

    def two_people(self, agency: o.Agency) -> Pair | None:
        """Return one to offer and another to approve."""
        posts = self.readers(agency)
        approver = next((one for one in posts if "supervisor" in one.roles), None)
        others = [one for one in posts if approver and one.person is not approver.person]
        return (others[0], approver) if approver and others else None

    def covering(
        self,
        owner: o.Agency,
        roster: o.Roster,
        *,
        category: str,
        level: int,
        standing: bool = False,
    ) -> set[UUID]:
        lead = roster.lead if isinstance(roster, o.Force) else receiving(roster)
        return self.oracle.covering(
            self.world.agreements,
            [owner, lead or owner],
            category=category,
            level=level,
            standing=standing,
        )

    def may_release(
        self, pair: Pair, thing: o.Thing, roster: o.Roster, picked: list[o.Thing] | None
    ) -> bool:
        """Return whether this pair may give these: their own, not received, and to others."""
        given = [thing, *(picked or [])]
        manage = all(self.oracle.level(one, it) == o.MANAGE for one in pair for it in given)
        own = all(it.originator is it.owner for it in given)
        return manage and own and self.may_approve(pair, roster)

    def may_approve(self, pair: Pair, roster: o.Roster) -> bool:
        owner = pair[0].agency
        hats = [one for one in self.oracle.posts if one.person is pair[1].person and one.acts]
        through = any(one.agency is not owner and roster in one.rosters for one in hats)
        return receiving(roster) is not owner and not through

    def agreement(self, key: UUID | None) -> o.Agreement:
        return next(one for one in self.world.agreements if one.key == key)

    def end(self, gifts: Iterable[o.Gift | o.Standing]) -> None:
        for gift in list(gifts):
            gift.over = True

    def with_the_case(self, gift: o.Gift) -> list[o.Gift | o.Standing]:
        """Return the gifts of a case's items that end with the gift of the case."""
        return [
            one
            for one in self.oracle.gifts
            if one.thing.case is gift.thing
            and one.thing.owner is gift.thing.owner
            and one.roster is gift.roster
        ]

    def share_out(
        self, thing: o.Thing, roster: o.Roster, wanted: Terms, picked: list[o.Thing] | None = None
    ) -> list[o.Gift]:
        """Have two people give a thing; return the gifts, none where that is rightly refused."""
        pair = self.two_people(thing.owner)
        if pair is None:
            return []
        level = int(wanted.level)
        allowed = self.covering(thing.owner, roster, category=thing.category, level=level)
        may = bool(allowed) and self.may_release(pair, thing, roster, picked)
        told = self.foretold(pair[0], thing, roster, wanted) if may else None
        decided = attempt(lambda: approved(pair, thing, roster, wanted), may)
        if decided is None:
            return []
        assert decided.agreement_id in allowed
        made = self.given(decided, thing, roster, wanted, picked)
        assert told == self.shown_by(made, thing, roster)
        return made

    def share_and_undo(
        self, thing: o.Thing, roster: o.Roster, wanted: Terms, picked: list[o.Thing] | None
    ) -> None:
        """Have two people give a thing, not live yet, and one take it back: it changes nothing."""
        pair = self.two_people(thing.owner)
        if pair is None:
            return
        level = int(wanted.level)
        allowed = self.covering(thing.owner, roster, category=thing.category, level=level)
        may = bool(allowed) and self.may_release(pair, thing, roster, picked)
        decided = attempt(lambda: approved(pair, thing, roster, wanted, grace=GRACE), may)
        if decided is None:
            return
        assert view_disagreements(self.oracle) == set()
        services.undo_approval(actor_for(pair[1]), decided.pk)
        services.withdraw_request(actor_for(pair[0]), decided.pk)
        held = Grant.objects.filter(revoked_at=None, starts_at__gt=Now())
        assert not (held | Grant.objects.filter(revoked_at__gt=Now())).exists()

    def foretold(
        self, post: o.Post, thing: o.Thing, roster: o.Roster, wanted: Terms
    ) -> tuple[int, int]:
        """Return how many items and how many people the owner is told it would be."""
        told = preview(
            actor_for(post),
            thing.key,
            roster_id=roster.key,
            level=wanted.level,
            items=wanted.items,
            later=wanted.later,
            unmask=wanted.unmask,
        )
        return told.shown, told.people

    def shown_by(self, made: list[o.Gift], thing: o.Thing, roster: o.Roster) -> tuple[int, int]:
        """Return how many items gifts show besides the thing itself, and to how many people."""
        level = max(gift.level for gift in made)
        items = {
            item.key
            for item in self.oracle.things
            for gift in made
            if item.kind == "item" and item is not thing and gift.reaches(item)
        }
        people = {
            post.person.key
            for post in self.oracle.posts
            if roster in post.rosters and post.acts and post.agency.exchanges
            if post.roles & o.READERS and post.ceiling >= thing.sensitivity
        }
        return len(items) if level >= o.SUMMARY else 0, len(people)

    def given(
        self,
        decided: ShareRequest,
        thing: o.Thing,
        roster: o.Roster,
        wanted: Terms,
        picked: list[o.Thing] | None,
    ) -> list[o.Gift]:
        """Return the gifts that a decision made: one, or one for each chosen item and the case."""
        self.now += 1
        rows = dict(Grant.objects.filter(decision=decided).values_list("record_id", "pk"))
        agreement = self.agreement(decided.agreement_id)
        level = int(wanted.level)
        whole = picked is None and thing.kind != "item" and level >= o.SUMMARY
        items_until, protected_until = self.bounds(wanted.later, unmask=wanted.unmask)
        gift = o.Gift(
            key=rows.get(thing.key, thing.key),
            thing=thing,
            roster=roster,
            level=level if picked is None else min(level, o.SUMMARY),
            agreement=agreement,
            issued=self.now,
            whole=whole,
            later=wanted.later if whole else "no",
            items_until=items_until,
            protected_until=protected_until,
            unmask=wanted.unmask,
        )
        made = self.of_items(gift, picked or [], rows, min(level, o.VIEW))
        if picked is None or not self.in_use(gift):
            made.append(self.give(gift))
        assert set(rows) == {one.thing.key for one in made}
        return made

    def in_use(self, gift: o.Gift) -> bool:
        """Return whether the roster holds as much of the same thing already, and can use it."""
        sides = [one for one in (gift.thing.owner, receiving(gift.roster)) if one]
        return any(
            one.agreement.binds(side, gift.thing.category, one.issued)
            for one in self.oracle.gifts
            if (one.thing, one.roster, one.over) == (gift.thing, gift.roster, False)
            and one.level >= gift.level
            for side in sides[:1]
            if all(one.agreement.binds(each, gift.thing.category, one.issued) for each in sides)
        )

    def of_items(
        self, gift: o.Gift, items: list[o.Thing], rows: dict[UUID, UUID], level: int
    ) -> list[o.Gift]:
        """Return a gift of each single item, on the terms of the gift of its case."""
        alone: dict[str, Any] = {"level": level, "whole": False, "later": "no", "over": False}
        return [self.give(replace(gift, thing=item, key=rows[item.key], **alone)) for item in items]

    def give(self, gift: o.Gift) -> o.Gift:
        """Add a gift, in place of what the roster held of the same thing."""
        self.end(
            one for one in self.oracle.gifts if (one.thing, one.roster) == (gift.thing, gift.roster)
        )
        self.oracle.gifts.append(gift)
        return gift

    def bounds(self, later: str, *, unmask: bool) -> tuple[float, float]:
        """Return until when items may come and be reached, and until when protected ones may."""
        items_until = self.now if later == "no" else o.FOREVER
        if later == "all":
            return items_until, o.FOREVER
        return items_until, self.now if unmask else o.NEVER

    def narrowed(self, gift: o.Gift, level: int, later: str, *, masked: bool) -> o.Gift:
        """Return what is left of a gift, were it narrowed now."""
        left = replace(gift, level=level, later=later, unmask=gift.unmask and not masked)
        left.whole = gift.whole and level >= o.SUMMARY
        items_until, protected_until = self.bounds(later, unmask=left.unmask)
        left.items_until = min(gift.items_until, items_until)
        left.protected_until = min(gift.protected_until, protected_until)
        return left

    def left_of(self, gift: o.Gift, items: list[o.Thing]) -> list[o.Gift]:
        """Put gifts of single items in the place of one that was whole; they are as old as it."""
        rows = Grant.objects.filter(
            record_id__in=[one.key for one in items], roster_id=gift.roster.key, revoked_at=None
        )
        made = self.of_items(
            gift, items, dict(rows.values_list("record_id", "pk")), min(gift.level, o.VIEW)
        )
        gift.whole, gift.later, gift.level = False, "no", min(gift.level, o.SUMMARY)
        return made

    def reach(self) -> set[tuple[UUID, UUID, int]]:
        """Return who may do what, so that more is a larger set; 0 stands for identities."""
        return {
            (post.key, thing.key, step)
            for post in self.oracle.posts
            for thing in self.oracle.things
            for step in (
                *range(1, self.oracle.level(post, thing) + 1),
                *([0] if self.oracle.identified(post, thing) else []),
            )
        }

    def holds(self, post: o.Post, gift: o.Gift) -> bool:
        return any(key == gift.key for key, _, _ in self.oracle.ways(post, gift.thing))

    def receivers(self, gift: o.Gift) -> list[o.Post]:
        """Return who could acknowledge a gift."""
        others = [one for one in self.oracle.posts if one.agency is not gift.thing.owner]
        above = [one for one in others if "supervisor" in one.roles]
        return [one for one in above if self.holds(one, gift) or self.oracle.heads(one, gift)]

    def acknowledged(self, gift: o.Gift, post: o.Post) -> o.Thing | None:
        """Have somebody acknowledge a gift; return the contribution that opens, if it is new."""
        expected = post in self.receivers(gift)
        done = attempt(lambda: services.acknowledge_grant(actor_for(post), gift.key), expected)
        if done is None:
            return None
        self.now += 1
        gift.acknowledged = True
        if gift.level < o.CONTRIBUTE or gift.thing.kind != "case":
            return None
        return self.contribution_opened(gift, post)

    def contributors(self) -> list[tuple[o.Thing, o.Post]]:
        """Return who could add to which case."""
        return [
            (gift.thing, post)
            for gift in self.oracle.gifts
            for post in self.oracle.posts
            if gift.acknowledged and gift.level == o.CONTRIBUTE and gift.thing.kind == "case"
            if self.holds(post, gift) and self.contribution(post.agency, gift.thing)
        ]

    def contribution_opened(self, gift: o.Gift, post: o.Post) -> o.Thing | None:
        """Note what acknowledging opened: a contribution if it is the first, granted to the owner.

        The owner must be able to read it, whatever became of an earlier grant.
        """
        case, owner = gift.thing, gift.thing.owner
        row = contribution_of(post.agency.key, case.key)
        assert row is not None
        thing = self.contribution(post.agency, case)
        first = thing is None
        if thing is None:
            thing = self.keep(
                o.Thing(
                    row.pk,
                    "contribution",
                    post.agency,
                    post.agency,
                    case.category,
                    case.sensitivity,
                    "silent",
                    case=case,
                )
            )
        self.granted_to_owner(gift, thing, owner)
        return thing if first else None

    def granted_to_owner(self, gift: o.Gift, thing: o.Thing, owner: o.Agency) -> None:
        under = {one for one in self.oracle.gifts if (one.thing, one.roster) == (thing, owner)}
        rows = Grant.objects.filter(
            record_id=thing.key,
            roster_id=owner.key,
            agreement_id=gift.agreement.key,
            revoked_at=None,
        )
        key = rows.latest("issued_at").pk
        if key not in {one.key for one in under}:
            self.end(one for one in under if one.agreement is gift.agreement)
            self.oracle.gifts.append(
                o.Gift(
                    key,
                    thing,
                    owner,
                    o.VIEW,
                    gift.agreement,
                    self.now,
                    whole=True,
                    later="all",
                    items_until=o.FOREVER,
                    protected_until=o.FOREVER,
                    unmask=True,
                )
            )
        held = next(one for one in self.oracle.gifts if one.key == key)
        assert not held.over
        sides = (thing.owner, owner)
        if all(gift.agreement.binds(side, None, gift.issued) for side in sides):
            assert all(held.agreement.binds(side, None, held.issued) for side in sides)


def approved(
    pair: Pair, thing: o.Thing, roster: o.Roster, wanted: Terms, **how: Any
) -> ShareRequest:
    """Have one of two people offer a thing and the other approve it."""
    offered = services.offer_record(
        actor_for(pair[0]), record_id=thing.key, roster_id=roster.key, terms=wanted
    )
    return services.approve_request(actor_for(pair[1]), offered.pk, **how)


def receiving(roster: o.Roster) -> o.Agency | None:
    """Return the agency whose people a roster lists; None for a task force."""
    if isinstance(roster, o.Force):
        return None
    return roster if isinstance(roster, o.Agency) else roster.agency
