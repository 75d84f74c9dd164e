"""Hold in the database that history is only ever added to, by the owner of the tables as well."""

from django.db import migrations

REFUSE_CHANGE = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

APPEND_ONLY = """
CREATE TRIGGER ledger_event_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_event
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()
"""

STAMP = """
CREATE FUNCTION ledger_stamp_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xid := pg_current_xact_id();
    NEW.at := statement_timestamp();
    RETURN NEW;
END $$
"""

STAMPED = """
CREATE TRIGGER ledger_event_stamped
    BEFORE INSERT ON ledger_event
    FOR EACH ROW EXECUTE FUNCTION ledger_stamp_event()
"""


class Migration(migrations.Migration):
    """Events can be inserted and nothing else, with a time and place in the order that nobody chooses."""

    dependencies = [("ledger", "0001_events_and_messages")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION ledger_refuse_change()"),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER ledger_event_append_only ON ledger_event"),
        migrations.RunSQL(STAMP, "DROP FUNCTION ledger_stamp_event()"),
        migrations.RunSQL(STAMPED, "DROP TRIGGER ledger_event_stamped ON ledger_event"),
    ]
