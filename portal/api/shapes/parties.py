"""Agencies and people as other things name them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agencies.models import Agency, Person


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


def agency_name(agency: Agency | None) -> dict[str, Any] | None:
    """Return how an agency is named; None for none."""
    return {"short_name": agency.short_name, "name": agency.name} if agency else None


def person_name(person: Person | None) -> dict[str, Any] | None:
    """Return how a person is named; None for none."""
    return {"name": person.name, "email": person.email} if person else None
