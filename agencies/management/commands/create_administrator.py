"""``create_administrator``: the first portal administrator of an installation."""

from __future__ import annotations

import os
import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.models import Person
from agencies.refusals import Refusal
from agencies.services import admit_person
from ledger.doer import Portal

VARIABLE = "ADMINISTRATOR_PASSWORD"


class Command(BaseCommand):
    """Make an administrator, who brings agencies on board and reads no case."""

    help = f"Create a portal administrator. The password is asked for, or read from {VARIABLE}."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who it is and where the password comes from."""
        parser.add_argument("email")
        parser.add_argument("--name", help="as screens show it; the e-mail if not given")
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the person, with a password that passes the rules."""
        email = options["email"]
        name = options["name"] or email
        if Person.objects.filter(email__iexact=email).exists():
            raise CommandError(f"Somebody has the e-mail {email} already.")
        password = _password(from_stdin=options["password_stdin"])
        try:
            validate_password(password, user=Person(email=email, name=name))
            admit_person(Portal(), email=email, name=name, password=password, is_administrator=True)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refusal as refusal:
            raise CommandError(refusal.reason) from refusal
        self.stdout.write(f"{email} is a portal administrator.")


def _password(*, from_stdin: bool) -> str:
    """Return the password from standard input, the environment, or whoever sits there."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    if not sys.stdin.isatty():
        raise CommandError(f"Give the password with --password-stdin or in {VARIABLE}.")
    password = getpass("Password: ")
    if password != getpass("Again: "):
        raise CommandError("The two are not the same.")
    return password
