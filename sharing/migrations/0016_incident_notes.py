"""Notes for the privacy officer on what was recalled."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table."""

    dependencies = [("sharing", "0015_recalls")]

    operations = [
        migrations.CreateModel(
            name="IncidentNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.TextField()),
                ("how", models.TextField()),
                ("happened_on", models.DateField()),
                ("discovered_on", models.DateField()),
                (
                    "victim_notified",
                    models.CharField(
                        choices=[
                            ("not_yet", "Not yet"),
                            ("yes", "Yes"),
                            ("not_required", "Not required"),
                        ],
                        default="not_yet",
                        max_length=12,
                    ),
                ),
                ("notified_on", models.DateField(null=True)),
                (
                    "written_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_notes",
                        to="agencies.membership",
                    ),
                ),
                (
                    "recall",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident",
                        to="sharing.recall",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="incidentnote",
            constraint=models.CheckConstraint(
                condition=models.Q(("discovered_on__gte", models.F("happened_on"))),
                name="incident_discovered_after",
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("notified_on__isnull", False), ("victim_notified", "yes")),
                    models.Q(
                        models.Q(("victim_notified", "yes"), _negated=True),
                        ("notified_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="incident_notified_on_a_day",
            ),
        ),
    ]
