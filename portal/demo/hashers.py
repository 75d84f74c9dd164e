"""Passwords that everyone may read need no slow hash, and a demo starts sooner without one."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class DemoPasswordHasher(PBKDF2PasswordHasher):
    """Django's own hash at a hundredth of its cost; only demo mode's settings name it."""

    iterations = 10_000
