"""What time alone asks for: people told of what ends, agencies asked for their yearly answers.

Each is safe to run twice, late or side by side, and only ever takes away.
"""

from __future__ import annotations

from celery import shared_task

from agencies.services.recertification import ask_for_answers, limit_overdue
from agencies.services.session import forget_old_sessions
from agencies.services.sign_in import forget_old_names
from agencies.warnings import warn_of_endings, warn_of_gates


@shared_task(ignore_result=True, acks_late=True)
def warn_of_credentials() -> int:
    """Tell of credentials that end, or are first required, in 60, 30 or 7 days; it shuts nobody
    out.
    """
    return warn_of_endings() + warn_of_gates()


@shared_task(ignore_result=True, acks_late=True)
def recertify_agencies() -> int:
    """Ask whose day is near, and restrict whose day has passed."""
    ask_for_answers()
    return limit_overdue()


@shared_task(ignore_result=True, acks_late=True)
def forget_sign_ins() -> int:
    """Drop counts of names that nobody tries any more, and rows of sessions over long ago."""
    return forget_old_names() + forget_old_sessions()
