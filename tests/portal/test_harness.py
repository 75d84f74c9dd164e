"""The harness itself: tests run as the application's role and on a database of their own."""

from __future__ import annotations

import threading

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

COUNT = "SELECT count(*) FROM django_session"


def test_tests_run_as_the_role_of_the_application(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.DATABASES["default"]["USER"],)


def test_the_role_of_the_application_is_neither_superuser_nor_owner(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_event SET kind = ''", "DELETE FROM ledger_event", "TRUNCATE ledger_event"],
)
def test_the_ledger_is_insert_only(db: None, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_application_may_read_the_ledger(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_event")
        assert cursor.fetchone() == (0,)


def test_a_cloned_database_keeps_what_other_threads_commit(cloned_database: str) -> None:
    def write() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("INSERT INTO django_session VALUES (gen_random_uuid()::text, '', now())")
        connections["default"].close()

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (cloned_database,)
        cursor.execute(COUNT)
        assert cursor.fetchone() == (3,)


def test_the_next_test_sees_nothing_of_it(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        assert cursor.fetchone() == (0,)
