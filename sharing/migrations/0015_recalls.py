"""Recalls of what was shared by mistake, and the receipts of its holders."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make both tables."""

    dependencies = [("agencies", "0005_visits"), ("sharing", "0014_briefing_copies")]

    operations = [
        migrations.CreateModel(
            name="Recall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=12, unique=True)),
                ("case", models.UUIDField(editable=False)),
                ("label", models.CharField(blank=True, max_length=80)),
                (
                    "sensitivity",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Routine"),
                            (2, "Sensitive"),
                            (3, "Confidential"),
                            (4, "Highly confidential"),
                        ]
                    ),
                ),
                ("reason_code", models.CharField(max_length=40)),
                (
                    "stopped_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("sent_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recalls",
                        to="agencies.agency",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recalls",
                        to="sharing.record",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_recalls",
                        to="agencies.membership",
                    ),
                ),
                (
                    "stopped_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stopped_recalls",
                        to="agencies.membership",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecallReceipt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("recipient", models.CharField(blank=True, max_length=200)),
                (
                    "holders",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), null=True, size=None
                    ),
                ),
                ("copy", models.CharField(blank=True, max_length=40)),
                ("names_case", models.BooleanField(default=False)),
                ("answer", models.CharField(blank=True, max_length=20)),
                ("answer_text", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recall_receipts",
                        to="agencies.agency",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recall_answers",
                        to="agencies.membership",
                    ),
                ),
                (
                    "recall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="sharing.recall",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="recall",
            index=models.Index(fields=["owner", "-stopped_at"], name="recall_owner"),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sent_at__isnull", True)),
                fields=("record",),
                name="recall_unsent_once_per_record",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("due_at__isnull", True),
                        ("sent_at__isnull", True),
                        ("sent_by__isnull", True),
                    ),
                    models.Q(
                        ("due_at__isnull", False),
                        ("sent_at__isnull", False),
                        ("sent_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="recall_sent_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="recallreceipt",
            index=models.Index(fields=["agency", "recall"], name="receipt_agency"),
        ),
        migrations.AddConstraint(
            model_name="recallreceipt",
            constraint=models.UniqueConstraint(
                fields=("recall", "agency", "recipient", "copy"),
                name="receipt_once_per_copy",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="recallreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agency__isnull", False),
                    models.Q(("recipient", ""), _negated=True),
                    _connector="OR",
                ),
                name="receipt_of_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="recallreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True)),
                    models.Q(
                        models.Q(("answer", ""), _negated=True),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="receipt_answered_by_somebody",
            ),
        ),
    ]
