"""The database of one run: made on the server that the settings name, dropped when it is over."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

import psycopg2
import psycopg2.errors
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from guardian.shortcuts import clear_ct_cache

ALIASES = ("default", "owner")
PATIENCE = 20.0
"""Seconds that connections just closed are given to go before a database is dropped."""


@contextmanager
def own_database(*, keep: bool) -> Iterator[str]:
    """Yield the name of a migrated database to which every alias points, and drop it after."""
    name = f"liaison_bench_{secrets.token_hex(4)}"
    before = str(settings.DATABASES["owner"]["NAME"])
    with _administration() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        point_at(name)
        call_command("prepare_database", verbosity=0)
        yield name
    finally:
        point_at(before)
        if not keep:
            _drop(name)


def point_at(name: str) -> None:
    """Make every alias of this thread connect to the database *name* from now on.

    Content types are numbered by each database for itself; Django and guardian remember them.
    """
    ContentType.objects.clear_cache()
    clear_ct_cache()
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@contextmanager
def kept_database(name: str) -> Iterator[str]:
    """Yield *name*, a database that an earlier run kept, with every alias pointing to it."""
    before = str(settings.DATABASES["owner"]["NAME"])
    try:
        point_at(name)
        call_command("prepare_database", verbosity=0)
        yield name
    finally:
        point_at(before)


@contextmanager
def _administration() -> Iterator[Any]:
    owner = settings.DATABASES["owner"]
    connection = psycopg2.connect(
        dbname="postgres",
        user=owner["USER"],
        password=owner["PASSWORD"] or None,
        host=owner["HOST"],
        port=owner["PORT"] or None,
    )
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def _drop(name: str) -> None:
    end = monotonic() + PATIENCE
    with _administration() as cursor:
        while True:
            try:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                return
            except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ObjectInUse):
                if monotonic() > end:
                    raise
                sleep(0.1)
