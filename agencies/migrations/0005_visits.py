"""When each post was last at work, and when in the visit before."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep visits by post."""

    dependencies = [("agencies", "0004_display_preferences")]

    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="visit",
                        serialize=False,
                        to="agencies.membership",
                    ),
                ),
                (
                    "seen_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("since", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since__isnull", True),
                            ("since__lte", models.F("seen_at")),
                            _connector="OR",
                        ),
                        name="visit_after_the_one_before",
                    )
                ],
            },
        ),
    ]
