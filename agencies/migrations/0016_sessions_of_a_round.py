"""A session's row says of which round of its person it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the round."""

    dependencies = [("agencies", "0015_provisioning")]

    operations = [
        migrations.AddField(
            model_name="browsersession",
            name="round",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
