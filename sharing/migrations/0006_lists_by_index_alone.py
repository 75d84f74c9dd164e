"""The indexes of own and listed records with all that lists ask, so that they are read alone.

Without it PostgreSQL, which knows owners by their average, gathered and sorted every record of the
largest agency for a page of fifty.
"""

from django.db import migrations, models
from django.db.models import F, Q

ASKED = ["sensitivity", "sealed_at", "expunged_at"]
NEWEST = (F("touched_at").desc(), F("id").desc())


class Migration(migrations.Migration):
    """Replace both indexes."""

    dependencies = [("sharing", "0005_grants_read_by_btree")]

    operations = [
        migrations.RemoveIndex(model_name="record", name="record_own"),
        migrations.RemoveIndex(model_name="record", name="record_listed"),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                F("owner"),
                F("kind"),
                *NEWEST,
                include=(*ASKED, "grouping", "type", "status"),
                name="record_own",
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                F("owner"),
                F("category"),
                F("kind"),
                *NEWEST,
                include=(*ASKED, "originator"),
                condition=Q(findability="listed"),
                name="record_listed",
            ),
        ),
    ]
