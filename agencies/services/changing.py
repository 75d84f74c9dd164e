"""Posts are narrowed at once; what is more than before takes a second, as a new post does."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from agencies.arranged import require_covered
from agencies.authority import By, is_administrator, is_portal
from agencies.charge import require_charge_of
from agencies.clock import database_time
from agencies.codes import Role, Sensitivity
from agencies.credentials import hold_requirements, keep_credentials_until
from agencies.figures import NOMINATION_OPEN_FOR
from agencies.models import Membership, Nomination
from agencies.nominations import OPEN
from agencies.posts import ceiling_of, roles_of
from agencies.refusals import Conflict, NotAllowed
from ledger.services import Tell, record_event

State = Nomination.State


@transaction.atomic
def change_post(
    by: By, membership: Membership, *, roles: Iterable[str], ceiling: int
) -> Nomination | None:
    """Give a post other roles or another ceiling; return the nomination where a second must agree.

    Less than before holds at once.  An administrator changes whether somebody coordinates, and
    nothing else.
    """
    wanted, limit = roles_of(roles), ceiling_of(ceiling)
    hold_requirements()
    post = Membership.objects.select_related("person", "arrangement").get(pk=membership.pk)
    require_charge_of(by, post)
    if post.arrangement is not None:
        require_covered(post.arrangement, wanted)
    post = Membership.objects.select_for_update(of=("self",)).get(pk=post.pk)
    _require_unended(post)
    _within_office(by, post, wanted, limit)
    if set(wanted) == set(post.roles) and limit == post.ceiling:
        return None
    if (set(wanted) <= set(post.roles) and limit <= post.ceiling) or is_administrator(by):
        _set(by, post, wanted, limit)
        return None
    return _propose(by, post, wanted, limit)


def widen(by: By, nomination: Nomination) -> None:
    """Give the post of a validated nomination what was proposed; Conflict where it has ended."""
    hold_requirements()
    assert nomination.widens is not None  # noqa: S101  (for the type: the caller asked)
    post = Membership.objects.select_for_update().get(pk=nomination.widens.pk)
    _require_unended(post)
    _set(by, post, nomination.roles, Sensitivity(nomination.ceiling))


def _require_unended(post: Membership) -> None:
    if post.ended_at is not None and post.ended_at <= database_time():
        raise Conflict("That post has ended.", code="membership_ended")


def _within_office(by: By, post: Membership, roles: list[str], ceiling: Sensitivity) -> None:
    """Raise NotAllowed where an administrator touches what a post reads."""
    if is_portal(by) or not is_administrator(by):
        return
    other = {Role.COORDINATOR.value}
    if set(roles) - other != set(post.roles) - other or ceiling != post.ceiling:
        raise NotAllowed(
            "An administrator says who coordinates; what a post reads is the agency's.", code="role"
        )


def _set(by: By, post: Membership, roles: list[str], ceiling: Sensitivity) -> None:
    before = sorted(post.roles), Sensitivity(post.ceiling).code
    post.roles, post.ceiling = roles, ceiling
    post.save(update_fields=["roles", "ceiling"])
    keep_credentials_until(post=post.pk)
    record_event(
        by,
        "membership.changed",
        post,
        concerns=[post.agency_id],
        person=post.person_id,
        roles=roles,
        ceiling=ceiling.code,
        roles_before=before[0],
        ceiling_before=before[1],
    )


def _propose(by: By, post: Membership, roles: list[str], ceiling: Sensitivity) -> Nomination:
    person, now = post.person, database_time()
    if Nomination.objects.filter(
        agency=post.agency_id,
        email__iexact=person.email,
        state__in=OPEN,
    ).exists():
        raise Conflict("A change of this post waits for a second already.", code="nominated")
    made = Nomination.objects.create(
        agency_id=post.agency_id,
        email=person.email,
        name=person.name,
        person=person,
        roles=roles,
        ceiling=ceiling,
        widens=post,
        state=State.ACCEPTED,
        nominated_by_id=by.person_id,
        accepted_at=now,
        expires_at=now + NOMINATION_OPEN_FOR,
    )
    record_event(
        by,
        "nomination.widening",
        made,
        concerns=[post.agency_id],
        tell=[Tell("nomination.accepted", post.agency_id)],
        person=person.pk,
        roles=roles,
        ceiling=ceiling.code,
    )
    return made
