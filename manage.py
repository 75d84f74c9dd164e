#!/usr/bin/env python3
"""Runs the portal's commands; ``demo``, ``test`` and ``verify`` set up what they need first."""

from __future__ import annotations

import os
import sys
from pathlib import Path

SELF_SUFFICIENT = ("demo", "test", "verify")


def take_data_option(argv: list[str]) -> list[str]:
    """Move ``--data DIR`` from the arguments into LIAISON_DATA, which settings read."""
    kept: list[str] = []
    words = iter(argv)
    for word in words:
        name, equals, value = word.partition("=")
        if name != "--data":
            kept.append(word)
            continue
        folder = value if equals else next(words, "")
        if not folder:
            sys.exit("--data needs a folder, as in: --data /srv/liaison")
        os.environ["LIAISON_DATA"] = str(Path(folder).expanduser().resolve())
    return kept


def main() -> None:
    """Set up where that is asked for, find the database, run the command."""
    argv = take_data_option(sys.argv)
    command = argv[1] if len(argv) > 1 else "help"
    if command in SELF_SUFFICIENT and sys.prefix == sys.base_prefix:
        from portal.bootstrap.setting_up import enter

        enter(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit(
            "Django is not installed for this Python. Use .venv/bin/python, or run "
            "'python3 manage.py demo' outside a virtual environment, which sets one up."
        )
    from portal.embedded.session import database_for

    with database_for(command):
        execute_from_command_line(argv)


if __name__ == "__main__":
    main()
