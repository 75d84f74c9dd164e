"""Write the documentation of the state machines from their tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from sharing.diagrams import page_of_states

PAGE = Path(settings.ROOT) / "docs" / "states.md"


class Command(BaseCommand):
    """Write ``docs/states.md``."""

    help = "Write docs/states.md from the tables of transitions."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page."""
        PAGE.write_text(page_of_states(), encoding="utf-8")
