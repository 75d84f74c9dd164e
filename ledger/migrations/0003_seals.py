"""Close history into batches whose roots are chained."""

import django.contrib.postgres.fields
from django.db import migrations, models

import ledger.fields

APPEND_ONLY = """
CREATE TRIGGER ledger_seal_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("form", models.PositiveSmallIntegerField()),
                ("previous_root", models.CharField(max_length=64, unique=True)),
                ("root", models.CharField(max_length=64, unique=True)),
                ("last_xid", ledger.fields.TransactionIdField()),
                ("last_seq", models.BigIntegerField()),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("leaves", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER ledger_seal_append_only ON ledger_seal"),
    ]
