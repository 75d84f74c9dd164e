"""What a post chooses about being told: the channel of each kind, the hour, cases muted."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the tables."""

    dependencies = [
        ("agencies", "0003_party_in_effect"),
        ("sharing", "0012_one_unread_notification"),
    ]

    operations = [
        migrations.CreateModel(
            name="DigestHour",
            fields=[
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="digest_hour",
                        serialize=False,
                        to="agencies.membership",
                    ),
                ),
                ("hour", models.PositiveSmallIntegerField(default=7)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hour__range", (0, 23))), name="digest_hour_of_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChannelChoice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("at_once", "Portal and e-mail at once"),
                            ("digest", "Portal and daily e-mail"),
                            ("portal", "Portal only"),
                            ("none", "Not at all"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="channel_choices",
                        to="agencies.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("membership", "kind"), name="channel_choice_once_per_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["at_once", "digest", "portal", "none"])
                        ),
                        name="channel_choice_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mute",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("case", models.UUIDField()),
                (
                    "muted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mutes",
                        to="agencies.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("membership", "case"), name="mute_once_per_case"
                    )
                ],
            },
        ),
    ]
