"""Imports from the screen: what a file would make, until somebody says that it may."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep what a file would make for whoever sent it, then which cases it made."""

    dependencies = [
        ("agencies", "0006_person_without_last_visit"),
        ("cases", "0003_saved_views"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("staged", "Not imported yet"),
                            ("imported", "Imported"),
                            ("undone", "Taken back"),
                        ],
                        default="staged",
                        max_length=8,
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=120)),
                ("source", models.CharField(max_length=80)),
                ("rows", models.JSONField(blank=True, default=list)),
                ("errors", models.JSONField(blank=True, default=list)),
                (
                    "made",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, default=list, size=None
                    ),
                ),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("repeated", models.PositiveIntegerField(default=0)),
                ("taken_back", models.PositiveIntegerField(default=0)),
                (
                    "staged_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("until", models.DateTimeField()),
                ("imported_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_batches",
                        to="agencies.agency",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_batches",
                        to="agencies.membership",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "-staged_at"], name="import_of_agency")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state", "staged"), ("rows", []), _connector="OR"),
                        name="import_keeps_rows_while_staged",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "staged")),
                        fields=("made_by",),
                        name="import_staged_one_at_a_time",
                    ),
                ],
            },
        ),
    ]
