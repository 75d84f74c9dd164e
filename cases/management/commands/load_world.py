"""The command that loads a world file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.world import BrokenWorld, load_world


class Command(BaseCommand):
    """Prints one JSON object with the id of every keyed thing; a broken world loads nothing."""

    help = "Loads a world file through the services, as the people in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Load the file."""
        try:
            world = json.loads(file.read_text("utf-8"))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(f"{file} is not JSON: {error}") from error
        try:
            ids = load_world(world)
        except BrokenWorld as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps({key: str(pk) for key, pk in ids.items()}))
