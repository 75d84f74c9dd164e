"""Configuration of the app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """What is known: every model is a record or a part of one."""

    name = "cases"
