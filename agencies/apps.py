"""Configuration of the app."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Who there is, by what authority and with what means."""

    name = "agencies"
