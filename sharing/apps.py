"""Configuration of the app."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Who may see what."""

    name = "sharing"

    def ready(self) -> None:
        """Register the kinds of message and the checks."""
        from sharing import checks, handover
        from sharing.telling.kinds import register_all

        register_all()
        checks.register_all()
        handover.register_all()
