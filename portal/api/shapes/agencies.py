"""Agencies, what they signed and the task forces they form, as the interface shows them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from agencies.actors import Actor
from agencies.authority import is_administrator
from agencies.codes import AgencyStatus, Level
from agencies.models import Agency, Agreement, TaskForce
from agencies.onboarding.acts import ACTS
from agencies.refusals import Invalid
from portal.api.shapes.parties import AgencyName, AgreementName, agency_name, agreement_name
from portal.api.shapes.rows import Row, page_of
from portal.api.strict import Code

STATES = ("not_begun", "in_effect", "suspended", "expired", "terminated")


class AgencyRow(Row):
    """An agency: on board, or known to the directory only."""

    short_name = serializers.CharField(
        allow_null=True, help_text="Its name in addresses; null in the directory."
    )
    name = serializers.CharField(help_text="Its name in full.")
    ori = serializers.CharField(allow_null=True, help_text="Originating agency identifier.")
    kind = Code("agency_kinds", help_text="What sort of body it is.")
    tier = Code("tiers", help_text="How far it may take part.")
    status = Code("agency_statuses", help_text="Where it stands with the portal.")
    contact = serializers.CharField(allow_blank=True, help_text="Its duty desk.")
    state = serializers.CharField(allow_blank=True, help_text="The state it is in.")
    county = serializers.CharField(allow_blank=True, help_text="The county it is in.")
    time_zone = serializers.CharField(help_text="Its time zone.")


class PartyShown(AgencyName):
    """An agency that signed."""

    joined_at = serializers.DateTimeField(help_text="Since when it is bound.")
    left_at = serializers.DateTimeField(allow_null=True, help_text="When it left, if it did.")


class AgreementRow(Row):
    """What agencies signed: which data, for what, how far, until when."""

    number = serializers.CharField(help_text="Its number.")
    title = serializers.CharField(help_text="What it is called.")
    kind = serializers.ChoiceField(
        [str(kind) for kind in Agreement.Kind.values],
        help_text="participation: case by case; bilateral: also standing access.",
    )
    state = serializers.ChoiceField(STATES, help_text="Whether it binds now.")
    categories = serializers.ListField(
        child=Code("categories"), help_text="Data categories it covers."
    )
    purposes = serializers.ListField(child=Code("purposes"), help_text="Purposes it covers.")
    level = serializers.ChoiceField(
        [level.code for level in Level], help_text="The most that may be given under it."
    )
    onward = serializers.ChoiceField(
        [str(rule) for rule in Agreement.Onward.values], help_text="What may be passed on."
    )
    effective_at = serializers.DateTimeField(help_text="When it begins.")
    expires_at = serializers.DateTimeField(help_text="When it ends.")
    parties = PartyShown(many=True, help_text="Who signed.")


class TaskForceRow(Row):
    """People of several agencies who work together under an agreement."""

    short_name = serializers.CharField(help_text="Its name in addresses.")
    name = serializers.CharField(help_text="Its name in full.")
    lead = AgencyName(help_text="The agency that leads it.")
    agreement = AgreementName(help_text="The agreement it works under.")
    people = serializers.IntegerField(help_text="How many serve on it now.")


AgencyPage = page_of(AgencyRow)
AgreementPage = page_of(AgreementRow)
TaskForcePage = page_of(TaskForceRow)


ADMINISTERED = ("tier", "limit", "suspend", "reinstate", "close")
"""What an administrator does to an agency by the interface."""


def administers(actor: Actor) -> bool:
    """Return whether *actor* is a portal administrator now; of others no database is asked."""
    return actor.is_administrator and is_administrator(actor)


def agency_row(agency: Agency, *, administered: bool = False) -> dict[str, Any]:
    """Return an agency, with what may be changed of it by whoever administers the portal."""
    names = "short_name name ori kind tier status contact state county time_zone version"
    values = {name: getattr(agency, name) for name in names.split()}
    acts = [name for name in ADMINISTERED if administered and agency.status in ACTS[name].statuses]
    return {"id": agency.pk, **values, "allowed_actions": acts}


def agreement_row(agreement: Agreement) -> dict[str, Any]:
    """Return an agreement; its parties must be loaded."""
    names = "number title kind categories purposes onward effective_at expires_at version"
    parties = [
        {
            **(agency_name(party.agency) or {}),
            "joined_at": party.joined_at,
            "left_at": party.left_at,
        }
        for party in agreement.parties.all()
    ]
    return {
        "id": agreement.pk,
        **{name: getattr(agreement, name) for name in names.split()},
        "state": agreement_state(agreement),
        "level": Level(agreement.level).code,
        "parties": sorted(parties, key=lambda party: str(party["name"])),
        "allowed_actions": [],
    }


def agreement_state(agreement: Agreement) -> str:
    """Return where an agreement stands, for display; what binds is asked of the database."""
    now = timezone.now()
    if agreement.terminated_at is not None:
        return "terminated"
    if agreement.expires_at <= now:
        return "expired"
    if agreement.suspended_at is not None:
        return "suspended"
    return "in_effect" if agreement.effective_at <= now else "not_begun"


def task_force_row(force: TaskForce) -> dict[str, Any]:
    """Return a task force; ``people`` must be annotated."""
    return {
        "id": force.pk,
        "short_name": force.short_name,
        "name": force.name,
        "lead": agency_name(force.lead),
        "agreement": agreement_name(force.agreement),
        "people": getattr(force, "people", 0),
        "version": force.version,
        "allowed_actions": [],
    }


def agency_id(field: str, named: str) -> UUID:
    """Return the id of the agency that a short name or an id names; Invalid at *field*."""
    known = Agency.objects.exclude(status=AgencyStatus.DIRECTORY)
    try:
        found = known.filter(pk=UUID(named)).first()
    except ValueError:
        found = known.filter(short_name__iexact=named).first()
    if found is None:
        raise Invalid({field: "There is no such agency on board."})
    return found.pk
