"""Configuration of the app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """What is known: every model is a record or a part of one."""

    name = "cases"

    def ready(self) -> None:
        """Tell the layer below what records are called."""
        from cases import handover, matching, naming
        from sharing.naming import register_naming, register_numbering
        from sharing.search.matching import register_explainer

        handover.register_all()
        register_explainer(matching.known)
        register_naming(naming.names, naming.own_case)
        register_numbering(naming.numbers, naming.numbered)
