"""Configuration of the app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Composition only."""

    name = "portal"
