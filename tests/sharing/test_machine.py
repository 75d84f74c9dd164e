"""Random operations by the services, compared after each with an oracle that knows only the design.

Time cannot be moved in the database: a grant expires here by having its ``until`` set to the
moment of the statement, which is what the clock would do to it.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.db.models.functions import Now
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from agencies import models as agencies
from agencies import services as onboarding
from agencies.codes import Level
from agencies.prepared import planned_once
from sharing import services
from sharing.contributions import contribution_for
from sharing.listing import Capped
from sharing.models import Grant, Record, ShareRequest, StandingGrant
from sharing.reconciler import drift
from sharing.records import amend_record
from sharing.services.withholding import release_record, withhold_record
from tests.cast import CATEGORIES, PORTAL, in_days, terms
from tests.sharing import oracle as o
from tests.sharing.machine_hands import LATER, Hands, attempt
from tests.sharing.machine_people import People, names, rarely, sensitivities
from tests.sharing.machine_start import Start, begin, known
from tests.sharing.readers import (
    IDENTITY,
    KINDS,
    PERMISSIONS,
    SUMMARY_WORD,
    Reading,
    actor_for,
    others_of,
    pages_of,
    view_disagreements,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

levels = st.sampled_from([Level.POINTER, Level.SUMMARY, Level.VIEW, Level.VIEW, Level.CONTRIBUTE])
laters = st.sampled_from(LATER)
categories = st.sampled_from(CATEGORIES)
findabilities = st.sampled_from(["listed", "listed", "contact_only", "silent"])
EXPLANATION, FEW = "explanation", 5
READINGS = {
    *(f"pages of {kind} {way}" for kind in KINDS for way in ("walk", "walk_back")),
    *(f"count of {kind}" for kind in KINDS),
    *(f"check {action}" for action in o.ACTIONS),
    *(f"guardian {codename}" for codename in PERMISSIONS.values()),
    *(f"search {word}" for word in (SUMMARY_WORD, IDENTITY)),
    EXPLANATION,
}
"""Every way of reading that is compared; an explanation for whichever record."""

choices = st.none() | st.sets(st.integers(0, 3), min_size=1)


class Machine(People, RuleBasedStateMachine):
    """Agencies that share, change their minds and fall out; a step is a service or a change."""

    start: ClassVar[Start]
    compared: ClassVar[Counter[tuple[str, str]]]
    """How often each reading was compared when it gave something, and when it gave nothing."""

    things = Bundle("things")
    items = Bundle("items")
    gifts = Bundle("gifts")
    standing = Bundle("standing")
    posts = Bundle("posts")
    agreements = Bundle("agreements")

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        Hands.__init__(self, deepcopy(self.start))
        self.turn = 0
        self.planned = planned_once()
        self.planned.__enter__()
        self.sandbox = transaction.atomic()
        self.sandbox._from_testcase = True  # type: ignore[attr-defined]
        self.sandbox.__enter__()

    def teardown(self) -> None:
        """Look at some more readers, and for drift, and undo it all."""
        try:
            self.look(10, 20)
            assert drift() == []
        finally:
            transaction.set_rollback(True)
            self.sandbox.__exit__(None, None, None)
            self.planned.__exit__(None, None, None)

    @invariant()
    def the_view_is_as_the_design_says(self) -> None:
        assert view_disagreements(self.oracle) == set()

    @invariant()
    def readers_agree_with_it(self) -> None:
        self.look(3, 2)

    def look(self, pages: int, others: int) -> None:
        """Compare some readings of some posts, taking turns: the next time it is others."""
        for readings, number in ((pages_of, pages), (others_of, others)):
            for _ in range(number):
                self.turn += 1
                post = self.oracle.posts[self.turn % len(self.oracle.posts)]
                offered = readings(self.oracle, post, size=1 + self.turn % 3)
                self.compare(self.chosen(offered))

    def chosen(self, offered: list[Reading]) -> Reading:
        """Return whose turn it is, of the explanations no more than a few."""
        explained = [one for one in offered if one.name.startswith(EXPLANATION)]
        others = [one for one in offered if one not in explained]
        place = self.turn // 3 % (len(others) + len(explained[:FEW]))
        if place < len(others):
            return others[place]
        return explained[self.turn // 7 % len(explained)]

    def compare(self, reading: Reading) -> None:
        """Compare one reading, and note whether there was anything to read."""
        assert reading.differs() is None
        kind = EXPLANATION if reading.name.startswith(EXPLANATION) else reading.name
        expected = reading.expected()
        something = isinstance(expected, type) or expected in ([], set(), Capped(0, capped=False))
        self.compared[kind, "nothing" if something else "something"] += 1

    @initialize(turn=st.integers(0, 999))
    def begin_anywhere(self, turn: int) -> None:
        self.turn = turn

    @initialize(target=posts)
    def have_people(self) -> Any:
        return multiple(*self.oracle.posts)

    @initialize(target=agreements)
    def have_agreements(self) -> Any:
        return multiple(*self.world.agreements)

    @initialize(target=things)
    def have_cases(self) -> Any:
        return multiple(*(one for one in self.oracle.things if one.kind != "item"))

    @initialize(target=items)
    def have_items(self) -> Any:
        return multiple(*(one for one in self.oracle.things if one.kind == "item"))

    @initialize(target=gifts)
    def have_gifts(self) -> Any:
        return multiple(*self.oracle.gifts)

    # What there is.

    @rule(
        target=things,
        name=names,
        data=st.tuples(categories, findabilities, sensitivities),
        foreign=rarely,
    )
    def open_case(self, name: str, data: Any, foreign: bool) -> Any:
        category, findability, sensitivity = data
        return self.register(
            self.world.agencies[name],
            "case",
            category=category,
            findability=findability,
            sensitivity=sensitivity,
            foreign=foreign,
        )

    @rule(
        target=items,
        cover=things,
        protected=st.booleans(),
        withheld=rarely,
        sensitivity=sensitivities,
        foreign=rarely,
    )
    def add_item(self, cover: o.Thing, **drawn: Any) -> Any:
        return self.put_item(cover, **drawn)

    @rule(
        thing=st.one_of(things, items),
        field=st.sampled_from(["sensitivity", "category", "findability", "protected"]),
        data=st.tuples(sensitivities, categories, findabilities, st.booleans()),
    )
    def amend(self, thing: o.Thing, field: str, data: Any) -> None:
        order = ["sensitivity", "category", "findability", "protected"]
        value = data[order.index(field)]
        record = self.record(thing)
        amend_record(
            self.clerk(thing.owner), record, version=record.version, content={}, **{field: value}
        )
        setattr(thing, field, value)
        self.now += 1

    @rule(item=items)
    def withhold(self, item: o.Thing) -> None:
        withhold_record(self.clerk(item.owner), self.record(item))
        self.now += 1
        item.cover, item.covered = None, self.now
        self.end(gift for gift in self.oracle.gifts if gift.thing is item)

    @rule(item=items)
    def put_back(self, item: o.Thing) -> None:
        cover = self.cover_of(item)
        if item.cover is not None or cover is None:
            return
        release_record(self.clerk(item.owner), self.record(item), cover=self.record(cover))
        self.now += 1
        item.cover, item.covered = cover, self.now

    @rule(thing=things, sure=rarely)
    def seal(self, thing: o.Thing, sure: bool) -> None:
        if not sure or thing.kind != "case":
            return
        parts = [one for one in self.oracle.things if thing in (one, one.case)]
        records = Record.objects.unrestricted("a test seals a case and its parts")
        records.filter(pk__in=[one.key for one in parts]).update(sealed_at=Now())
        for one in parts:
            one.closed = True
        self.now += 1

    # What is given and taken away.

    @rule(
        target=gifts,
        thing=st.one_of(things, things, items),
        to=st.integers(0, 20),
        level=levels,
        later=laters,
        unmask=st.booleans(),
        chosen=choices,
    )
    def share(
        self,
        thing: o.Thing,
        to: int,
        level: Level,
        later: str,
        unmask: bool,
        chosen: set[int] | None,
    ) -> Any:
        picked = self.pick(thing, chosen)
        wanted = terms(
            level=level,
            later=later,
            unmask=unmask,
            items=[one.key for one in picked] if picked else None,
        )
        return multiple(*self.share_out(thing, self.roster(to, thing.owner), wanted, picked))

    @rule(thing=st.one_of(things, items), to=st.integers(0, 20), level=levels, chosen=choices)
    def share_and_think_better(self, thing: o.Thing, to: int, **drawn: Any) -> None:
        picked = self.pick(thing, drawn["chosen"])
        items = [one.key for one in picked] if picked else None
        wanted = terms(level=drawn["level"], later="all", unmask=True, items=items)
        self.share_and_undo(thing, self.roster(to, thing.owner), wanted, picked)

    @rule(target=standing, name=names, to=st.integers(0, 20), category=categories, level=levels)
    def open_standing(self, name: str, to: int, category: str, level: Level) -> Any:
        owner = self.world.agencies[name]
        roster, pair = self.roster(to, owner), self.two_people(owner)
        if pair is None or level > Level.VIEW:
            return multiple()
        allowed = self.covering(owner, roster, category=category, level=level, standing=True)
        expected = allowed and self.may_approve(pair, roster)

        def act() -> ShareRequest:
            offered = services.offer_standing(
                actor_for(pair[0]),
                roster_id=roster.key,
                category=category,
                terms=terms(level=level),
            )
            return services.approve_request(actor_for(pair[1]), offered.pk)

        decided = attempt(act, bool(expected))
        if decided is None:
            return multiple()
        self.now += 1
        for one in self.oracle.standing:
            same = (one.owner, one.roster, one.category) == (owner, roster, category)
            one.over = one.over or same
        made = o.Standing(
            StandingGrant.objects.get(decision=decided).pk,
            owner,
            roster,
            category,
            level,
            self.agreement(decided.agreement_id),
            self.now,
        )
        self.oracle.standing.append(made)
        return made

    @rule(
        target=gifts, gift=gifts, level=levels, later=laters, masked=st.booleans(), chosen=choices
    )
    def narrow(
        self, gift: o.Gift, level: Level, later: str, masked: bool, chosen: set[int] | None
    ) -> Any:
        actor = self.manager(gift.thing)
        if actor is None:
            return multiple()
        self.now += 1
        picked = self.pick(gift.thing, chosen)
        lower, shorter = min(level, gift.level), min(later, gift.later, key=LATER.index)
        left = self.narrowed(gift, lower, shorter, masked=masked)
        kept = all(left.reaches(item) for item in picked or [])
        manage = all(self.oracle.level(actor, item) == o.MANAGE for item in picked or [])
        expected = not gift.over and (not picked or (left.whole and kept and manage))
        before = self.reach()
        done = attempt(
            lambda: services.narrow_grant(
                actor_for(actor),
                gift.key,
                level=Level(lower),
                later=shorter,
                unmask=False if masked else None,
                items=[one.key for one in picked] if picked else None,
            ),
            expected,
        )
        if done is None:
            return multiple()
        vars(gift).update(vars(left))
        made = self.left_of(gift, picked) if picked else []
        assert self.reach() <= before
        return multiple(*made)

    @rule(gift=st.one_of(gifts, standing))
    def revoke(self, gift: o.Gift | o.Standing) -> None:
        if isinstance(gift, o.Gift):
            actor = self.manager(gift.thing)
            ends = [gift, *self.with_the_case(gift)]
        else:
            actor, ends = next(iter(self.readers(gift.owner)), None), [gift]
        if actor is not None:
            services.revoke_grant(actor_for(actor), gift.key, reason_code="need_ended")
            self.now += 1
            self.end(ends)

    @rule(gift=st.one_of(gifts, standing))
    def expire(self, gift: o.Gift | o.Standing) -> None:
        model = Grant if isinstance(gift, o.Gift) else StandingGrant
        model.objects.filter(pk=gift.key, until__gt=Now()).update(until=Now())
        self.now += 1
        gift.over = True

    # What partners add.

    @rule(target=things, gift=gifts, post=posts, anybody=rarely)
    def acknowledge(self, gift: o.Gift, post: o.Post, anybody: bool) -> Any:
        who = post if anybody else next(iter(self.receivers(gift)), post)
        return self.acknowledged(gift, who) or multiple()

    @rule(target=items, case=things, post=posts, number=st.integers(0, 9), anybody=rarely)
    def contribute(self, case: o.Thing, post: o.Post, number: int, anybody: bool) -> Any:
        able = self.contributors()
        if able and not anybody:
            case, post = able[number % len(able)]
        opened = self.contribution(post.agency, case)
        done = attempt(lambda: contribution_for(actor_for(post), case.key), (case, post) in able)
        if done is None or opened is None:
            return multiple()
        assert done[0].pk == opened.key
        return self.put_item(opened, protected=False, sensitivity=case.sensitivity)

    def put_item(self, cover: o.Thing, *, withheld: bool = False, **fields: Any) -> Any:
        case = cover if cover.kind == "case" else cover.case
        if cover.closed or case is None or case.closed:
            return multiple()
        return self.register(
            cover.owner,
            "item",
            case=case,
            cover=None if withheld else cover,
            category=cover.category,
            findability=cover.findability,
            **fields,
        )

    @rule(agreement=agreements, name=names)
    def leave_or_join(self, agreement: o.Agreement, name: str) -> None:
        agency = self.world.agencies[name]
        row = agencies.Agency.objects.get(pk=agency.key)
        signed = agencies.Agreement.objects.get(pk=agreement.key)
        self.now += 1
        if agency in agreement.since:
            onboarding.leave_agreement(PORTAL, signed, row)
            del agreement.since[agency]
        elif attempt(lambda: onboarding.join_agreement(PORTAL, signed, row), not agreement.ended):
            agreement.since[agency] = self.now

    @rule(agreement=agreements, sure=rarely)
    def stop_or_end(self, agreement: o.Agreement, sure: bool) -> None:
        signed = agencies.Agreement.objects.get(pk=agreement.key)
        self.now += 1
        if sure:
            onboarding.end_agreement(PORTAL, signed)
            agreement.ended = True
            return
        act = onboarding.resume_agreement if agreement.stopped else onboarding.suspend_agreement
        if attempt(lambda: act(PORTAL, signed), not agreement.ended):
            agreement.stopped = not agreement.stopped

    @rule(target=agreements, parties=st.sets(names, min_size=2), level=levels)
    def conclude(self, parties: set[str], level: Level) -> Any:
        if len(self.world.agreements) >= 5:
            return multiple()
        rows = [agencies.Agency.objects.get(short_name=name) for name in sorted(parties)]
        made = onboarding.conclude_agreement(
            PORTAL,
            title="Another",
            parties=rows,
            categories=CATEGORIES,
            purposes=["criminal_justice"],
            level=level,
            effective_at=in_days(-1),
            expires_at=in_days(90),
        )
        self.now += 1
        agreement = known(made, [self.world.agencies[name] for name in parties], at=self.now)
        self.world.agreements.append(agreement)
        return agreement


def furnished() -> Start:
    """Return the beginning with some cases, their items, and two of the cases given away."""
    hands = Hands(begin())
    for name, findability in (
        ("alpha", "listed"),
        ("alpha", "contact_only"),
        ("bravo", "listed"),
        ("charlie", "silent"),
    ):
        fields: dict[str, Any] = {
            "category": CATEGORIES[0],
            "findability": findability,
            "sensitivity": 1,
        }
        case = hands.register(hands.world.agencies[name], "case", **fields)
        for protected, cover in ((False, case), (True, case), (False, None)):
            hands.register(
                case.owner, "item", case=case, cover=cover, protected=protected, **fields
            )
    first, second = [one for one in hands.oracle.things if one.kind == "case"][:2]
    for case, roster in ((first, hands.world.agencies["bravo"]), (second, hands.world.forces[0])):
        (gift,) = hands.share_out(case, roster, terms(level=Level.CONTRIBUTE))
        assert hands.acknowledged(gift, hands.receivers(gift)[0])
    return hands.world


def test_every_reader_agrees_with_the_oracle_after_any_operations() -> None:
    compared: Counter[tuple[str, str]] = Counter()
    machine = type("Sharing", (Machine,), {"start": furnished(), "compared": compared})
    shorter = settings(stateful_step_count=30, max_examples=settings().max_examples // 2)
    run_state_machine_as_test(machine, settings=shorter)
    assert {reading for reading, what in compared if what == "something"} == READINGS
    assert {what for _, what in compared} == {"something", "nothing"}
