"""What others do, on the same rows: models over the same table for django-guardian, and the floor.

Loaded by the benchmark alone.  Nothing here is a model of the portal: no table but the benchmark's.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from guardian.shortcuts import get_objects_for_user

from agencies.actors import Actor
from agencies.models import Person
from portal.bench.copying import bare, vacuum


class Envelope(models.Model):
    """The columns of a record that a list needs."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=14)
    owner = models.UUIDField(db_column="owner_id")
    title = models.CharField(max_length=300)
    touched_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class GenericEnvelope(Envelope):
    """A record whose permissions lie in guardian's generic tables."""

    class Meta:
        app_label = "portal"
        managed = False
        db_table = "sharing_record"
        default_permissions = ("view",)


class DirectEnvelope(Envelope):
    """A record whose permissions lie in tables with a foreign key to it."""

    class Meta:
        app_label = "portal"
        managed = False
        db_table = "sharing_record"
        default_permissions = ("view",)


class DirectUserPermission(UserObjectPermissionBase):
    """That a person may read a record."""

    content_object = models.ForeignKey(DirectEnvelope, models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        app_label = "portal"
        managed = False
        db_table = "bench_direct_user"


class DirectGroupPermission(GroupObjectPermissionBase):
    """That a group may read a record."""

    content_object = models.ForeignKey(DirectEnvelope, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        app_label = "portal"
        managed = False
        db_table = "bench_direct_group"


GIVEN = """
CREATE TEMPORARY TABLE bench_given AS
SELECT DISTINCT r.id AS record, x.roster FROM sharing_record r JOIN (
    SELECT id AS record, owner_id AS roster FROM sharing_record WHERE kind = 'case'
    UNION ALL
    SELECT g.record_id, g.roster_id FROM sharing_grant g
      JOIN agencies_agreement a ON a.id = g.agreement_id
     WHERE g.revoked_at IS NULL AND g.until > now() AND g.level >= 2
       AND a.terminated_at IS NULL AND a.expires_at > now()
    UNION ALL
    SELECT r.id, s.roster_id FROM sharing_standinggrant s
      JOIN sharing_record r ON r.owner_id = s.owner_id AND r.category = s.category
     WHERE r.kind = 'case' AND r.findability = 'listed' AND s.revoked_at IS NULL
       AND s.until > now()
) x ON x.record = r.id WHERE r.sealed_at IS NULL
"""
"""Every record and roster that may list it, worked out without the policy."""

GROUPS = """
INSERT INTO auth_group (name) SELECT id::text FROM agencies_roster WHERE kind <> 'person';
INSERT INTO agencies_person_groups (person_id, group_id)
SELECT m.person_id, g.id FROM agencies_membership m JOIN auth_group g ON g.name = m.agency_id::text
UNION ALL
SELECT m.person_id, g.id FROM agencies_secondment d
  JOIN agencies_membership m ON m.id = d.membership_id
  JOIN auth_group g ON g.name = d.task_force_id::text
"""
ROWS = """
INSERT INTO {group} (permission_id, group_id, {columns})
SELECT {permission}, g.id, {values} FROM bench_given x JOIN auth_group g ON g.name = x.roster::text;
INSERT INTO {user} (permission_id, user_id, {columns})
SELECT {permission}, m.person_id, {values}
  FROM bench_given x JOIN agencies_membership m ON m.id = x.roster
"""
TABLES = (
    "guardian_userobjectpermission",
    "guardian_groupobjectpermission",
    "bench_direct_user",
    "bench_direct_group",
)
REACH = """
CREATE TABLE bench_reach AS
SELECT m.id AS membership, r.touched_at, r.id AS record, r.status, r.type
  FROM agencies_membership m
  JOIN LATERAL (SELECT m.agency_id AS roster UNION ALL SELECT m.id UNION ALL
                SELECT task_force_id FROM agencies_secondment d WHERE d.membership_id = m.id) s
    ON true
  JOIN bench_given x ON x.roster = s.roster
  JOIN sharing_record r ON r.id = x.record
 WHERE m.id = ANY (%s::uuid[])
 GROUP BY m.id, r.id;
CREATE UNIQUE INDEX bench_reach_order ON bench_reach
    (membership, touched_at DESC, record DESC) INCLUDE (status, type)
"""


def make_rivals(readers: list[UUID]) -> None:
    """Give guardian its rows and the floor its index, unless the world at hand has them."""
    owner = connections["owner"]
    if "bench_reach" in owner.introspection.table_names():
        return
    with owner.schema_editor() as editor:
        editor.create_model(DirectUserPermission)
        editor.create_model(DirectGroupPermission)
    with owner.cursor() as cursor:
        cursor.execute(GIVEN)
        cursor.execute(GROUPS)
        cursor.execute(REACH, [readers])
    with bare(TABLES) as off, owner.cursor() as cursor:
        kind, permission = _permission(GenericEnvelope)
        cursor.execute(
            ROWS.format(
                group=TABLES[1],
                user=TABLES[0],
                permission=permission,
                columns="content_type_id, object_pk",
                values=f"{kind}, x.record::text",
            )
        )
        cursor.execute(
            ROWS.format(
                group=TABLES[3],
                user=TABLES[2],
                permission=_permission(DirectEnvelope)[1],
                columns="content_object_id",
                values="x.record",
            )
        )
        off.filled(*TABLES[::2])
        off.filled(*TABLES[1::2])
    with owner.cursor() as cursor:
        cursor.execute("GRANT SELECT ON bench_reach TO PUBLIC")
        cursor.execute("DROP TABLE bench_given")
    vacuum([*TABLES, "bench_reach", "auth_group", "agencies_person_groups"])


def _permission(model: Any) -> tuple[int, int]:
    kind = ContentType.objects.get_for_model(model)
    name = f"view_{model._meta.model_name}"  # noqa: SLF001  (public by its documentation)
    permission, _ = Permission.objects.get_or_create(
        content_type=kind, codename=name, defaults={"name": name}
    )
    return kind.pk, permission.pk


def by_guardian(actor: Actor, model: Any) -> Any:
    """Return the cases that guardian says *actor*'s person may view, newest first."""
    person = Person.objects.get(pk=actor.person_id)
    name = f"portal.view_{model._meta.model_name}"  # noqa: SLF001  (public by its documentation)
    found = get_objects_for_user(person, name, klass=model, accept_global_perms=False)
    return found.filter(kind="case", sealed_at__isnull=True).order_by("-touched_at", "-id")


OWNER_OR_GRANTS = """
SELECT r.touched_at, r.id FROM sharing_record r
 WHERE r.kind = 'case' AND r.sealed_at IS NULL
   AND (r.owner_id = %(agency)s
        OR r.id IN (SELECT g.record_id FROM sharing_grant g
                      JOIN agencies_agreement a ON a.id = g.agreement_id
                     WHERE g.roster_id = ANY (%(rosters)s::uuid[]) AND g.ended_at IS NULL
                       AND g.revoked_at IS NULL AND g.until > now() AND g.level >= 2
                       AND a.terminated_at IS NULL AND a.expires_at > now())
        OR EXISTS (SELECT 1 FROM sharing_standinggrant s
                    WHERE s.roster_id = ANY (%(rosters)s::uuid[]) AND s.revoked_at IS NULL
                      AND s.until > now() AND s.owner_id = r.owner_id
                      AND s.category = r.category AND r.findability = 'listed'))
 ORDER BY r.touched_at DESC, r.id DESC LIMIT 50
"""
ROSTERS = """
SELECT %(agency)s::uuid UNION ALL SELECT %(membership)s::uuid UNION ALL
SELECT task_force_id FROM agencies_secondment WHERE membership_id = %(membership)s
"""
FLOOR = """
SELECT b.touched_at, b.record, r.title, r.grouping, r.type, r.status
  FROM (SELECT touched_at, record FROM bench_reach WHERE membership = %(membership)s {beyond}
         ORDER BY touched_at DESC, record DESC LIMIT 51) b
  JOIN sharing_record r ON r.id = b.record
 ORDER BY b.touched_at DESC, b.record DESC
"""
BEYOND = "AND (touched_at, record) < (%(touched_at)s, %(record)s::uuid)"


def read(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement written by hand."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def by_owner_or_grants(actor: Actor) -> list[tuple[Any, ...]]:
    """Return the first keys by the condition that most portals write."""
    values = {"agency": actor.agency_id, "membership": actor.membership_id}
    rosters = [row[0] for row in read(ROSTERS, values)]
    return read(OWNER_OR_GRANTS, {**values, "rosters": rosters})
