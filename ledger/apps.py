"""Configuration of the app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """What happened, and who must still be told."""

    name = "ledger"
