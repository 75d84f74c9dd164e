"""The rule as a view, made from the branches of the policy."""

from django.db import migrations

from sharing.policy import access_view


class Migration(migrations.Migration):
    """Fill the view."""

    dependencies = [("sharing", "0007_releases_begin")]

    operations = [migrations.RunSQL(access_view(), migrations.RunSQL.noop)]
