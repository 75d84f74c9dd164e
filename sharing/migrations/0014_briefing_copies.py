"""Copies on paper, numbered in the agency that made them."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Keep a row for each copy."""

    dependencies = [("sharing", "0013_notice_choices")]

    operations = [
        migrations.CreateModel(
            name="BriefingCopy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=12)),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("recipient", models.CharField(max_length=120)),
                ("purpose", models.CharField(max_length=40)),
                ("for_case", models.CharField(max_length=80)),
                ("version", models.PositiveIntegerField()),
                (
                    "issued_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("voided_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="briefing_copies",
                        to="agencies.agency",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="briefing_copies",
                        to="agencies.membership",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="briefing_copies",
                        to="sharing.record",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "briefing copies",
                "indexes": [models.Index(fields=["record", "-issued_at"], name="copy_of_record")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "number"), name="copy_numbered_once"),
                    models.CheckConstraint(
                        condition=~Q(recipient="") & ~Q(purpose="") & ~Q(for_case=""),
                        name="copy_says_for_whom_and_what",
                    ),
                ],
            },
        ),
    ]
