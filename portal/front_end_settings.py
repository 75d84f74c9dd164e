"""Templates and static files; front-end packages are served from where they were installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portal.installation_settings import DATA, DEBUG, DEMO, PRODUCTION, ROOT

__all__ = [
    "MEDIA_ROOT",
    "PACKAGES",
    "STATICFILES_DIRS",
    "STATIC_ROOT",
    "STATIC_URL",
    "STORAGES",
    "TEMPLATES",
    "WHITENOISE_USE_FINDERS",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            ROOT / "templates",
            *([ROOT / "portal" / "demo" / "templates"] if DEMO else []),
            *([ROOT / "portal" / "components" / "templates"] if DEBUG else []),
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["portal.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.frame.frame",
                *(["portal.demo.strip.strip"] if DEMO else []),
            ],
        },
    }
]

STATIC_URL = "static/"
STATIC_ROOT = ROOT / "staticfiles"
PACKAGES = {"uswds": ROOT / "node_modules" / "@uswds" / "uswds" / "dist"}
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    ROOT / "static",
    *((prefix, folder) for prefix, folder in PACKAGES.items() if folder.is_dir()),
]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = DATA / "media"
