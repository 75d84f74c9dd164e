"""A one-time code for a telephone call: the caller reads it out, the duty desk sees who calls."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from agencies.actors import Actor
from agencies.codes import Role
from agencies.models import Agency, Membership
from agencies.refusals import Conflict, Invalid
from ledger.models import Event
from ledger.services import record_event
from sharing.boxes import open_share_request
from sharing.models import PhoneCode, ShareRequest
from sharing.posts import exchanging_post_of

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not taken for one another when they are read out or typed."""

LENGTH = 8
VALID = timedelta(minutes=15)
HOUR = timedelta(hours=1)
PER_HOUR = 10
WRONG_AT_MOST = 5
WRONG = "No call is announced to your agency by this code. It may be mistyped, used or too old."


@dataclass(frozen=True)
class Caller:
    """Who is calling: nothing but name, agency, roles and the number of the request, if any."""

    name: str
    agency: str
    roles: tuple[str, ...]
    request: str


@transaction.atomic
def announce_call(actor: Actor, *, agency_id: UUID, request_id: UUID | None = None) -> str:
    """Return a code, shown this once, for calling an agency, about a request of the two if named.

    Raises NotVisible for a request the actor may not know of, and Conflict after too many codes.
    """
    post = exchanging_post_of(actor)
    agency = Agency.objects.exchanging().filter(pk=agency_id).first()
    if agency is None or agency.pk == post.agency_id:
        raise Invalid({"agency_id": "Choose another agency that is on board."})
    request = open_share_request(actor, request_id) if request_id else None
    if request is not None and agency.pk not in (request.owner_id, request.recipient_id):
        raise Invalid({"agency_id": "The request is not with this agency."})
    Membership.objects.select_for_update().get(pk=post.pk)
    lately = PhoneCode.objects.filter(caller=post, created_at__gt=Now() - HOUR)
    if lately.count() >= PER_HOUR:
        raise Conflict(f"You had {PER_HOUR} codes in the last hour; wait a little.", code="often")
    return _announced(actor, post, agency, request)


def _announced(actor: Actor, post: Membership, agency: Agency, request: ShareRequest | None) -> str:
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    kept = PhoneCode.objects.create(
        code_hash=_hashed(code),
        caller=post,
        agency=agency,
        request=request,
        expires_at=Now() + VALID,
    )
    record_event(
        actor,
        "call.announced",
        kept,
        concerns=[post.agency_id, agency.pk],
        basis={"request": request.pk} if request else {},
    )
    return code


def identify_caller(actor: Actor, code: str) -> Caller:
    """Return who reads out *code* to the actor's duty desk; the code is used up with this.

    Raises Invalid, in the same words, for a code that is wrong, used, too old, or for another
    agency, and Conflict after several of those.  Not inside a transaction: that could undo the log.
    """
    with transaction.atomic(durable=True):
        post = exchanging_post_of(actor, Role.SUPERVISOR, Role.LIAISON)
        Membership.objects.select_for_update().get(pk=post.pk)
        if _wrong_lately(post) >= WRONG_AT_MOST:
            raise Conflict("Too many wrong codes; wait a quarter of an hour.", code="often")
        found = _use_up(post, code)
        _record(actor, post, found)
    if found is None:
        raise Invalid({"code": WRONG})
    return Caller(
        name=found.caller.person.name,
        agency=found.caller.agency.name,
        roles=tuple(found.caller.roles),
        request=found.request.number if found.request else "",
    )


def _use_up(post: Membership, code: str) -> PhoneCode | None:
    plain = "".join(code.split()).replace("-", "").upper()
    found = (
        PhoneCode.objects.select_for_update(of=("self",))
        .select_related("caller__person", "caller__agency", "request")
        .filter(code_hash=_hashed(plain), agency=post.agency_id, used_at__isnull=True)
        .filter(expires_at__gt=Now(), caller__in=Membership.objects.acting())
        .first()
    )
    if found is not None:
        PhoneCode.objects.filter(pk=found.pk).update(used_at=Now(), used_by=post)
    return found


def _record(actor: Actor, post: Membership, found: PhoneCode | None) -> None:
    if found is None:
        record_event(
            actor, "call.refused", outcome=Event.Outcome.REFUSED, concerns=[post.agency_id]
        )
        return
    record_event(
        actor,
        "call.identified",
        found,
        concerns=[post.agency_id, found.caller.agency_id],
        basis={"request": found.request_id} if found.request_id else {},
    )


def _wrong_lately(post: Membership) -> int:
    wrong = Event.objects.filter(agency=post.agency_id, membership=post.pk, kind="call.refused")
    return wrong.filter(at__gt=Now() - VALID).count()


def _hashed(code: str) -> str:
    return salted_hmac("sharing.phone_code", code, algorithm="sha256").hexdigest()
