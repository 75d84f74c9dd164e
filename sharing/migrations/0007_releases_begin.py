"""From when a grant reads, and what an approval that can still be undone would return to.

What was given before begins with this migration, which is past: no row need be written anew.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import F, Q

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("under_review", "Under review"),
    ("info_needed", "Question asked"),
    ("approved", "Approved"),
    ("approved_conditional", "Approved with conditions"),
    ("partly_approved", "Partly approved"),
    ("denied", "Not approved"),
    ("withdrawn", "Withdrawn"),
    ("lapsed", "Lapsed"),
]


def begins(model: str) -> migrations.AddField:
    """Return the addition of the moment from which a grant reads."""
    field = models.DateTimeField(
        db_default=django.db.models.functions.datetime.Now(), editable=False
    )
    return migrations.AddField(model_name=model, name="starts_at", field=field)


def superseded(model: str, related_name: str) -> migrations.AddField:
    """Return the addition of the decision that took a grant's place."""
    return migrations.AddField(
        model_name=model,
        name="superseded_by",
        field=models.ForeignKey(
            blank=True,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name=related_name,
            to="sharing.sharerequest",
        ),
    )


class Migration(migrations.Migration):
    """Add the columns, and hold the start in the index that lists are read from."""

    dependencies = [
        ("sharing", "0006_lists_by_index_alone"),
        ("agencies", "0003_party_in_effect"),
    ]

    operations = [
        begins("grant"),
        begins("standinggrant"),
        superseded("grant", "superseded_grants"),
        superseded("standinggrant", "superseded_standing_grants"),
        migrations.AddField(
            model_name="sharerequest",
            name="effective_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="sharerequest",
            name="state_before",
            field=models.CharField(blank=True, choices=STATES, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sharerequest",
            name="agreement_before",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.agreement",
            ),
        ),
        migrations.AddField(
            model_name="sharerequest",
            name="own_note",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="standinggrant",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="standing_grants",
                related_query_name="standing_grant",
                to="sharing.sharerequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="standinggrant",
            constraint=models.UniqueConstraint(
                condition=~Q(revoke_reason="undone"),
                fields=("decision",),
                name="standing_grant_once_per_decision",
            ),
        ),
        migrations.RemoveIndex(model_name="standinggrant", name="standing_grant_roster"),
        migrations.AddIndex(
            model_name="standinggrant",
            index=models.Index(fields=["roster"], name="standing_grant_roster"),
        ),
        migrations.RemoveIndex(model_name="grant", name="grant_access"),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                F("roster"),
                F("kind"),
                models.OrderBy(F("touched_at"), descending=True),
                models.OrderBy(F("record"), descending=True),
                condition=Q(ended_at__isnull=True),
                include=(
                    "agreement",
                    "owner",
                    "issued_at",
                    "starts_at",
                    "until",
                    "revoked_at",
                    "level",
                    "sensitivity",
                    "category",
                    "grouping",
                    "type",
                    "status",
                ),
                name="grant_access",
            ),
        ),
    ]
