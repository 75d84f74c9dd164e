"""How soon an answer is due, and whether the case it is asked for is one on the portal."""

from django.db import migrations, models

PRIORITIES = [
    ("routine", "Routine: 3 working days"),
    ("urgent", "Urgent: 8 hours"),
    ("flash", "Danger to life: 30 minutes; call them as well"),
]


class Migration(migrations.Migration):
    """Add both columns."""

    dependencies = [("sharing", "0018_phone_codes")]

    operations = [
        migrations.AddField(
            model_name="sharerequest",
            name="priority",
            field=models.CharField(choices=PRIORITIES, default="routine", max_length=10),
        ),
        migrations.AddField(
            model_name="sharerequest",
            name="for_case_known",
            field=models.BooleanField(default=False),
        ),
    ]
