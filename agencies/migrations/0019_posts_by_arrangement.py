"""A post can rest on an arrangement between two agencies, and holds while that does."""

import django.db.models.deletion
from django.db import migrations, models

from agencies.effect import IN_FORCE, WITHOUT_ARRANGEMENTS, acting_view


class Migration(migrations.Migration):
    """Add the columns and have the view of who acts read them."""

    dependencies = [("agencies", "0018_credentials_gate_from_a_day")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="arrangement",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="agencies.arrangement",
            ),
        ),
        migrations.AddField(
            model_name="nomination",
            name="arrangement",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.arrangement",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("arrangement__isnull", True),
                    ("roles__contained_by", ("analyst", "supervisor", "liaison")),
                    _connector="OR",
                ),
                name="membership_arranged_bounded",
            ),
        ),
        migrations.RunSQL(
            acting_view(), acting_view({name: IN_FORCE[name] for name in WITHOUT_ARRANGEMENTS})
        ),
    ]
