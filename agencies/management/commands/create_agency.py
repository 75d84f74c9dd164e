"""``create_agency``: an agency comes on board, with its coordinator."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from agencies.codes import AgencyKind, AgencyStatus, Role, Sensitivity, Tier
from agencies.models import Agency
from agencies.refusals import Refusal
from agencies.services import (
    add_membership,
    admit_person,
    begin_year,
    conclude_participation,
    register_agency,
)
from ledger.doer import Portal


class Command(BaseCommand):
    """Register an agency, sign it to the participation agreement, admit its coordinator."""

    help = (
        "Bring an agency on board: it is registered and signed to the participation agreement. "
        "Its coordinator sets a password by the link of “Forgotten password”."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what the agency is and who coordinates it."""
        parser.add_argument("--short-name", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--ori")
        parser.add_argument("--kind", required=True, choices=AgencyKind.values)
        parser.add_argument("--tier", default=Tier.FULL, choices=Tier.values)
        parser.add_argument("--contact", default="", help="telephone of the duty desk")
        parser.add_argument("--time-zone", default="UTC", help="such as America/Chicago")
        parser.add_argument("--coordinator-email")
        parser.add_argument("--coordinator-name", help="the e-mail if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do all of it or nothing."""
        try:
            with transaction.atomic():
                agency = _on_board(options)
                if options["coordinator_email"]:
                    _coordinator(agency, options)
        except Refusal as refusal:
            raise CommandError(refusal.reason) from refusal
        self.stdout.write(f"{agency.name} is on board.")


def _on_board(options: dict[str, Any]) -> Agency:
    taken = ("short_name", "name", "ori", "kind", "tier", "contact", "time_zone")
    agency = register_agency(
        Portal(), status=AgencyStatus.ACTIVE, **{name: options[name] for name in taken}
    )
    conclude_participation(Portal(), agencies=[agency])
    begin_year(Portal(), agency)
    return agency


def _coordinator(agency: Agency, options: dict[str, Any]) -> None:
    email = options["coordinator_email"]
    person = admit_person(Portal(), email=email, name=options["coordinator_name"] or email)
    add_membership(Portal(), person, agency, roles=[Role.COORDINATOR], ceiling=Sensitivity.ROUTINE)
