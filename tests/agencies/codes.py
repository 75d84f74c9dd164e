"""The codes that an authenticator app would show for a secret."""

from __future__ import annotations

from time import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30


def code_of(secret: str = SECRET, *, steps: int = 0) -> str:
    """Return the code of now, or of so many periods later."""
    return format_hotp_value(hotp_value(secret, int(time()) // PERIOD + steps))
