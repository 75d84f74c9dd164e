"""Who is asking, and under which hats they may."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agencies.actors import Actor
from agencies.codes import Role, Sensitivity
from agencies.models import Membership, Person
from portal.api.shapes.parties import AgencyName, agency_name


class Hat(serializers.Serializer[Any]):
    """A post in an agency, under which one acts."""

    id = serializers.UUIDField(help_text="The id of the membership.")
    agency = AgencyName(help_text="The agency.")
    roles = serializers.ListField(
        child=serializers.ChoiceField(Role.values), help_text="What one does there."
    )
    ceiling = serializers.ChoiceField(
        [one.code for one in Sensitivity], help_text="The most sensitive record one reads there."
    )


class Me(serializers.Serializer[Any]):
    """Who is asking."""

    id = serializers.UUIDField(help_text="The person's id, which stays when the e-mail changes.")
    email = serializers.EmailField(help_text="The e-mail they have now.")
    name = serializers.CharField(help_text="The person's name.")
    hat = Hat(allow_null=True, help_text="The post acted under now; null for none.")
    hats = Hat(many=True, help_text="Every post the person may act under.")
    is_administrator = serializers.BooleanField(help_text="Whether they administer the portal.")
    version = serializers.IntegerField(help_text="Always 1: a person is not changed here.")
    allowed_actions = serializers.ListField(
        child=serializers.CharField(), help_text="Always empty."
    )


EXAMPLE = {
    "id": "5f7e2f0c-54f7-4d6f-9d5e-1d0f3a0f6b11",
    "email": "ana@alpha.example",
    "name": "Ana Ames",
    "hat": {
        "id": "1b0c7a0e-31a1-4c43-8d8f-1cf4ed5d0b7e",
        "agency": {"short_name": "alpha", "name": "Alpha City Police"},
        "roles": ["analyst"],
        "ceiling": "sensitive",
    },
    "hats": [],
    "is_administrator": False,
    "version": 1,
    "allowed_actions": [],
}


def shown_hat(membership: Membership) -> dict[str, Any]:
    """Return a post as the interface shows it."""
    return {
        "id": membership.pk,
        "agency": agency_name(membership.agency),
        "roles": membership.roles,
        "ceiling": Sensitivity(membership.ceiling).code,
    }


def shown_me(actor: Actor) -> dict[str, Any]:
    """Return who is asking."""
    person = Person.objects.get(pk=actor.person_id)
    posts = Membership.objects.acting().filter(person=person).select_related("agency")
    hats = {post.pk: shown_hat(post) for post in posts.order_by("started_at", "pk")}
    return {
        "id": person.pk,
        "email": person.email,
        "name": person.name,
        "hat": hats.get(actor.membership_id) if actor.membership_id else None,
        "hats": list(hats.values()),
        "is_administrator": person.is_staff,
        "version": 1,
        "allowed_actions": [],
    }
