"""Messages that were taken back before they were sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Name the state."""

    dependencies = [("ledger", "0003_seals")]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("delivered", "Delivered"),
                    ("withdrawn", "Withdrawn before it was sent"),
                    ("dead", "Dead letter"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
    ]
