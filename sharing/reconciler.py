"""The copies that grants carry of their records, compared with the records themselves."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from sharing.arms import COPIES
from sharing.records import lock_record

COMPARED = {column: copy for column, copy in COPIES.items() if column != "id"}


@dataclass(frozen=True)
class Drift:
    """A grant whose copies of some columns differ from what its record says."""

    grant: UUID
    record: UUID
    columns: tuple[str, ...]


def drift() -> list[Drift]:
    """Return every grant still in the index that no longer says what its record says."""
    differing = ", ".join(
        f"CASE WHEN r.{column} IS DISTINCT FROM g.{copy} THEN '{column}' END"
        for column, copy in COMPARED.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT g.id, g.record_id, array_remove(ARRAY[{differing}], NULL)
                  FROM sharing_grant g JOIN sharing_record r ON r.id = g.record_id
                 WHERE g.ended_at IS NULL
                   AND array_remove(ARRAY[{differing}], NULL) <> ARRAY[]::text[]
                 ORDER BY g.id"""  # noqa: S608  (names of columns)
        )
        return [Drift(grant, record, tuple(columns)) for grant, record, columns in cursor]


def repair(found: Drift) -> None:
    """Copy a grant's record anew, the record locked first as everywhere."""
    copied = ", ".join(f"{copy} = r.{column}" for column, copy in COMPARED.items())
    with transaction.atomic(), connection.cursor() as cursor:
        lock_record(found.record, "a record is locked before its grants")
        cursor.execute(
            f"UPDATE sharing_grant g SET {copied} FROM sharing_record r"  # noqa: S608  (names of columns)
            " WHERE r.id = g.record_id AND g.id = %s",
            [found.grant],
        )
