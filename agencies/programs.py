"""What a program is known by, and whom its token stands for, asked at each use."""

from __future__ import annotations

import hmac
import secrets
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from oauth2_provider.models import AccessToken

from agencies.actors import Actor, acting_as
from agencies.kept import Kept
from agencies.models import Membership, Program
from agencies.tokens import RANDOM_BYTES, digest_of

SECRET_PREFIX, TOKEN_PREFIX = "lis_", "lit_"
"""By which scanners know a secret and a token that lies where it should not."""


def new_secret() -> str:
    """Return a new secret of a program: the prefix and 32 random bytes."""
    return SECRET_PREFIX + secrets.token_urlsafe(RANDOM_BYTES)


def new_access_token(request: Any, refresh_token: bool = False) -> str:
    """Return a new token of a program, as the toolkit asks for one."""
    return TOKEN_PREFIX + secrets.token_urlsafe(RANDOM_BYTES)


def program_by_secret(client_id: str, secret: str) -> Program | None:
    """Return the working program that *secret* is of; just after a rotation its former, too."""
    if "\x00" in client_id:
        return None
    working = Program.objects.working().filter(client_id=client_id)
    program = working.select_related("membership__person").first()
    if program is None:
        return None
    still = working.filter(former_until__gt=Now()).values_list("former_digest", flat=True).first()
    given = digest_of(secret)
    known = [one for one in (program.digest, still) if one]
    return program if any(hmac.compare_digest(given, one) for one in known) else None


def actor_for_program_token(plain: str) -> tuple[Actor, frozenset[str]] | None:
    """Return which program's post acts by this token and its scopes; None for one that is dead.

    It dies with the program's post, whoever answers for it, the agency and the revocation,
    because each is asked here.  A scope taken from the program is gone from its tokens.
    """
    if not plain.startswith(TOKEN_PREFIX):
        return None
    token = (
        AccessToken.objects.select_related("application__membership__person")
        .filter(
            token_checksum=digest_of(plain),
            expires__gt=Now(),
            application__in=Program.objects.working(),
        )
        .first()
    )
    if token is None:
        return None
    program = token.application
    return acting_as(program.membership), frozenset(token.scope.split()) & set(program.scopes)


def people_behind(membership: Membership) -> set[UUID]:
    """Return who acts by a post: its person and, for a program's, whoever answers for it."""
    return {post.person_id for post in _answering(post=membership.pk)}


def _posts_behind(post: UUID) -> QuerySet[Membership]:
    answering = Program.objects.filter(membership=post).values("answerable")
    return Membership.objects.filter(Q(pk=post) | Q(pk__in=answering)).only("person_id")


_answering = Kept(_posts_behind, "post")
