"""What time alone takes away from cases, in the background."""

from __future__ import annotations

from celery import shared_task

from cases.services.import_batches import drop_staged


@shared_task(ignore_result=True, acks_late=True)
def forget_staged_imports() -> int:
    """Forget files that were tried and never imported.  Safe to run twice or side by side."""
    return drop_staged()
