"""Databases for tests: migrated once per state of the migrations, cloned from then on."""

from __future__ import annotations

import ast
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg2
import psycopg2.errors
from django.conf import settings
from django.core.management import call_command
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
APPS = ("ledger", "agencies", "sharing", "cases", "portal")
ALIASES = ("default", "owner")


@contextmanager
def administration(alias: str = "owner") -> Iterator[Any]:
    """Yield a cursor of a role outside every test database, in autocommit."""
    role = settings.DATABASES[alias]
    connection = psycopg2.connect(
        dbname="postgres",
        user=role["USER"],
        password=role["PASSWORD"] or None,
        host=role["HOST"],
        port=role["PORT"] or None,
    )
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def sources_of_schema() -> list[Path]:
    """Return every file that decides what a migrated database looks like."""
    migrations = sorted(path for app in APPS for path in ROOT.glob(f"{app}/migrations/*.py"))
    texts = sorted(path for app in APPS for path in ROOT.glob(f"{app}/**/*.sql"))
    imported = sorted({path for migration in migrations for path in imports_of_ours(migration)})
    fixed = [ROOT / "portal" / "privileges.py", ROOT / "requirements" / "production.txt"]
    return [*migrations, *texts, *imported, *fixed]


def imports_of_ours(migration: Path) -> Iterator[Path]:
    """Yield the files of our own modules that *migration* imports directly."""
    for node in ast.walk(ast.parse(migration.read_bytes())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for name in (name for name in names if name.split(".")[0] in APPS):
            path = ROOT.joinpath(*name.split("."))
            yield from (
                file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()
            )


def template_name() -> str:
    """Return the name of the template for the migrations as they are now."""
    digest = hashlib.sha256()
    for path in sources_of_schema():
        digest.update(path.read_bytes())
    tables = (settings.INSERT_ONLY_TABLES, settings.READ_ONLY_TABLES, settings.INSTALLED_APPS)
    digest.update(repr(tables).encode())
    return f"liaison_template_{digest.hexdigest()[:12]}"


def ensure_template() -> str:
    """Return a migrated template, building it where this is the first to ask.

    It is built under another name, so that a killed run leaves no half-migrated template.
    """
    name = template_name()
    with administration() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            draft = f"liaison_draft_{secrets.token_hex(6)}"
            cursor.execute(f'CREATE DATABASE "{draft}"')
            try:
                point_at(draft)
                call_command("prepare_database", verbosity=0)
                close_connections()
                cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
            except BaseException:
                close_connections()
                drop(draft)
                raise
    return name


def point_at(name: str) -> None:
    """Make every alias, in every thread, connect to the database *name* from now on."""
    close_connections()
    for alias in ALIASES:
        connections.settings[alias]["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def close_connections() -> None:
    """Close this thread's connections, so that a database can be copied, renamed or dropped."""
    for alias in ALIASES:
        connections[alias].close()


def clone() -> str:
    """Return the name of a fresh copy of the template."""
    template = ensure_template()
    name = f"liaison_test_{os.getpid()}_{secrets.token_hex(4)}"
    with administration() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        role = settings.DATABASES["default"]["USER"]
        cursor.execute(f'GRANT CONNECT ON DATABASE "{name}" TO "{role}"')
    return name


def drop(name: str) -> None:
    """Drop a database, and whoever is still connected to it.

    The owner may not end the application's connections: the application's role ends them itself.
    """
    end = monotonic() + 10
    with administration() as cursor:
        while True:
            try:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                return
            except psycopg2.errors.InsufficientPrivilege:
                if monotonic() > end:
                    raise
                end_connections(name)
                sleep(0.02)


def end_connections(name: str) -> None:
    """End what the application's role left open in a database, as a thread that died does."""
    with administration("default") as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user",
            [name],
        )
