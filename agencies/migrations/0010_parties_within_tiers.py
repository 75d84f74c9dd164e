"""The view of parties says how far each one's tier takes part."""

from django.db import migrations

from agencies.effect import party_view
from agencies.tiers import BOUNDS


class Migration(migrations.Migration):
    """Fill the view."""

    dependencies = [("agencies", "0009_people_lifecycle")]

    operations = [migrations.RunSQL(party_view(bounds=BOUNDS), migrations.RunSQL.noop)]
