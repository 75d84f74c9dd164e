"""A credential is required from a day on, by somebody; who lacks it is told before."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

IN_STEP = """
UPDATE agencies_membership m SET credentials_until = (
    SELECT min(GREATEST((
               SELECT max(c.expires_at) FROM agencies_credential c
                WHERE c.person_id = m.person_id AND c.kind = q.kind AND c.revoked_at IS NULL
           ), q.gates_from))
      FROM agencies_credentialrequirement q
     WHERE (q.agency_id IS NULL OR q.agency_id = m.agency_id)
       AND (q.role = '' OR q.role = ANY (m.roles))
       AND NOT EXISTS (SELECT 1 FROM agencies_program o WHERE o.membership_id = m.id))
 WHERE m.ended_at IS NULL OR m.ended_at > statement_timestamp()"""


class Migration(migrations.Migration):
    """Add the columns; what was required gates from when it was, and the copies say so."""

    dependencies = [("agencies", "0017_clearing_factors_takes_two")]

    operations = [
        migrations.AddField(
            model_name="credentialrequirement",
            name="by_portal",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="credentialrequirement",
            name="gates_from",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="credentialrequirement",
            name="role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("analyst", "Investigator / analyst"),
                    ("supervisor", "Release authority"),
                    ("liaison", "Duty desk"),
                    ("coordinator", "Agency coordinator"),
                    ("auditor", "Auditor"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="credentialrequirement",
            name="required_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="RequirementWarning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                (
                    "warned_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="warnings",
                        to="agencies.credentialrequirement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("requirement", "days"), name="requirement_warned_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "UPDATE agencies_credentialrequirement SET gates_from = required_at",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(IN_STEP, migrations.RunSQL.noop),
    ]
