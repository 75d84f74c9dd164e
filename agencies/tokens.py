"""What a personal token is and whom it stands for, asked at each use."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from agencies.actors import Actor, acting_as
from agencies.codes import Role
from agencies.models import Membership, PersonalToken

PREFIX = "lia_"
RANDOM_BYTES = 32
READ, WRITE, ADMINISTER = "read", "write", "administer"
SCOPES = (READ, WRITE)
"""What a program may have; it never acts on people or agencies."""

PERSONAL_SCOPES = (*SCOPES, ADMINISTER)
USE_NOTED_EVERY = timedelta(hours=1)
"""How often at most a token's use is written down."""


def new_token() -> str:
    """Return a new token: the prefix, by which scanners know it, and 32 random bytes."""
    return PREFIX + secrets.token_urlsafe(RANDOM_BYTES)


def digest_of(plain: str) -> str:
    """Return what is kept of a token; it is random enough that a plain SHA-256 hides it."""
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def actor_for_token(plain: str) -> tuple[Actor, frozenset[str]] | None:
    """Return who acts by this token and its scopes; None for one unknown, expired, revoked or dead.

    It dies with the person, the post and the agency, because each is asked here.
    """
    if not plain.startswith(PREFIX):
        return None
    token = (
        PersonalToken.objects.select_related("person", "membership__person")
        .filter(
            Q(membership__in=Membership.objects.acting())
            | Q(membership__isnull=True, person__is_staff=True),
            digest=digest_of(plain),
            person__is_active=True,
            revoked_at__isnull=True,
            expires_at__gt=Now(),
        )
        .annotate(noted=Q(used_at__isnull=False, used_at__gt=Now() - USE_NOTED_EVERY))
        .first()
    )
    if token is None:
        return None
    if not token.noted:
        _note_use(token)
    if token.membership is None:
        actor = Actor(person_id=token.person_id, is_administrator=True)
    else:
        actor = acting_as(token.membership)
    return actor, frozenset(token.scopes)


def _note_use(token: PersonalToken) -> None:
    since = Q(used_at__isnull=True) | Q(used_at__lte=Now() - USE_NOTED_EVERY)
    PersonalToken.objects.filter(since, pk=token.pk).update(used_at=Now())


def living_tokens() -> QuerySet[PersonalToken]:
    """Return the tokens that are neither revoked nor expired, newest first."""
    tokens = PersonalToken.objects.filter(revoked_at__isnull=True, expires_at__gt=Now())
    return tokens.select_related("person", "membership__agency").order_by("-created_at", "pk")


def tokens_of_person(person_id: UUID) -> QuerySet[PersonalToken]:
    """Return a person's living tokens, under whichever post."""
    return living_tokens().filter(person=person_id)


def tokens_of_agency(actor: Actor) -> QuerySet[PersonalToken]:
    """Return the living tokens of the people whom the actor coordinates now; else none."""
    coordinating = Membership.objects.acting().holding(Role.COORDINATOR).filter(pk=actor.seat)
    return living_tokens().filter(membership__agency__in=coordinating.values("agency"))
