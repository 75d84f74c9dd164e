"""Grants as the interface shows them to either side, standing ones among them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from agencies.actors import Actor
from agencies.codes import Level
from portal.api.shapes.cases import LEVELS
from portal.api.shapes.examples import ALPHA, SAM, TO_BRAVO, UNDER
from portal.api.shapes.parties import (
    AgencyName,
    AgreementName,
    PersonName,
    Who,
    agreement_name,
    person_name,
    who,
)
from portal.api.shapes.requests import ConditionsShown
from portal.api.shapes.rows import Row, page_of
from portal.api.strict import AllOrIds, Code
from sharing.holdings import AnyGrant, allowed_on_grant
from sharing.models import Grant

OPEN = ("pending", "active", "suspended")
STATES = (*OPEN, "expired", "revoked", "superseded", "undone")


class RequestName(serializers.Serializer[Any]):
    """A sharing request."""

    id = serializers.UUIDField(help_text="Its id.")
    number = serializers.CharField(help_text="Its number.")


class GrantRow(Row):
    """What was given: `active`, `suspended` with its agreement or an agency, or ended.

    An ended one is `expired`, `revoked`, or `superseded` by a later decision.  What was approved on
    a page is `pending` for some seconds, and `undone` where that was taken back meanwhile.
    """

    record = serializers.UUIDField(
        allow_null=True, help_text="The record; null for standing access to a category."
    )
    kind = serializers.ChoiceField(
        ["case", "item", "contribution", "standing"], help_text="What was given."
    )
    category = Code("categories", help_text="The data category.")
    owner = AgencyName(help_text="The agency that gave it.")
    who = Who(help_text="Who has it.")
    level = serializers.ChoiceField(LEVELS, help_text="How much.")
    purpose = Code("purposes", help_text="What for.")
    agreement = AgreementName(help_text="What it rests on.")
    request = RequestName(help_text="The request that it came from.")
    issued_by = PersonName(help_text="Who released it.")
    issued_at = serializers.DateTimeField(help_text="Since when it reads.")
    until = serializers.DateTimeField(help_text="Until when.")
    items = AllOrIds(
        help_text='`"all"` that the record covers, or the ids of the items chosen with it.'
    )
    later = Code("later", help_text="Items that are added later.")
    conditions = ConditionsShown(help_text="What goes with it.")
    contributions = serializers.CharField(
        allow_blank=True, help_text="How additions are released: direct, each, or blank before."
    )
    state = serializers.ChoiceField(STATES, help_text="Where it stands, derived now.")
    acknowledged_at = serializers.DateTimeField(
        allow_null=True, help_text="When the recipient's supervisor confirmed it."
    )
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When it ended, if it did.")
    reason_code = serializers.CharField(
        allow_null=True, help_text="Why it was revoked, of `revoke_reasons`."
    )


GrantPage = page_of(GrantRow)

GRANT = {
    "id": "6a1c4e0d-7a43-45a5-8f8a-6f0c8c1b0d06",
    "record": "0a1f5b7e-3a55-4a9c-8f0e-0d0b7ad8c0d1",
    "kind": "case",
    "category": "investigation",
    "owner": ALPHA,
    "who": TO_BRAVO,
    "level": "view",
    "purpose": "criminal_justice",
    "agreement": UNDER,
    "request": {"id": "3d1e9b50-7e0c-4a7c-8a8d-5a3f4f2a7b05", "number": "SR-7K2M9Q"},
    "issued_by": SAM,
    "issued_at": "2026-03-02T10:00:00Z",
    "until": "2026-06-01T00:00:00Z",
    "items": "all",
    "later": "except_protected",
    "conditions": {"export": False, "unmask": False},
    "contributions": "",
    "state": "active",
    "acknowledged_at": None,
    "ended_at": None,
    "reason_code": None,
    "version": 1,
    "allowed_actions": ["revoke", "narrow", "renew"],
}


def grant_row(
    actor: Actor, grant: AnyGrant, *, state: str, owner: dict[str, Any], chosen: list[UUID]
) -> dict[str, Any]:
    """Return a grant in *state*, given by *owner* with the *chosen* items, as *actor* sees it."""
    return {
        "id": grant.pk,
        **(_of_record(grant, chosen) if isinstance(grant, Grant) else STANDING),
        "category": grant.category,
        "owner": owner,
        "who": who(grant.roster),
        "level": Level(grant.level).code,
        "purpose": grant.purpose,
        "agreement": agreement_name(grant.agreement),
        "request": {"id": grant.decision_id, "number": grant.decision.number},
        "issued_by": person_name(grant.issued_by),
        "issued_at": grant.issued_at,
        "until": grant.until,
        "state": state,
        "acknowledged_at": grant.acknowledged_at,
        "ended_at": None if state in OPEN else grant.revoked_at or grant.until,
        "reason_code": None if state in (*OPEN, "undone") else grant.revoke_reason or None,
        "version": grant.version,
        "allowed_actions": allowed_on_grant(actor, grant, state),
    }


STANDING: dict[str, Any] = {
    "record": None,
    "kind": "standing",
    "items": "all",
    "later": "all",
    "conditions": {"export": False, "unmask": False},
    "contributions": "",
}


def _of_record(grant: Grant, chosen: list[UUID]) -> dict[str, Any]:
    return {
        "record": grant.record_id,
        "kind": grant.kind,
        "items": "all" if grant.scope == Grant.Scope.ALL else chosen,
        "later": grant.later,
        "conditions": {"export": grant.export, "unmask": grant.unmask},
        "contributions": grant.contributions,
    }
