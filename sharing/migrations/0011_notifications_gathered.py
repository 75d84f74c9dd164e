"""Notifications as they were, one for each message, gathered in the newest unread of each thing."""

from django.db import migrations

TELL = """
UPDATE sharing_notification n SET event = m.event_id
  FROM ledger_message m WHERE m.id = n.message;
INSERT INTO sharing_telling
       (message, membership_id, notification_id, event, kind, why, channel, told_at)
SELECT n.message, n.membership_id,
       CASE WHEN n.read_at IS NULL
            THEN first_value(n.id) OVER (
                     PARTITION BY n.membership_id, n.subject, n.read_at IS NULL
                         ORDER BY n.event DESC, n.created_at DESC, n.id)
            ELSE n.id END,
       n.event, n.kind, n.why, 'at_once', n.created_at
  FROM sharing_notification n;
DELETE FROM sharing_notification n
 WHERE NOT EXISTS (SELECT FROM sharing_telling t WHERE t.notification_id = n.id);
UPDATE sharing_notification n SET count = t.events
  FROM (SELECT notification_id, count(DISTINCT event) AS events
          FROM sharing_telling GROUP BY notification_id) t
 WHERE t.notification_id = n.id AND t.events > 1;
"""


class Migration(migrations.Migration):
    """Gather them."""

    dependencies = [("ledger", "0003_seals"), ("sharing", "0010_tellings")]

    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]
