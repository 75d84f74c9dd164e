"""Whom a guard of people and agencies is asked about, and each guard as it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agencies import authority, charge, nominations
from agencies.actors import Actor, acting_as
from agencies.codes import Role, Sensitivity
from agencies.models import Person
from agencies.people import access
from agencies.refusals import NotAllowed
from agencies.services import (
    accept_as_new,
    begin_review,
    change_post,
    end_membership,
    looking_after,
    nominate,
    review,
)
from tests.agencies.cast import PORTAL, Cast, days, known, post

Guard = Callable[[Any], object]


class Scene:
    """The cast, with whoever else a guard tells apart, and what it is asked about."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.kai = post(cast.alpha, "kai", Role.COORDINATOR)
        self.bud = post(cast.bravo, "bud", Role.SUPERVISOR)
        self.gone = post(cast.alpha, "gil", Role.COORDINATOR)
        end_membership(PORTAL, self.gone)
        self.pat = post(cast.alpha, "pat", Role.ANALYST)
        Person.objects.filter(pk=self.pat.person_id).update(is_staff=True)
        self.pat.refresh_from_db()
        self.tia = post(cast.alpha, "tia", Role.ANALYST)
        post(cast.bravo, "tia", Role.ANALYST)
        self.new = self.accepted("nia@example.org", Role.ANALYST)
        self.higher = self.accepted("hal@example.org", Role.COORDINATOR)
        self.theirs = self.nominated(cast.bo.person.email)
        wider = change_post(
            cast.acts("kim"), cast.ana, roles=["analyst", "liaison"], ceiling=Sensitivity.SENSITIVE
        )
        assert wider is not None
        self.wider = wider
        self.review = begin_review(PORTAL, cast.alpha)

    def nominated(self, email: str, role: Role = Role.ANALYST) -> Any:
        """Return a nomination to Alpha by Kim."""
        return nominate(
            self.cast.acts("kim"),
            self.cast.alpha,
            email=email,
            name="New",
            roles=[role],
            ceiling=Sensitivity.ROUTINE,
        )

    def accepted(self, email: str, role: Role) -> Any:
        """Return one that the nominee accepted."""
        return accept_as_new(self.nominated(email, role), password="by the long lake we walk")

    def people(self) -> dict[str, Any]:
        """Return who asks, by name."""
        named = ("ana", "sam", "lee", "kim", "ida", "bo", "bea", "root")
        posts = {"kai": self.kai, "bud": self.bud, "gone": self.gone}
        return {
            **{name: self.cast.acts(name) for name in named},
            **{name: acting_as(one) for name, one in posts.items()},
            "nia": Actor(person_id=self.new.person_id),
            "hatless": Actor(person_id=self.cast.kim.person_id),
            "pat": acting_as(self.pat),
            "pat, administering": Actor(person_id=self.pat.person_id, is_administrator=True),
            "another's hat": replace(self.cast.acts("ana"), membership_id=self.cast.kim.pk),
            "kim, in ana's hat": replace(self.cast.acts("kim"), membership_id=self.cast.ana.pk),
            "rex, disabled": self.administrator("rex", is_active=False),
            "zoe, asleep": self.administrator("zoe", created_at=days(-91)),
            "the portal": PORTAL,
        }

    def administrator(self, name: str, **fields: Any) -> Actor:
        """Return an administrator who is out."""
        found = Person.objects.filter(email=f"{name}@example.org").first()
        person = found or known(name, is_administrator=True)
        Person.objects.filter(pk=person.pk).update(**fields)
        return Actor(person_id=person.pk, is_administrator=True)

    def guards(self) -> dict[str, Guard]:
        """Return each guard about something, by what it asks."""
        cast = self.cast
        root = Person.objects.get(pk=cast.root.person_id)
        alpha = cast.alpha.pk
        return {
            "administers": authority.require_administrator,
            "coordinates somewhere": lambda by: so(authority.is_coordinator(by)),
            "coordinates Alpha": lambda by: authority.require_post(by, alpha, Role.COORDINATOR),
            "administers, or restricts in Alpha": lambda by: (
                authority.require_administrator_or_post(by, alpha, *looking_after.RESTRICTING)
            ),
            "runs Alpha's people": lambda by: charge.require_own_people(by, alpha),
            "in charge of Lee's post": lambda by: charge.require_charge_of(by, cast.lee),
            "in charge of Kai's post": lambda by: charge.require_charge_of(by, self.kai),
            "in charge of Pat's post": lambda by: charge.require_charge_of(by, self.pat),
            "in charge of Bo's post": lambda by: charge.require_charge_of(by, cast.bo),
            "in charge of Lee": lambda by: charge.require_charge_of_person(by, cast.lee.person),
            "in charge of Kai": lambda by: charge.require_charge_of_person(by, self.kai.person),
            "in charge of Bo": lambda by: charge.require_charge_of_person(by, cast.bo.person),
            "in charge of Root": lambda by: charge.require_charge_of_person(by, root),
            "in charge of Pat": lambda by: charge.require_charge_of_person(by, self.pat.person),
            "in charge of Tia, of both": lambda by: charge.require_charge_of_person(
                by, self.tia.person
            ),
            "in charge of Gil, who left": lambda by: charge.require_charge_of_person(
                by, self.gone.person
            ),
            "looks after Ana": lambda by: looking_after.require_looks_after(by, cast.ana.person),
            "looks after Root": lambda by: looking_after.require_looks_after(by, root),
            "looks after Pat": lambda by: looking_after.require_looks_after(by, self.pat.person),
            "looks after Gil, who left": lambda by: looking_after.require_looks_after(
                by, self.gone.person
            ),
            "may shut Ana out": lambda by: looking_after.require_looks_after(
                by, cast.ana.person, *looking_after.RESTRICTING
            ),
            "second of a new analyst": lambda by: nominations.require_second(by, self.new),
            "second of a coordinator": lambda by: nominations.require_second(by, self.higher),
            "second of a wider post": lambda by: nominations.require_second(by, self.wider),
            "consents for Bo's agency": lambda by: nominations.require_consenter(by, self.theirs),
            "consents to a wider post": lambda by: nominations.require_consenter(by, self.wider),
            "says no to a new analyst": lambda by: nominations.require_consenter(
                by, self.new, or_second=True
            ),
            "says no to Bo's post": lambda by: nominations.require_consenter(
                by, self.theirs, or_second=True
            ),
            "lacks Bravo's consent": lambda by: so(nominations.missing_consents(self.theirs)),
            "lacks consent to a wider post": lambda by: so(
                nominations.missing_consents(self.wider)
            ),
            "answers Alpha's review": lambda by: review._may_answer(by, self.review),
            **self.sights(),
        }

    def sights(self) -> dict[str, Guard]:
        """Return what is asked of people alone: whom they may look at."""
        cast = self.cast
        program = access.posts_in_sight

        def sees(person: Any) -> Guard:
            return person_only(lambda by: access.person_in_sight(access.office_of(by), person))

        return {
            "looks at people": person_only(access.overseer),
            "sees Ana": sees(cast.ana.person_id),
            "sees Bo": sees(cast.bo.person_id),
            "sees Root": sees(cast.root.person_id),
            "sees Lee's post": person_only(lambda by: access.post_seen(by, cast.lee.pk)),
            "sees some post": person_only(lambda by: so(program(access.office_of(by)).exists())),
        }


def person_only(guard: Guard) -> Guard:
    """Return a guard that the portal, which looks at nothing, is not asked."""
    return lambda by: so(answer=False) if by is PORTAL else guard(by)


def so(answer: object) -> None:
    """Refuse where the answer is no."""
    if not answer:
        raise NotAllowed("No.")
