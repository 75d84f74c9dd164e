"""The index by which a reader's and an owner's signature are found, whoever has left since."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the index."""

    dependencies = [("agencies", "0002_views_in_effect")]

    operations = [
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                fields=["agreement", "agency"],
                include=["joined_at", "left_at"],
                name="party_in_effect",
            ),
        ),
    ]
