"""Nominations, as the interface shows them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agencies.actors import Actor
from agencies.codes import Role, Sensitivity
from agencies.models import Nomination
from agencies.nominations import missing_consents
from agencies.people.nominating import acts_on
from portal.api.shapes.parties import AgencyName, agency_name
from portal.api.shapes.rows import Row


class NominationRow(Row):
    """That somebody is to have a post, until they and a second said yes; `version` is always 1."""

    agency = AgencyName(help_text="The agency of the post.")
    name = serializers.CharField(help_text="The nominee's name.")
    email = serializers.EmailField(help_text="Where the link was sent.")
    roles = serializers.ListField(
        child=serializers.ChoiceField(Role.values), help_text="What they are to do there."
    )
    ceiling = serializers.ChoiceField(
        [one.code for one in Sensitivity], help_text="The most sensitive record they would read."
    )
    temporary = serializers.BooleanField(help_text="Whether it ends 72 hours after it begins.")
    state = serializers.ChoiceField(
        [str(one) for one in Nomination.State.values], help_text="Where it stands."
    )
    consents_missing = AgencyName(
        many=True, help_text="Other agencies of the person that have not consented."
    )
    expires_at = serializers.DateTimeField(help_text="Until when it can be answered.")


NOMINATION = {
    "id": "3d9a8a0e-6a7b-4e0b-9a53-52f3b6f7a921",
    "version": 1,
    "allowed_actions": ["withdraw"],
    "agency": {"short_name": "alpha", "name": "Alpha City Police"},
    "name": "Nina Novak",
    "email": "nina@alpha.example",
    "roles": ["analyst"],
    "ceiling": "sensitive",
    "temporary": False,
    "state": "nominated",
    "consents_missing": [],
    "expires_at": "2026-02-05T09:00:00Z",
}


def nomination_row(actor: Actor, nomination: Nomination) -> dict[str, Any]:
    """Return a nomination."""
    names = "name email roles temporary state expires_at"
    return {
        "id": nomination.pk,
        "version": 1,
        "allowed_actions": acts_on(actor, nomination),
        "agency": agency_name(nomination.agency),
        **{name: getattr(nomination, name) for name in names.split()},
        "ceiling": Sensitivity(nomination.ceiling).code,
        "consents_missing": [agency_name(one) for one in missing_consents(nomination)],
    }
