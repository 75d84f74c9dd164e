"""What was disclosed outside the portal, logged by hand."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table."""

    dependencies = [("sharing", "0016_incident_notes")]

    operations = [
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("recipient", models.CharField(blank=True, max_length=200)),
                ("means", models.CharField(max_length=20)),
                ("told_at", models.DateTimeField()),
                ("purpose", models.CharField(max_length=40)),
                ("for_case", models.CharField(blank=True, max_length=80)),
                ("authority", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                (
                    "logged_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="agencies.agency",
                    ),
                ),
                (
                    "logged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="agencies.membership",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="sharing.record",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["record", "-told_at"], name="hand_over_record")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agency__isnull", False),
                            models.Q(("recipient", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hand_over_to_somebody",
                    )
                ],
            },
        ),
    ]
