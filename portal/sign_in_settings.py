"""The figures of signing in, and the rule they come from; the demonstration is easier on people.

Mode decides here and nowhere else: only ``LIAISON_DEMO`` lets anyone in without a second factor.
"""

from __future__ import annotations

from environs import Env

__all__ = [
    "ACCOUNT_REAUTHENTICATION_TIMEOUT",
    "REAUTHENTICATION_SECONDS",
    "SECOND_FACTOR_REQUIRED",
]

env = Env()
_demo: bool = env.bool("LIAISON_DEMO", False)

# CJISSECPOL 6.0 IA-2(1), IA-2(2): multi-factor authentication for everybody.
SECOND_FACTOR_REQUIRED: bool = not _demo

# CJISSECPOL 6.0 IA-11: whoever approves, exports or administers showed who they are just now.
REAUTHENTICATION_SECONDS: int = env.int("REAUTHENTICATION_SECONDS", 15 * 60)
ACCOUNT_REAUTHENTICATION_TIMEOUT: int = REAUTHENTICATION_SECONDS
