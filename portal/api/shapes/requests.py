"""Sharing requests as the interface shows them to either side."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agencies.actors import Actor
from agencies.codes import Level
from portal.api.shapes.cases import LEVELS
from portal.api.shapes.examples import ALPHA, BO, BRAVO, SAM, TO_BRAVO, UNDER
from portal.api.shapes.parties import (
    AgencyName,
    AgreementName,
    PersonName,
    Who,
    agency_name,
    agreement_name,
    person_name,
    who,
)
from portal.api.shapes.rows import Row, page_of
from portal.api.strict import AllOrIds, Code
from sharing.boxes import allowed_on_request, denial_codes, items_shown, record_shown
from sharing.models import RequestNote, ShareRequest
from sharing.pending import as_seen

RELATED = (
    "owner",
    "recipient",
    "roster__agency",
    "roster__task_force",
    "roster__membership__person",
    "roster__membership__agency",
    "requested_by__person",
    "decided_by__person",
    "agreement",
)


class ConditionsShown(serializers.Serializer[Any]):
    """What goes with what is given."""

    export = serializers.BooleanField(help_text="Whether they may export.")
    unmask = serializers.BooleanField(help_text="Whether identities are shown.")


class NoteShown(serializers.Serializer[Any]):
    """A question, or the answer to one."""

    kind = serializers.ChoiceField(["question", "answer"], help_text="Which way it goes.")
    text = serializers.CharField(help_text="The words.")
    written_by = PersonName(help_text="Who wrote it.")
    written_at = serializers.DateTimeField(help_text="When.")


class RequestRow(Row):
    """A sharing request: an ask for access, or an offer of it.

    `submitted` and `under_review` wait for the owner, `info_needed` for the asker's answer; then it
    is `approved`, `approved_conditional`, `partly_approved`, `denied`, `withdrawn` or `lapsed`.
    """

    number = serializers.CharField(help_text="Its number.")
    state = Code("request_states", help_text="Where it stands.")
    direction = serializers.ChoiceField(["ask", "offer"], help_text="Which side asks.")
    record = serializers.UUIDField(
        allow_null=True,
        help_text="The record; null where none is named, or while an asker by number may not know.",
    )
    from_agency = AgencyName(allow_null=True, help_text="The agency that asks or offers.")
    to_agency = AgencyName(
        allow_null=True, help_text="The agency that is asked or would receive; null: a task force."
    )
    to = Who(help_text="Who would receive.")
    own_number = serializers.CharField(
        allow_blank=True, help_text="The number that an ask as on the telephone gave."
    )
    description = serializers.CharField(
        allow_blank=True, help_text="What such an ask looks for, in words."
    )
    category = serializers.CharField(
        allow_blank=True, help_text="The category of a standing offer; blank otherwise."
    )
    level = serializers.ChoiceField(LEVELS, help_text="How much.")
    purpose = Code("purposes", help_text="What for.")
    for_case = serializers.CharField(allow_blank=True, help_text="The asker's own case.")
    on_behalf_of = serializers.CharField(allow_blank=True, help_text="For someone else.")
    contact_phone = serializers.CharField(allow_blank=True, help_text="Where to call.")
    reason = serializers.CharField(help_text="Why.")
    needed_by = serializers.DateTimeField(allow_null=True, help_text="When it is needed.")
    until = serializers.DateTimeField(help_text="Until when.")
    items = AllOrIds(help_text='`"all"`, or the ids of chosen items.')
    later = Code("later", help_text="Items that are added later.")
    conditions = ConditionsShown(help_text="What goes with it.")
    agreement = AgreementName(allow_null=True, help_text="What a decision rests on.")
    requested_by = PersonName(allow_null=True, help_text="Who asked.")
    decided_by = PersonName(allow_null=True, help_text="Who decided.")
    decided_at = serializers.DateTimeField(allow_null=True, help_text="When.")
    reason_code = serializers.CharField(
        allow_null=True, help_text="Why it was denied, of `denial_reasons`."
    )
    text = serializers.CharField(allow_blank=True, help_text="Words with a denial.")
    created_at = serializers.DateTimeField(help_text="When it was sent.")
    due_at = serializers.DateTimeField(help_text="When the owner's answer is due.")


class RequestShown(RequestRow):
    """A sharing request with what was said about it."""

    notes = NoteShown(many=True, help_text="Questions and answers, oldest first.")
    denial_codes = serializers.ListField(
        child=Code("denial_reasons"),
        help_text="To whoever may deny it: the reasons that tell no more than the asker knows.",
    )


RequestPage = page_of(RequestRow)

ROW = {
    "id": "3d1e9b50-7e0c-4a7c-8a8d-5a3f4f2a7b05",
    "number": "SR-7K2M9Q",
    "state": "submitted",
    "direction": "ask",
    "record": "0a1f5b7e-3a55-4a9c-8f0e-0d0b7ad8c0d1",
    "from_agency": BRAVO,
    "to_agency": ALPHA,
    "to": TO_BRAVO,
    "own_number": "",
    "description": "",
    "category": "",
    "level": "view",
    "purpose": "criminal_justice",
    "for_case": "BR-77",
    "on_behalf_of": "",
    "contact_phone": "",
    "reason": "Same pry marks on four entries in our county.",
    "needed_by": None,
    "until": "2026-06-01T00:00:00Z",
    "items": "all",
    "later": "except_protected",
    "conditions": {"export": False, "unmask": False},
    "agreement": None,
    "requested_by": BO,
    "decided_by": None,
    "decided_at": None,
    "reason_code": None,
    "text": "",
    "created_at": "2026-03-02T09:00:00Z",
    "due_at": "2026-03-05T17:00:00Z",
    "version": 1,
    "allowed_actions": ["withdraw"],
}
SHOWN = {**ROW, "notes": [], "denial_codes": []}
APPROVED = {
    **SHOWN,
    "state": "approved",
    "agreement": UNDER,
    "decided_by": SAM,
    "decided_at": "2026-03-02T10:00:00Z",
    "version": 2,
    "allowed_actions": [],
}

SAME = [
    "number",
    "state",
    "direction",
    "own_number",
    "description",
    "category",
    "purpose",
    "for_case",
    "on_behalf_of",
    "contact_phone",
    "reason",
    "needed_by",
    "until",
    "later",
    "decided_at",
    "created_at",
    "due_at",
    "version",
]


def request_row(actor: Actor, request: ShareRequest) -> dict[str, Any]:
    """Return a request as *actor*'s side may see it."""
    request = as_seen(actor, request)
    items = items_shown(actor, request)
    sides = [request.recipient, request.owner]
    first, second = sides if request.direction == ShareRequest.Direction.ASK else sides[::-1]
    return {
        "id": request.pk,
        **{name: getattr(request, name) for name in SAME},
        "record": record_shown(actor, request),
        "from_agency": agency_name(first),
        "to_agency": agency_name(second),
        "to": who(request.roster),
        "level": Level(request.level).code,
        "items": "all" if items is None else items,
        "conditions": {"export": request.export, "unmask": request.unmask},
        "agreement": agreement_name(request.agreement),
        "requested_by": person_name(request.requested_by),
        "decided_by": person_name(request.decided_by),
        "reason_code": request.reason_code or None,
        "text": request.decision_text,
        "allowed_actions": allowed_on_request(actor, request),
    }


def request_shown(actor: Actor, request: ShareRequest) -> dict[str, Any]:
    """Return a request with what was said about it."""
    row = request_row(actor, request)
    notes = RequestNote.objects.filter(request=request).select_related("written_by__person")
    codes = denial_codes(request) if "deny" in row["allowed_actions"] else []
    return {**row, "notes": [_note(note) for note in notes], "denial_codes": codes}


def _note(note: RequestNote) -> dict[str, Any]:
    return {
        "kind": note.kind,
        "text": note.text,
        "written_by": person_name(note.written_by),
        "written_at": note.written_at,
    }
