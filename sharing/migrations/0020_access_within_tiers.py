"""The rule asks how far the tiers of owner and reader take part."""

from django.db import migrations

from sharing.policy import access_view


class Migration(migrations.Migration):
    """Fill the view."""

    dependencies = [
        ("sharing", "0019_request_priority"),
        ("agencies", "0010_parties_within_tiers"),
    ]

    operations = [migrations.RunSQL(access_view(), migrations.RunSQL.noop)]
