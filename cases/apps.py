"""Configuration of the app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """What is known: every model is a record or a part of one."""

    name = "cases"

    def ready(self) -> None:
        """Tell the layer below what records are called."""
        from cases import naming
        from sharing.naming import register_naming, register_numbering

        register_naming(naming.names, naming.own_case)
        register_numbering(naming.numbers, naming.numbered)
