"""A visit is that of a post; the person's own mark, which nothing ever set, goes."""

from django.db import migrations


class Migration(migrations.Migration):
    """Drop it."""

    dependencies = [("agencies", "0005_visits")]

    operations = [migrations.RemoveField(model_name="person", name="last_visit_at")]
