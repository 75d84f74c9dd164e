"""The view of the rule, in its shape alone: what later views are made over.

The rule reads columns that come later, so the newest migration that changes it fills the view.
"""

from django.db import migrations

SHAPE = """
CREATE OR REPLACE VIEW sharing_access AS
SELECT s.membership_id, s.roles, r.id AS record_id, 0::smallint AS level, false AS unmask,
       false AS export, ''::text AS via, NULL::uuid AS basis_id, NULL::timestamptz AS until
  FROM agencies_acting s, sharing_record r
 WHERE false"""


class Migration(migrations.Migration):
    """Create the view."""

    dependencies = [
        ("sharing", "0002_grant_copies"),
        ("agencies", "0002_views_in_effect"),
    ]

    operations = [migrations.RunSQL(SHAPE, "DROP VIEW sharing_access")]
