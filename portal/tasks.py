"""What the portal puts away in the background."""

from __future__ import annotations

from celery import shared_task
from django.db.models.functions import Now
from oauth2_provider.models import AccessToken

from portal.api.idempotency import KEPT
from portal.models import IdempotencyKey


@shared_task(ignore_result=True, acks_late=True)
def forget_idempotency_keys() -> int:
    """Forget the keys that answer for nothing any more.  Safe to run twice or side by side."""
    return IdempotencyKey.objects.filter(created_at__lte=Now() - KEPT).delete()[0]


@shared_task(ignore_result=True, acks_late=True)
def forget_program_tokens() -> int:
    """Forget the tokens of programs that have ended.  Safe to run twice or side by side."""
    return int(AccessToken.objects.filter(expires__lte=Now()).delete()[0])
