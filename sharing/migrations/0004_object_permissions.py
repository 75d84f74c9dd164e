"""django-guardian's object permissions as views over the rule; writing to them does nothing."""

from django.db import migrations

USER_PERMISSIONS = """
CREATE VIEW sharing_recorduserpermission AS
SELECT ('x' || substr(md5(s.person_id::text || x.record_id::text || p.id::text), 1, 15))::bit(60)::bigint
           AS id,
       s.person_id AS user_id, p.id AS permission_id, x.record_id AS content_object_id
  FROM sharing_access x
  JOIN agencies_acting s ON s.membership_id = x.membership_id
  JOIN (VALUES ('know_record', 1, false), ('list_record', 2, false), ('view_record', 3, false),
               ('contribute_record', 4, false), ('change_record', 5, false),
               ('release_record', 5, true))
       AS needed (codename, level, release) ON x.level >= needed.level
       AND (NOT needed.release OR 'supervisor' = ANY (x.roles))
  JOIN django_content_type t ON t.app_label = 'sharing' AND t.model = 'record'
  JOIN auth_permission p ON p.content_type_id = t.id AND p.codename = needed.codename
 GROUP BY s.person_id, x.record_id, p.id
"""

GROUP_PERMISSIONS = """
CREATE VIEW sharing_recordgrouppermission AS
SELECT 0::bigint AS id, 0 AS group_id, 0 AS permission_id, NULL::uuid AS content_object_id WHERE false
"""


def read_only(view: str) -> str:
    """Return the rules by which writing to *view* does nothing."""
    return "".join(
        f"CREATE RULE {view}_{verb} AS ON {verb} TO {view} DO INSTEAD NOTHING;"
        for verb in ("INSERT", "UPDATE", "DELETE")
    )


class Migration(migrations.Migration):
    """Create both views and make them read-only."""

    dependencies = [
        ("sharing", "0003_access_view"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunSQL(USER_PERMISSIONS, "DROP VIEW sharing_recorduserpermission"),
        migrations.RunSQL(GROUP_PERMISSIONS, "DROP VIEW sharing_recordgrouppermission"),
        migrations.RunSQL(read_only("sharing_recorduserpermission"), migrations.RunSQL.noop),
        migrations.RunSQL(read_only("sharing_recordgrouppermission"), migrations.RunSQL.noop),
    ]
