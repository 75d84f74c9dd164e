"""What ``check --deploy`` refuses beyond Django's own list: settings too weak for case files."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register
from environs import Env

LONGEST_CONFIRMED = 15 * 60
PBKDF2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"


def check_mode(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse the demo and the debugger on a real installation."""
    found = []
    if settings.DEMO:
        found.append(
            Error("LIAISON_DEMO lets anyone sign in as anyone.", hint="Unset it.", id="portal.E001")
        )
    if not settings.PORTAL_URL.startswith("https://"):
        found.append(
            Error(
                "PORTAL_URL is not https, and links in mail would lead to it.",
                hint="Set PORTAL_URL=https://your.host",
                id="portal.E002",
            )
        )
    return found


def check_secrets(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a signing key that only this machine's data folder knows."""
    if Env().str("SECRET_KEY", ""):
        return []
    return [
        Error(
            "SECRET_KEY is not set: each machine would make its own.",
            hint="Set SECRET_KEY to 50 random characters or more.",
            id="portal.E003",
        )
    ]


def check_databases(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse one role for both the application and the owner of its tables."""
    application, owner = settings.DATABASES["default"], settings.DATABASES["owner"]
    if application["USER"] and application["USER"] != owner["USER"]:
        return []
    return [
        Error(
            "DATABASE_URL and DATABASE_OWNER_URL must name two different roles.",
            hint="The application's role must not be able to rewrite the ledger.",
            id="portal.E004",
        )
    ]


def check_hosts(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse to answer for any host, or not to answer for the portal's own."""
    host = urlsplit(settings.PORTAL_URL).hostname or ""
    if "*" not in settings.ALLOWED_HOSTS and host in settings.ALLOWED_HOSTS:
        return []
    return [
        Error(
            "ALLOWED_HOSTS must name the host of PORTAL_URL and hold no '*'.",
            hint=f"Set ALLOWED_HOSTS={host}",
            id="portal.E005",
        )
    ]


def check_broker(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a queue and a cache that only one process can see."""
    if settings.REDIS_URL.startswith(("redis", "unix://")):
        return []
    return [
        Error(
            "REDIS_URL is not set: sign-in limits would be counted per process.",
            hint="Set REDIS_URL=redis://host:6379/0",
            id="portal.E006",
        )
    ]


def check_sign_in(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse to let people in, or act, on less than CJISSECPOL 6.0 IA-2, IA-5 and IA-11 ask."""
    found = []
    if not settings.SECOND_FACTOR_REQUIRED:
        found.append(Error("Nobody is asked for a second factor.", id="portal.E021"))
    late = settings.REAUTHENTICATION_SECONDS > LONGEST_CONFIRMED
    if late and "reauthentication" not in settings.SIGN_IN_EXCEPTIONS:
        found.append(
            Error(
                "REAUTHENTICATION_SECONDS is more than 15 minutes.",
                hint="Lower it, or name who approved it: "
                "SIGN_IN_EXCEPTIONS='reauthentication: NAME, DATE'",
                id="portal.E022",
            )
        )
    if settings.PASSWORD_HASHERS[0] != PBKDF2:
        found.append(Error("Passwords are not hashed with PBKDF2 (FIPS 140).", id="portal.E023"))
    return found


def register_all() -> None:
    """Add every check of this file to ``check --deploy``."""
    every = (
        check_mode,
        check_secrets,
        check_databases,
        check_hosts,
        check_broker,
        check_sign_in,
    )
    for check in every:
        register(check, Tags.security, deploy=True)
