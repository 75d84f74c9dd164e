"""``outbox_status``: what must still be told, as JSON."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand

from ledger.health import outbox


class Command(BaseCommand):
    """Print undelivered, oldest_age_s and dead_letters."""

    help = "Print how many messages wait, the age of the oldest in seconds, and the dead letters."

    def handle(self, *args: object, **options: object) -> None:
        """Print one JSON object."""
        self.stdout.write(json.dumps(asdict(outbox())))
