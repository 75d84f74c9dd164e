"""Configuration of the app."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Who may see what."""

    name = "sharing"
