"""``issue_token``: a personal token for programs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.db.models.functions import Now

from agencies.models import Membership, Person
from agencies.refusals import Refusal
from agencies.services import issue_token


class Command(BaseCommand):
    """Print a token, which is shown this once."""

    help = "Print a personal token, and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose token, under which post, for what and for how long."""
        parser.add_argument("email")
        parser.add_argument("--agency", metavar="SHORT", help="which post, where there are several")
        parser.add_argument(
            "--scopes", default="read,write", help="of read, write and administer, with commas"
        )
        parser.add_argument("--days", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the token alone."""
        person = Person.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(f"Nobody has the e-mail {options['email']}.")
        try:
            token = issue_token(
                person,
                membership=_post(person, options["agency"]),
                scopes=options["scopes"].split(","),
                days=options["days"],
            )
        except Refusal as refusal:
            raise CommandError(refusal.reason) from refusal
        self.stdout.write(token)


def _post(person: Person, agency: str | None) -> Membership | None:
    """Return the one post meant; None for an administrator without any."""
    posts = person.memberships.select_related("agency", "person").filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=Now())
    )
    if agency:
        posts = posts.filter(agency__short_name__iexact=agency)
    found = list(posts[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise CommandError("This person has several posts; name one with --agency.")
    if agency or not person.is_staff:
        raise CommandError("This person has no such post.")
    return None
