"""Views of who may act and which agreements bind."""

from django.db import migrations

from agencies.effect import AT_FIRST, IN_FORCE, acting_view, party_view, seat_view


class Migration(migrations.Migration):
    """Create the views in the order in which they read each other."""

    dependencies = [("agencies", "0001_agencies_and_people")]

    operations = [
        migrations.RunSQL(
            acting_view({name: IN_FORCE[name] for name in AT_FIRST}), "DROP VIEW agencies_acting"
        ),
        migrations.RunSQL(seat_view(), "DROP VIEW agencies_seat"),
        migrations.RunSQL(party_view(), "DROP VIEW agencies_party_in_effect"),
    ]
