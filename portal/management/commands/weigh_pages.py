"""The command that says how heavy pages are."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.test import Client

from agencies.models import Person
from portal.weights import weights_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Command(BaseCommand):
    """Prints, for each page, its parts and what a first and a next visit fetch."""

    help = "Says how many bytes pages are on their way to somebody's browser."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose pages."""
        parser.add_argument("email")
        parser.add_argument("addresses", nargs="+", metavar="/address/")

    def handle(self, *args: Any, email: str, addresses: list[str], **options: Any) -> None:
        """Open the pages as that person and weigh them."""
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"There is nobody with the address {email}.")
        client = Client(SERVER_NAME="localhost")
        client.force_login(person, backend=BACKEND)
        for address in addresses:
            answer = client.get(address, secure=True)
            if answer.status_code != 200:
                raise CommandError(f"{address} answers {answer.status_code}.")
            self._say(address, answer.content.decode())

    def _say(self, address: str, html: str) -> None:
        weights = weights_of(html)
        for one in weights:
            self.stdout.write(f"{one.size:>8}  {one.name}")
        first = sum(one.size for one in weights)
        after = sum(one.size for one in weights if not one.kept)
        self.stdout.write(f"{first:>8}  {address} on a first visit, {after} on the next")
