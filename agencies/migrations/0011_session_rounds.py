"""Sessions of a person end together, by counting on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Give people the number of the round that their sessions are of."""

    dependencies = [
        ("agencies", "0010_parties_within_tiers"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="session_round",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
