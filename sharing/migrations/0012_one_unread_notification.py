"""One unread notification for each post and thing, held by the database."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Let the tellings hold the messages, and the notifications one unread row each."""

    dependencies = [("sharing", "0011_notifications_gathered")]

    operations = [
        migrations.RemoveConstraint(
            model_name="notification", name="notification_once_per_message"
        ),
        migrations.RemoveIndex(model_name="notification", name="notification_unread"),
        migrations.RemoveField(model_name="notification", name="message"),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                condition=Q(read_at__isnull=True),
                fields=("membership", "subject"),
                name="notification_one_unread",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=Q(count__gte=1), name="notification_of_an_event"
            ),
        ),
    ]
