"""Who acts is asked also of activity and of credentials; whoever is known counts as awake now."""

import datetime

from django.db import migrations, models

from agencies.effect import AT_FIRST, IN_FORCE, WITHOUT_ARRANGEMENTS, acting_view


class Migration(migrations.Migration):
    """Add the columns and have the view of who acts read them."""

    dependencies = [("agencies", "0007_sign_in_limits")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="credentials_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="temporary",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="person",
            name="last_seen_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="woken_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("temporary", False),
                    models.Q(
                        ("ended_at__isnull", False),
                        (
                            "ended_at__lte",
                            models.expressions.CombinedExpression(
                                models.F("started_at"),
                                "+",
                                models.Value(datetime.timedelta(days=3)),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="membership_temporary_ends",
            ),
        ),
        migrations.RunSQL(
            "UPDATE agencies_person SET woken_at = statement_timestamp()", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            acting_view({name: IN_FORCE[name] for name in WITHOUT_ARRANGEMENTS}),
            acting_view({name: IN_FORCE[name] for name in AT_FIRST}),
        ),
    ]
