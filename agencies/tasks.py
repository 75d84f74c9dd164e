"""What time alone asks to be told about people; safe to run twice, late or side by side."""

from __future__ import annotations

from celery import shared_task

from agencies.warnings import warn_of_endings


@shared_task(ignore_result=True, acks_late=True)
def warn_of_credentials() -> int:
    """Tell of the credentials that end in 60, 30 or 7 days; it shuts nobody out."""
    return warn_of_endings()
