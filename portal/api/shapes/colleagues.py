"""People with their posts and credentials, as the interface shows them to whoever runs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from agencies.charge import is_higher
from agencies.codes import Role, Sensitivity
from agencies.models import Credential, Membership, Nomination, Person
from agencies.people.access import Office, posts_in_sight
from agencies.people.roll import with_state
from agencies.services.looking_after import RESTRICTING
from agencies.tenure import Tenure
from portal.api.shapes.parties import AgencyName, agency_name
from portal.api.shapes.rows import Row, page_of
from portal.api.strict import Code


class PostShown(serializers.Serializer[Any]):
    """A post, as far as you may look at it."""

    id = serializers.UUIDField(help_text="Its id, of the membership.")
    agency = AgencyName(help_text="The agency.")
    roles = serializers.ListField(
        child=serializers.ChoiceField(Role.values), help_text="What one does there."
    )
    ceiling = serializers.ChoiceField(
        [one.code for one in Sensitivity], help_text="The most sensitive record one reads there."
    )
    state = serializers.ChoiceField(
        [one.value for one in Tenure], help_text="Where it stands on the database's clock."
    )
    started_at = serializers.DateTimeField(help_text="When it began.")
    ended_at = serializers.DateTimeField(
        allow_null=True, help_text="When it ended or will; null for no end."
    )
    waiting = serializers.UUIDField(
        allow_null=True, help_text="The nomination by which a second may widen it; null for none."
    )
    allowed_actions = serializers.ListField(
        child=serializers.CharField(), help_text="What you may do about it now."
    )


class CredentialShown(serializers.Serializer[Any]):
    """A training, clearance or deputation."""

    id = serializers.UUIDField(help_text="Its id.")
    kind = Code("credentials", help_text="What it is.")
    issuer = serializers.CharField(help_text="Who issued it.")
    number = serializers.CharField(allow_blank=True, help_text="Its number.")
    issued_on = serializers.DateField(help_text="The day of issue.")
    expires_at = serializers.DateTimeField(help_text="Until when it counts.")


class PersonRow(Row):
    """Somebody, to those who look after their account; `version` is always 1."""

    name = serializers.CharField(help_text="The person's name.")
    email = serializers.EmailField(help_text="The e-mail they have now.")
    enabled = serializers.BooleanField(help_text="Whether the account is open.")
    posts = PostShown(many=True, help_text="Their posts, the newest first, as far as you see them.")
    credentials = CredentialShown(
        many=True, help_text="Their credentials, to whoever sees their posts."
    )


PersonPage = page_of(PersonRow)
PERSON = {
    "id": "5f7e2f0c-54f7-4d6f-9d5e-1d0f3a0f6b11",
    "version": 1,
    "allowed_actions": ["disable", "sign-out"],
    "name": "Ana Ames",
    "email": "ana@alpha.example",
    "enabled": True,
    "posts": [
        {
            "id": "1b0c7a0e-31a1-4c43-8d8f-1cf4ed5d0b7e",
            "agency": {"short_name": "alpha", "name": "Alpha City Police"},
            "roles": ["analyst"],
            "ceiling": "sensitive",
            "state": "active",
            "started_at": "2026-01-05T09:00:00Z",
            "ended_at": None,
            "waiting": None,
            "allowed_actions": ["change", "end"],
        }
    ],
    "credentials": [
        {
            "id": "9a3f1c52-7c0e-4a52-b0ad-0c3f5d0e6a12",
            "kind": "cfr_23",
            "issuer": "State training academy",
            "number": "",
            "issued_on": "2026-01-05",
            "expires_at": "2028-01-05T23:59:59Z",
        }
    ],
}


def loaded(people: QuerySet[Person], office: Office) -> QuerySet[Person]:
    """Return *people* with what a row of each shows in an office, read together."""
    waits = Nomination.objects.filter(state=Nomination.State.ACCEPTED)
    posts = with_state(posts_in_sight(office)).prefetch_related(
        Prefetch("widenings", waits, to_attr="waiting")
    )
    living = Credential.objects.filter(revoked_at__isnull=True).order_by("-expires_at", "pk")
    return people.prefetch_related(
        Prefetch("memberships", posts.order_by("-started_at", "pk"), to_attr="seen"),
        Prefetch("credentials", living, to_attr="living"),
    )


def person_row(office: Office, person: Any) -> dict[str, Any]:
    """Return a person that ``loaded`` read."""
    posts: Sequence[Any] = person.seen
    return {
        "id": person.pk,
        "version": 1,
        "allowed_actions": _acts(office, person, posts),
        "name": person.name,
        "email": person.email,
        "enabled": person.is_active,
        "posts": [_post(office, post) for post in posts],
        "credentials": [_credential(one) for one in person.living] if posts else [],
    }


def _post(office: Office, post: Any) -> dict[str, Any]:
    open_ = post.state != Tenure.ENDED
    restricts = _own(office, post) and bool(office.roles & set(RESTRICTING))
    may_end = office.administers or (restricts and not is_higher(post))
    acts = {"change": open_ and _in_charge(office, post), "end": open_ and may_end}
    return {
        "id": post.pk,
        "agency": agency_name(post.agency),
        "roles": post.roles,
        "ceiling": Sensitivity(post.ceiling).code,
        "state": post.state,
        "started_at": post.started_at,
        "ended_at": post.ended_at,
        "waiting": next((one.pk for one in post.waiting), None),
        "allowed_actions": [act for act, may in acts.items() if may],
    }


def _credential(credential: Credential) -> dict[str, Any]:
    names = "kind issuer number issued_on expires_at"
    return {"id": credential.pk, **{name: getattr(credential, name) for name in names.split()}}


def _acts(office: Office, person: Person, posts: Sequence[Any]) -> list[str]:
    """Return what the services would let one do; each asks for itself again."""
    if office.actor.person_id == person.pk:
        return []
    here = [post for post in posts if post.state != Tenure.ENDED and _own(office, post)]
    after = office.administers or (bool(here) and not person.is_staff)
    restricts = after and (office.administers or bool(office.roles & set(RESTRICTING)))
    runs = after and (office.administers or office.runs)
    charge = runs and (office.administers or any(_in_charge(office, one) for one in here))
    acts = {
        "disable": restricts and person.is_active,
        "enable": restricts and not person.is_active,
        "release": runs,
        "sign-out": runs,
        "wake": charge and any(one.state == Tenure.DORMANT for one in posts),
        "address": charge,
        "credentials": charge,
    }
    return [act for act, may in acts.items() if may]


def _own(office: Office, post: Membership) -> bool:
    return office.actor.agency_id == post.agency_id


def _in_charge(office: Office, post: Membership) -> bool:
    """Return whether whoever looks may change a post: never their own, nor a higher one."""
    if office.actor.person_id == post.person_id:
        return False
    return office.administers or (_own(office, post) and office.runs and not is_higher(post))
