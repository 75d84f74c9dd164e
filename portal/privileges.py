"""What the application's own database role may do: rows, but no history and no schema."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

GRANTS = (
    "GRANT CONNECT ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {role}",
)


def grant_to_application(owner: BaseDatabaseWrapper, role: str) -> None:
    """Give *role* what the application needs and no more.  Safe to repeat."""
    quote = owner.ops.quote_name
    names = {"role": quote(role), "database": quote(str(owner.settings_dict["NAME"]))}
    with owner.cursor() as cursor:
        refuse_powerful(cursor, role)
        # Functions of an extension belong to the superuser; PostgreSQL warns of each.
        cursor.execute("SET client_min_messages = error")
        for statement in GRANTS:
            cursor.execute(statement.format(**names))
        for table in existing(cursor, settings.INSERT_ONLY_TABLES):
            cursor.execute(
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {quote(table)} FROM {names['role']}"
            )
        for table in existing(cursor, settings.READ_ONLY_TABLES):
            cursor.execute(
                f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {quote(table)} FROM {names['role']}"
            )
        cursor.execute("RESET client_min_messages")


def refuse_powerful(cursor: CursorWrapper, role: str) -> None:
    """Raise ImproperlyConfigured where *role* is missing, a superuser, or the tables' owner."""
    cursor.execute(
        "SELECT rolsuper, rolname = current_user FROM pg_roles WHERE rolname = %s", [role]
    )
    row = cursor.fetchone()
    if row is None:
        raise ImproperlyConfigured(
            f"The role {role} of DATABASE_URL does not exist. Create it: "
            f"CREATE ROLE {role} LOGIN PASSWORD '…'"
        )
    if row[0]:
        raise ImproperlyConfigured(f"The role {role} of DATABASE_URL must not be a superuser.")
    if row[1]:
        raise ImproperlyConfigured(
            "DATABASE_URL and DATABASE_OWNER_URL use the same role. The application needs one of "
            "its own, so that it cannot rewrite the ledger."
        )


def existing(cursor: CursorWrapper, tables: Iterable[str]) -> list[str]:
    """Return those of *tables* that the migrations have made so far."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relname = ANY(%s) ORDER BY relname",
        [list(tables)],
    )
    return [name for (name,) in cursor.fetchall()]
