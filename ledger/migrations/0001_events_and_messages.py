"""The history of what happened, and the outbox."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import ledger.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "xid",
                    ledger.fields.TransactionIdField(
                        db_default=ledger.fields.CurrentTransaction(), editable=False
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "Done"), ("refused", "Refused")],
                        default="done",
                        max_length=10,
                    ),
                ),
                ("person", models.UUIDField(null=True)),
                ("membership", models.UUIDField(null=True)),
                ("agency", models.UUIDField(null=True)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("target_kind", models.CharField(blank=True, max_length=40)),
                ("target", models.UUIDField(null=True)),
                (
                    "records",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                (
                    "concerns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("level", models.CharField(blank=True, max_length=12)),
                ("purpose", models.CharField(blank=True, max_length=40)),
                ("for_case", models.CharField(blank=True, max_length=80)),
                ("basis", models.JSONField(default=dict)),
                ("facts", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["-seq"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["records"], name="event_records"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["concerns"], name="event_concerns"
                    ),
                    models.Index(fields=["target", "-seq"], name="event_target"),
                    models.Index(fields=["agency", "-seq"], name="event_agency"),
                    models.Index(fields=["at"], name="event_at"),
                    models.Index(fields=["xid", "seq"], name="event_position"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("roster", models.UUIDField()),
                ("role", models.CharField(blank=True, max_length=20)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("dead", "Dead letter"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "next_attempt_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("delivered_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="ledger.event",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["next_attempt_at"],
                        name="message_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "dead")),
                        fields=["created_at"],
                        name="message_dead",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "kind", "roster", "role", "subject"),
                        name="message_once_per_event",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                            models.Q(
                                models.Q(("state", "delivered"), _negated=True),
                                ("delivered_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="message_delivered_has_time",
                    ),
                ],
            },
        ),
    ]
