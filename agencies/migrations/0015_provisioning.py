"""What an agency's own directory says of its people, and its key."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the tables."""

    dependencies = [
        ("agencies", "0014_identity_providers"),
    ]

    operations = [
        migrations.CreateModel(
            name="DirectoryUser",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("user_name", models.EmailField(max_length=254)),
                ("external_id", models.CharField(blank=True, max_length=191)),
                ("name", models.CharField(max_length=120)),
                ("active", models.BooleanField(default=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "touched_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="directory_users",
                        to="agencies.agency",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.membership",
                    ),
                ),
                (
                    "nomination",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.nomination",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("agency"),
                        django.db.models.functions.text.Lower("user_name"),
                        condition=models.Q(("removed_at__isnull", True)),
                        name="directory_user_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProvisioningKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("analyst", "Investigator / analyst"),
                                ("supervisor", "Release authority"),
                                ("liaison", "Duty desk"),
                                ("coordinator", "Agency coordinator"),
                                ("auditor", "Auditor"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                (
                    "ceiling",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Routine"),
                            (2, "Sensitive"),
                            (3, "Confidential"),
                            (4, "Highly confidential"),
                        ]
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="provisioning_keys",
                        to="agencies.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("roles__contained_by", ["analyst", "liaison", "auditor"]),
                            ("roles__len__gt", 0),
                        ),
                        name="provisioning_key_proposes_no_authority",
                    )
                ],
            },
        ),
    ]
