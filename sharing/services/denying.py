"""Denying: a coded reason, and words where the code asks for them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.clock import database_time
from agencies.codetable import code_table
from agencies.refusals import Invalid
from ledger.services import Tell, record_event
from sharing.boxes import denial_codes, open_share_request
from sharing.models import ShareRequest
from sharing.services.deciding import deciding_post, lock_request
from sharing.transitions import leads_to

DECIDED = (
    *("state", "decided_by", "decided_at", "changed_at"),
    *("reason_code", "decision_text", "own_note", "version"),
)
"""What a denial changes of its request, which is locked."""


@transaction.atomic
def deny_request(
    actor: Actor,
    request_id: UUID,
    *,
    version: int | None = None,
    reason_code: str,
    text: str = "",
    own_note: str = "",
) -> ShareRequest:
    """Refuse a request; the asker sees the code's words and *text*, nothing else.

    *own_note* is for the release authority of the actor's own agency alone.

    For a silent record or none at all the only reason is ``nothing_releasable``: any other would
    tell whether the record exists.
    """
    seen = open_share_request(actor, request_id)
    request = lock_request(actor, seen.pk, version)
    post = deciding_post(actor, request)
    _check(request, reason_code, text)
    request.state = leads_to(request.state, "deny")
    request.decided_by = post
    request.decided_at = request.changed_at = database_time()
    request.reason_code = reason_code
    request.decision_text = text.strip()
    request.own_note = own_note.strip()
    request.version += 1
    request.save(update_fields=DECIDED)
    tell = [Tell("request.denied", request.requested_by_id)] if request.requested_by_id else []
    concerns = [one for one in (request.owner_id, _asking_agency(request)) if one]
    record_event(
        actor, "request.denied", request, tell=tell, concerns=concerns, reason_code=reason_code
    )
    return request


def _check(request: ShareRequest, reason_code: str, text: str) -> None:
    """Raise Invalid for a reason that is not offered, or that lacks its words."""
    if reason_code not in denial_codes(request):
        raise Invalid({"reason_code": "This reason is not offered for this request."})
    if reason_code in codes_with_text() and not text.strip():
        raise Invalid({"text": "This reason needs a few words."})


def codes_with_text() -> set[str]:
    """Return the reasons that must be put into words (code table ``denial_reasons``)."""
    return {
        value["code"]
        for value in code_table("denial_reasons")["values"]
        if value["text"] in ("yes", "cite")
    }


def _asking_agency(request: ShareRequest) -> UUID | None:
    asks = request.direction == ShareRequest.Direction.ASK
    return request.recipient_id if asks else None
