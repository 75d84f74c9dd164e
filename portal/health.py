"""Whether the process lives, and whether it can do its work: for proxies and orchestrators."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ledger.health import outbox_health


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process answers at all."""
    return JsonResponse({"status": "live"})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database and outbox are well, else 503 with the reasons."""
    reasons = reasons_not_ready()
    status = "not ready" if reasons else "ready"
    return JsonResponse({"status": status, "reasons": reasons}, status=503 if reasons else 200)


def reasons_not_ready() -> list[str]:
    """Return what is wrong, in counts and seconds only: whoever asks is not signed in."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return outbox_health()
    except DatabaseError:
        return ["database: it does not answer"]
