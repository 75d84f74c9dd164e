"""What becomes of agencies and people while others share: standing, tiers, posts, credentials."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, multiple, rule

from agencies import models as agencies
from agencies import services as onboarding
from agencies.codes import Sensitivity
from agencies.figures import DORMANT_AFTER
from agencies.refusals import NotAllowed
from tests.cast import PORTAL, in_days
from tests.sharing import oracle as o
from tests.sharing.machine_hands import Hands, attempt

KIND = "cfr_23"
STANDING = {
    "limited_access": onboarding.limit_agency,
    "suspended": onboarding.suspend_agency,
    "active": onboarding.reinstate_agency,
}
names = st.sampled_from(["alpha", "bravo", "charlie", "delta"])
sensitivities = st.sampled_from([Sensitivity.ROUTINE, Sensitivity.SENSITIVE, Sensitivity(3)])
tiers = st.sampled_from([*o.TIERS, "full", "full"])
rarely = st.integers(0, 7).map(lambda number: number == 0)


class People(Hands):
    """Rules about who there is; they show nobody anything and may take everything away."""

    posts = Bundle("posts")

    @property
    def root(self) -> Any:
        """Return who administers the portal."""
        return self.world.administrators[0]

    def person(self, post: o.Post) -> agencies.Person:
        return agencies.Person.objects.get(pk=post.person.key)

    def row(self, post: o.Post) -> agencies.Membership:
        return agencies.Membership.objects.get(pk=post.key)

    # Agencies.

    @rule(name=names, status=st.sampled_from([*STANDING, "active"]))
    def restrict_or_reinstate(self, name: str, status: str) -> None:
        agency = self.world.agencies[name]
        row = agencies.Agency.objects.get(pk=agency.key)
        STANDING[status](self.root, row, reason_code="own_wish")
        agency.status = status
        self.now += 1

    @rule(name=names, tier=tiers)
    def change_tier(self, name: str, tier: str) -> None:
        agency = self.world.agencies[name]
        row = agencies.Agency.objects.get(pk=agency.key)
        onboarding.assign_tier(self.root, row, tier=tier, reason="As it is now.")
        agency.tier = tier
        self.now += 1

    @rule(name=names, sure=st.booleans())
    def require_or_waive(self, name: str, sure: bool) -> None:
        agency = self.world.agencies[name]
        if agency.trains:
            asked = agencies.CredentialRequirement.objects.get(agency=agency.key)
            onboarding.waive_credential(self.root, asked)
        elif sure:
            row = agencies.Agency.objects.get(pk=agency.key)
            onboarding.require_credential(self.root, kind=KIND, agency=row)
        else:
            return
        agency.trains = not agency.trains
        self.now += 1

    # People.

    @rule(post=posts)
    def lapse_or_renew(self, post: o.Post) -> None:
        person = self.person(post)
        today = timezone.now().date()
        held = person.credentials.filter(revoked_at=None)
        if post.person.trained:
            for one in held:
                onboarding.revoke_credential(self.root, one)
        else:
            onboarding.record_credential(
                self.root,
                person,
                kind=KIND,
                issuer="State",
                issued_on=today - timedelta(days=2),
                expires_on=today + timedelta(days=300),
            )
        post.person.trained = not post.person.trained
        self.now += 1

    @rule(post=posts)
    def let_a_credential_end(self, post: o.Post) -> None:
        """Move a person's credential to where the clock has passed its end, as time would."""
        held = agencies.Credential.objects.filter(person=post.person.key, revoked_at=None)
        held.update(expires_at=Now())
        posts = agencies.Membership.objects.filter(person=post.person.key)
        posts.filter(credentials_until__gt=Now()).update(credentials_until=Now())
        post.person.trained = False
        self.now += 1

    @rule(post=posts, sure=rarely)
    def disable(self, post: o.Post, sure: bool) -> None:
        if sure:
            onboarding.disable_person(self.root, self.person(post), reason_code="leave")
            post.person.active = False
            self.now += 1

    @rule(post=posts)
    def enable(self, post: o.Post) -> None:
        """Let somebody in again by two people; the first alone opens nothing."""
        first, second = self.world.administrators
        person = self.person(post)
        out = not post.person.active
        if attempt(lambda: onboarding.propose_enabling(first, person), out) is None:
            return
        try:
            onboarding.confirm_enabling(first, person)
        except NotAllowed:
            post.person.active = onboarding.confirm_enabling(second, person).is_active
        assert post.person.active
        self.now += 1

    @rule(post=posts, sure=rarely)
    def fall_asleep(self, post: o.Post, sure: bool) -> None:
        if sure:
            long_ago = Now() - DORMANT_AFTER - timedelta(days=1)
            agencies.Person.objects.filter(pk=post.person.key).update(
                created_at=long_ago, last_seen_at=None, woken_at=None
            )
            post.person.asleep = True
            self.now += 1

    @rule(post=posts)
    def wake(self, post: o.Post) -> None:
        onboarding.wake_person(self.root, self.person(post))
        post.person.asleep = False
        self.now += 1

    # Posts.

    @rule(post=posts)
    def end_post(self, post: o.Post) -> None:
        onboarding.end_membership(PORTAL, self.row(post))
        post.over = True
        self.now += 1

    @rule(post=posts, days=st.integers(1, 90))
    def set_an_end(self, post: o.Post, days: int) -> None:
        onboarding.end_membership(PORTAL, self.row(post), at=in_days(days))
        post.leaving = post.leaving or not post.over
        self.now += 1

    @rule(post=posts)
    def let_the_end_come(self, post: o.Post) -> None:
        """Move the day that was set to this moment, as time would."""
        if post.leaving:
            rows = agencies.Membership.objects.filter(pk=post.key, ended_at__gt=Now())
            rows.update(ended_at=Now())
            post.over = True
            self.now += 1

    @rule(target=posts, post=posts, name=names, ceiling=sensitivities, high=st.booleans())
    def move_person(self, post: o.Post, name: str, ceiling: Sensitivity, high: bool) -> Any:
        agency = self.world.agencies[name]
        theirs = [one for one in self.oracle.posts if one.person is post.person and not one.over]
        if any(one.agency is agency for one in theirs) or len(self.oracle.posts) >= 16:
            return multiple()
        if not high:
            for one in theirs:
                self.end_post(one)
        roles = ["supervisor"] if high else ["analyst"]
        made = onboarding.add_membership(
            PORTAL,
            self.person(post),
            agencies.Agency.objects.get(pk=agency.key),
            roles=roles,
            ceiling=ceiling,
        )
        self.now += 1
        moved = o.Post(made.pk, post.person, agency, set(roles), ceiling)
        self.oracle.posts.append(moved)
        return moved

    @rule(post=posts)
    def second_or_recall(self, post: o.Post) -> None:
        force = self.world.forces[0]
        row = agencies.TaskForce.objects.get(pk=force.key)
        self.now += 1
        if force in post.forces:
            onboarding.end_secondment(
                PORTAL, row.secondments.get(membership=post.key, ended_at=None)
            )
            post.forces.discard(force)
        elif attempt(lambda: onboarding.second(PORTAL, row, self.row(post)), not post.over):
            post.forces.add(force)

    @rule(post=posts, ceiling=sensitivities)
    def change_ceiling(self, post: o.Post, ceiling: Sensitivity) -> None:
        agencies.Membership.objects.filter(pk=post.key).update(ceiling=ceiling)
        post.ceiling = ceiling
        self.now += 1
