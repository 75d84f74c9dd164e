"""What happens between asking and deciding: a question, its answer, a record attached, a
withdrawal.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.codes import Role
from agencies.refusals import Conflict, Invalid, NotAllowed
from ledger.services import Tell, record_event
from sharing.actions import Action
from sharing.boxes import asking_agency, open_share_request
from sharing.models import Record, RequestNote, ShareRequest
from sharing.pending import as_seen, is_pending
from sharing.posts import duty_desk, exchanging_post_of, post_of, supervisors
from sharing.services.deciding import hold_record, lock_request
from sharing.services.undoing import take_back
from sharing.transitions import leads_to


def _move(actor: Actor, request: ShareRequest, event: str) -> None:
    """Move a request on; one side's answer to it moves what an undoing would return to."""
    if as_seen(actor, request) is request:
        request.state = leads_to(request.state, event)
    else:
        request.state_before = leads_to(request.state_before, event)
    request.changed_at = Now()
    request.version = F("version") + 1
    request.save()
    request.refresh_from_db()


def _required_text(text: str) -> str:
    if not text.strip():
        raise Invalid({"text": "Write something."})
    return text.strip()


def _sides(request: ShareRequest) -> list[UUID]:
    return [one for one in dict.fromkeys((request.owner_id, asking_agency(request))) if one]


@transaction.atomic
def ask_question(
    actor: Actor, request_id: UUID, *, text: str, version: int | None = None
) -> ShareRequest:
    """Ask the asker something before deciding; the owner's release authority or duty desk does."""
    request = lock_request(actor, open_share_request(actor, request_id).pk, version)
    if request.owner_id != actor.agency_id:
        raise NotAllowed("Only the owning agency asks before it decides.", code="not_owner")
    post = exchanging_post_of(actor, Role.SUPERVISOR, Role.LIAISON)
    words = _required_text(text)
    _move(actor, request, "question")
    note = RequestNote.objects.create(
        request=request, kind=RequestNote.Kind.QUESTION, text=words, written_by=post
    )
    tell = [Tell("request.question", request.requested_by_id)] if request.requested_by_id else []
    record_event(
        actor, "request.question", request, tell=tell, concerns=_sides(request), note=note.pk
    )
    return request


@transaction.atomic
def answer_question(
    actor: Actor, request_id: UUID, *, text: str, version: int | None = None
) -> ShareRequest:
    """Answer the owner's question; anyone of the asking agency who reads cases may."""
    request = lock_request(actor, open_share_request(actor, request_id).pk, version)
    if asking_agency(request) != actor.agency_id:
        raise NotAllowed("Only the agency that asks answers.", code="not_asker")
    post = exchanging_post_of(actor)
    words = _required_text(text)
    _move(actor, request, "answer")
    note = RequestNote.objects.create(
        request=request, kind=RequestNote.Kind.ANSWER, text=words, written_by=post
    )
    tell = [supervisors("request.answered", request.owner_id)]
    if request.record_id is None:
        tell.append(duty_desk("request.answered", request.owner_id))
    record_event(
        actor, "request.answered", request, tell=tell, concerns=_sides(request), note=note.pk
    )
    return request


@transaction.atomic
def withdraw_request(actor: Actor, request_id: UUID, *, version: int | None = None) -> ShareRequest:
    """Take a request back before it is decided; the asker or a supervisor of the asking agency
    does.
    """
    seen = open_share_request(actor, request_id)
    hold_record(seen)
    request = lock_request(actor, seen.pk, version)
    if asking_agency(request) != actor.agency_id:
        raise NotAllowed("Only the agency that asks takes a request back.", code="not_asker")
    post = post_of(actor)
    if request.requested_by_id != post.pk and Role.SUPERVISOR not in post.roles:
        raise NotAllowed("Only who asked, or their supervisor, takes it back.", code="not_asker")
    if request.owner_id != actor.agency_id and is_pending(request):
        take_back(request, by=post.pk)
    _move(actor, request, "withdraw")
    record_event(
        actor,
        "request.withdrawn",
        request,
        tell=[supervisors("request.withdrawn", request.owner_id)],
        concerns=_sides(request),
    )
    return request


@transaction.atomic
def attach_record(actor: Actor, request_id: UUID, *, record_id: UUID) -> ShareRequest:
    """Say which of the agency's own records an ask by number is about.

    Neither state nor version moves: the asker must not see that there is something to attach.
    """
    request = lock_request(actor, open_share_request(actor, request_id).pk, None)
    if request.owner_id != actor.agency_id:
        raise NotAllowed("Only the owning agency attaches a record.", code="not_owner")
    exchanging_post_of(actor, Role.SUPERVISOR, Role.LIAISON)
    leads_to(request.state, "approve")
    if request.direction != ShareRequest.Direction.ASK or not (
        request.own_number or request.description
    ):
        raise Conflict("The request already says what it is about.", code="state")
    record = (
        Record.objects.permitting(actor, Action.EDIT)
        .filter(pk=record_id, owner_id=request.owner_id)
        .exclude(kind=Record.Kind.CONTRIBUTION)
        .first()
    )
    if record is None:
        raise Invalid({"record": "Choose a record of your agency."})
    request.record_id = record.pk
    request.save(update_fields=["record"])
    record_event(
        actor,
        "request.attached",
        request,
        tell=[supervisors("request.received", request.owner_id)],
        records=[record.pk],
        concerns=[request.owner_id],
    )
    return request
