"""What kind of installation this is, where it lies and by which name it is known.

Mode is decided here and nowhere else: demonstration, development, or else production.
"""

from __future__ import annotations

from pathlib import Path

from environs import Env

from portal.secret import stored_secret

__all__ = [
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DATA",
    "DEBUG",
    "DEMO",
    "PORTAL_URL",
    "PRODUCTION",
    "ROOT",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
]

env = Env()

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(env.str("LIAISON_DATA", str(ROOT / ".data"))).resolve()

DEMO: bool = env.bool("LIAISON_DEMO", False)
DEBUG: bool = env.bool("DEBUG", False)
PRODUCTION: bool = not (DEMO or DEBUG)

SECRET_KEY: str = env.str("SECRET_KEY", "") or stored_secret(DATA)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
PORTAL_URL: str = env.str("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = [PORTAL_URL]
