"""Sending twice, doing once: a key that a program chooses, kept for a day with what it did.

Only the id of what was made or changed is kept, never an answer: a repeated call is answered by
reading that thing again under the rule as it is now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from agencies.refusals import Conflict, Invalid
from portal.api.resource import ApiRequest
from portal.models import IdempotencyKey

LONGEST_KEY = 200
KEPT = timedelta(hours=24)


def once(request: ApiRequest, act: Callable[[], UUID]) -> UUID:
    """Return the id of what *act* did, or of what it did when the same key and body came before.

    Conflict where the key was used for another body or under another hat.
    """
    stated = request.headers.get("Idempotency-Key")
    if stated is None:
        return act()
    with transaction.atomic():
        mine = _key_of(request, stated.strip())
        kept = _claimed(mine)
        if kept.pk == mine.pk:
            mine.subject = act()
            mine.save(update_fields=["subject"])
            return mine.subject
    if (kept.digest, kept.membership_id) != (mine.digest, mine.membership_id):
        raise Conflict(
            "This idempotency key was used for something else.", code="idempotency_key_used"
        )
    return UUID(str(kept.subject))


def _key_of(request: ApiRequest, key: str) -> IdempotencyKey:
    if not 0 < len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Invalid(
            {"Idempotency-Key": f"Give 1 to {LONGEST_KEY} printable characters of ASCII."}
        )
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    return IdempotencyKey(
        person_id=request.actor.person_id,
        membership_id=request.actor.membership_id,
        route=f"{request.method} {request.path.rstrip('/')}"[:200],
        key=key,
        digest=hashlib.sha256(body.encode()).hexdigest(),
    )


def _claimed(mine: IdempotencyKey) -> IdempotencyKey:
    """Return *mine* if it is the first, else the one before; waits for one in use now."""
    same = IdempotencyKey.objects.filter(person=mine.person_id, route=mine.route, key=mine.key)
    same.filter(created_at__lte=Now() - KEPT).delete()
    IdempotencyKey.objects.bulk_create([mine], ignore_conflicts=True)
    return same.get()
