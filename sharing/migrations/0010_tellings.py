"""What a notification gathers: a row for each message that a post was told, once."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

CHANNELS = [
    ("at_once", "Portal and e-mail at once"),
    ("digest", "Portal and daily e-mail"),
    ("portal", "Portal only"),
    ("none", "Not at all"),
]


class Migration(migrations.Migration):
    """Add the tables and what a notification says of them."""

    dependencies = [
        ("agencies", "0003_party_in_effect"),
        ("sharing", "0008_access_begins"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="event",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="notification",
            name="count",
            field=models.PositiveIntegerField(db_default=1),
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("created_at", models.DateTimeField(db_default=Now(), editable=False)),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="digests",
                        to="agencies.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("membership", "day"), name="digest_once_a_day")
                ]
            },
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("message", models.UUIDField()),
                ("event", models.BigIntegerField()),
                ("kind", models.CharField(max_length=60)),
                ("why", models.CharField(max_length=40)),
                ("channel", models.CharField(choices=CHANNELS, max_length=10)),
                ("told_at", models.DateTimeField(db_default=Now(), editable=False)),
                (
                    "digest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tellings",
                        to="sharing.digest",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tellings",
                        to="agencies.membership",
                    ),
                ),
                (
                    "notification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tellings",
                        to="sharing.notification",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=Q(channel="digest", digest__isnull=True),
                        fields=["membership", "told_at"],
                        name="telling_for_digest",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message", "membership"), name="telling_once_per_message"
                    ),
                    models.CheckConstraint(
                        condition=Q(channel__in=["at_once", "digest", "portal"]),
                        name="telling_was_told",
                    ),
                ],
            },
        ),
    ]
