"""Triggers that keep a grant's copies of its record's columns.

The grant locks its record before it copies; without the lock a grant inserted beside a running update
of the record keeps the old values for ever.  Lock order is always record, then grant.
"""

from django.db import migrations

COPY = """
CREATE FUNCTION sharing_grant_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT r.kind, r.touched_at, r.owner_id, r.sensitivity, r.category, r.grouping, r.type, r.status
      INTO NEW.kind, NEW.touched_at, NEW.owner, NEW.sensitivity, NEW.category, NEW.grouping, NEW.type,
           NEW.status
      FROM sharing_record r WHERE r.id = NEW.record_id
       FOR NO KEY UPDATE;
    RETURN NEW;
END $$;
CREATE TRIGGER sharing_grant_copy BEFORE INSERT ON sharing_grant
    FOR EACH ROW EXECUTE FUNCTION sharing_grant_copy();
"""

KEEP = """
CREATE FUNCTION sharing_grant_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sharing_grant g
       SET kind = NEW.kind, touched_at = NEW.touched_at, owner = NEW.owner_id,
           sensitivity = NEW.sensitivity, category = NEW.category, grouping = NEW.grouping,
           type = NEW.type, status = NEW.status
     WHERE g.record_id = NEW.id AND g.ended_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER sharing_grant_keep
    AFTER UPDATE OF kind, touched_at, owner_id, sensitivity, category, grouping, type, status
    ON sharing_record
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION sharing_grant_keep();
"""


class Migration(migrations.Migration):
    """Create both triggers."""

    dependencies = [("sharing", "0001_records_and_grants")]

    operations = [
        migrations.RunSQL(COPY, "DROP FUNCTION sharing_grant_copy CASCADE"),
        migrations.RunSQL(KEEP, "DROP FUNCTION sharing_grant_keep CASCADE"),
    ]
