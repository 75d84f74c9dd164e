"""An agency's directory makes its people known to us, and takes them away (SCIM 2.0).

What it makes is a nomination, which opens nothing until the person accepts and a second validates
it; what it takes away is gone at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from agencies.actors import Actor, acting_as
from agencies.authority import By, require_post
from agencies.clock import database_time
from agencies.codes import Role, Sensitivity
from agencies.lines import email_address, line, one_of
from agencies.models import DirectoryUser, Membership, Nomination, ProvisioningKey
from agencies.nominations import OPEN
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services.membership import RESTRICTING, end_membership
from agencies.services.nomination import nominate, withdraw_nomination
from agencies.tokens import digest_of
from ledger.services import record_event

PROPOSED = (Role.ANALYST, Role.LIAISON, Role.AUDITOR)
"""What a directory may propose: never release authority, never who runs the agency's people."""

TAKEN = "There is a user of that name already."


@transaction.atomic
def issue_provisioning_key(
    actor: Actor, plain: str, *, roles: Iterable[str], ceiling: int
) -> ProvisioningKey:
    """Have *plain* be the key of the agency's directory; the one before it serves no more."""
    if actor.agency_id is None or actor.membership_id is None:
        raise NotAllowed("This takes an agency's coordinator.", code="role")
    require_post(actor, actor.agency_id, Role.COORDINATOR)
    wanted = [one_of("roles", role, PROPOSED) for role in dict.fromkeys(roles)]
    if not wanted:
        raise Invalid({"roles": "Name at least one."})
    _end_keys(actor, actor.agency_id)
    key = ProvisioningKey.objects.create(
        membership_id=actor.membership_id,
        digest=digest_of(plain),
        roles=wanted,
        ceiling=Sensitivity(ceiling),
    )
    record_event(actor, "provisioning.key_issued", key, concerns=[actor.agency_id], roles=wanted)
    return key


@transaction.atomic
def revoke_provisioning_key(by: By, key: ProvisioningKey) -> None:
    """End the key of an agency's directory now.  Idempotent; whoever may restrict may."""
    require_post(by, key.membership.agency_id, *RESTRICTING)
    _end_keys(by, key.membership.agency_id)


@transaction.atomic
def add_directory_user(key: ProvisioningKey, **said: Any) -> DirectoryUser:
    """Make a user known: the post that the agency has for that address, or a nomination for one.

    Conflict where the directory has a user of that name already.
    """
    values = _values(said)
    if "user_name" not in values:
        raise Invalid({"userName": "This is needed."})
    values.setdefault("name", values["user_name"])
    user = DirectoryUser(agency_id=key.membership.agency_id, **values)
    _keep(user)
    record_event(
        acting_as(key.membership), "provisioning.user_added", user, concerns=[user.agency_id]
    )
    if user.active:
        _propose(key, user)
    return user


@transaction.atomic
def change_directory_user(key: ProvisioningKey, user: DirectoryUser, **said: Any) -> DirectoryUser:
    """Keep what the directory says of a user now; one that is no longer active loses the post.

    One that is active again is nominated anew: nothing that ended is revived.  What a person is
    called here and which address is theirs is not the directory's to change.
    """
    user = DirectoryUser.objects.select_for_update(of=("self",)).get(pk=user.pk)
    values = _values(said)
    changed = {name: one for name, one in values.items() if getattr(user, name) != one}
    if not changed:
        return user
    for name, one in changed.items():
        setattr(user, name, one)
    user.touched_at = database_time()
    _keep(user)
    actor = acting_as(key.membership)
    record_event(
        actor,
        "provisioning.user_changed",
        user,
        concerns=[user.agency_id],
        changed=sorted(changed),
        active=user.active,
    )
    if changed.get("active") is True:
        _propose(key, user)
    elif changed.get("active") is False:
        _shut_out(actor, user)
    return user


@transaction.atomic
def remove_directory_user(key: ProvisioningKey, user: DirectoryUser) -> None:
    """Forget a user of the directory; what it gave ends now.  Idempotent."""
    user = DirectoryUser.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.removed_at is not None:
        return
    actor = acting_as(key.membership)
    user.removed_at, user.active = database_time(), False
    user.save(update_fields=["removed_at", "active"])
    record_event(actor, "provisioning.user_removed", user, concerns=[user.agency_id])
    _shut_out(actor, user)


def _propose(key: ProvisioningKey, user: DirectoryUser) -> None:
    """Find the post or the open nomination of a user, or nominate them as the agency allows.

    Where there is nothing to propose, the user stays known and has no post.
    """
    agency, address = user.agency_id, user.user_name
    of_address = Q(person__email__iexact=address)
    unended = Q(ended_at__isnull=True) | Q(ended_at__gt=Now())
    post = Membership.objects.people().filter(of_address, unended, agency=agency).first()
    opened = Nomination.objects.filter(
        agency=agency, email__iexact=address, state__in=OPEN, expires_at__gt=Now()
    ).first()
    if post is None and opened is None:
        try:
            with transaction.atomic():
                opened = nominate(
                    acting_as(key.membership),
                    user.agency,
                    email=address,
                    name=user.name,
                    roles=key.roles,
                    ceiling=key.ceiling,
                )
        except Conflict:
            opened = None
    user.membership, user.nomination = post, opened
    user.save(update_fields=["membership", "nomination"])


def _shut_out(actor: Actor, user: DirectoryUser) -> None:
    """End the post that a user has, and whatever is proposed for them."""
    nomination = user.nomination
    if nomination is not None:
        nomination.refresh_from_db()
        if nomination.state in OPEN:
            withdraw_nomination(actor, nomination)
    posts = {user.membership_id, nomination.post_id if nomination else None} - {None}
    for post in Membership.objects.filter(pk__in=posts, agency=user.agency_id).order_by("pk"):
        end_membership(actor, post)


def _end_keys(by: By, agency: UUID) -> None:
    living = ProvisioningKey.objects.filter(membership__agency=agency, revoked_at__isnull=True)
    for key in living.select_for_update(of=("self",)).order_by("pk"):
        key.revoked_at = database_time()
        key.save(update_fields=["revoked_at"])
        record_event(by, "provisioning.key_revoked", key, concerns=[agency])


def _keep(user: DirectoryUser) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise Conflict(TAKEN, code="uniqueness") from error


def _values(said: dict[str, Any]) -> dict[str, Any]:
    """Return what was said of a user as it is kept; Invalid by the directory's own names."""
    values: dict[str, Any] = {}
    if "user_name" in said:
        values["user_name"] = email_address(said["user_name"])
    if "name" in said:
        values["name"] = line("displayName", said["name"], longest=120)
    if "external_id" in said:
        text = line("externalId", said["external_id"], longest=191, may_be_empty=True)
        values["external_id"] = text
    if "active" in said:
        values["active"] = said["active"]
    return values
