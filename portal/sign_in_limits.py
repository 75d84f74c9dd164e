"""The limits on signing in and on sessions, each with the rule that its default comes from.

``check --deploy`` refuses weaker figures, unless ``SIGN_IN_EXCEPTIONS`` names who approved them.
"""

from __future__ import annotations

from environs import Env

__all__ = [
    "CLEARING_OPEN_SECONDS",
    "ENABLING_OPEN_SECONDS",
    "IDLE_LOCK_SECONDS",
    "SESSION_SECONDS",
    "SIGN_IN_EXCEPTIONS",
    "SIGN_IN_FAILURES",
    "SIGN_IN_FAILURE_SECONDS",
]

env = Env()

# CJISSECPOL 6.0 AC-7: five failures within 15 minutes lock the account until it is released.
SIGN_IN_FAILURES: int = env.int("SIGN_IN_FAILURES", 5)
SIGN_IN_FAILURE_SECONDS: int = env.int("SIGN_IN_FAILURE_SECONDS", 15 * 60)

# CJISSECPOL 6.0 AC-11: after 30 minutes without activity what was shown is hidden.
IDLE_LOCK_SECONDS: int = env.int("IDLE_LOCK_SECONDS", 30 * 60)

# CJISSECPOL 6.0 AC-12: a session ends 12 hours after signing in, whatever is done in it.
SESSION_SECONDS: int = env.int("SESSION_SECONDS", 12 * 60 * 60)

# How long a proposal to enable a disabled person waits for a second one; a figure of ours.
ENABLING_OPEN_SECONDS: int = env.int("ENABLING_OPEN_SECONDS", 72 * 60 * 60)

# The same for clearing lost second factors (CJISSECPOL 6.0 IA-5(d)); a figure of ours.
CLEARING_OPEN_SECONDS: int = env.int("CLEARING_OPEN_SECONDS", 72 * 60 * 60)


def exceptions_in(text: str) -> dict[str, str]:
    """Return who approved which weaker limit, from ``idle_lock: approved by …; lockout: …``."""
    pairs = (part.partition(":") for part in text.split(";"))
    return {name.strip(): said.strip() for name, _, said in pairs if said.strip()}


SIGN_IN_EXCEPTIONS: dict[str, str] = exceptions_in(env.str("SIGN_IN_EXCEPTIONS", ""))
