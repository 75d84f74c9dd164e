"""Who may decide a request, and the request held while they do."""

from __future__ import annotations

from uuid import UUID

from agencies.actors import Actor
from agencies.codes import Role
from agencies.models import Membership
from agencies.prepared import fetch
from agencies.programs import people_behind
from agencies.refusals import NotAllowed, Stale
from sharing.models import ShareRequest
from sharing.pending import as_seen
from sharing.posts import exchanging_post_of
from sharing.records import lock_record
from sharing.shapes import Shape

LOCKED: Shape[ShareRequest] = Shape(
    lambda request: (
        ShareRequest.objects.select_for_update(of=("self",))
        .select_related("owner", "requested_by")
        .filter(pk=request)
    ),
    request=UUID,
)
SEATED_ELSEWHERE = """SELECT EXISTS (
    SELECT 1 FROM agencies_seat
     WHERE person_id = %(person)s AND roster_id = %(roster)s AND agency_id <> %(owner)s)"""


def lock_request(actor: Actor, pk: UUID, version: int | None) -> ShareRequest:
    """Return a request locked until the transaction ends; Stale unless it is at *version*, as the
    actor's side knows it.
    """
    (request,) = LOCKED.rows(request=pk)
    current = as_seen(actor, request).version
    if version is not None and current != version:
        raise Stale(current=current)
    return request


def hold_record(request: ShareRequest) -> None:
    """Lock the record of a request before the request and what it gave are locked."""
    if request.record_id is not None:
        lock_record(request.record_id, "a record is locked before its grants")


def require_owner(actor: Actor, request: ShareRequest) -> None:
    """Raise NotAllowed for the other side of a request, whatever is attached to it: asked before
    the record is looked at, no answer tells whether there is one.
    """
    if request.owner_id != actor.agency_id:
        raise NotAllowed("Only the owning agency decides this.", code="not_owner")


def deciding_post(actor: Actor, request: ShareRequest) -> Membership:
    """Return the actor's post if it may decide a request: two people, one name, through no hat."""
    require_owner(actor, request)
    post = exchanging_post_of(actor, Role.SUPERVISOR)
    asker = request.requested_by
    if asker is not None and actor.person_id in people_behind(asker):
        raise NotAllowed("Nobody approves their own request.", code="own_request")
    if _sits_with_recipient(actor, request):
        raise NotAllowed("You would be approving access of your own.", code="own_access")
    return post


def _sits_with_recipient(actor: Actor, request: ShareRequest) -> bool:
    """Return whether the actor, through another agency's hat, is among those who would receive."""
    values = {"person": actor.person_id, "roster": request.roster_id, "owner": request.owner_id}
    ((sits,),) = fetch(SEATED_ELSEWHERE, values)
    return bool(sits)
