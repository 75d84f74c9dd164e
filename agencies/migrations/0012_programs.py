"""Programs: OAuth 2 clients, each under a post of its agency."""

import uuid

import django.contrib.postgres.fields
import oauth2_provider.generators
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """Create the table, which the toolkit's own tables refer to."""

    dependencies = [("agencies", "0011_session_rounds")]
    run_before = [("oauth2_provider", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Program",
            fields=[
                (
                    "client_id",
                    models.CharField(
                        db_index=True,
                        default=oauth2_provider.generators.generate_client_id,
                        max_length=255,
                        unique=True,
                        verbose_name="client ID",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("client_type", models.CharField(default="confidential", max_length=32)),
                (
                    "authorization_grant_type",
                    models.CharField(default="client-credentials", max_length=44),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                ("digest", models.CharField(max_length=64, null=True, unique=True)),
                ("drawn_at", models.DateTimeField(null=True)),
                ("former_digest", models.CharField(blank=True, max_length=64)),
                ("former_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(db_default=Now(), editable=False)),
                ("used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "answerable",
                    models.ForeignKey(
                        on_delete=models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.membership",
                    ),
                ),
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=models.deletion.PROTECT,
                        related_name="program",
                        to="agencies.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(client_type="confidential")
                        & Q(authorization_grant_type="client-credentials"),
                        name="program_client_credentials_only",
                    ),
                    models.CheckConstraint(
                        condition=Q(scopes__contained_by=["read", "write"]) & Q(scopes__len__gt=0),
                        name="program_scopes_known",
                    ),
                ],
            },
        ),
    ]
