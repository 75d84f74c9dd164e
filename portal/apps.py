"""Configuration of the app."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Composition only."""

    name = "portal"

    def ready(self) -> None:
        """Make the portal's Celery application the one that tasks belong to, and add its checks."""
        from portal import celery, checks, sign_in_checks

        celery.app.set_default()
        checks.register_all()
        sign_in_checks.register_all()
