"""What an agency means to share is bounded by its tier, not by a second list beside it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agencies", "0019_posts_by_arrangement")]

    operations = [migrations.RemoveField("onboarding", "shares")]
