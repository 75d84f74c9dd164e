"""Codes by which a caller is known on the telephone."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import F, Q


def to(model: str, related_name: str, *, optional: bool = False) -> models.ForeignKey:
    """Return the key of one of those that a code joins."""
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=model,
        null=optional,
        blank=optional,
    )


class Migration(migrations.Migration):
    """Create the table."""

    dependencies = [("agencies", "0003_party_in_effect"), ("sharing", "0017_hand_overs")]

    operations = [
        migrations.CreateModel(
            name="PhoneCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code_hash", models.CharField(max_length=64, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("agency", to("agencies.agency", "phone_codes")),
                ("caller", to("agencies.membership", "phone_codes")),
                ("request", to("sharing.sharerequest", "phone_codes", optional=True)),
                ("used_by", to("agencies.membership", "phone_codes_checked", optional=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["caller", "created_at"], name="phone_code_by_caller")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(used_at__isnull=True, used_by__isnull=True)
                        | Q(used_at__isnull=False, used_by__isnull=False),
                        name="phone_code_used_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=Q(expires_at__gt=F("created_at")),
                        name="phone_code_ends_after_start",
                    ),
                ],
            },
        ),
    ]
