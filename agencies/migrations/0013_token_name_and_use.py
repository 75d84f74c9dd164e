"""What a personal token is for, and when it was used last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the columns."""

    dependencies = [("agencies", "0011_onboarding"), ("agencies", "0012_programs")]

    operations = [
        migrations.AddField(
            "personaltoken",
            "name",
            models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            "personaltoken", "used_at", models.DateTimeField(editable=False, null=True)
        ),
    ]
