"""What ``check --deploy`` refuses of the limits on signing in, unless somebody approved it by name.

The figures are those of the CJIS Security Policy 6.0; an exception is named in
``SIGN_IN_EXCEPTIONS``, with who approved it: ``idle_lock: approved by … on …``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@dataclass(frozen=True)
class Limit:
    """One limit: what the exception calls it, what it says, and whether the settings keep it."""

    name: str
    rule: str
    is_kept: Callable[[Any], bool]
    id: str


LIMITS = (
    Limit(
        "lockout",
        "Five failures within 15 minutes lock an account (AC-7).",
        lambda now: 1 <= now.SIGN_IN_FAILURES <= 5 and now.SIGN_IN_FAILURE_SECONDS >= 15 * 60,
        "portal.E011",
    ),
    Limit(
        "idle_lock",
        "30 minutes without activity lock a session (AC-11).",
        lambda now: 0 < now.IDLE_LOCK_SECONDS <= 30 * 60,
        "portal.E012",
    ),
    Limit(
        "session",
        "A session ends 12 hours after signing in (AC-12).",
        lambda now: 0 < now.SESSION_SECONDS <= 12 * 60 * 60,
        "portal.E013",
    ),
    Limit(
        "second_factor",
        "Everybody signs in with a second factor (IA-2).",
        lambda now: bool(now.SECOND_FACTOR_REQUIRED),
        "portal.E014",
    ),
    Limit(
        "reauthentication",
        "Whoever approves, exports or administers showed within 15 minutes who they are (IA-11).",
        lambda now: 0 < now.REAUTHENTICATION_SECONDS <= 15 * 60,
        "portal.E015",
    ),
)


def check_limits(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse weaker limits than the policy's, and exceptions to limits that there are not."""
    excepted = settings.SIGN_IN_EXCEPTIONS
    weak = [
        Error(
            f"Weaker than the policy: {limit.rule}",
            hint=f"Unset it, or name who approved it: SIGN_IN_EXCEPTIONS='{limit.name}: …'",
            id=limit.id,
        )
        for limit in LIMITS
        if limit.name not in excepted and not limit.is_kept(settings)
    ]
    known = {limit.name for limit in LIMITS}
    unknown = [
        Error(
            f"SIGN_IN_EXCEPTIONS names no limit: {name}",
            hint=f"The limits are {', '.join(sorted(known))}.",
            id="portal.E010",
        )
        for name in sorted(excepted.keys() - known)
    ]
    return weak + unknown


def register_all() -> None:
    """Add the check to ``check --deploy``."""
    register(check_limits, Tags.security, deploy=True)
