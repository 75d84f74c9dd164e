"""The rule as a view, made from the branches of the policy."""

from django.db import migrations

from sharing.policy import access_view


class Migration(migrations.Migration):
    """Create the view."""

    dependencies = [
        ("sharing", "0002_grant_copies"),
        ("agencies", "0002_views_in_effect"),
    ]

    operations = [migrations.RunSQL(access_view(), "DROP VIEW sharing_access")]
