"""The portal's settings, quicker and without anything outside the process but the database."""

from __future__ import annotations

import os

os.environ.setdefault("LIAISON_DEMO", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ["REDIS_URL"] = "memory://"

from portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_AUTOREFRESH = True
APPROVAL_UNDO_SECONDS = 0
