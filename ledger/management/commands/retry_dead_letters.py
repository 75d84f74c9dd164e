"""``retry_dead_letters``: try again what was given up, once its cause is mended."""

from django.core.management.base import BaseCommand

from ledger.courier import retry_dead_letters


class Command(BaseCommand):
    """Put every dead letter back among the waiting."""

    help = "Put every dead letter back in the outbox with its attempts at zero."

    def handle(self, *args: object, **options: object) -> None:
        """Print how many will be tried again."""
        self.stdout.write(str(retry_dead_letters()))
