"""The list of cases as somebody wants it again."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Keep views by name, for a post or for an agency, one of each to begin with."""

    dependencies = [("cases", "0002_series")]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("is_default", models.BooleanField(default=False)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_views",
                        to="agencies.agency",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_views",
                        to="agencies.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
                    models.UniqueConstraint(
                        models.F("made_by"),
                        django.db.models.functions.text.Lower("name"),
                        condition=Q(agency__isnull=True),
                        name="saved_view_named_once_for_me",
                    ),
                    models.UniqueConstraint(
                        models.F("agency"),
                        django.db.models.functions.text.Lower("name"),
                        condition=Q(agency__isnull=False),
                        name="saved_view_named_once_for_us",
                    ),
                    models.UniqueConstraint(
                        fields=("made_by",),
                        condition=Q(agency__isnull=True, is_default=True),
                        name="saved_view_one_default_for_me",
                    ),
                    models.UniqueConstraint(
                        fields=("agency",),
                        condition=Q(agency__isnull=False, is_default=True),
                        name="saved_view_one_default_for_us",
                    ),
                ],
            },
        ),
    ]
