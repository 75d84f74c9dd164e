"""Agencies, people and those who can be given something, as other things name them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agencies.models import Agency, Agreement, Membership, Roster

KINDS = [str(kind) for kind in Roster.Kind.values]


class AgencyName(serializers.Serializer[Any]):
    """An agency, by the name it has on board and in full."""

    short_name = serializers.CharField(
        allow_null=True,
        help_text="Its name in addresses; null for one the directory only knows of.",
    )
    name = serializers.CharField(help_text="Its name in full.")


class PersonName(serializers.Serializer[Any]):
    """A person."""

    name = serializers.CharField(help_text="The person's name.")
    email = serializers.EmailField(help_text="The e-mail they have now.")


class Who(serializers.Serializer[Any]):
    """Whoever can be given something: an agency's people, a task force's, or one person."""

    kind = serializers.ChoiceField(KINDS, help_text="What it is.")
    id = serializers.UUIDField(help_text="Its id: of the agency, the task force or the membership.")
    short_name = serializers.CharField(
        allow_null=True, help_text="Short name of an agency or task force; null for a person."
    )
    name = serializers.CharField(help_text="Its name in full.")
    agency = serializers.CharField(
        allow_null=True, help_text="Of a person: the short name of their agency; null otherwise."
    )


class AgreementName(serializers.Serializer[Any]):
    """An agreement."""

    id = serializers.UUIDField(help_text="Its id.")
    number = serializers.CharField(help_text="Its number.")
    title = serializers.CharField(help_text="What it is called.")


def agency_name(agency: Agency | None) -> dict[str, Any] | None:
    """Return how an agency is named; None for none."""
    return {"short_name": agency.short_name, "name": agency.name} if agency else None


def person_name(post: Membership | None) -> dict[str, Any] | None:
    """Return how whoever holds a post is named; None for none."""
    return {"name": post.person.name, "email": post.person.email} if post else None


def agreement_name(agreement: Agreement | None) -> dict[str, Any] | None:
    """Return how an agreement is named; None for none."""
    if agreement is None:
        return None
    return {"id": agreement.pk, "number": agreement.number, "title": agreement.title}


def who(roster: Roster) -> dict[str, Any]:
    """Return how whoever would receive is named."""
    post, body = roster.membership, roster.agency or roster.task_force
    if post is not None:
        named = {"short_name": None, "name": post.person.name, "agency": post.agency.short_name}
    else:
        named = {
            "short_name": body.short_name if body else None,
            "name": body.name if body else "",
            "agency": None,
        }
    return {"kind": roster.kind, "id": roster.pk, **named}
