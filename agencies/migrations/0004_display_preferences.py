"""How a person wants pages: light or dark, and whether single keys do something."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add both to the person, with what holds for those who never chose."""

    dependencies = [("agencies", "0003_party_in_effect")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="theme",
            field=models.CharField(
                choices=[("system", "As my device"), ("light", "Light"), ("dark", "Dark")],
                db_default="system",
                default="system",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="single_keys",
            field=models.BooleanField(
                db_default=True, default=True, verbose_name="single-key shortcuts"
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("theme__in", ["system", "light", "dark"])),
                name="person_theme_known",
            ),
        ),
    ]
