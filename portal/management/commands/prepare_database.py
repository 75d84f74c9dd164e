"""Brings a database up to date: migrations by its owner, privileges for the application."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from portal.privileges import grant_to_application


class Command(BaseCommand):
    """Migrates as the owner and grants to the application's role.  Safe to repeat."""

    help = "Migrate the database as its owner, then give the application's role its privileges."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate over the alias ``owner``, then grant to the role of the alias ``default``."""
        call_command("migrate", database="owner", verbosity=options["verbosity"])
        try:
            grant_to_application(
                connections["owner"], str(connections["default"].settings_dict["USER"])
            )
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
