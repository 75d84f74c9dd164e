"""Personal tokens are issued and revoked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from agencies.actors import Actor, acting_as
from agencies.authority import has_post
from agencies.clock import database_time
from agencies.codes import Role
from agencies.lines import line, one_of
from agencies.models import Membership, Person, PersonalToken, Program
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.tokens import PERSONAL_SCOPES, digest_of, new_token
from ledger.services import record_event

LONGEST_DAYS = 366
LONGEST_NAME = 80


@transaction.atomic
def issue_token(
    person: Person,
    *,
    membership: Membership | None,
    scopes: Iterable[str],
    days: int,
    name: str = "",
) -> str:
    """Return a new token, in the only plain copy there will be; it lives as long as the post does.

    Only an administrator has one without a membership.  A suspended agency's tokens sleep.
    """
    wanted = _scopes(scopes)
    title = line("name", name, longest=LONGEST_NAME, may_be_empty=True)
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid({"days": f"From 1 to {LONGEST_DAYS} days."})
    now = database_time()
    _may_hold(person, membership, ended=membership is not None and _ended(membership))
    plain = new_token()
    token = PersonalToken.objects.create(
        person=person,
        membership=membership,
        name=title,
        digest=digest_of(plain),
        scopes=wanted,
        expires_at=now + timedelta(days=days),
    )
    bearer = acting_as(membership) if membership else Actor(person_id=person.pk)
    record_event(
        bearer,
        "token.issued",
        token,
        concerns=[membership.agency_id] if membership else [],
        scopes=wanted,
        expires=token.expires_at,
    )
    return plain


@transaction.atomic
def revoke_token(actor: Actor, token: PersonalToken) -> PersonalToken:
    """End a token now: one's own, or of whom one coordinates.  Idempotent."""
    token = (
        PersonalToken.objects.select_for_update(of=("self",))
        .select_related("membership")
        .get(pk=token.pk)
    )
    _may_revoke(actor, token)
    if token.revoked_at is None:
        token.revoked_at = database_time()
        token.save(update_fields=["revoked_at"])
        record_event(actor, "token.revoked", token, concerns=_concerned(token))
    return token


def _may_revoke(actor: Actor, token: PersonalToken) -> None:
    if token.person_id == actor.person_id:
        return
    if token.membership is None:
        raise NotAllowed("That is not your token.")
    if not has_post(actor, token.membership.agency_id, Role.COORDINATOR):
        raise NotAllowed("That is not your token.")


def _concerned(token: PersonalToken) -> list[UUID]:
    return [token.membership.agency_id] if token.membership else []


def _ended(membership: Membership) -> bool:
    return membership.ended_at is not None and membership.ended_at <= database_time()


def _may_hold(person: Person, membership: Membership | None, *, ended: bool) -> None:
    if not person.is_active:
        raise Conflict("That person is disabled.", code="person_disabled")
    if Program.objects.filter(membership__person=person).exists():
        raise Conflict("A program has a secret, and no personal token.", code="program")
    if membership is None:
        if not person.is_staff:
            raise Conflict("A token is bound to a post, and this person has none.")
    elif membership.person_id != person.pk:
        raise NotAllowed("That is another person's post.")
    elif ended:
        raise Conflict("That post has ended.", code="membership_ended")


def _scopes(scopes: Iterable[str]) -> list[str]:
    wanted = [one_of("scopes", scope, PERSONAL_SCOPES) for scope in dict.fromkeys(scopes)]
    if not wanted:
        raise Invalid({"scopes": "Name at least one."})
    return wanted
